"""The verbs of ``customers`` about what customers allow and what is kept about them: consent, export, forget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales_cli.customers.privacy.consenting import ConsentLog
    from aftersales_cli.customers.privacy.forgetting import Forgotten
    from aftersales_cli.errors import NotFoundError


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.customers.privacy.consenting import missing_customer

    return missing_customer(number)


CUSTOMER = RecordNumber(_missing)
"""Type of an argument that is a customer's number."""
_YES = {"yes": True, "是": True, "no": False, "否": False}


@click.command("consent", cls=Command, writes=True)
@click.argument("number", metavar="CUSTOMER", type=CUSTOMER)
@click.argument("purpose", required=False, type=click.Choice(["marketing", "survey", "contact"]))
@click.argument("answer", required=False, type=click.Choice(list(_YES)))
@option("--channel", default="", metavar="CHANNEL", help=N_("Where it was said: phone, chat, e-mail …"))
@option("--proof", default="", metavar="TEXT", help=N_("What shows it: the call, the message, the form."))
@option("--at", help=N_("When it was said, e.g. 2026-11-21 15:20 (shop's local time); default: now."))
def consent(
    run: Run, number: int, purpose: str | None, answer: str | None, channel: str, proof: str, at: str | None
) -> None:
    """Note what a customer allows, or show all that was noted. Nothing in this log is ever changed.

    The purposes: marketing (win-back, care, next product; only with a yes), survey (until a no), contact: a no means
    that nobody contacts the customer any more.

    Example: aftersales customers consent 12 marketing yes --channel phone --proof "call of 21 November, 15:20"
    """
    from aftersales_cli.cli.cases_steps import read_moment, tell
    from aftersales_cli.customers.privacy.consenting import consent_log, record_consent
    from aftersales_cli.errors import WrongUsageError

    if purpose is None:
        _show_log(run, consent_log(run.shop, number))
        return
    if answer is None:
        raise WrongUsageError(
            _("What did the customer say about “{purpose}”?", purpose=purpose), remedy=_("Add yes or no.")
        )
    log = record_consent(
        run.shop,
        number,
        purpose=purpose,
        given=_YES[answer],
        channel=channel,
        proof=proof,
        at=read_moment(run, at),
    )
    tell(run, log, _("Noted."), *_current_lines(log))


def _current_lines(log: ConsentLog) -> list[str]:
    from aftersales_cli.customers.privacy.consenting import PURPOSES

    words = {True: _("yes"), False: _("no"), None: _("not asked")}
    lines = [
        _("{name}: {value}", name=_(PURPOSES[name]), value=words[now]) for name, now in log.current.items()
    ]
    return [*lines, _("This customer must not be contacted.")] if log.do_not_contact else lines


def _show_log(run: Run, log: ConsentLog) -> None:
    from aftersales_cli.clock import local_text
    from aftersales_cli.customers.privacy.consenting import PURPOSES

    if run.out.as_json:
        run.out.data(log)
        return
    columns = [
        Column(_("Said"), lambda row: local_text(row.said_at, run.shop.zone)),
        Column(_("Purpose"), lambda row: _(PURPOSES[row.purpose])),
        Column(_("Answer"), lambda row: _("yes") if row.given else _("no")),
        Column(_("Channel"), lambda row: row.channel and run.shop.taxonomy("channels").label(row.channel)),
        Column(_("Proof"), lambda row: row.proof),
        Column(_("Noted by"), lambda row: row.recorded_by),
    ]
    run.out.listing(
        log.log, columns, empty=_("Nothing was noted about customer {number}.", number=log.customer_id)
    )
    for line in _current_lines(log):
        run.out.note(line)


