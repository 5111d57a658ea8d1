"""Schemas in other styles than the canonical one are proved with no configuration beyond their path and platform."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import open_session
from tests.command import schemaproof

SCHEMAS = Path(__file__).parent / "schemas"


@dataclass(frozen=True)
class Style:
    """A schema, and a policy of it that an edit opens.

    Args:
        file: the migration that makes the policy.
        shut, opened: its text before and after.
        key: of the finding.
        dumped: how its statement begins in a dump.
    """

    name: str
    platform: str
    file: str
    shut: str
    opened: str
    key: str
    dumped: str

    def write(self, folder: Path, *, opened: bool = False) -> Path:
        """Copy the migrations, and nothing else; return their folder."""
        migrations = Path(shutil.copytree(SCHEMAS / self.name / "migrations", folder / "migrations"))
        if opened:
            path = migrations / self.file
            text = path.read_text()
            assert text.count(self.shut) == 1
            path.write_text(text.replace(self.shut, self.opened))
        return migrations

    def dump(self, folder: Path, migrations: Path) -> Path:
        """Dump the database that the migrations make."""
        path = folder / "dump.sql"
        target = load_target(folder, migrations=migrations, platform=self.platform)
        with open_session(target, ServerSpec()) as session:
            assert session.server.bin_dir is not None
            database = session.fresh()
            command = [str(session.server.bin_dir / "pg_dump"), "--dbname", database.conninfo(), "--file", str(path)]
            subprocess.run(command, check=True, env=session.server.client_environment())
        return path


STYLES = [
    Style(
        "workspace",
        "supabase",
        "20260102090000_projects.sql",
        "create policy select_member on public.documents\n"
        "    for select to authenticated using (private.is_member(organisation_id));",
        "create policy select_member on public.documents\n    for select to authenticated using (body is not null);",
        "isolation:public.documents:select",
        "CREATE POLICY select_member ON public.documents ",
    ),
    Style(
        "depot",
        "plain",
        "2_items.sql",
        "create policy all_app on depot.movements to depot_app\n"
        "    using (tenant_id = (select depot.tenant_id())) with check (tenant_id = (select depot.tenant_id()));",
        "create policy all_app on depot.movements to depot_app\n"
        "    using (pieces <> 0) with check (tenant_id = (select depot.tenant_id()));",
        "isolation:depot.movements:select",
        "CREATE POLICY all_app ON depot.movements ",
    ),
]


@pytest.fixture(params=STYLES, ids=lambda style: style.name)
def style(request: pytest.FixtureRequest) -> Style:
    found: Style = request.param
    return found


def check(folder: Path, migrations: Path, platform: str) -> tuple[int, dict[str, Any]]:
    """Run the command as somebody does who has read nothing but its first example."""
    done = schemaproof(folder, "check", "--migrations", str(migrations), "--platform", platform, "--format", "json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def errors(document: dict[str, Any]) -> dict[str, str]:
    """The errors' keys, each with its place."""
    found = [each for each in document["findings"] if each["level"] == "error"]
    return {each["key"]: f"{each['file']}:{each['line']}" for each in found}


def attacked(document: dict[str, Any]) -> dict[str, int]:
    (isolation,) = (each for each in document["checks"] if each["name"] == "isolation")
    proved: dict[str, int] = isolation["proved"]
    return proved


def line_of(path: Path, start: str) -> int:
    """The number of the one line that begins so."""
    (number,) = (number for number, line in enumerate(path.read_text().splitlines(), 1) if line.startswith(start))
    return number


def test_schema_is_proved_without_configuration(style: Style, tmp_path: Path) -> None:
    code, document = check(tmp_path, style.write(tmp_path), style.platform)
    assert (code, errors(document)) == (0, {})
    assert [each["name"] for each in document["checks"] if each["status"] == "broken"] == []
    assert attacked(document)["tables"] > 0
    assert attacked(document)["controls"] > 0


def test_opened_policy_is_found_at_its_file_and_line(style: Style, tmp_path: Path) -> None:
    migrations = style.write(tmp_path, opened=True)
    code, document = check(tmp_path, migrations, style.platform)
    path = migrations / style.file
    place = f"{path.relative_to(tmp_path)}:{line_of(path, style.opened.partition(chr(10))[0])}"
    assert (code, errors(document).get(style.key)) == (1, place)


@pytest.mark.parametrize("opened", [False, True], ids=["shut", "opened"])
def test_dump_of_a_schema_is_proved_as_its_migrations_are(style: Style, tmp_path: Path, opened: bool) -> None:
    path = style.dump(tmp_path, style.write(tmp_path, opened=opened))
    code, document = check(tmp_path, path, style.platform)
    assert attacked(document)["controls"] > 0
    if opened:
        assert (code, errors(document).get(style.key)) == (1, f"{path.name}:{line_of(path, style.dumped)}")
    else:
        assert (code, errors(document)) == (0, {})
