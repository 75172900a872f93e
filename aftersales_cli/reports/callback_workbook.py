"""Write the day's callbacks as a workbook that staff fill in and hand back."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from aftersales_cli.customers.callback_list import CALLBACK_FORM, Token, list_id, list_words, make_token
from aftersales_cli.customers.callbacks import ListedCallback, list_day
from aftersales_cli.language import _, current_language, pick
from aftersales_cli.records.shops import Agent
from aftersales_cli.reports.form_book import form_file, make_form_book
from aftersales_cli.reports.form_guide import choose_form_path
from aftersales_cli.reports.form_sheet import FormSheet, SheetRow
from aftersales_cli.reports.workbook import require_workbook_name, save
from aftersales_cli.shop import Shop

_LAST_DAY_AHEAD = 366
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s\x00-\x1f]+')
"""What file names may not hold on some system."""


@dataclass(frozen=True)
class AgentList:
    """One workbook of a day."""

    agent: str
    """Code of the employee whose calls it holds, "" for those of all."""
    path: Path
    callbacks: int
    list_id: str
    written: bool
    """False if a file with this very list was there already."""


@dataclass(frozen=True)
class ExportedList:
    """Where the lists of a day stand."""

    path: Path | None
    """The only or first workbook; None if there is nobody to call, then no file is written."""
    callbacks: int
    list_id: str
    written: bool
    """Whether any file is new."""
    lists: tuple[AgentList, ...] = ()


def export_callbacks(
    shop: Shop, on: date, out: Path | None = None, *, agent: Agent | None = None
) -> ExportedList:
    """Write the open callbacks of a day into the outbox, or to ``out`` (a file or a folder).

    Each employee with calls on that day gets a workbook; a single one if only one has, or if ``out`` is a file.
    ``agent`` asks for that employee's only. A file that is there is never overwritten, since staff may have filled it
    in: the same list is left as it is, a different one gets a number behind its name. Raises FileError,
    WrongUsageError for a name that is not that of a workbook.
    """
    if out is not None and not out.is_dir():
        require_workbook_name(out)
    with shop.writing("callbacks.export") as writing:
        day = list_day(shop, on)
        opened = [entry for entry in day if entry.status == "open"]
        if agent is not None:
            opened = [entry for entry in opened if entry.assignee_code == agent.code]
        # Full numbers and addresses leave the database here, so the audit log says how many.
        full = len(opened) if shop.settings.callbacks.contact == "full" else 0
        writing.count(callbacks=len(opened), full_contacts=full)
    callers = {entry.assignee_code for entry in day}
    shared = agent is None and (len(callers) <= 1 or (out is not None and not out.is_dir()))
    lists = [
        _write_list(shop, on, entries, out, agent="" if shared else code)
        for code, entries in ({"": opened} if shared else _by_agent(opened)).items()
        if entries
    ]
    if not lists:
        return ExportedList(None, 0, _identity(on, []), written=False)
    return ExportedList(
        path=lists[0].path,
        callbacks=len(opened),
        list_id=lists[0].list_id,
        written=any(entry.written for entry in lists),
        lists=tuple(lists),
    )


def _by_agent(callbacks: list[ListedCallback]) -> dict[str, list[ListedCallback]]:
    """Return code of the employee → callbacks; those of nobody stand under a dash."""
    lists: dict[str, list[ListedCallback]] = {}
    for entry in callbacks:
        lists.setdefault(entry.assignee_code or "-", []).append(entry)
    return dict(sorted(lists.items()))


def _write_list(
    shop: Shop, on: date, callbacks: list[ListedCallback], out: Path | None, *, agent: str
) -> AgentList:
    words = list_words()
    name = pick(words["file_of_agent" if agent else "file"]).format(
        day=on.isoformat(), agent=_FORBIDDEN.sub("_", callbacks[0].assignee)
    )
    wanted = form_file(shop, name, out)
    identity = _identity(on, callbacks)
    path, standing = choose_form_path(wanted, identity)
    if not standing:
        path = save(shop, _make_book(shop, on, callbacks, identity), path)
    return AgentList(agent, path, len(callbacks), identity, written=not standing and not shop.dry_run)


def _identity(on: date, callbacks: list[ListedCallback]) -> str:
    return list_id(on.isoformat(), [_token(entry) for entry in callbacks], current_language())


def _token(entry: ListedCallback) -> Token:
    return make_token(entry.id, entry.revision, entry.planned_at)


def _make_book(shop: Shop, on: date, callbacks: list[ListedCallback], identity: str) -> Workbook:
    words = list_words()
    title = pick(words["title"]).format(day=on.isoformat(), count=len(callbacks))
    outcomes = list(shop.taxonomy("callback_outcomes"))
    leaving = [term.name for term in shop.taxonomy("churn_reasons")]
    sheet = FormSheet(
        CALLBACK_FORM,
        tab=pick(words["sheet"]),
        title=title,
        rows=[_row(shop, position, entry) for position, entry in enumerate(callbacks, start=1)],
        choices={"outcome": [term.name for term in outcomes], "churn_reason": leaving},
        days=(on, on + timedelta(days=_LAST_DAY_AHEAD)),
        prompt_values={"day": (on + timedelta(days=1)).isoformat()},
    )
    meanings = [(term.name, pick(words["meanings"].get(term.code, {}))) for term in outcomes]
    return make_form_book(shop, words, [sheet], title=title, identity=identity, terms={"outcomes": meanings})


def _row(shop: Shop, position: int, entry: ListedCallback) -> SheetRow:
    return SheetRow(
        {
            "position": position,
            "reason": _reason(shop, entry),
            "customer": entry.customer or "–",
            "reach": "\n".join(entry.how_to_reach) or "–",
            "window": entry.window or "–",
            "storefront": entry.storefront,
            "order": entry.order_number,
            "product": entry.product,
            "happened": entry.happened,
            "about": entry.about,
            "why": entry.why,
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
