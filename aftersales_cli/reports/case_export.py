"""Cases as a spreadsheet: a workbook, or a text file with commas."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli import access
from aftersales_cli.clock import local_text
from aftersales_cli.database.case_listings import list_exported_cases
from aftersales_cli.desk.contacts import find_contacts, mask_word
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.publishing import publish
from aftersales_cli.records.cases import CaseFilter, ExportedCase
from aftersales_cli.reports.workbook import (
    add_sheet,
    at,
    fit_columns,
    head_row,
    new_workbook,
    number,
    print_on_one_page_width,
    save,
    text,
)
from aftersales_cli.shop import Shop

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SUFFIXES = (".xlsx", ".csv")

Value = str | int
_Column = tuple[str, Callable[[ExportedCase], Value]]


@dataclass(frozen=True)
class CaseExport:
    """A written file of cases."""

    path: Path
    cases: int


def export_cases(
    shop: Shop, wanted: CaseFilter, out: Path | None = None, *, contacts: bool = False
) -> CaseExport:
    """Write the cases that fit to ``out`` (a file or a folder, by default the outbox).

    The ending decides between workbook and csv. Customers are masked, also in titles, unless ``contacts``, which
    only some roles may ask for. A file that stands at ``out`` is kept: the new one gets a number. Raises RefusedError, WrongUsageError for another ending, FileError.
    """
    path = _path(shop, out)
    if contacts:
        access.require("cases.export_contacts", shop.agent.role)
    with shop.writing("cases.export") as writing:
        cases = list_exported_cases(shop.database, wanted)
        writing.count(cases=len(cases), contacts=int(contacts))
    columns = _columns(shop, contacts=contacts)
    rows = [[value(case) for _title, value in columns] for case in cases]
    titles = [title for title, _value in columns]
    if path.suffix.lower() == ".csv":
        path = publish(shop, path, lambda temporary: _write_csv(temporary, titles, rows))
    else:
        path = _write_workbook(shop, path, titles, rows)
    return CaseExport(path, len(cases))


def _path(shop: Shop, out: Path | None) -> Path:
    folder = shop.folder / "outbox" if out is None else out
    own = folder / f"{_('cases')}-{shop.today.isoformat()}.xlsx"
    if out is None:
        return own
    if out.is_dir():
        return _free(own)
    if out.suffix.lower() not in _SUFFIXES:
        raise WrongUsageError(
            _("{path} is no name for a spreadsheet.", path=out),
            remedy=_("Give a name that ends in .xlsx or .csv."),
        )
    if not out.parent.is_dir():
        raise FileError(
            _("There is no folder {path}.", path=out.parent),
            remedy=_("Create it first, or choose another place with --out."),
        )
    return _free(out)


def _free(path: Path) -> Path:
    """Return the path, with a number if a file stands there: it may be anybody's."""
    taken, number = path, 2
    while taken.exists():
        taken, number = path.with_name(f"{path.stem} ({number}){path.suffix}"), number + 1
    return taken


def _columns(shop: Shop, *, contacts: bool) -> list[_Column]:
    label = {
        name: shop.taxonomy(name).label
        for name in (
            "kinds",
            "severities",
            "complexities",
            "case_statuses",
            "reasons",
            "causes",
            "resolutions",
        )
    }

    def word(taxonomy: str, code: str) -> str:
        return label[taxonomy](code) if code else ""

    def moment(value: str | None) -> str:
        return local_text(value, shop.zone) if value else ""

    customer: list[_Column] = [(_("Customer"), _masked_customer)]
    if contacts:
        customer = [
            (_("Customer"), lambda case: case.name),
            (_("Phone"), lambda case: case.phone),
            (_("E-mail"), lambda case: case.email),
        ]
    return [
        (_("Case"), lambda case: case.number),
        (_("Kind"), lambda case: word("kinds", case.kind)),
        (_("Severity"), lambda case: word("severities", case.severity)),
        (_("Complexity"), lambda case: word("complexities", case.complexity)),
        (_("Status"), lambda case: word("case_statuses", case.status)),
        (_("Storefront"), lambda case: case.storefront),
        (_("Order"), lambda case: case.order_number),
        (_("Platform's number"), lambda case: case.external_id),
        *customer,
        (_("Assignee"), lambda case: case.assignee),
        (_("Title"), lambda case: case.title if contacts else _masked(case.title)),
        (_("Reason"), lambda case: word("reasons", case.reason)),
        (_("Cause"), lambda case: word("causes", case.cause)),
        (_("Resolution"), lambda case: word("resolutions", case.resolution)),
        (_("Opened"), lambda case: moment(case.opened_at)),
        (_("First answer"), lambda case: moment(case.first_reply_at)),
        (_("Resolved"), lambda case: moment(case.resolved_at)),
        (_("Closed"), lambda case: moment(case.closed_at)),
        (_("Confirmed"), lambda case: moment(case.confirmed_at)),
        (_("Reopened"), lambda case: case.reopen_count),
        (_("Minutes"), lambda case: case.minutes),
    ]


def _masked_customer(case: ExportedCase) -> str:
    """Return who the customer is as far as it may leave the shop: the first character of a name."""
    shown = mask_word(case.name or case.phone or case.email)
    return f"{case.name[:1]}**" if case.name and shown == case.name else shown


def _masked(words: str) -> str:
    """Return a text whose phone numbers and e-mail addresses have lost their middle."""
    for start, end, shown in reversed(list(find_contacts(words))):
        words = words[:start] + shown + words[end:]
    return words


def _write_csv(path: Path, titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(titles)
        for row in rows:
            writer.writerow([_unarmed(value) for value in row])


def _unarmed(value: Value) -> Value:
    """Return a cell no spreadsheet would run as a formula."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _write_workbook(shop: Shop, path: Path, titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> Path:
    book = new_workbook(shop, _("Cases"))
    sheet = add_sheet(book, _("Cases"))
    head_row(sheet, 1, titles)
    for row, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            cell = at(sheet, row, column)
            if isinstance(value, int):
                number(cell, value, "0")
            else:
                text(cell, value)
    fit_columns(sheet)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{at(sheet, max(len(rows) + 1, 1), len(titles)).coordinate}"
    print_on_one_page_width(sheet)
    return save(shop, book, path)
