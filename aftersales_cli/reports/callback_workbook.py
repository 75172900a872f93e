"""Write the day's callbacks as a workbook that staff fill in and hand back."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from aftersales_cli.customers.callback_list import CALLBACK_FORM, Token, list_id, list_words, make_token
from aftersales_cli.customers.callbacks import ListedCallback, list_due_callbacks
from aftersales_cli.language import _, current_language, pick
from aftersales_cli.reports.form_guide import choose_form_path, write_guide
from aftersales_cli.reports.form_sheet import (
    FormSheet,
    HiddenLists,
    SheetRow,
    new_form_book,
    write_form_sheets,
)
from aftersales_cli.reports.workbook import require_workbook_name, save
from aftersales_cli.shop import Shop

_LAST_DAY_AHEAD = 366


@dataclass(frozen=True)
class ExportedList:
    """Where the list of a day stands."""

    path: Path | None
    """None if there is nobody to call; then no file is written."""
    callbacks: int
    list_id: str
    written: bool
    """False if a file with this very list was there already."""


def export_callbacks(shop: Shop, on: date, out: Path | None = None) -> ExportedList:
    """Write the open callbacks of a day into the outbox, or to ``out`` (a file or a folder).

    A file that is there is never overwritten, since staff may have filled it in: the same list is left as
    it is, a different one gets a number behind its name. Raises FileError, WrongUsageError for a name that is
    not that of a workbook.
    """
    wanted = _wanted_path(shop, on, out)
    require_workbook_name(wanted)
    with shop.writing("callbacks.export") as writing:
        callbacks = list_due_callbacks(shop, on)
        identity = list_id(on.isoformat(), [_token(entry) for entry in callbacks], current_language())
        # Full numbers and addresses leave the database here, so the audit log says how many.
        full = len(callbacks) if shop.settings.callbacks.contact == "full" else 0
        writing.count(callbacks=len(callbacks), full_contacts=full)
    if not callbacks:
        return ExportedList(None, 0, identity, written=False)
    path, standing = choose_form_path(wanted, identity)
    if standing:
        return ExportedList(path, len(callbacks), identity, written=False)
    stands_at = save(shop, _make_book(shop, on, callbacks, identity), path)
    return ExportedList(stands_at, len(callbacks), identity, written=not shop.dry_run)


def _token(entry: ListedCallback) -> Token:
    return make_token(entry.id, entry.revision, entry.planned_at)


def _wanted_path(shop: Shop, on: date, out: Path | None) -> Path:
    name = pick(list_words()["file"]).format(day=on.isoformat())
    if out is None:
        return shop.folder / "outbox" / name
    return out / name if out.is_dir() else out


def _make_book(shop: Shop, on: date, callbacks: list[ListedCallback], identity: str) -> Workbook:
    words = list_words()
    title = pick(words["title"]).format(day=on.isoformat(), count=len(callbacks))
    book = new_form_book(shop, title, identity)
    outcomes = list(shop.taxonomy("callback_outcomes"))
    sheet = FormSheet(
        CALLBACK_FORM,
        tab=pick(words["sheet"]),
        title=title,
        rows=[_row(shop, position, entry) for position, entry in enumerate(callbacks, start=1)],
        choices={"outcome": [term.name for term in outcomes]},
        days=(on, on + timedelta(days=_LAST_DAY_AHEAD)),
        prompt_values={"day": (on + timedelta(days=1)).isoformat()},
    )
    lists = HiddenLists()
    write_form_sheets(book, [sheet], lists)
    meanings = [(term.name, pick(words["meanings"].get(term.code, {}))) for term in outcomes]
    write_guide(book, words, {"outcomes": meanings})
    lists.write(book, identity)
    return book


def _row(shop: Shop, position: int, entry: ListedCallback) -> SheetRow:
    return SheetRow(
        {
            "position": position,
            "reason": _reason(shop, entry),
            "customer": entry.customer or "–",
            "reach": "\n".join(entry.how_to_reach) or "–",
            "storefront": entry.storefront,
            "order": entry.order_number,
            "product": entry.product,
            "happened": entry.happened,
            "ask": entry.ask,
            "assignee": entry.assignee,
            "token": str(_token(entry)),
        }
    )


def _reason(shop: Shop, entry: ListedCallback) -> str:
    name = shop.taxonomy("callback_reasons").label(entry.reason)
    if entry.attempt == 1:
        return name
    return _("{reason} (attempt {attempt})", reason=name, attempt=entry.attempt)
