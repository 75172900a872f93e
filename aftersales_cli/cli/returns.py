"""The command ``returns``: requests and their review; goods, money and repairs have modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli import returns_evidence, returns_exceptions, returns_goods, returns_lists
from aftersales_cli.cli.amounts import AMOUNT
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.request_number import REQUEST_NUMBER
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales_cli.records.returns import ReturnRequest

_DELIVERY_UNKNOWN = frozenset({"not_begun", "at_latest"})
"""Reasons of a verdict that the day of delivery would settle."""


@click.group(cls=Noun, help=N_("Returns: requests, reviews, evidence, and where they stand."))
def returns() -> None:
    """Group of verbs."""


@returns.command("request", writes=True)
@click.argument("products", nargs=-1, metavar="[SKU=N]...")
@option("--order", default="", help=N_("The order's number, as the file or the marketplace shows it."))
@option(
    "--case",
    "case_number",
    type=CASE_NUMBER,
    metavar="CASE",
    help=N_("A case there is already; its order is meant."),
)
@option(
    "--again",
    type=REQUEST_NUMBER,
    metavar="REQUEST",
    help=N_("Ask again what was rejected, as its revision."),
)
@option("--more", is_flag=True, help=N_("It is asked for beside what the marketplace has on record."))
@option("--all", "everything", is_flag=True, help=N_("All pieces of the order that can still be asked back."))
@option("--kind", default="return", show_default=True, help=N_("return, refund_only, exchange or repair."))
@option("--reason", default="", help=N_("Reason the customer gives, e.g. defect."))
@option(
    "--condition", default="", help=N_("The goods are unopened, intact, used, damaged, incomplete, unknown.")
)
@option("--amount", type=AMOUNT, help=N_("What is asked back, e.g. 12.50; default: what the pieces cost."))
@option("--say", default="", help=N_("What the customer said."))
@option("--channel", default="platform_chat", help=N_("Where it was said; default: platform chat."))
@option("--storefront", default="", help=N_("Storefront of the order, if several have its number."))
@option("--at", help=AT_HELP)
@option("--answered-at", help=N_("When the customer got the first answer, if already given."))
def request(
    run: Run, products: tuple[str, ...], at: str | None, answered_at: str | None, **words: object
) -> None:
    """Record what a customer asks back, and let the policy judge it.

    Products are named by SKU, a part of the title or #1, #2 as the order lists them, with =N for the pieces; an
    order with one product needs none. What is approved by rule only waits for its parcel, all else for a review.
    The customer's first reply counts from --answered-at, or from “aftersales cases reply”.

    Example: aftersales returns request --order 123 CUP=1 --reason changed_mind --condition unopened
    """
    from aftersales_cli.desk.returns.returning import request_return

    # A dry run must still be able to look at the case it would open.
    with run.shop.rehearsal():
        moments = {"at": read_moment(run, at), "answered_at": read_moment(run, answered_at)}
        stored = request_return(run.shop, lines=products, **moments, **words)  # type: ignore[arg-type] # by name
        lines = list(_judged_lines(run, stored))
    tell(run, stored, *lines)


@returns.command("review", writes=True)
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
@click.argument("verdict")
@option(
    "--line", "quantities", multiple=True, metavar="SKU=N", help=N_("Fewer pieces than asked, e.g. CUP=1.")
)
@option("--because", "reasons", multiple=True, help=N_("Reason, e.g. window_over; needed to reject."))
@option("--note", "remark", default="", help=N_("The reason in your own words."))
@option("--at", help=AT_HELP)
def review(
    run: Run,
    number: int,
    verdict: str,
    quantities: tuple[str, ...],
    reasons: tuple[str, ...],
    remark: str,
    at: str | None,
) -> None:
    """Decide about a request: approve, reject, evidence (ask for it) or manual (pass it on).

    Above the limit an approval waits for a second person. A decision drawn for a check is checked by somebody
    else with agrees or disagrees.

    Example: aftersales returns review 4 approve
    """
    from aftersales_cli.desk.returns.reviewing import review as review_request

    code = run.shop.taxonomy("review_verdicts").resolve(verdict)
    with run.shop.rehearsal():
        stored = review_request(
            run.shop,
            number,
            code,
            reasons=reasons,
            quantities=quantities,
            note=remark,
            at=read_moment(run, at),
        )
        lines = list(_state_lines(run, stored, checked=code in ("agrees", "disagrees")))
    tell(run, stored, *lines)


@returns.command("withdraw", writes=True)
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
@option("--note", "remark", default="", help=N_("Why, in your own words."))
@option("--at", help=AT_HELP)
def withdraw(run: Run, number: int, remark: str, at: str | None) -> None:
    """Take a request back that the customer gave up; not possible once goods or money are under way.

    Example: aftersales returns withdraw 4
    """
    from aftersales_cli.desk.returns.withdrawing import withdraw_return

    stored = withdraw_return(run.shop, number, note=remark, at=read_moment(run, at))
    tell(run, stored, _state_line(run, stored))


@returns.command("explain")
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
def explain(run: Run, number: int) -> None:
    """Explain a verdict: the rule, how its time is counted, what would change it, and the source.

    Example: aftersales returns explain 4
    """
    from aftersales_cli.desk.returns.deciding import require_request
    from aftersales_cli.desk.returns.judging import explain_request
    from aftersales_cli.desk.returns.policy_explaining import explain_judgement, judgement_data

    judgement = explain_request(run.shop, require_request(run.shop, number))
    run.out.data(judgement_data(judgement), *explain_judgement(judgement))


@returns.command("show")
@click.argument("number", metavar="REQUEST", type=REQUEST_NUMBER)
def show(run: Run, number: int) -> None:
    """Show a request on one page: goods and money at every stage, the verdict, and what to do next.

    Example: aftersales returns show 4
    """
    from aftersales_cli.cli.returns_page import print_page
    from aftersales_cli.desk.returns.looking import load_return

    print_page(run, load_return(run.shop, number))


for verb in (
    *returns_lists.COMMANDS,
    returns_evidence.evidence,
    *returns_goods.COMMANDS,
    returns_exceptions.exceptions,
):
    returns.add_command(verb)


def _judged_lines(run: Run, stored: ReturnRequest) -> Iterator[str]:
    from aftersales_cli.desk.returns.judging import explain_request
    from aftersales_cli.desk.returns.policy_explaining import reason_lines

    judgement = explain_request(run.shop, stored)
    yield _("Return request {number} recorded, case {case}.", number=stored.id, case=stored.case_number)
    rule = judgement.decided.rule.name if judgement.decided is not None else _("no rule")
    verdict = run.shop.taxonomy("review_states").label(judgement.verdict)
    if judgement.verdict == "approved":
        verdict = _("the rules allow it; it waits for a person")
    yield _(
        "By rule: {verdict} – {rule}: {reasons}.",
        verdict=verdict,
        rule=rule,
        reasons="; ".join(reason_lines(judgement)),
    )
    if _DELIVERY_UNKNOWN.intersection(judgement.reasons):
        yield _(
            "The day of delivery tells how long the customer may ask: import the courier's file, or an order file "
            "with 确认收货时间."
        )
    yield from _state_lines(run, stored)


def _state_lines(run: Run, stored: ReturnRequest, *, checked: bool = False) -> Iterator[str]:
    """Say where a request stands, what to tell the customer, and how it goes on."""
    from aftersales_cli.desk.returns.looking import load_return
    from aftersales_cli.desk.returns.policy_words import payer_text
    from aftersales_cli.desk.returns.reviewing import first_approval

    view = load_return(run.shop, stored.id)
    if checked:
        yield _("The check of return request {number} is recorded.", number=stored.id)
        return
    if first_approval(view.reviews) and view.request.status not in ("approved", "auto_approved"):
        yield _(
            "Return request {number}: your approval is recorded; a second person has to agree.",
            number=stored.id,
        )
    else:
        yield _state_line(run, stored)
    if stored.send_by:
        payer = payer_text(stored.postage_by)
        text = _("Now tell the customer: send the goods back by {day}", day=stored.send_by)
        yield text + (_("; {payer}.", payer=payer) if payer else ".")
    if view.next_command:
        yield _("Next: {command}", command=view.next_command)


def _state_line(run: Run, stored: ReturnRequest) -> str:
    status = run.shop.taxonomy("review_states").label(stored.status)
    return _("Return request {number} is now “{status}”.", number=stored.id, status=status)
