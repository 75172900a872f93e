"""Mark cases as examples for the monthly review, and put ended ones into the archive."""

from dataclasses import dataclass
from datetime import date, datetime, time

from aftersales_cli.clock import Period, to_text
from aftersales_cli.database.case_listings import list_cases_to_archive, list_typical_cases
from aftersales_cli.database.cases import change_case
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.steps import record_event, require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case, TypicalCase
from aftersales_cli.shop import Shop

_ENDED = ("closed", "cancelled", "merged")


@dataclass(frozen=True)
class Archived:
    """What went into the archive."""

    numbers: list[int]


def mark_typical(shop: Shop, number: int, note: str) -> Case:
    """Keep a case as an example, with why; the same case again gets the new note.

    Raises WrongUsageError for an empty note, NotFoundError.
    """
    if not note.strip():
        raise WrongUsageError(
            _("It is not said what the case is an example of."), remedy=_("Say it with --note.")
        )
    return _mark(shop, number, note=note.strip(), day=shop.today)


def unmark_typical(shop: Shop, number: int) -> Case:
    """No longer keep a case as an example. Raises NotFoundError."""
    return _mark(shop, number, note="", day=None)


def list_typical(shop: Shop, month: Period) -> list[TypicalCase]:
    """Return the examples marked in a period, for the monthly review."""
    return list_typical_cases(shop.database, month.start.isoformat(), month.end.isoformat())


def archive_case(shop: Shop, number: int) -> Archived:
    """Put one ended case into the archive: out of the lists, still found by search and number.

    Archived already, nothing happens. Raises RefusedError for a case that has not ended, NotFoundError.
    """
    with changing(shop, "cases.archive", number):
        case = require_case(shop, number)
        if case.status not in _ENDED:
            raise RefusedError(
                _(
                    "Case {number} is “{status}”; only closed, cancelled and merged cases go into the archive.",
                    number=number,
                    status=shop.taxonomy("case_statuses").label(case.status),
                ),
                remedy=_(
                    "End it first; “aftersales cases show {number}” shows how it stands.", number=number
                ),
            )
        return Archived([] if case.archived_at else [_archive(shop, case)])


def archive_cases(shop: Shop, before: date) -> Archived:
    """Put every case that ended before a day of the shop into the archive, all or none."""
    moment = to_text(datetime.combine(before, time(), shop.zone))
    with changing(shop, "cases.archive") as writing:
        numbers = list_cases_to_archive(shop.database, moment)
        for number in numbers:
            writing.touch("case", _archive(shop, require_case(shop, number)))
        writing.count(archived=len(numbers))
        return Archived(numbers)


def _archive(shop: Shop, case: Case) -> int:
    change_case(shop.database, case.number, expected=case.status, changes={"archived_at": shop.stamp})
    record_event(shop, case.number, "archived", at=shop.stamp)
    return case.number


def _mark(shop: Shop, number: int, *, note: str, day: date | None) -> Case:
    with changing(shop, "cases.typical") as writing:
        case = require_case(shop, number)
        if (case.typical_note, case.typical_on is None) == (note, day is None):
            return case
        writing.touch("case", number)
        changes = {"typical_note": note, "typical_on": day.isoformat() if day else None}
        change_case(shop.database, number, expected=case.status, changes=changes)
        record_event(
            shop, number, "typical" if day else "not_typical", at=shop.stamp, note=note or case.typical_note
        )
        return require_case(shop, number)
