"""The verbs of ``cases`` that list what customers think: complaints, voices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.complaints import Complaint

_SATISFIED: Mapping[str, str] = {
    "": "",
    "confirmed": N_("yes, confirmed"),
    "satisfied": N_("yes"),
    "neutral": N_("so-so"),
    "dissatisfied": N_("not satisfied"),
    "to_ask": N_("not asked yet"),
}


@click.command("complaints", cls=Command)
@option("--all", "everything", is_flag=True, help=N_("Those whose customers are satisfied, too."))
def complaints(run: Run, everything: bool) -> None:
    """List complaints until their customers say that all is well, the gravest open ones first.

    A solved complaint stays until “cases confirm”, or a callback with a satisfaction of 4 or 5.

    Example: aftersales cases complaints
    """
    from aftersales_cli.desk.complaints import list_complaints

    rows = list_complaints(run.shop, everything=everything)
    run.out.listing(rows, _columns(run, rows), empty=_("No complaint needs anything."))


def _columns(run: Run, rows: Sequence[Complaint]) -> list[Column]:
    """Return every column for a file; on a terminal those a row has room for, the title cut to what is left."""
    from aftersales_cli.cli.title_room import title_room
    from aftersales_cli.clock import local_text
    from aftersales_cli.insight.wording import shorten

    severities, statuses, zone = (
        run.shop.taxonomy("severities"),
        run.shop.taxonomy("case_statuses"),
        run.shop.zone,
    )
    number = Column(_("Case"), lambda row: row.number, right=True)
    status = Column(_("Status"), lambda row: statuses.label(row.status))
    assignee = Column(_("Assignee"), lambda row: row.assignee)
    satisfied = Column(_("Satisfied"), _satisfied_text)
    if run.shared.table_format:
        return [
            number,
            Column(_("Level"), lambda row: f"{row.level} {severities.label(row.level)}"),
            status,
            Column(_("Customer"), lambda row: row.customer),
            assignee,
            Column(_("Opened"), lambda row: local_text(row.opened_at, zone)),
            Column(_("Acknowledged"), lambda row: local_text(row.acknowledged_at, zone)),
            Column(_("First answer due"), lambda row: local_text(row.reply_due_at, zone)),
            satisfied,
            Column(_("Title"), lambda row: row.title),
        ]

    def answered(row: Complaint) -> str:
        if row.acknowledged_at:
            return local_text(row.acknowledged_at, zone)
        if row.reply_due_at is None:
            return ""
        due = _("due {moment}", moment=local_text(row.reply_due_at, zone))
        return f"{_('MISSED')}, {due}" if row.reply_due_at < run.shop.stamp else due

    shown = [
        number,
        Column(_("Level"), lambda row: row.level),
        status,
        assignee,
        Column(_("First answer"), answered),
        satisfied,
    ]
    room = title_room(rows, shown)
    return [*shown, Column(_("Title"), lambda row: shorten(row.title, room))]


def _satisfied_text(row: Complaint) -> str:
    text = _(_SATISFIED[row.satisfied])
    if row.satisfied not in {"", "confirmed", "satisfied"} and row.callback_on:
        return _("{text}, callback on {day}", text=text, day=row.callback_on)
    return text


@click.command("voices", cls=Command)
@option("--kind", default="", help=N_("Only suggestion or praise."))
@option("--period", metavar="PERIOD", help=N_("Month 2026-11, quarter 2026Q4, …; default: the last 90 days."))
def voices(run: Run, kind: str, period: str | None) -> None:
    """Show what customers suggest and praise, by product.

    Example: aftersales cases voices --kind suggestion --period 2026-11
    """
    from aftersales_cli.clock import local_text, parse_period
    from aftersales_cli.desk.voices import collect_voices

    groups = collect_voices(run.shop, kind=kind, period=parse_period(period) if period else None)
    if run.out.as_json:
        run.out.data(groups)
        return
    if not groups:
        run.out.note(_("Nobody suggested or praised anything."))
    kinds = run.shop.taxonomy("kinds")
    for group in groups:
        counts = ", ".join(
            f"{kinds.label(code)} {count}"
            for code, count in (("suggestion", group.suggestions), ("praise", group.praise))
            if count
        )
        run.out.line(f"{group.product or _('no product named')} ({counts})")
        for voice in group.voices:
            words = " ".join(voice.words.split())
            day = local_text(voice.opened_at, run.shop.zone)[:10]
            run.out.line(f"  {day} {kinds.label(voice.kind)} #{voice.number}: {words}")


COMMANDS = (complaints, voices)
"""In the order in which the help shows them."""