@click.command("forget", cls=Command, writes=True)
@click.argument("number", metavar="CUSTOMER", type=CUSTOMER)
@option("--yes", is_flag=True, help=N_("Yes, erase this person for good."))
@option(
    "--anyway", is_flag=True, help=N_("Also with open cases, unpaid refunds or files waiting in the inbox.")
)
def forget(run: Run, number: int, *, yes: bool, anyway: bool) -> None:
    """Erase a person everywhere: tables, search, evidence, lists, logs, and original files, which go whole.

    Numbers of orders and cases, counts and amounts stay. A file that comes again does not bring the person back. If
    the command is interrupted, the same command goes on. Backups keep the person until they expire; they are listed.

    Example: aftersales customers forget 12 --yes
    """
    from aftersales_cli.customers.privacy.forgetting import forget_customer
    from aftersales_cli.database.forget_receipts import find_receipt
    from aftersales_cli.errors import WrongUsageError

    if not yes and not run.shop.dry_run and find_receipt(run.shop.database, number) is None:
        raise WrongUsageError(
            _("Forgetting customer {number} cannot be taken back.", number=number),
            remedy=_("See with --dry-run what would go, then add --yes."),
        )
    done = forget_customer(run.shop, number, anyway=anyway)
    run.out.data(done, *_forgotten_lines(run, done))


_NAMES = {
    "customers": N_("Customers"),
    "customer_tags": N_("Tags"),
    "orders": N_("Orders"),
    "cases": N_("Cases"),
    "case_messages": N_("Messages"),
    "case_events": N_("What happened in the cases"),
    "callbacks": N_("Callbacks"),
    "survey_answers": N_("Survey answers"),
    "reviews_received": N_("Reviews"),
    "evidence": N_("Photos and papers"),
    "refund_plans": N_("Refunds"),
    "invoices": N_("Invoices"),
    "repairs": N_("Repairs"),
    "rejects": N_("Rejected rows"),
}
"""Table → what a reader knows it by; the others are counted together."""
_LISTED = ("files", "originals", "evidence_files")
"""Counts of files, which are listed by their names."""


def _by_name(counts: dict[str, int]) -> dict[str, int]:
    """Return name → rows, the nameless ones last."""
    named = {_(text): counts[table] for table, text in _NAMES.items() if table in counts}
    others = sum(count for table, count in counts.items() if table not in {*_NAMES, *_LISTED})
    return {**named, _("other"): others} if others else named


def _forgotten_lines(run: Run, done: Forgotten) -> Iterator[str]:
    if done.already:
        from aftersales_cli.clock import local_text

        moment = local_text(done.finished_at, run.shop.zone)
        yield _(
            "Customer {number} was forgotten before, on {moment}.", number=done.customer_id, moment=moment
        )
    elif run.shop.dry_run:
        yield _("Dry run: nothing was erased. Customer {number} would be forgotten:", number=done.customer_id)
    else:
        yield _("Customer {number} is forgotten. Counts and amounts stay.", number=done.customer_id)
    for name, count in _by_name(done.counts).items():
        yield _("  {name}: {count}", name=name, count=count)
    for heading, names in (
        (_("Files removed, whole:"), done.removed),
        (_("These files wait in the inbox and hold the person; delete them:"), done.waiting),
        (_("These files of your own hold the person; correct them yourself:"), done.left),
    ):
        if names:
            yield heading
            yield from (f"  {name}" for name in names)
    if done.same_contact:
        others = ", ".join(map(str, done.same_contact))
        yield _(
            "The same phone number or e-mail stands with: {others}. They were not touched.", others=others
        )
    for backup in done.backups:
        yield _("The backup {file} may hold the person until {day}.", file=backup.file, day=backup.expires_on)


@click.command("export", cls=Command, writes=True)
@click.argument("number", metavar="CUSTOMER", type=CUSTOMER)
@option("--out", type=click.Path(path_type=Path), help=N_("File or folder to write to; default: the outbox."))
def export(run: Run, number: int, out: Path | None) -> None:
    """Write all that is stored about one person: a page to read and the same as JSON beside it.

    Phone numbers and addresses stand in it in full: give it to nobody but that person.

    Example: aftersales customers export 12
    """
    from aftersales_cli.cli.cases_steps import tell
    from aftersales_cli.customers.privacy.exporting import export_customer

    done = export_customer(run.shop, number, out=out)
    tell(
        run,
        done,
        _(
            "All that is stored about customer {number}: {rows} rows.",
            number=number,
            rows=sum(done.rows.values()),
        ),
        _("To read: {path}", path=done.page),
        _("As JSON: {path}", path=done.data),
    )


COMMANDS = (consent, export, forget)
