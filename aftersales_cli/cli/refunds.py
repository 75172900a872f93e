"""The command ``refunds``: plan money back, record what became of it, compare it with statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.amounts import AMOUNT
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.numbers import RecordNumber
from aftersales_cli.cli.refunds_reconcile import reconcile
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from decimal import Decimal

    from aftersales_cli.errors import NotFoundError
    from aftersales_cli.records.payouts import RefundPlan


def _missing_plan(number: int) -> NotFoundError:
    from aftersales_cli.desk.refunds.plans import missing_plan

    return missing_plan(number)


def _missing_request(number: int) -> NotFoundError:
    from aftersales_cli.desk.refunds.composing import missing_request

    return missing_request(number)


PLAN_NUMBER = RecordNumber(_missing_plan)
_NOTE = option("--note", "remark", default="", help=N_("A remark for the case's history."))
_AT = option("--at", help=AT_HELP)


@click.group(cls=Noun, help=N_("Plan money back, record its payment, compare it with statements."))
def refunds() -> None:
    """Group of verbs."""


@refunds.command("plan", writes=True)
@click.argument("request", metavar="[REQUEST]", type=RecordNumber(_missing_request), required=False)
@option("--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("The case, instead of a request."))
@option(
    "--line",
    "lines",
    multiple=True,
    metavar="SKU=N",
    help=N_("Product and pieces, e.g. CUP-RED=2; default: what is due of the request. May be repeated."),
)
@option("--amount", type=AMOUNT, help=N_("For the goods, instead of what was paid for them."))
@option("--shipping", type=AMOUNT, help=N_("Postage the buyer paid with the order."))
@option("--fee", type=AMOUNT, help=N_("What is deducted."))
@option("--goodwill", type=AMOUNT, help=N_("Compensation, also without any return."))
@option("--route", default="", help=N_("original (default), balance, transfer or platform."))
@option("--again", is_flag=True, help=N_("One more of the same is meant, not the plan there is already."))
@_NOTE
@_AT
def plan(
    run: Run,
    request: int | None,
    case_number: int | None,
    lines: tuple[str, ...],
    amount: Decimal | None,
    shipping: Decimal | None,
    fee: Decimal | None,
    goodwill: Decimal | None,
    route: str,
    again: bool,
    remark: str,
    at: str | None,
) -> None:
    """Plan a refund: what is due of an approved request, or what you name. Nothing is paid by this command.

    Asked twice it is one plan. More than was paid can never go back, over all requests and cases of the order, with
    what the marketplace paid back by itself. An amount for goods the customer keeps does not count as a return.

    Example: aftersales refunds plan 5; aftersales refunds plan --case 17 --goodwill 10
    """
    from aftersales_cli.cli.refunds_page import describe_planned
    from aftersales_cli.desk.refunds.composing import RefundAsk
    from aftersales_cli.desk.refunds.planning import plan_refund

    planned = plan_refund(
        run.shop,
        RefundAsk(
            request_id=request,
            case_number=case_number,
            lines=lines,
            amount=amount,
            shipping=shipping,
            fee=fee,
            goodwill=goodwill,
            route=route,
            reason=remark,
            again=again,
        ),
        at=read_moment(run, at),
    )
    tell(run, planned, *describe_planned(run.shop, planned))


@refunds.command("approve", writes=True)
@click.argument("plan_id", metavar="REFUND", type=PLAN_NUMBER)
@_NOTE
@_AT
def approve(run: Run, plan_id: int, remark: str, at: str | None) -> None:
    """Agree to a refund above the limit, as another person than the one who planned it.

    Example: aftersales refunds approve 3 --as manager
    """
    from aftersales_cli.desk.refunds.approving import approve_refund

    done = approve_refund(run.shop, plan_id, note=remark, at=read_moment(run, at))
    tell(
        run,
        done,
        _("Refund {number} is approved. Next: {command}", number=done.id, command=_pay_command(done)),
    )


@refunds.command("pay", writes=True)
@click.argument("plan_id", metavar="REFUND", type=PLAN_NUMBER)
@option("--reference", default="", help=N_("Number of the payment: it is done."))
@option("--done", is_flag=True, help=N_("It is done, and there is no number."))
@option(
    "--twice",
    is_flag=True,
    help=N_("It really was paid although the marketplace has paid the same money back."),
)
@_NOTE
@_AT
def pay(run: Run, plan_id: int, reference: str, done: bool, twice: bool, remark: str, at: str | None) -> None:
    """Record that a refund was paid, with --reference or --done; without them, that you are about to pay it.

    This program moves no money: you do, and it remembers. A refund that failed is tried again the same way. What the
    marketplace has paid back by itself is refused, unless --twice says that it really was paid a second time.

    Example: aftersales refunds pay 3 --reference 2026112222001
    """
    from aftersales_cli.cli.refunds_page import describe_payment
    from aftersales_cli.desk.refunds.paying import pay_refund

    paid = pay_refund(
        run.shop, plan_id, reference=reference, done=done, twice=twice, note=remark, at=read_moment(run, at)
    )
    tell(run, paid, *describe_payment(run.shop, paid))
    _warn_twice(run, paid)
    _hint_invoices(run, paid)


@refunds.command("fail", writes=True)
@click.argument("plan_id", metavar="REFUND", type=PLAN_NUMBER)
@option("--note", "remark", required=True, help=N_("Why the payment failed."))
@_AT
def fail(run: Run, plan_id: int, remark: str, at: str | None) -> None:
    """Record that a payment did not arrive; it can be tried again or given up.

    Example: aftersales refunds fail 3 --note "Account closed"
    """
    from aftersales_cli.desk.refunds.paying import fail_refund

    failed = fail_refund(run.shop, plan_id, note=remark, at=read_moment(run, at))
    line = _("Refund {number} failed: {reason}. Try again: {command}",
             number=failed.id, reason=failed.failure, command=_pay_command(failed))  # fmt: skip
    tell(run, failed, line)


@refunds.command("void", writes=True)
@click.argument("plan_id", metavar="REFUND", type=PLAN_NUMBER)
@_NOTE
@_AT
def void(run: Run, plan_id: int, remark: str, at: str | None) -> None:
    """Give up a refund that was not paid; its goods and money can be planned again.

    Example: aftersales refunds void 3 --note "Customer keeps it"
    """
    from aftersales_cli.desk.refunds.paying import void_refund

    done = void_refund(run.shop, plan_id, note=remark, at=read_moment(run, at))
    tell(run, done, _("Refund {number} is void; nothing is paid back with it.", number=done.id))


@refunds.command("list")
@option(
    "--due", is_flag=True, help=N_("Unpaid ones and requests without a plan, with what is due first on top.")
)
@option("--overdue", is_flag=True, help=N_("Only those whose time is over."))
@option("--case", "case_number", type=CASE_NUMBER, metavar="CASE", help=N_("Only those of this case."))
@option("--all", "everything", is_flag=True, help=N_("Paid and void ones too."))
def list_(run: Run, due: bool, overdue: bool, case_number: int | None, everything: bool) -> None:
    """List refunds that are not paid yet, the one due first on top.

    Example: aftersales refunds list --due
    """
    from aftersales_cli.cli.refunds_page import due_columns, plan_columns
    from aftersales_cli.database.refund_plans import list_plans
    from aftersales_cli.desk.refunds.due import date_plans, list_due_refunds
    from aftersales_cli.desk.refunds.overpaid import mark_plans

    if (due or overdue) and (everything or case_number is not None):
        raise click.UsageError(_("--due and --overdue go without --all and --case."))
    if due or overdue:
        rows = list_due_refunds(run.shop, only_overdue=overdue)
        run.out.listing(rows, due_columns(run.shop), empty=_("Nobody waits for money."))
        return
    plans = list_plans(
        run.shop.database, only_open=not everything and case_number is None, case_number=case_number
    )
    marked = mark_plans(run.shop, date_plans(run.shop, plans))
    run.out.listing(marked, plan_columns(run.shop), empty=_("There is no such refund."))


@refunds.command("show")
@click.argument("plan_id", metavar="REFUND", type=PLAN_NUMBER)
def show(run: Run, plan_id: int) -> None:
    """Show a refund: its parts, its attempts, and what is to be done.

    Example: aftersales refunds show 3
    """
    from aftersales_cli.cli.refunds_page import load_page, write_page

    page = load_page(run.shop, plan_id)
    run.out.data(page, *write_page(run.shop, page))


refunds.add_command(reconcile)


def _pay_command(plan: RefundPlan) -> str:
    return f"aftersales refunds pay {plan.id} --reference …"


def _warn_twice(run: Run, plan: RefundPlan) -> None:
    from aftersales_cli.desk.refunds.overpaid import find_overpaid
    from aftersales_cli.money import format_money

    paid = find_overpaid(run.shop, plan) if plan.status == "succeeded" else None
    if paid is None:
        return
    run.out.note(
        _(
            "Attention: more went back than was paid. The marketplace has paid back {amount} of this order, and "
            "refund {number} was paid as well. Ask the customer to return it, or take it up with the marketplace.",
            amount=format_money(paid, plan.currency),
            number=plan.id,
        )
    )


def _hint_invoices(run: Run, plan: RefundPlan) -> None:
    from aftersales_cli.desk.refunds.invoicing import find_too_high, kept_amount
    from aftersales_cli.money import format_money

    if plan.status != "succeeded" or plan.order_id is None:
        return
    found = find_too_high(run.shop, plan.order_id)
    if len(found) > 1:
        run.out.note(
            _(
                "Invoices {numbers} are {total} together, and {kept} remain of what the customer paid: reverse what is "
                "too much, and issue a new one if one is wanted: aftersales invoices reverse {id}",
                numbers=", ".join(invoice.number or str(invoice.id) for invoice in found),
                total=format_money(sum(invoice.amount for invoice in found), plan.currency),
                kept=format_money(kept_amount(run.shop, plan.order_id), plan.currency),
                id=found[-1].id,
            )
        )
        return
    for invoice in found:
        run.out.note(
            _(
                "Invoice {number} is now higher than what the customer paid: reverse it, and issue a new one if one "
                "is wanted: aftersales invoices reverse {id}",
                number=invoice.number or invoice.id,
                id=invoice.id,
            )
        )
