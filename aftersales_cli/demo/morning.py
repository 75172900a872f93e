"""Play a morning: a few cases, the callback list filled in and read back, the month's workbook once more."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from aftersales_cli.clock import month_of
from aftersales_cli.customers.callback_list import COLUMNS
from aftersales_cli.demo.desk_cases import DeskCase
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import AftersalesError
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.language import _, current_language
from aftersales_cli.reports.callback_workbook import export_callbacks
from aftersales_cli.reports.kpi_workbook import export_kpi_workbook
from aftersales_cli.reports.plain_sheet import fill_cells
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent

_FIRST_ROW = 3
_OUTCOME, _SCORE, _NEXT_ON, _NOTE = (
    chr(ord("A") + COLUMNS.index(name)) for name in ("outcome", "score", "next_on", "note")
)


@dataclass(frozen=True)
class Worked:
    """What the morning leaves behind."""

    callback_list: Path
    workbook: Path
    open_case: int


@dataclass(frozen=True)
class _Call:
    """What came of one callback, as staff type it."""

    outcome: str
    score: int | None = None
    note: Mapping[str, str] | None = None
    days_ahead: int = 0


_CALLS = (
    _Call("reached", 2, {"zh": "抱枕又开线了，很生气", "en": "the cushion came apart again, very annoyed"}),
    _Call("reached", 4),
    _Call("no_answer"),
    _Call("reached", 5, {"zh": "处理得很快", "en": "was helped quickly"}),
    _Call("reached", 3, {"zh": "晚上找不到人", "en": "nobody there in the evening"}),
    _Call("reached", 5),
    _Call("later", None, {"zh": "在开会，后天再打", "en": "in a meeting, call the day after tomorrow"}, 2),
    _Call("reached", 4),
    _Call("reached", 1, {"zh": "等回复等了一夜", "en": "waited all night for an answer"}),
    _Call("reached", 5),
    _Call("no_answer"),
    _Call("reached", 4),
)
"""From the top of the list; the rest is left to whoever tries the demonstration."""


def play_morning(shop: Shop, question: DeskCase, complaint: DeskCase) -> Worked:
    """Work a morning, beginning with two new cases, and return where list and workbook stand."""
    number = _work_on_cases(shop, question, complaint)
    listed = _call_customers(shop)
    return Worked(listed, export_kpi_workbook(shop, month_of(shop.today)), number)


def _work_on_cases(shop: Shop, question: DeskCase, complaint: DeskCase) -> int:
    """Open and answer two cases, resolve the first, and return the number of the second."""
    morning = replace(shop, agent=require_agent(shop, "xiaoyu"))
    soon = replace(morning, now=morning.now + timedelta(seconds=40))
    first, second = (_open(morning, case) for case in (question, complaint))
    reply_case(soon, first, question.talk.answer)
    reply_case(soon, second, complaint.talk.answer)
    resolve_case(replace(soon, now=soon.now + timedelta(minutes=5)), first, cause=question.talk.cause)
    return second


def _open(shop: Shop, case: DeskCase) -> int:
    opened = open_case(
        shop,
        kind=case.talk.kind,
        say=case.say,
        order=case.order_number,
        storefront=case.storefront,
        reason=case.talk.reason,
        severity=case.talk.severity,
    )
    return opened.number


def _call_customers(shop: Shop) -> Path:
    """Fill in the upper part of the day's lists, hand them in through the inbox, and return where the first stands."""
    noon = replace(shop, now=shop.now + timedelta(hours=2, minutes=30))
    exported = export_callbacks(noon, noon.today)
    if exported.path is None:
        raise AftersalesError(_("There is nobody to call back in the demonstration."))
    done = 0
    for number, entry in enumerate(exported.lists, start=1):
        # Everybody gets as far as the others.
        last = min(done + entry.callbacks, len(_CALLS) * number // len(exported.lists))
        fill_cells(entry.path, _cells(noon, _CALLS[done:last]))
        shutil.copyfile(entry.path, shop.folder / "inbox" / entry.path.name)
        done = last
    run_inbox(noon)
    return exported.path


def _cells(shop: Shop, calls: Sequence[_Call]) -> dict[str, str | int]:
    outcomes, cells = shop.taxonomy("callback_outcomes"), {}
    for row, call in enumerate(calls, start=_FIRST_ROW):
        values = {
            _OUTCOME: outcomes.label(call.outcome),
            _SCORE: call.score,
            _NEXT_ON: (shop.today + timedelta(days=call.days_ahead)).isoformat() if call.days_ahead else None,
            _NOTE: call.note[current_language()] if call.note else None,
        }
        cells.update({f"{column}{row}": value for column, value in values.items() if value is not None})
    return cells
