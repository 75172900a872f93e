"""The verbs of ``surveys`` about answers: record, topics, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.clock import Period
    from aftersales_cli.customers.surveys.figures import Figure
    from aftersales_cli.customers.surveys.report import ResponseRate, SurveyGroup, SurveyReport
    from aftersales_cli.customers.surveys.topics import ListedComment

_GROUPS = ["agent", "product", "reason", "channel", "segment", "wave"]
_DAYS = 90


@click.command("record", cls=Command, writes=True)
@click.argument("code", required=False, default="")
@option("--case", type=CASE_NUMBER, help=N_("The case it is about, if there is no code."))
@option("--type", "kind", default="", help=N_("csat, ces or nps; default: what was asked, else csat."))
@option("--score", type=int, required=True, help=N_("The score: csat 1-5, ces 1-7, nps 0-10."))
@option("--comment", default="", help=N_("What the customer said."))
@option("--at", help=AT_HELP)
def record(
    run: Run, code: str, case: int | None, kind: str, score: int, comment: str, at: str | None
) -> None:
    """Record an answer that came by phone, chat or on paper; a low score opens a callback at once.

    Example: aftersales surveys record --case 17 --type csat --score 4 --comment "Quick, but nobody called back"
    """
    from aftersales_cli.customers.surveys.recording import record_answer

    types = run.shop.taxonomy("survey_types")
    done = record_answer(
        run.shop,
        score=score,
        code=code,
        case=case,
        kind=types.resolve(kind) if kind else "",
        comment=comment,
        at=read_moment(run, at),
    )
    lines = [
        _("Recorded: {kind} {score}.", kind=types.label(done.type), score=done.score)
        if done.changed
        else _("This very answer is recorded already.")
    ]
    if done.later:
        lines.append(
            _("Invitation {code} had an answer before: that one counts, this one is kept.", code=done.code)
        )
    if done.follow_up_opened:
        lines.append(_("The score is low: a callback for today was opened (“aftersales callbacks list”)."))
    tell(run, done, *lines)


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.customers.surveys.topics import missing_comment

    return missing_comment(number)


@click.command("topics", cls=Command, writes=True)
@click.argument("answer", required=False, type=RecordNumber(_missing))
@option("--topic", help=N_("What the answer is about, a reason such as quality; “none” for none of them."))
@option("--all", "everything", is_flag=True, help=N_("Also comments that have a topic."))
@option("--again", is_flag=True, help=N_("Sort all comments anew, after the rules were changed."))
def topics(run: Run, answer: int | None, topic: str | None, *, everything: bool, again: bool) -> None:
    """List what customers wrote that no rule could sort, or say what an answer is about.

    Rules are words: the reasons of templates/settings/triage.toml and survey_topics.toml. Where two reasons claim a
    comment, or none does, a person decides.

    Example: aftersales surveys topics 31 --topic quality
    """
    from aftersales_cli.customers.surveys.topics import assign_topic, list_topics, sort_comments_again

    if (answer is None) != (topic is None):
        raise WrongUsageError(
            _("An answer and its topic go together."),
            remedy=_("Write e.g.: aftersales surveys topics 31 --topic quality"),
        )
    reasons, types = run.shop.taxonomy("reasons"), run.shop.taxonomy("survey_types")
    if answer is not None and topic is not None:
        given = assign_topic(run.shop, answer, "" if topic in {"none", "无"} else topic)
        line = _("Answer {id} is about: {topic}.", id=answer, topic=reasons.label(given))
        tell(run, {"answer": answer, "topic": given}, line)
        return
    if again:
        done = sort_comments_again(run.shop)
        tell(
            run,
            done,
            _("{looked_at} comments looked at: {given} have a topic, {left} wait for a person.",
              looked_at=done.looked_at, given=done.given, left=done.left),
        )  # fmt: skip
        return

    def evidence(row: ListedComment) -> str:
        return "; ".join(f"{reasons.label(hit.topic)}: {', '.join(hit.words)}" for hit in row.hits)

    columns = [
        Column(_("Answer"), lambda row: row.answer, right=True),
        Column(_("On"), lambda row: row.answered_on),
        Column(_("Score"), lambda row: "" if row.score is None else f"{types.label(row.type)} {row.score}"),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Comment"), lambda row: _shorten(row.comment)),
        Column(_("Topic"), lambda row: row.topic and reasons.label(row.topic)),
        Column(_("What speaks for what"), evidence),
    ]
    run.out.listing(
        list_topics(run.shop, everything=everything), columns, empty=_("No comment waits for a topic.")
    )


def _shorten(words: str, width: int = 48) -> str:
    return words if len(words) <= width else words[: width - 1] + "…"


@click.command("report", cls=Command)
@option("--month", metavar="PERIOD", help=N_("A month 2026-11, a quarter 2026Q4 or a year."))
@option("--since", metavar="DATE", help=N_("From this day; default: 90 days up to --until."))
@option("--until", metavar="DATE", help=N_("Until this day; default: today."))
@option("--by", type=click.Choice(_GROUPS), help=N_("Divide the figures by this."))
def report(run: Run, month: str | None, since: str | None, until: str | None, by: str | None) -> None:
    """Show satisfaction, effort and recommendation with their intervals, and how many answered at all.

    Answers count on their day, response rates on the day of sending. An answer about several products counts for each.

    Example: aftersales surveys report --month 2026Q4 --by agent
    """
    from aftersales_cli.customers.surveys.report import survey_report

    found = survey_report(run.shop, _period(run, month, since, until), by=by or "")
    if run.out.as_json:
        run.out.data(found)
        return
    run.out.line(_("{first} to {last}", first=found.first_day, last=found.last_day))
    groups = [found.total, *found.groups]
    rows = [row for group in groups for row in _rows(group, whole=group is found.total)]
    titles = [_("Group"), _("Figure"), _("Value"), _("95 % interval"), "n", _("Response rate")]
    run.out.table(titles, rows, [False, False, True, False, True, False])
    for line in _footers(run, found):
        run.out.line(line)


def _period(run: Run, month: str | None, since: str | None, until: str | None) -> Period:
    from datetime import timedelta

    from aftersales_cli.clock import Period, parse_day, parse_period

    if month and (since or until):
        raise WrongUsageError(
            _("Which period is meant?"), remedy=_("Give either --month, or --since and --until.")
        )
    if month:
        return parse_period(month)
    last = parse_day(until) if until else run.shop.today
    first = parse_day(since) if since else last - timedelta(days=_DAYS - 1)
    if first > last:
        raise WrongUsageError(
            _("The period ends before it begins."), remedy=_("Let --since be the earlier day.")
        )
    return Period(f"{first}..{last}", first, last + timedelta(days=1))


_MEASURES = {
    "csat": N_("satisfied (4-5)"),
    "ces_share": N_("easy (5-7)"),
    "ces_mean": N_("effort, mean (1-7)"),
    "nps": N_("NPS (-100 to 100)"),
}


def _rows(group: SurveyGroup, *, whole: bool) -> list[list[object]]:
    name = _("all") if whole else group.label or _("(none)")
    rows: list[list[object]] = [
        [
            name,
            _(_MEASURES[figure.measure]),
            _value(figure, figure.value),
            _interval(figure),
            figure.n,
            _rate(group.responses.get(figure.measure.partition("_")[0])),
        ]
        for figure in group.figures
    ]
    return rows or [[name, "–", "–", "–", 0, _rate(group.response)]]


def _value(figure: Figure, value: float | None) -> str:
    if value is None:
        return "–"
    if figure.measure in {"csat", "ces_share"}:
        return f"{value:.1%}"
    return f"{value:.2f}" if figure.measure == "ces_mean" else f"{value:+.1f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return "–"
    return f"{_value(figure, figure.low)} … {_value(figure, figure.high)}"


def _rate(response: ResponseRate | None) -> str:
    if response is None or response.rate is None:
        return "–"
    return f"{response.answered}/{response.sent} = {response.rate:.0%}"


_WARNINGS = {
    "no_invites": N_("No invitation was sent in this period, so nobody knows how many could have answered."),
    "low_rate": N_("Few of those asked have answered (under 10 %): the others may think quite differently."),
    "few_answers": N_("A figure stands on fewer than 30 answers: look at the interval, not at the value."),
    "non_response": N_(
        "Nothing is known of those who did not answer; very glad and very angry people answer more."
    ),
}


def _footers(run: Run, found: SurveyReport) -> list[str]:
    reasons = run.shop.taxonomy("reasons")
    lines = [_("Take care: {text}", text=_(_WARNINGS[code])) for code in found.total.warnings]
    lines.append(
        _("{invited} of {count} answers came by invitation; the others by callbacks and open forms.",
          invited=found.invited_answers, count=found.all_answers)
    )  # fmt: skip
    lines.append(
        _("Intervals: Wilson for shares, Student's t for the mean, the variance of one answer for NPS.")
    )
    if found.topics:
        named = [f"{reasons.label(code) if code else _('(none)')} {count}" for code, count in found.topics]
        lines.append(_("Comments are about: {topics}", topics=", ".join(named)))
    if found.later:
        codes = ", ".join(sorted({entry.code for entry in found.later}))
        count = len(found.later)
        lines.append(
            plural("{count} later answer to an invitation is kept, not counted: {codes}",
                   "{count} later answers to an invitation are kept, not counted: {codes}", count, codes=codes)
        )  # fmt: skip
    return lines


COMMANDS = (record, topics, report)
