"""Do one thing to many cases: all of them or none, shown before it is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aftersales_cli.database.case_listings import list_cases
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _, plural
from aftersales_cli.records.cases import Case, CaseFilter
from aftersales_cli.shop import Shop

Step = Callable[[Shop, int], object]
"""An operation on one case; what it returns does not matter here."""

SHOWN_FIELDS = (
    "kind",
    "severity",
    "complexity",
    "reason_first",
    "status",
    "resolution",
    "cause",
    "assignee_id",
    "archived_at",
)
"""Fields whose change a preview shows."""

_NAMED = 10


@dataclass(frozen=True)
class BulkChange:
    """What becomes of one case."""

    number: int
    title: str
    changes: Mapping[str, tuple[object, object]]
    """Field → value before and after; empty if nothing visible changes."""
    problem: str = ""
    """Why it cannot be done, empty if it can."""


@dataclass(frozen=True)
class BulkResult:
    """What was done, or would be done, to many cases."""

    done: bool
    cases: list[BulkChange]


def change_many(shop: Shop, wanted: CaseFilter, step: Step, *, verb: str, really: bool) -> BulkResult:
    """Do a step to every case that fits, in one transaction; without ``really`` only find out what it would do.

    If a single case cannot take the step, none does. Raises RefusedError naming those cases.
    """
    # A rehearsal in the same words: what it shows is what the rules really say.
    rehearsed = shop if really else replace(shop, dry_run=True)
    with rehearsed.writing("cases.bulk") as writing:
        rows = list_cases(shop.database, wanted, limit=-1)
        found = [_try(rehearsed, row.number, step) for row in rows]
        writing.count(**{verb: len(found)})
        if really and (problems := [entry for entry in found if entry.problem]):
            raise _refusal(problems, len(found))
    return BulkResult(really and not shop.dry_run, found)


def _try(shop: Shop, number: int, step: Step) -> BulkChange:
    before = require_case(shop, number)
    try:
        with shop.writing("cases.bulk"):
            step(shop, number)
            after = require_case(shop, number)
    except (RefusedError, WrongUsageError, NotFoundError) as error:
        return BulkChange(number, before.title, {}, error.message)
    return BulkChange(number, before.title, _compare(before, after))


def _compare(before: Case, after: Case) -> dict[str, tuple[object, object]]:
    return {
        name: (getattr(before, name), getattr(after, name))
        for name in SHOWN_FIELDS
        if getattr(before, name) != getattr(after, name)
    }


def _refusal(problems: Sequence[BulkChange], total: int) -> RefusedError:
    lines = [_("case {number}: {problem}", number=entry.number, problem=entry.problem) for entry in problems]
    lines = lines[:_NAMED] + ["…"] * (len(lines) > _NAMED)
    return RefusedError(
        plural(
            "{bad} of {count} case cannot take this step, so nothing was done:\n  {lines}",
            "{bad} of {count} cases cannot take this step, so nothing was done:\n  {lines}",
            total,
            bad=len(problems),
            lines="\n  ".join(lines),
        ),
        remedy=_("Leave them out with a narrower --where; without --yes it shows what would be done."),
    )
