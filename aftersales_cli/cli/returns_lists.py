"""The verbs ``returns queue`` and ``returns list``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import CASE_NUMBER
from aftersales_cli.cli.output import Column
from aftersales_cli.database.return_queue import RequestRow
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aftersales_cli.cli.run import Run

_HOUR = 3600
_PRODUCT_COLUMNS = 32
_DEFAULT_LIMIT = 50


@dataclass(frozen=True)
class _WaitingRow(RequestRow):
    age_hours: int
    """From the request to now."""
    is_overdue: bool
    waits_for: str
    """``second`` person, ``evidence`` or ``review``."""


@click.command("queue", cls=Command)
@option("--sample", is_flag=True, help=N_("Decisions drawn for a check by somebody else."))
def queue(run: Run, sample: bool) -> None:
    """List the requests that wait for a decision, the most urgent first, with what the rules say.

    With --sample the decisions somebody else should look at again.

    Example: aftersales returns queue
    """
    from aftersales_cli.desk.returns.reviewing import read_queue, read_sample

    if sample:
        _list(run, read_sample(run.shop), empty=_("No decision waits for a check."))
        return
    rows = [_waiting(run, row) for row in read_queue(run.shop)]
    run.out.listing(rows, _queue_columns(run), empty=_("No request waits for a decision."))


@click.command("list", cls=Command)
@option("--order", default="", help=N_("Only requests of this order."))
@option("--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("Only requests of this case."))
@option("--status", default="", help=N_("Only this state of the review, e.g. approved."))
@option("--all", "every", is_flag=True, help=N_("What has ended, too."))
@option(
    "--limit",
    type=click.IntRange(min=1),
    default=_DEFAULT_LIMIT,
    show_default=True,
    help=N_("At most so many."),
)
def list_(run: Run, order: str, case_number: int | None, status: str, every: bool, limit: int) -> None:
    """List return requests, newest first.

    Example: aftersales returns list --order 123
    """
    from aftersales_cli.database.return_queue import list_requests
    from aftersales_cli.desk.finding import find_order

    found = find_order(run.shop, order, None) if order else None
    rows = list_requests(
        run.shop.database,
        status=run.shop.taxonomy("review_states").resolve(status) if status else "",
        case_number=case_number,
        order_id=found.id if found else None,
        only_open=not (every or order or case_number or status),
        limit=limit,
    )
    _list(run, rows, empty=_("There is no such return request."))


COMMANDS = (queue, list_)
"""The verbs of this module."""


def _waiting(run: Run, row: RequestRow) -> _WaitingRow:
    from aftersales_cli.clock import seconds_between

    waits = "second" if row.first_reviewer else "evidence" if row.status == "needs_evidence" else "review"
    return _WaitingRow(
        **vars(row),
        age_hours=max(0, seconds_between(row.requested_at, run.shop.stamp)) // _HOUR,
        is_overdue=row.decide_by is not None and row.decide_by < run.shop.stamp,
        waits_for=waits,
    )


def _queue_columns(run: Run) -> list[Column]:
    from aftersales_cli.cli.durations import duration_text
    from aftersales_cli.desk.returns.flagging import flag_text

    states = run.shop.taxonomy("review_states")
    names = {
        "second": _("a second person"),
        "evidence": _("evidence"),
        "review": _("a decision"),
    }
    return [
        *_first_columns(run),
        Column(_("Rules say"), lambda row: states.label(row.proposal) if row.proposal else ""),
        Column(_("Waits for"), lambda row: names[row.waits_for]),
        Column(_("Age"), lambda row: duration_text(row.age_hours * _HOUR), right=True),
        Column(_("Decide by"), lambda row: _deadline(run, row)),
        Column(_("Note"), lambda row: flag_text(row.flag)),
    ]


def _deadline(run: Run, row: _WaitingRow) -> str:
    from aftersales_cli.clock import local_text

    text = local_text(row.decide_by, run.shop.zone)
    return _("{moment} (overdue)", moment=text) if row.is_overdue else text


def _list(run: Run, rows: Sequence[RequestRow], *, empty: str) -> None:
    from aftersales_cli.clock import local_text

    states, zone = run.shop.taxonomy("review_states"), run.shop.zone
    columns = [
        *_first_columns(run),
        Column(_("State"), lambda row: states.label(row.status)),
        Column(_("Requested"), lambda row: local_text(row.requested_at, zone)),
        Column(_("Send by"), lambda row: row.send_by),
    ]
    run.out.listing(rows, columns, empty=empty)


def _first_columns(run: Run) -> list[Column]:
    from aftersales_cli.money import format_money

    kinds, reasons = run.shop.taxonomy("kinds"), run.shop.taxonomy("reasons")
    money: Callable[[RequestRow], str] = lambda row: format_money(row.asked_amount, row.currency)  # noqa: E731
    return [
        Column(_("Request"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Products"), lambda row: _shortened(row.products)),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Reason"), lambda row: reasons.label(row.reason)),
        Column(_("Amount"), money, right=True),
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= _PRODUCT_COLUMNS else text[: _PRODUCT_COLUMNS - 1] + "…"
