"""Dismiss rejected rows that nobody needs: totals, notes, rows the platform has deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales_cli.database.imports import list_rejects
from aftersales_cli.database.mending import dismiss_rejects as mark_dismissed
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

_ALL = 10**9


@dataclass(frozen=True)
class Dismissed:
    """What was dismissed."""

    dismissed: int
    rejects: tuple[int, ...]


def dismiss_rejects(shop: Shop, numbers: Sequence[int] = (), *, import_id: int | None = None) -> Dismissed:
    """Dismiss rejected rows by their numbers, or all of an import; they count no more and are not handed out again.

    Raises WrongUsageError if neither is given, NotFoundError for a number that is no open rejected row.
    """
    if not numbers and import_id is None:
        raise WrongUsageError(
            _("Name the rejected rows, or the import."),
            remedy=_("For example: aftersales orders rejects dismiss 12 13, or --import 3"),
        )
    with shop.writing("orders.dismiss", *([f"import:{import_id}"] if import_id else [])) as writing:
        known = {entry.id for entry in list_rejects(shop.database, import_id=import_id, limit=_ALL)}
        chosen = list(dict.fromkeys(numbers)) or sorted(known)
        missing = [number for number in chosen if number not in known]
        if missing or not chosen:
            raise NotFoundError(
                _("There is no open rejected row {numbers}.", numbers=", ".join(map(str, missing)))
                if missing
                else _("Import {number} has no open rejected rows.", number=import_id),
                remedy=_("“aftersales orders rejects list” shows them with their numbers."),
            )
        for number in chosen if numbers else ():
            writing.touch("reject", number)
        count = mark_dismissed(shop.database, chosen, stamp=shop.stamp)
        writing.count(dismissed=count)
    return Dismissed(count, tuple(chosen))
