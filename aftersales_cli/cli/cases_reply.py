"""The verb ``cases reply``: what was said to the customer, by the customer, and the texts for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, MINUTES, read_moment, tell
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.desk.answering import Reply

AUTHORS = ("agent", "bot", "system", "customer")


@click.command("reply", cls=Command, writes=True)
@click.argument("number", metavar="[CASE]", type=CASE_NUMBER, required=False)
@option("--say", default="", help=N_("The words, as they were or will be said."))
@option(
    "--template",
    default="",
    help=N_("A text of the shop's instead, e.g. apology; --lang says in which language."),
)
@option(
    "--fill",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("A value for the text; can be given several times."),
)
@option("--templates", "list_them", is_flag=True, help=N_("List the texts there are."))
@option(
    "--by",
    "author",
    type=click.Choice(AUTHORS),
    default="agent",
    show_default=True,
    help=N_("Who said it; bot and system stop no clock, customer records what came in."),
)
@option("--channel", default="", help=N_("Where it is said; default: where the case came from."))
@MINUTES
@option("--at", help=AT_HELP)
def reply(
    run: Run,
    number: int | None,
    say: str,
    template: str,
    fill: tuple[str, ...],
    list_them: bool,
    author: str,
    channel: str,
    minutes: int | None,
    at: str | None,
) -> None:
    """Record an answer to the customer and show it ready to copy; sending it remains your part.

    With --by customer it records what the customer said. A text from templates/scripts/replies.toml speaks the
    customer's language as far as it is known.

    Example: aftersales cases reply 17 --say "We send a new one today"
    """
    if list_them:
        _list_templates(run)
        return
    if number is None:
        raise click.UsageError(_("Name the case, or list the texts with --templates."))
    if bool(say) == bool(template):
        raise click.UsageError(_("Give either --say or --template."))
    if fill and not template:
        raise click.UsageError(_("--fill goes with --template."))
    if author == "customer":
        _hear(run, number, say, channel=channel, at=at)
        return
    from aftersales_cli.desk.answering import reply_case
    from aftersales_cli.desk.channels import WRITTEN

    text = say or _write(run, number, template, fill)
    answer = reply_case(
        run.shop,
        number,
        text,
        channel=channel,
        author_type=author,
        minutes=minutes,
        at=read_moment(run, at),
    )
    # Robots send by themselves, and what was said on the phone needs no sending.
    is_written = author == "agent" and answer.channel in WRITTEN
    _show(run, answer, was_sent=bool(at) and is_written, to_send=is_written)


def _write(run: Run, number: int, template: str, fill: tuple[str, ...]) -> str:
    from aftersales_cli.desk.reply_texts import write_reply

    return write_reply(run.shop, number, template, language=run.shared.lang, fill=read_values(fill))


def read_values(fill: tuple[str, ...]) -> dict[str, str]:
    """Return the values typed with --fill by their names; raises click.UsageError."""
    values = {}
    for pair in fill:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(_("“{pair}” is not written like NAME=VALUE.", pair=pair))
        values[name.strip()] = value
    return values


def _show(run: Run, answer: Reply, *, was_sent: bool, to_send: bool) -> None:
    from aftersales_cli.clock import local_text

    recorded = _("Recorded.")
    if was_sent:
        recorded = _("Recorded as sent at {moment}.", moment=local_text(answer.sent_at, run.shop.zone))
    elif to_send:
        recorded = _("Recorded; now send it {place}.", place=answer.send)
    tell(run, answer, answer.text)
    if not run.shared.as_json and not run.shop.dry_run:
        run.out.note(recorded)


def _hear(run: Run, number: int, say: str, *, channel: str, at: str | None) -> None:
    from aftersales_cli.desk.answering import hear_customer

    if not say:
        raise click.UsageError(_("What the customer said is given with --say."))
    heard = hear_customer(run.shop, number, say, channel=channel, at=read_moment(run, at))
    status = run.shop.taxonomy("case_statuses").label(heard.case.status)
    recorded = _("Recorded; case {number} is “{status}”.", number=number, status=status)
    if run.shop.dry_run:
        recorded = _("Case {number} would be “{status}”.", number=number, status=status)
    tell(run, heard, recorded)
    if heard.case.status in {"resolved", "closed"}:
        command = f"aftersales cases reopen {number} --reason …"
        run.out.note(_("If the matter is not solved: {command}", command=command))


def _list_templates(run: Run) -> None:
    from aftersales_cli.desk.reply_texts import load_templates
    from aftersales_cli.language import pick

    kinds = run.shop.taxonomy("kinds")
    columns = [
        Column(_("Name"), lambda row: row.name),
        Column(_("For"), lambda row: row.title),
        Column(_("Kind"), lambda row: _("any") if row.kind == "default" else kinds.label(row.kind)),
        Column(_("Text"), lambda row: pick(row.texts)),
    ]
    run.out.listing(load_templates(run.folder), columns, empty=_("There are no texts."))


COMMANDS = (reply,)
"""The verbs of this module."""
