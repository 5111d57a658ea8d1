"""What a hand takes out of the canonical schema is found, at the file and line where it belongs."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.checks import select_checks
from schemaproof.config import Target, load_target
from schemaproof.findings import Finding
from schemaproof.run import run_checks
from schemaproof.session import Session

Check = Callable[..., dict[str, Finding]]


@pytest.fixture
def project(target: Target, tmp_path: Path) -> Path:
    """A copy of the project, to be broken."""
    for name in ("schema", "fixtures"):
        shutil.copytree(target.root / name, tmp_path / name)
    shutil.copy(target.root / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture
def found(schemaproof_session: Session, project: Path) -> Check:
    """Run one check on the broken copy and give its findings of a level by their keys."""

    def run(check: str, level: str = "error") -> dict[str, Finding]:
        session = Session(schemaproof_session.server, schemaproof_session.platform, load_target(project))
        try:
            findings = run_checks(session, select_checks([check]), lambda _: None).findings
        finally:
            session.drop_all()
        return {finding.key: finding for finding in findings if finding.level == level}

    return run


def _take_out(folder: Path, name: str, pattern: str) -> int:
    """Take out what the pattern matches, once, but keep its lines; return the first one's number."""
    (path,) = folder.glob(f"schema/supabase/{name}")
    text = path.read_text(encoding="utf-8")
    (match,) = re.finditer(pattern, text, re.DOTALL | re.MULTILINE)
    path.write_text(text[: match.start()] + "\n" * match[0].count("\n") + text[match.end() :], encoding="utf-8")
    return text.count("\n", 0, match.start()) + 1


def _leave(folder: Path, *names: str) -> None:
    """Leave only these migrations and their rollbacks: what comes after them has no part in what is proved."""
    kept = {path.name for name in names for path in folder.glob(f"schema/supabase/migrations/{name}")}
    for path in folder.glob("schema/supabase/*/*.sql"):
        if path.name not in kept:
            path.unlink()


def _line(folder: Path, name: str, start: str) -> str:
    """Where the line that begins so stands, as `file:line`."""
    (path,) = folder.glob(f"schema/supabase/{name}")
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
    return f"{path}:{number}"


def test_policy_taken_out(project: Path, found: Check) -> None:
    _take_out(project, "migrations/*_verified_whatsapp_numbers.sql", r"^create policy update_member.*?;\n")
    _take_out(project, "migrations/*_verified_whatsapp_numbers.sql", r"^comment on policy update_member.*?;\n")
    (finding,) = found("dead_grants", "warning").values()
    assert finding.object == "public.verified_whatsapp_numbers"


def test_policy_opened(project: Path, found: Check) -> None:
    (path,) = project.glob("schema/supabase/migrations/*_verified_whatsapp_numbers.sql")
    text = path.read_text(encoding="utf-8")
    head, policy, tail = re.split(
        r"(^create policy select_member.*?;\n)", text, maxsplit=1, flags=re.DOTALL | re.MULTILINE
    )
    opened = re.sub(r"using \(.*\);", "using (true);", policy, flags=re.DOTALL)
    path.write_text(head + opened + tail, encoding="utf-8")
    finding = found("isolation")["isolation:public.verified_whatsapp_numbers:select"]
    name = "migrations/*_verified_whatsapp_numbers.sql"
    assert str(finding.location) == _line(project, name, "create policy select_member")


def test_rollback_line_taken_out(project: Path, found: Check) -> None:
    _leave(project, "*_pgcrypto.sql", "*_private_schema.sql", "*_claims.sql", "*_e164.sql")
    _take_out(project, "rollbacks/*_claims.sql", r"^drop function private.current_workspace_id.*?;$")
    (finding,) = found("stairway").values()
    assert finding.object == "private.current_workspace_id()"
    assert finding.location is not None
    assert finding.location.path.match("schema/supabase/rollbacks/*_claims.sql")
    assert "_claims.sql:17" in finding.detail


def test_tenant_taken_out_of_a_foreign_key(project: Path, found: Check) -> None:
    name = "migrations/*_webhook_attempts.sql"
    _take_out(project, name, r"(?<=foreign key \()tenant_id, (?=webhook_delivery_id)")
    _take_out(project, name, r"(?<=references public.webhook_deliveries \()tenant_id, ")
    (path,) = project.glob("schema/supabase/migrations/20261101*_webhook_deliveries.sql")
    text = path.read_text(encoding="utf-8")
    key = "constraint webhook_deliveries_pkey primary key (tenant_id, webhook_delivery_id),"
    assert key in text
    path.write_text(text.replace(key, f"{key} unique (webhook_delivery_id),"), encoding="utf-8")
    (finding,) = found("tenant_keys").values()
    assert finding.key == "tenant_keys:public.webhook_attempts.webhook_attempts_webhook_deliveries_fkey"
    assert str(finding.location) == _line(project, name, "    constraint webhook_attempts_webhook_deliveries_fkey")


def test_revoke_taken_out(project: Path, found: Check) -> None:
    _take_out(project, "migrations/*_tenants.sql", r"^revoke all on table public.tenants.*?;$")
    findings = found("privileges", "warning")
    assert set(findings) == {"privileges:anon:default", "privileges:authenticated:default"}
    place = _line(project, "migrations/*_tenants.sql", "create table")
    assert {str(finding.location) for finding in findings.values()} == {place}
