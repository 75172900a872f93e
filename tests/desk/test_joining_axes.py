"""What hangs on a case that is merged goes on with the case it was merged into."""

from decimal import Decimal

from aftersales_cli.database.case_axes import read_case_axes
from aftersales_cli.database.costs import list_costs
from aftersales_cli.database.evidence import list_evidence
from aftersales_cli.database.invoices import list_invoices
from aftersales_cli.database.rows import insert_row
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def test_requests_plans_invoices_costs_and_evidence_move_with_a_merged_case(shop: Shop) -> None:
    order = make_order(shop)
    old, new = open_for(shop), open_for(shop)
    request = make_request(shop, old, order, {"CUP": 1})
    plan = plan_refund(shop, RefundAsk(request_id=request)).plan
    compensation = plan_refund(shop, RefundAsk(case_number=old, goodwill=Decimal(2))).plan
    with shop.writing("cases.note"):
        insert_row(
            shop.database,
            "invoices",
            {"case_number": old, "order_id": order, "title": "A Ltd", "currency": "CNY", "amount": 9100,
             "asked_at": shop.stamp, "due_at": shop.stamp},
        )  # fmt: skip
        insert_row(
            shop.database,
            "case_costs",
            {"case_number": old, "type": "postage", "currency": "CNY", "amount": 800, "at": shop.stamp,
             "actor": "owner"},
        )  # fmt: skip
        for case, digest in ((old, "a"), (old, "b"), (new, "b")):
            insert_row(
                shop.database,
                "evidence",
                {"case_number": case, "sha256": digest, "name": "cup.jpg", "media_type": "image/jpeg", "bytes": 3,
                 "added_at": shop.stamp, "added_by": "owner"},
            )  # fmt: skip
    merge_case(shop, old, new)
    axes = read_case_axes(shop.database, new)
    assert [entry.request.id for entry in axes.asked] == [request]
    assert [entry.id for entry in axes.plans] == [plan.id, compensation.id]
    assert [row.amount for row in list_invoices(shop.database, case_number=new)] == [9100]
    assert [entry.amount for entry in list_costs(shop.database, new)] == [800]
    assert sorted(entry.sha256 for entry in list_evidence(shop.database, new)) == ["a", "b"]
    left = read_case_axes(shop.database, old)
    assert (left.asked, left.plans, list_costs(shop.database, old)) == ((), (), [])
