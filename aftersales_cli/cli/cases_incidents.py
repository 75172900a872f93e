"""The group ``cases incidents``: complaints with one cause, grouped and answered together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import CASE_NUMBER, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.clusters import Cluster
    from aftersales_cli.desk.incidents import AnsweredIncident
    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.desk import Incident
    from aftersales_cli.records.desk_rows import IncidentRow

_TITLE_COLUMNS = 32


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.incidents import missing_incident

    return missing_incident(number)


_INCIDENT = RecordNumber(_missing)


@click.group(
    "incidents", cls=Noun, default_verb="list", help=N_("Complaints with one cause, answered together.")
)
def incidents() -> None:
    """Group of verbs; called bare it lists."""


@incidents.command("list")
@option("--all", "everything", is_flag=True, help=N_("Closed incidents too."))
def list_(run: Run, everything: bool) -> None:
    """List incidents, and what looks like one: several customers with the same product and reason.

    Example: aftersales cases incidents
    """
    from aftersales_cli.database.incidents import list_incidents
    from aftersales_cli.desk.incident_finding import suggest_incidents

    found = list_incidents(run.shop.database, only_open=not everything)
    suggested = suggest_incidents(run.shop)
    if run.out.as_json:
        run.out.data({"incidents": found, "suggestions": suggested})
        return
    run.out.listing(found, _incident_columns(run, found), empty=_("There is no open incident."))
    for entry in suggested:
        run.out.line()
        for line in describe_suggestion(run, entry):
            run.out.line(line)


def _incident_columns(run: Run, rows: Sequence[IncidentRow]) -> list[Column]:
    """Return every column for a file; on a terminal those a row has room for."""
    from aftersales_cli.cli.title_room import title_room
    from aftersales_cli.clock import local_text
    from aftersales_cli.insight.wording import shorten

    reasons, zone = run.shop.taxonomy("reasons"), run.shop.zone
    number = Column(_("No."), lambda row: row.id, right=True)
    about = [
        Column(_("Product"), lambda row: row.product or row.sku),
        Column(_("Reason"), lambda row: reasons.label(row.reason)),
    ]
    lead = Column(_("Lead"), lambda row: row.lead)
    title = Column(_("Title"), lambda row: row.title)
    if run.shared.table_format:
        return [
            number,
            title,
            *about,
            lead,
            Column(_("Cases"), lambda row: row.cases, right=True),
            Column(_("Of these open"), lambda row: row.open_cases, right=True),
            Column(_("Opened"), lambda row: local_text(row.opened_at, zone)),
            Column(_("Closed"), lambda row: local_text(row.closed_at, zone)),
        ]
    shown = [
        number,
        Column(_("Opened"), lambda row: local_text(row.opened_at, zone)[:10]),
        Column(_("Closed"), lambda row: local_text(row.closed_at, zone)[:10]),
        Column(
            _("Cases open"), lambda row: _("{open} of {all}", open=row.open_cases, all=row.cases), right=True
        ),
        lead,
    ]

    def name(row: IncidentRow) -> str:
        about = f"{row.product or row.sku} · {reasons.label(row.reason)}"
        return f"{row.title} ({about})" if row.title else about

    room = title_room(rows, shown)
    return [*shown, Column(_("What"), lambda row: shorten(name(row), room))]


def describe_suggestion(run: Run, entry: Cluster) -> list[str]:
    """Say what looks like one incident, and the command that makes it one."""
    numbers = " ".join(map(str, entry.numbers))
    return [
        plural(
            "Looks like one incident: {product}, {reason}: {count} customer (cases {numbers})",
            "Looks like one incident: {product}, {reason}: {count} customers (cases {numbers})",
            entry.customers,
            product=entry.product or entry.sku,
            reason=run.shop.taxonomy("reasons").label(entry.reason),
            numbers=", ".join(map(str, entry.numbers)),
        ),
        f"  aftersales cases incidents open {numbers}",
    ]


@incidents.command("show")
@click.argument("incident", type=_INCIDENT)
def show(run: Run, incident: int) -> None:
    """Show an incident with its cases.

    Example: aftersales cases incidents show 1
    """
    from dataclasses import replace

    from aftersales_cli.clock import local_text
    from aftersales_cli.database.incidents import list_members
    from aftersales_cli.desk.contacts import mask_word
    from aftersales_cli.desk.incidents import require_incident
    from aftersales_cli.insight.wording import shorten

    found = require_incident(run.shop, incident)
    members = [
        replace(member, customer=mask_word(member.customer))
        for member in list_members(run.shop.database, incident)
    ]
    if run.out.as_json:
        run.out.data({"incident": found, "cases": members})
        return
    for line in _about(run, found):
        run.out.line(line)
    statuses, severities = run.shop.taxonomy("case_statuses"), run.shop.taxonomy("severities")
    columns = [
        Column(_("Case"), lambda row: row.number, right=True),
        Column(_("Status"), lambda row: statuses.label(row.status)),
        Column(_("Severity"), lambda row: severities.label(row.severity)),
        Column(_("Customer"), lambda row: row.customer),
        Column(_("Opened"), lambda row: local_text(row.opened_at, run.shop.zone)),
        Column(_("First answer"), lambda row: local_text(row.first_reply_at, run.shop.zone)),
        Column(_("Title"), lambda row: shorten(row.title, _TITLE_COLUMNS)),
    ]
    run.out.listing(members, columns, empty=_("No case belongs to it."))


def _about(run: Run, found: Incident) -> list[str]:
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.agents import get_agent

    lead = get_agent(run.shop.database, found.lead_id) if found.lead_id is not None else None
    facts = [
        (_("Product"), found.product or found.sku),
        (_("Reason"), run.shop.taxonomy("reasons").label(found.reason) if found.reason else ""),
        (_("Lead"), lead.name if lead else ""),
        (_("Opened"), local_text(found.opened_at, run.shop.zone)),
        (_("Closed"), local_text(found.closed_at, run.shop.zone) if found.closed_at else ""),
        (_("Note"), found.note),
    ]
    from aftersales_cli.desk.incident_finding import incident_title

    lines = [_("Incident {id}: {title}", id=found.id, title=incident_title(run.shop, found))]
    return lines + [_("{name}: {value}", name=name, value=value) for name, value in facts if value]


@incidents.command("open", writes=True)
@click.argument("cases", nargs=-1, type=CASE_NUMBER)
@option(
    "--product", default="", help=N_("Product by number or title; with --reason it stands for its cases.")
)
@option("--reason", default="", help=N_("Reason the cases share, e.g. damaged."))
@option("--title", default="", help=N_("Name of the incident; default: product and reason."))
@option("--lead", default="", metavar="AGENT", help=N_("Employee who leads it."))
@option("--note", "remark", default="", help=N_("What is known about it."))
def open_(
    run: Run, cases: tuple[int, ...], product: str, reason: str, title: str, lead: str, remark: str
) -> None:
    """Group cases: those named, else those suggested for a product and a reason.

    Example: aftersales cases incidents open --product CUP-1 --reason damaged --lead lan
    """
    from aftersales_cli.desk.incident_finding import incident_title
    from aftersales_cli.desk.incidents import open_incident

    with run.shop.rehearsal():
        made = open_incident(
            run.shop, product=product, reason=reason, numbers=cases, title=title, lead=lead, note=remark
        )
        name = incident_title(run.shop, made)
        tell(run, made, _("Incident {id} opened: {title}.", id=made.id, title=name), _members(run, made))


def _members(run: Run, made: Incident) -> str:
    from aftersales_cli.database.incidents import list_members

    numbers = [str(member.number) for member in list_members(run.shop.database, made.id)]
    return _("Its cases: {numbers}", numbers=", ".join(numbers) or "–")


@incidents.command("change", writes=True)
@click.argument("incident", type=_INCIDENT)
@option("--add", multiple=True, type=CASE_NUMBER, metavar="CASE", help=N_("A case that belongs to it, too."))
@option("--remove", multiple=True, type=CASE_NUMBER, metavar="CASE", help=N_("A case that does not."))
@option("--lead", default="", metavar="AGENT", help=N_("Employee who leads it from now on."))
def change(run: Run, incident: int, add: tuple[int, ...], remove: tuple[int, ...], lead: str) -> None:
    """Take cases in or out, or say who leads.

    Example: aftersales cases incidents change 1 --add 23 --add 24 --remove 7
    """
    from aftersales_cli.desk.incidents import change_incident

    if not (add or remove or lead):
        raise click.UsageError(_("Give at least one of --add, --remove and --lead."))
    with run.shop.rehearsal():
        changed = change_incident(run.shop, incident, add=add, remove=remove, lead=lead)
        tell(run, changed, _("Incident {id} is changed.", id=incident), _members(run, changed))


@incidents.command("answer", writes=True)
@click.argument("incident", type=_INCIDENT)
@option("--say", default="", help=N_("The answer to all customers."))
@option("--template", default="", metavar="NAME", help=N_("A reply text, filled in for each case."))
@option(
    "--fill",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("A value for the text; can be given several times."),
)
def answer(run: Run, incident: int, say: str, template: str, fill: tuple[str, ...]) -> None:
    """Record the same answer on every open case, and show what to send where; --dry-run shows it beforehand.

    It is recorded on all of them or on none; a case that has this very answer already is left out. Sending it
    remains your part.

    Example: aftersales cases incidents answer 1 --say "We are sorry; a new one is on its way" --dry-run
    """
    from aftersales_cli.cli.cases_reply import read_values
    from aftersales_cli.desk.incidents import answer_incident
    from aftersales_cli.desk.reply_texts import write_reply

    if bool(say) == bool(template):
        raise click.UsageError(_("Give either --say or --template."))
    values = read_values(fill)
    text_for = (lambda shop, number: write_reply(shop, number, template, fill=values)) if template else None
    answered = answer_incident(run.shop, incident, say, text_for=text_for)
    tell(run, answered, *_describe_answers(answered))
    if answered.already:
        numbers = ", ".join(map(str, answered.already))
        run.out.note(_("Left out, since they have this answer already: {numbers}.", numbers=numbers))
    if answered.replies and not run.shared.as_json and not run.shop.dry_run:
        count = len(answered.replies)
        run.out.note(
            plural(
                "Recorded on {count} case; now send it.", "Recorded on {count} cases; now send them.", count
            )
        )


def _describe_answers(answered: AnsweredIncident) -> list[str]:
    lines = []
    for reply in answered.replies:
        lines.append(_("Case {number}, send {place}:", number=reply.case.number, place=reply.send))
        lines += [f"  {line}" for line in reply.text.splitlines()]
    return lines


@incidents.command("close", writes=True)
@click.argument("incident", type=_INCIDENT)
@option("--note", "remark", default="", help=N_("What was done about the cause."))
def close(run: Run, incident: int, remark: str) -> None:
    """Close an incident: its cause is mended. Its cases go on by themselves.

    Example: aftersales cases incidents close 1 --note "The supplier has changed the packaging"
    """
    from aftersales_cli.database.incidents import list_members
    from aftersales_cli.desk.incidents import close_incident
    from aftersales_cli.records.cases import OPEN_STATUSES

    closed = close_incident(run.shop, incident, note=remark)
    tell(run, closed, _("Incident {id} is closed.", id=incident))
    members = list_members(run.shop.database, incident)
    still = [str(member.number) for member in members if member.status in OPEN_STATUSES]
    if still:
        run.out.note(_("Still open and to be solved: cases {numbers}.", numbers=", ".join(still)))


COMMANDS = (incidents,)
"""In the order in which the help shows them."""
