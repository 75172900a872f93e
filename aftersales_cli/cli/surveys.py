"""The command ``surveys``: whom to ask, with which words, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from aftersales_cli.cli import surveys_answers
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import read_moment, tell
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from aftersales_cli.customers.surveys.inviting import Invited
    from aftersales_cli.customers.surveys.waves import Wave

_ON = option("--on", metavar="DATE", help=N_("The day, e.g. 2026-11-22; default: today."))
_NOTHING_SENT = N_("This program sends nothing: paste the texts, then “aftersales surveys sent --all”.")
_REFUSALS = {
    "opted_out": N_("{count} not asked: they want no surveys, or no contact at all."),
    "unreachable": N_("{count} not asked: no order number, e-mail or phone is known."),
    "complaint": N_("{count} not asked: a complaint of theirs is open."),
    "asked_lately": N_("{count} not asked: they were asked a short while ago."),
    "no_customer": N_("{count} not asked: the case has no known customer."),
    "capacity": N_("{count} not drawn: more were due than a day takes."),
}


@click.group(cls=Noun, help=N_("Ask customers how it went, take their answers, read the figures."))
def surveys() -> None:
    """Group of verbs."""


def _day(run: Run, text: str | None) -> date:
    from aftersales_cli.clock import parse_day

    return parse_day(text) if text else run.shop.today


@surveys.command("invite", writes=True)
@_ON
@option("--wave", metavar="NAME", help=N_("Make a wave of this name among many customers, e.g. 2026Q4."))
@option("--type", "kind", default="nps", show_default=True, help=N_("What a wave asks: nps, csat or ces."))
@option("--segment", default="", help=N_("Segment a wave is drawn from; default: all customers."))
@option("--size", type=click.IntRange(min=1), default=200, show_default=True, help=N_("Customers to draw."))
@option("--seed", type=int, default=1, show_default=True, help=N_("Number the lots of a wave follow from."))
def invite(run: Run, on: str | None, wave: str | None, kind: str, segment: str, size: int, seed: int) -> None:
    """Plan whom to ask: customers of resolved cases, or with --wave a random sample of a segment.

    Nobody is asked twice within the days the settings say, nor while a complaint is open, nor against their wish. The
    same again changes nothing. It also tells whose reminder is due. Nothing is sent.

    Example: aftersales surveys invite --wave 2026Q4 --type nps --segment champions --size 200 --seed 7
    """
    if wave is not None or _speaks_of_a_wave():
        from aftersales_cli.customers.surveys.waves import make_wave

        kind = run.shop.taxonomy("survey_types").resolve(kind)
        made = make_wave(
            run.shop, wave or "", kind=kind, segment=segment, size=size, seed=seed, on=_day(run, on)
        )
        tell(run, made, *_describe_wave(run, made))
        return
    from aftersales_cli.customers.surveys.inviting import invite_customers

    invited = invite_customers(run.shop, _day(run, on))
    tell(run, invited, *_describe_invited(run, invited))


def _speaks_of_a_wave() -> bool:
    """Tell whether an option that only a wave has was given; without --wave it would go unheard."""
    source = click.get_current_context().get_parameter_source
    return any(source(name) is ParameterSource.COMMANDLINE for name in ("kind", "segment", "size", "seed"))


def _describe_wave(run: Run, made: Wave) -> list[str]:
    wave = made.wave
    segment = run.shop.taxonomy("segments").label(wave.segment) if wave.segment else _("all customers")
    first = _("Wave {code} ({segment}): {invited} invited of {eligible} who may be asked ({share}).",
              code=wave.code, segment=segment, invited=made.invited, eligible=wave.eligible,
              share=_share(made.invited, wave.eligible))  # fmt: skip
    if not made.made:
        return [first, _("It was made on {day}; nothing was changed.", day=wave.starts_on)]
    lines = [
        first,
        _("{count} customers are in the segment.", count=made.in_segment),
        *_refused(made.refused),
    ]
    return [*lines, _("They are invited until {day}.", day=wave.ends_on), _(_NOTHING_SENT)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _describe_invited(run: Run, invited: Invited) -> list[str]:
    if not invited.type:
        lines = [_("The settings say that nobody is asked after a case (surveys.after_case).")]
    else:
        lines = [
            _("Invitations for {day}: {planned} planned of {eligible} who may be asked ({kind}).",
              day=invited.on, planned=invited.planned, eligible=invited.eligible,
              kind=run.shop.taxonomy("survey_types").label(invited.type))
        ]  # fmt: skip
    lines += _refused(invited.refused)
    if invited.called_off:
        lines.append("  " + _("{count} called off: they want no surveys any more.", count=invited.called_off))
    if invited.follow_ups:
        lines.append("  " + _("{count} callbacks opened for low scores.", count=invited.follow_ups))
    if invited.reminders:
        codes = ", ".join(entry.code for entry in invited.reminders)
        lines.append(_("A reminder is due for {codes}.", codes=codes))
    return [*lines, _(_NOTHING_SENT)] if invited.planned or invited.reminders else lines


def _refused(refused: Mapping[str, int]) -> list[str]:
    return ["  " + _(_REFUSALS[reason], count=count) for reason, count in refused.items()]


@surveys.command("list")
@option("--all", "everything", is_flag=True, help=N_("Also those answered, expired or called off."))
@option("--wave", default="", metavar="NAME", help=N_("Only those of this wave."))
def list_(run: Run, wave: str, *, everything: bool) -> None:
    """List the invitations that are to be sent or wait for an answer.

    Example: aftersales surveys list --wave 2026Q4 --all
    """
    from aftersales_cli.customers.surveys.invite_list import WAITING, list_invitations

    types, states = run.shop.taxonomy("survey_types"), run.shop.taxonomy("survey_states")

    def state(row: object) -> str:
        name = states.label(getattr(row, "status", ""))
        if getattr(row, "reminder", False):
            return _("{state}, reminder due", state=name)
        held = getattr(row, "held", False) and getattr(row, "status", "") == "planned"
        return _("{state}, held back", state=name) if held else name

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("What"), lambda row: types.label(row.type)),
        Column(_("State"), state),
        Column(_("Customer"), lambda row: row.customer),
        Column(_("How to reach"), lambda row: "; ".join(row.how_to_reach)),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Wave"), lambda row: row.wave),
        Column(_("Until"), lambda row: row.expires_on),
    ]
    rows = list_invitations(run.shop, statuses=() if everything else WAITING, wave=wave)
    run.out.listing(rows, columns, empty=_("No invitations here. “aftersales surveys invite” plans them."))


@surveys.command("text")
@click.argument("code")
def text(run: Run, code: str) -> None:
    """Show the text of one invitation to paste, in the customer's language.

    Example: aftersales surveys text Q7K3M9FX
    """
    from aftersales_cli.customers.surveys.invite_list import invitation_text

    message = invitation_text(run.shop, code)
    run.out.data(message, message.text)
    for way in message.invite.how_to_reach:
        run.out.note(way)
    if message.invite.held:
        run.out.note(
            _("Not to be sent now: a complaint or the case itself is open, or the customer wants no surveys.")
        )


@surveys.command("export", writes=True)
@_ON
@option("--out", type=click.Path(path_type=Path), help=N_("File or folder to write to; default: the outbox."))
def export(run: Run, on: str | None, out: Path | None) -> None:
    """Write what is to be sent as a workbook: one row a customer, with the way to reach them and the text to paste.

    Example: aftersales surveys export
    """
    from aftersales_cli.reports.survey_workbook import export_invitations

    exported = export_invitations(run.shop, _day(run, on), out)
    if exported.path is None:
        run.out.data(exported)
        run.out.note(_("There is nothing to send, so no list was written."))
        return
    line = _("{invitations} invitations and {reminders} reminders: {path}",
             invitations=exported.invitations, reminders=exported.reminders, path=exported.path)  # fmt: skip
    tell(run, exported, line, _(_NOTHING_SENT))


@surveys.command("sent", writes=True)
@click.argument("codes", nargs=-1)
@option("--all", "everything", is_flag=True, help=N_("All invitations and reminders on today's list."))
@option("--at", metavar="MOMENT", help=N_("When it was, e.g. “2026-11-21 15:20”; default: now."))
def sent(run: Run, codes: tuple[str, ...], at: str | None, *, everything: bool) -> None:
    """Note that invitations were sent, or the reminders of those sent before.

    This program sends nothing: it records what you did.

    Example: aftersales surveys sent Q7K3M9FX QB2D4F6K
    """
    from aftersales_cli.customers.surveys.sending import note_sent

    if everything == bool(codes):
        raise click.UsageError(_("Give the codes of what was sent, or --all."))
    done = note_sent(run.shop, codes, everything=everything, at=read_moment(run, at))
    tell(
        run,
        done,
        _("Noted: {sent} invitations and {reminded} reminders sent, {unchanged} unchanged.",
          sent=done.sent, reminded=done.reminded, unchanged=done.unchanged),
    )  # fmt: skip


@surveys.command("cancel", writes=True)
@click.argument("codes", nargs=-1, required=True)
@option("--opt-out", is_flag=True, help=N_("The customers want no surveys any more; that is noted for good."))
def cancel(run: Run, codes: tuple[str, ...], *, opt_out: bool) -> None:
    """Call invitations off, or note that they came back as undeliverable: they count in no response rate.

    Example: aftersales surveys cancel Q7K3M9FX --opt-out
    """
    from aftersales_cli.customers.surveys.sending import call_off

    count = call_off(run.shop, codes, opt_out=opt_out)
    line = plural("{count} invitation called off.", "{count} invitations called off.", count)
    tell(run, {"cancelled": count}, line)


@surveys.command("expire", writes=True)
@_ON
def expire(run: Run, on: str | None) -> None:
    """End the invitations whose last day is over; the nightly job does it.

    Example: aftersales surveys expire
    """
    from aftersales_cli.customers.surveys.sending import expire as end

    done = end(run.shop, _day(run, on))
    tell(
        run,
        done,
        _("{expired} invitations expired, {called_off} called off, {follow_ups} callbacks opened for low scores.",
          expired=done.expired, called_off=done.called_off, follow_ups=done.follow_ups),
    )  # fmt: skip


for verb in surveys_answers.COMMANDS:
    surveys.add_command(verb)
