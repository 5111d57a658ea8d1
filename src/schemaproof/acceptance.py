"""What the project accepts, held against what was found: an acceptance that covers nothing is a finding itself."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemaproof.checks import all_checks
from schemaproof.config import Target
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import GATED, MEASURED, PROBED, Finding, Level, Location
from schemaproof.lint import SQUAWK, rule_names
from schemaproof.suppression import Exclusion, Remark

__all__ = ["Acceptance", "known_checks", "refuse_unknown"]

_OTHERS = ("coverage", *MEASURED, *GATED, *PROBED)  # findings that no check of the package yields


def refuse_unknown(target: Target) -> None:
    """Refuse an acceptance of a check that does not exist: it would be taken for one that is not needed any more.

    Raises:
        UsageError: such a one, in the settings or in a comment of a migration.
    """
    known = known_checks()
    for each in target.suppressions:
        if each.check not in known:
            place = target.show(each.location) if isinstance(each, Remark) else str(target.settings)
            remedy = did_you_mean(each.check, known, otherwise=f"Checks: {', '.join(known)}.")
            raise UsageError(f"{place}: {each}: no check is called {each.check!r}", remedy=remedy)


def known_checks() -> list[str]:
    """Return the names that findings of today's schemaproof may carry, but for those on acceptance itself."""
    names = [*(check.name for check in all_checks()), *_OTHERS, *rule_names(), SQUAWK]
    return [*dict.fromkeys(names)]  # `leakproof` is one of both


@dataclass(frozen=True)
class Acceptance:
    """Holds the acceptances of the checks in `ran` against their findings.

    Args:
        ran: names of the checks that came to an end.
        names: of the objects of the database; with none, no object is said to be gone.
    """

    target: Target
    findings: Collection[Finding]
    ran: Collection[str]
    names: Collection[str] = ()

    def stale(self) -> Iterator[Finding]:
        """Yield the exclusions, comments and entries of the baseline that cover nothing."""
        for each in self.target.suppressions:
            if each.check in self.ran and not any(each.covers(found) for found in self.findings):
                yield self._exclusion(each) if isinstance(each, Exclusion) else self._remark(each)
        yield from self._baseline()

    def _exclusion(self, exclusion: Exclusion) -> Finding:
        name = exclusion.object
        if self._is_gone(name):
            why = f"{name} does not exist (any more)"
            remedy = did_you_mean(name, self.names, otherwise="Take it out of the settings.")
        else:
            why, keys = "it covers nothing (any more)", [found.key for found in self.findings]
            otherwise = "Take it out of the settings."
            remedy = did_you_mean(exclusion.key, keys, otherwise=otherwise) if exclusion.key else otherwise
        return Finding(
            "exclusions",
            name or exclusion.key,
            f"{exclusion} is not needed: {why}",
            remedy,
            level=Level.WARNING,
            location=Location(self.target.settings) if self.target.settings else None,
            key=f"exclusions:{exclusion.key or f'{exclusion.check}:{name}'}",
        )

    def _is_gone(self, name: str) -> bool:
        """Tell whether `name` is that of an object, by its schema, and no such object is there."""
        schema, dot, _ = name.partition(".")
        table, _, part = name.rpartition(".")
        beside = f"{table.rpartition('.')[0]}.{part}"  # an index is named under its table, but is none of its parts
        return bool(dot) and schema in self.names and not {name, beside} & set(self.names)

    def _remark(self, remark: Remark) -> Finding:
        file = self.target.relative(remark.location.path).as_posix()
        return Finding(
            "exclusions",
            file,
            f"{remark} covers nothing (any more)" if remark.lines else f"{remark} stands beside no statement",
            "Take it out, or put it directly above the statement at which the finding points.",
            level=Level.WARNING,
            location=remark.location,
            key=f"exclusions:{remark.check}:{file}:{remark.reason}",
        )

    def _baseline(self) -> Iterator[Finding]:
        path = self.target.baseline
        found = {found.key for found in self.findings if self.target.reason_to_accept(found) is None}
        # Entries of checks that today's schemaproof has not: told once a run, beside those of `build`.
        retired = {key.partition(":")[0] for key in self.target.known.levels} - set(known_checks())
        retired = retired if "build" in self.ran else set()
        gone = defaultdict(list)
        for key in self.target.known.levels:
            check = key.partition(":")[0]
            if key not in found and (check in self.ran or check in retired):
                gone[check].append(key)
        for check, keys in gone.items():
            assert path is not None
            yield Finding(
                "baseline",
                self.target.relative(path).as_posix(),
                f"{len(keys)} of {check} in the baseline {'is' if len(keys) == 1 else 'are'} no longer found",
                "Shrink it, so that none of them comes back unseen: schemaproof check --write-baseline",
                level=Level.WARNING,
                detail="\n".join(keys),
                location=Location(path),
                key=f"baseline:{check}",
            )
