"""The verbs of ``cases`` around its life: triage, wait, resume, confirm, close, expire, typical, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_bulk import WHERE, YES, BulkCommand, Chosen, bulk_verb
from aftersales_cli.cli.cases_steps import (
    CASE_NUMBER,
    case_verb,
    read_deadline,
    read_moment,
    status_line,
    tell,
)
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales_cli.desk.timing_out import Expiry
    from aftersales_cli.desk.triage import Triage
    from aftersales_cli.records.cases import Case
    from aftersales_cli.shop import Shop

WHOM = ("customer", "internal", "platform")


@bulk_verb("triage")
@option("--kind", default="", help=N_("Kind of case, e.g. return."))
@option("--severity", default="", help=N_("normal, high or urgent; for complaints L1 to L4."))
@option("--complexity", default="", help=N_("simple, normal or complex."))
@option("--reason", default="", help=N_("Reason the customer gives, e.g. defect."))
@option("--accept", is_flag=True, help=N_("Take the suggestion over for what is not said."))
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def triage(
    run: Run,
    chosen: Chosen,
    kind: str,
    severity: str,
    complexity: str,
    reason: str,
    accept: bool,
    remark: str,
    at: str | None,
) -> None:
    """Suggest what a case is and how serious, with the rules that say so; or set it.

    Without an option nothing is changed. The rules stand in templates/settings/triage.toml.

    Example: aftersales cases triage 17 --accept

    Example: aftersales cases triage --where "status=new kind=return" --accept
    """
    from aftersales_cli.desk.triage import suggest_triage, triage_case

    if not (kind or severity or complexity or reason or accept or remark):
        if chosen.number is None:
            raise click.UsageError(_("Say what to set, or take the suggestions over with --accept."))
        found = suggest_triage(run.shop, chosen.number)
        run.out.data(found, *_suggestion_lines(run, found))
        return
    moment = read_moment(run, at)

    def step(shop: Shop, number: int) -> Triage:
        return triage_case(
            shop,
            number,
            kind=kind,
            severity=severity,
            complexity=complexity,
            reason=reason,
            accept=accept,
            note=remark,
            at=moment,
        )

    def lines(done: Triage) -> list[str]:
        return [_("Case {number} is now: {what}.", number=done.case.number, what=_what(run, done.case))]

    chosen.carry_out(run, "triage", step, lines)


def _suggestion_lines(run: Run, found: Triage) -> Iterator[str]:
    case, suggestion = found.case, found.suggestion
    yield _("Case {number} is: {what}.", number=case.number, what=_what(run, case))
    if not suggestion.fired:
        yield _("No rule says more; set it with --kind, --severity, --complexity, --reason.")
        return
    yield _("It seems to be: {what}.", what=_suggested(run, found))
    for rule in suggestion.fired:
        yield "  " + _("{rule} – {evidence}", rule=rule.name, evidence="; ".join(rule.evidence))
    yield _("Take it over: {command}", command=f"aftersales cases triage {case.number} --accept")


def _what(run: Run, case: Case) -> str:
    return _in_words(run, case.kind, case.severity, case.complexity, case.reason_final or case.reason_first)


def _suggested(run: Run, found: Triage) -> str:
    suggestion, case = found.suggestion, found.case
    severity = suggestion.severity or (case.severity if suggestion.kind == case.kind else "")
    return _in_words(
        run, suggestion.kind, severity, suggestion.complexity or case.complexity, suggestion.reason
    )


def _in_words(run: Run, kind: str, severity: str, complexity: str, reason: str) -> str:
    pairs = (("kinds", kind), ("severities", severity), ("complexities", complexity), ("reasons", reason))
    return ", ".join(run.shop.taxonomy(name).label(code) for name, code in pairs if code)


def sorted_lines(run: Run, case: Case) -> list[str]:
    """Return which rules gave a case that has just been opened its kind, if any did."""
    from aftersales_cli.database.cases import list_case_events
    from aftersales_cli.desk.rule_names import name_triage_rule

    rules = []
    for event in list_case_events(run.shop.database, case.number):
        if event.type == "sorted":
            name = name_triage_rule(run.shop, event.after)
            rules.append(f"{name} ({event.note})" if event.note else name)
    return [_("Sorted by rule: {rules}.", rules="; ".join(rules))] if rules else []


def tell_suggestion(run: Run, found: Triage) -> None:
    """Say beside the data what a case that has just been opened seems to be, if that is something else."""
    case, suggestion = found.case, found.suggestion
    same_severity = suggestion.severity in {"", case.severity}
    if suggestion.kind == case.kind and (same_severity or case.kind != "complaint"):
        return
    run.out.note(
        _(
            "It seems to be: {what}. Why: aftersales cases triage {number}",
            what=_suggested(run, found),
            number=case.number,
        )
    )


@bulk_verb("wait")
@click.argument("whom", type=click.Choice(WHOM))
@option("--note", "remark", default="", help=N_("What is waited for."))
@option("--until", help=N_("Day or moment by which it should be there; afterwards the case counts as stuck."))
def wait(run: Run, chosen: Chosen, whom: str, remark: str, until: str | None, at: str | None) -> None:
    """Let a case wait for the customer, for somebody of ours, or for the marketplace.

    Example: aftersales cases wait 17 customer --note "photos of the damage" --until 2026-11-25

    Example: aftersales cases wait platform --where "storefront=tmall-1 kind=refund_only"
    """
    from aftersales_cli.desk.waiting import wait_case

    deadline, moment = read_deadline(run, until), read_moment(run, at)

    def step(shop: Shop, number: int) -> Case:
        # Of many some may wait already, which is no haste of anybody.
        many = chosen.number is None
        return wait_case(shop, number, whom, note=remark, until=deadline, at=moment, repeat=many)

    chosen.carry_out(run, "wait", step, lambda case: [status_line(run, case)])


@bulk_verb("close")
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def close(run: Run, chosen: Chosen, remark: str, at: str | None) -> None:
    """Close a resolved case: the customer is content, or has had time enough to object.

    Example: aftersales cases close 17

    Example: aftersales cases close --where "status=resolved kind=inquiry"
    """
    from aftersales_cli.desk.ending import close_case

    moment = read_moment(run, at)

    def step(shop: Shop, number: int) -> Case:
        return close_case(shop, number, note=remark, at=moment)

    chosen.carry_out(run, "close", step, lambda case: [status_line(run, case)])


@case_verb("resume")
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
def resume(run: Run, number: int, remark: str, at: str | None) -> None:
    """Go on with a case that waited, or begin with a new one.

    Example: aftersales cases resume 17
    """
    from aftersales_cli.desk.waiting import resume_case

    case = resume_case(run.shop, number, note=remark, at=read_moment(run, at))
    tell(run, case, status_line(run, case))


@case_verb("confirm")
@option("--note", "remark", default="", help=N_("What the customer said."))
def confirm(run: Run, number: int, remark: str, at: str | None) -> None:
    """Record that the customer says it is solved; that closes a resolved case.

    Example: aftersales cases confirm 17
    """
    from aftersales_cli.desk.ending import confirm_case

    case = confirm_case(run.shop, number, note=remark, at=read_moment(run, at))
    tell(run, case, _("The customer confirmed that case {number} is solved; it is closed.", number=number))


@click.command("expire", cls=Command, writes=True)
def expire(run: Run) -> None:
    """Close what has been solved long enough, end what no customer answers; the nightly run does it.

    How long that is say cases.close_days, cases.remind_days and cases.wait_days in the settings. Complaints are
    never ended by time: they stay on the list until the customer confirms. Twice does nothing more.

    Example: aftersales cases expire
    """
    from aftersales_cli.desk.timing_out import expire_cases

    found = expire_cases(run.shop)
    tell(run, found, *(_expiry_line(run, entry) for entry in found))
    if not found:
        run.out.note(_("Nothing is due."))


def _expiry_line(run: Run, entry: Expiry) -> str:
    from aftersales_cli.clock import local_text

    values = {"number": entry.number, "moment": local_text(entry.since, run.shop.zone)}
    texts = {
        "closed": _("Case {number}, resolved {moment}: closed.", **values),
        "resolved": _(
            "Case {number}, waiting for the customer since {moment}: ended without an answer.", **values
        ),
        "remind": _(
            "Case {number}, waiting for the customer since {moment}: write once more "
            "(aftersales cases reply {number} --template reminder).",
            **values,
        ),
        "confirm": _(
            "Case {number}, a complaint resolved {moment}: ask whether the customer is content, then "
            "aftersales cases confirm {number}.",
            **values,
        ),
    }
    return texts[entry.done]


@click.command("typical", cls=Command, writes=True)
@click.argument("number", metavar="[CASE]", type=CASE_NUMBER, required=False)
@option("--note", "remark", default="", help=N_("What the case is an example of."))
@option("--off", is_flag=True, help=N_("The case is no example any more."))
@option("--month", default="", help=N_("Month to list, e.g. 2026-11; default: this month."))
def typical(run: Run, number: int | None, remark: str, off: bool, month: str) -> None:
    """Keep a case as an example for the monthly review; without a case list those of a month.

    Example: aftersales cases typical 17 --note "Broken because the box was too large"
    """
    from aftersales_cli.desk.typical import mark_typical, unmark_typical

    if number is None:
        _list_typical(run, month)
    elif off:
        case = unmark_typical(run.shop, number)
        tell(run, case, _("Case {number} is no example any more.", number=number))
    else:
        case = mark_typical(run.shop, number, remark)
        tell(
            run, case, _("Case {number} is kept as an example: {note}", number=number, note=case.typical_note)
        )


def _list_typical(run: Run, month: str) -> None:
    from aftersales_cli.clock import month_of, parse_period
    from aftersales_cli.desk.typical import list_typical

    period = parse_period(month) if month else month_of(run.shop.today)
    kinds, statuses = (run.shop.taxonomy(name) for name in ("kinds", "case_statuses"))
    columns = [
        Column(_("Case"), lambda row: row.number, right=True),
        Column(_("Marked"), lambda row: row.typical_on),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Status"), lambda row: statuses.label(row.status)),
        Column(_("Example of"), lambda row: row.typical_note),
        Column(_("Title"), lambda row: row.title),
    ]
    run.out.listing(
        list_typical(run.shop, period), columns, empty=_("No examples in {period}.", period=period.label)
    )


@click.command("archive", cls=BulkCommand, writes=True)
@click.argument("number", metavar="[CASE]", type=CASE_NUMBER, required=False)
@option("--before", default="", help=N_("Every case that ended before this day, e.g. 2026-01-01."))
@WHERE
@YES
def archive(run: Run, number: int | None, before: str, where: tuple[str, ...], yes: bool) -> None:
    """Put ended cases into the archive: out of the lists, still found by number and search.

    Only closed, cancelled and merged cases can be archived; reopening takes one out again.

    Example: aftersales cases archive --before 2026-01-01
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.desk.typical import archive_case, archive_cases

    if sum((number is not None, bool(before), bool(where))) != 1:
        raise click.UsageError(_("Name one case, a day with --before, or many with --where."))
    if where:
        Chosen(None, where, yes).carry_out(run, "archive", archive_case, lambda _done: [])
        return
    done = (
        archive_case(run.shop, number) if number is not None else archive_cases(run.shop, parse_day(before))
    )
    tell(
        run,
        done,
        plural(
            "{count} case put into the archive.", "{count} cases put into the archive.", len(done.numbers)
        ),
    )


COMMANDS = (triage, wait, resume, confirm, close, expire, typical, archive)
"""In the order in which the help shows them."""
