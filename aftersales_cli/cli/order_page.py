"""One order as a readable page."""

from collections.abc import Sequence

from aftersales_cli.cli.run import Run
from aftersales_cli.clock import local_text
from aftersales_cli.database.case_listings import list_order_cases
from aftersales_cli.database.orders import list_lines
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money
from aftersales_cli.records.orders import Order

BASES = {
    "stated": N_("as the file states"),
    "rebuilt": N_("net amount plus refund"),
    "inferred": N_("inferred from total and state"),
    "estimated": N_("estimated"),
    "records": N_("from refund records"),
    "own": N_("as recorded here"),
    "none": N_("not known"),
}
"""How an amount is known → what people read."""


def print_order(run: Run, orders: Sequence[Order]) -> None:
    """Print the orders a number stands for, one page each; as JSON a list with lines and cases of each."""
    shop = run.shop
    run.out.data(
        [
            {
                **vars(order),
                "order_lines": list_lines(shop.database, order.id),
                "cases": list_order_cases(shop.database, order.id),
            }
            for order in orders
        ],
        *(line for order in orders for line in [*_page(run, order), ""]),
    )


def _page(run: Run, order: Order) -> list[str]:
    shop = run.shop

    def money(amount: int | None) -> str:
        return format_money(amount, order.currency)

    paid_basis, refunded_basis = _(BASES[order.paid_basis]), _(BASES[order.refunded_basis])
    lines = [
        _("Order {number}", number=order.display_number)
        + (f"  ({order.external_id})" if order.external_id != order.display_number else ""),
        _("State: {state}", state=shop.taxonomy("order_statuses").label(order.status))
        + (f"  ({order.status_raw})" if order.status_raw else ""),
        _("Placed {placed}, paid {paid}, shipped {shipped}, finished {finished}",
          placed=local_text(order.placed_at, shop.zone), paid=local_text(order.paid_at, shop.zone),
          shipped=local_text(order.shipped_at, shop.zone), finished=local_text(order.finished_at, shop.zone)),
        _("Total {total}; paid {paid} ({paid_basis}); refunded {refunded} ({refunded_basis})",
          total=money(order.total), paid=money(order.paid), paid_basis=paid_basis,
          refunded=money(order.refunded), refunded_basis=refunded_basis),
    ]  # fmt: skip
    if order.title:
        lines.append(_("Product: {title}", title=order.title))
    for label, text in ((_("Buyer's note"), order.buyer_note), (_("Our note"), order.seller_note)):
        if text:
            lines.append(f"{label}: {text}")
    lines += [
        f"  {line.quantity} × {line.title} {line.variant} {money(line.unit_price)}".rstrip()
        for line in list_lines(shop.database, order.id)
    ]
    return [*lines, *_cases(run, order)]


def _cases(run: Run, order: Order) -> list[str]:
    shop = run.shop
    kinds, statuses = shop.taxonomy("kinds"), shop.taxonomy("case_statuses")
    rows = [
        f"  {case.number} · {kinds.label(case.kind)} · {statuses.label(case.status)} · {case.title}"
        for case in list_order_cases(shop.database, order.id)
    ]
    return [_("Cases:"), *rows] if rows else []
