"""squawk's findings are taken in: what is new locks nobody, and its rules can be left out."""

from pathlib import Path

import pytest

from schemaproof.config import Lint
from schemaproof.errors import UsageError
from schemaproof.findings import Finding
from schemaproof.lint import Options, all_rules, lint
from schemaproof.lint.squawk import known_rules
from schemaproof.migrations import Migration

HISTORY = """
create table public.notes (id bigint primary key, body text);
alter table public.notes enable row level security;
"""
NEW = """
create index notes_body_idx on public.notes (body);
create table public.words (word varchar(40) primary key, at timestamp);
alter table public.words enable row level security;
create index words_word_idx on public.words (word);
alter table public.notes drop column body;
"""


def _look(text: str = NEW, *, settings: Lint | None = None, root: Path | None = None) -> list[Finding]:
    before = Migration("1", "a", Path("1_a.sql"), HISTORY)
    new = Migration("2", "b", Path("2_b.sql"), text)
    found = lint([new], before=[before], options=Options(settings=settings or Lint(squawk=True), root=root))
    return [finding for finding in found if finding.check == "squawk"]


def test_locks_are_told_of_what_was_there_before_and_types_of_what_is_new() -> None:
    assert {(finding.key, str(finding.level), finding.location.line) for finding in _look() if finding.location} == {
        ("squawk:2:require-concurrent-index-creation:public.notes", "warning", 2),
        ("squawk:2:prefer-text-field:public.words", "note", 3),
        ("squawk:2:prefer-timestamp-tz:public.words", "note", 3),
        ("squawk:2:ban-drop-column:public.notes", "note", 6),
    }


def test_rule_that_ours_know_more_of_is_asked_only_where_ours_is_left_out() -> None:
    text = "alter table public.notes alter column body type varchar(10);"
    rule = "squawk:2:changing-column-type:public.notes"
    assert rule not in [finding.key for finding in _look(text)]
    without = Lint(squawk=True, exclude=("rewritten_type",))
    assert rule in [finding.key for finding in _look(text, settings=without)]


def test_rules_are_left_out_by_the_settings_or_all_of_them() -> None:
    some = Lint(squawk=True, squawk_exclude=("prefer-text-field", "ban-drop-column"))
    assert [finding.key.split(":")[2] for finding in _look(settings=some)] == [
        "require-concurrent-index-creation",
        "prefer-timestamp-tz",
    ]
    assert _look(settings=Lint(squawk=False)) == []


def test_projects_own_settings_of_squawk_hold(tmp_path: Path) -> None:
    (tmp_path / ".squawk.toml").write_text('excluded_rules = ["prefer-text-field", "ban-drop-column"]\n')
    rules = {finding.key.split(":")[2] for finding in _look(root=tmp_path)}
    assert rules == {"require-concurrent-index-creation", "prefer-timestamp-tz"}


def test_broken_settings_of_squawk_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".squawk.toml").write_text("excluded_rules = 3\n")
    with pytest.raises(UsageError) as refusal:
        _look(root=tmp_path)
    assert ".squawk.toml" in str(refusal.value)


def test_unknown_rule_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(UsageError) as refusal:
        _look(settings=Lint(squawk=True, squawk_exclude=("prefer-txt-field",)))
    assert "`prefer-text-field`" in refusal.value.remedy


def test_missing_squawk_is_a_note_unless_the_settings_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemaproof.lint.squawk._program", lambda: None)
    assert [(finding.key, str(finding.level)) for finding in _look(settings=Lint())] == [("squawk:missing", "note")]
    with pytest.raises(UsageError) as refusal:
        _look(settings=Lint(squawk=True))
    assert "schemaproof[gate]" in refusal.value.remedy


def test_rules_that_ours_stand_for_are_rules_of_squawk() -> None:
    assert {name for rule in all_rules() for name in rule.instead_of} <= known_rules()
