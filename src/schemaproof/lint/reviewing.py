"""Goes through the steps: each rule looks at each new one, at the schema as it is before it; findings come of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding
from schemaproof.lint.following import follow
from schemaproof.lint.options import Options
from schemaproof.lint.rule import Harm, Review, Rule, all_rules
from schemaproof.lint.schema import Schema
from schemaproof.lint.squawk import squawk
from schemaproof.lint.step import Step, read_steps
from schemaproof.lint.targets import Subject, subject_of
from schemaproof.migrations import Migration

__all__ = ["lint"]


def lint(
    migrations: Sequence[Migration], *, before: Sequence[Migration] = (), options: Options | None = None
) -> list[Finding]:
    """Look at the text of migrations, without a server.

    Args:
        migrations: those that are new. What they make themselves is new too, and a lock on it harms nobody.
        before: the history that they follow, in its order: what is there already.
        options: the project's; its platform is Supabase unless they say otherwise.

    Raises:
        MigrationError: a new one does not parse, by file and line.
        UsageError: the settings name a rule that there is not; squawk is asked for and missing.
    """
    options = options or Options()
    rules = _rules(options.settings.exclude)
    steps = tuple(read_steps(migrations, new=True))
    schema = _base(options)
    for step in read_steps(before, new=False):
        follow(schema, step)
    review = Review(schema, schema.copy(), _final(schema, steps), steps, options)
    subjects: dict[Step, Subject] = {}
    found = [finding for step in steps for finding in _look(step, review, rules, subjects)]
    covered = {name for rule in rules for name in rule.instead_of}
    found += squawk(migrations, subjects, options, covered)
    order = {migration.path: number for number, migration in enumerate(migrations)}
    return sorted({each.key: each for each in reversed(found)}.values(), key=lambda each: _place(each, order))


def _rules(excluded: Iterable[str]) -> tuple[Rule, ...]:
    rules = {rule.name: rule for rule in all_rules()}
    for name in excluded:
        if name not in rules:
            remedy = did_you_mean(name, rules, otherwise=f"Rules: {', '.join(rules)}.")
            raise UsageError(f"the setting `lint.exclude`: no rule is called {name!r}", remedy=remedy)
    return tuple(rule for name, rule in rules.items() if name not in excluded)


def _base(options: Options) -> Schema:
    """The schema before the first migration: the platform's roles get every privilege on new tables of `public`."""
    schema = Schema()
    schema.defaults["public"] = {role: {"ALL"} for role in options.platform_roles}
    return schema


def _final(schema: Schema, steps: Iterable[Step]) -> Schema:
    final = schema.copy()
    for step in steps:
        follow(final, step)
    return final


def _look(step: Step, review: Review, rules: Iterable[Rule], subjects: dict[Step, Subject]) -> Iterator[Finding]:
    for rule in rules:
        for harm in rule.run(step, review):
            yield _finding(rule, harm, step)
    dropped = subject_of(step.node, review.schema)
    follow(review.schema, step)
    made = subject_of(step.node, review.schema)
    subjects[step] = dropped if dropped.is_new else made


def _finding(rule: Rule, harm: Harm, step: Step) -> Finding:
    level = harm.level or rule.level
    assert not level.outweighs(rule.level), f"{rule.name} declares {rule.level}"
    return Finding(
        rule.name,
        harm.object,
        harm.summary,
        harm.remedy,
        level=level,
        detail=harm.detail,
        location=step.location(harm.at),
        key=":".join(filter(None, (rule.name, step.migration.version, harm.what, harm.object))),
    )


def _place(finding: Finding, order: Mapping[Path, int]) -> tuple[int, int, str]:
    place = finding.location
    return (order.get(place.path, 0), place.line, finding.key) if place else (-1, 0, finding.key)
