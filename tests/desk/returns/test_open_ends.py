"""A case ends only when goods, money, replacements and repairs have."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aftersales_cli.clock import to_text
from aftersales_cli.desk.axes import open_ends
from aftersales_cli.desk.ending import cancel_case, resolve_case
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.case_ends import list_open_ends
from aftersales_cli.desk.returns.deciding import require_request
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.timing_out import expire_cases
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.axes import AskedFor, CaseAxes
from aftersales_cli.records.payouts import RefundPlan
from aftersales_cli.records.repairs import Repair
from aftersales_cli.records.returns import Replacement, ReturnLine, ReturnParcel, ReturnRequest
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell

AT = "2026-11-22T01:00:00Z"
REQUEST = ReturnRequest(
    id=1, case_number=7, order_id=1, revision=1, previous_id=None, origin="own", kind="return", status="approved",
    status_raw="", reason="", condition="", requested_at=AT, requested_on="2026-11-22", requested_by="owner",
    currency="CNY", asked_amount=None, policy_version=None, rules="", reasons="", postage_by="", second_needed=False,
    flag="", sampled=False, decide_by=None, decided_at=AT, send_by=None, ended_at=None,
)  # fmt: skip
LINE = ReturnLine(
    id=1, request_id=1, order_line_id=1, sku="CUP", title="Cup", asked=2, approved=2, received=0, accepted=0,
    damaged=0, wrong=0, short=0, rejected=0, disposition="",
)  # fmt: skip


def known(record: type, **values: Any) -> Any:
    """Return a record of which a test names what matters; new fields of other people's records are None."""
    names = record.__dataclass_fields__  # type: ignore[attr-defined] # every record is a dataclass
    return record(**{name: values.get(name) for name in names})


PARCEL: ReturnParcel = known(
    ReturnParcel,
    id=1,
    case_number=7,
    request_id=1,
    origin="own",
    direction="in",
    status="received",
    number="SF1",
)
PLAN: RefundPlan = known(
    RefundPlan, id=3, case_number=7, request_id=1, status="succeeded", second_needed=False
)
SENT: Replacement = known(Replacement, id=4, case_number=7, request_id=1, status="delivered")
REPAIR: Repair = known(Repair, id=5, case_number=7, status="done", ended_at=AT)


def axes(request: dict[str, Any], line: dict[str, Any], **others: Any) -> CaseAxes:
    asked = AskedFor(replace(REQUEST, **request), (replace(LINE, **line),))
    return CaseAxes(case_number=7, asked=(asked,), **others)


ACCEPTED = {"received": 2, "accepted": 2, "disposition": "restock"}


@pytest.mark.parametrize(
    ("request_is", "line_is", "others", "commands"),
    [
        ({"status": "submitted"}, {}, {}, ["returns review 1"]),
        ({"status": "needs_evidence"}, {}, {}, ["returns review 1"]),
        ({"status": "rejected"}, {}, {}, []),
        ({"status": "withdrawn"}, {}, {}, []),
        # Goods: awaited, not here, not inspected, not decided about.
        ({}, {}, {"parcels": (replace(PARCEL, status="awaiting"),)}, ["returns receive 1"]),
        ({}, {}, {}, ["returns receive 1"]),
        ({}, {"received": 2}, {"parcels": (PARCEL,)}, ["returns inspect 1"]),
        ({}, {**ACCEPTED, "disposition": ""}, {"plans": (PLAN,)}, ["returns inspect 1 --disposition …"]),
        ({}, {"received": 2, "accepted": 1, "disposition": "restock"}, {"plans": (PLAN,)}, ["returns inspect 1"]),
        ({}, {}, {"parcels": (replace(PARCEL, status="lost"),)}, []),
        # Money: nothing planned, planned, on its way, paid, void.
        ({}, ACCEPTED, {"parcels": (PARCEL,)}, ["refunds plan 1"]),
        ({}, ACCEPTED, {"plans": (replace(PLAN, status="planned"),)}, ["refunds pay 3"]),
        ({}, ACCEPTED, {"plans": (replace(PLAN, status="planned", second_needed=True),)}, ["refunds approve 3"]),
        ({}, ACCEPTED, {"plans": (replace(PLAN, status="failed"),)}, ["refunds pay 3"]),
        ({}, ACCEPTED, {"plans": (PLAN,)}, []),
        ({}, ACCEPTED, {"plans": (replace(PLAN, status="void"),)}, ["refunds plan 1"]),
        ({}, ACCEPTED, {"platform_refunded": True}, []),
        ({}, ACCEPTED, {"replacements": (SENT,)}, []),
        # Nothing came that is owed for.
        ({}, {"received": 2, "rejected": 2, "disposition": "return"}, {"parcels": (PARCEL,)}, []),
        ({}, {"short": 2}, {"parcels": (PARCEL,)}, []),
        # The goods may stay where they are.
        ({}, {"disposition": "keep"}, {}, ["refunds plan 1"]),
        ({"kind": "refund_only"}, {}, {}, ["refunds plan 1"]),
        ({"kind": "refund_only"}, {}, {"plans": (PLAN,)}, []),
        # Exchange, repair.
        ({"kind": "exchange"}, ACCEPTED, {}, ["replacements reserve 1"]),
        ({"kind": "exchange"}, ACCEPTED, {"replacements": (replace(SENT, status="shipped"),)}, ["replacements deliver 4"]),
        ({"kind": "exchange"}, ACCEPTED, {"replacements": (SENT,)}, []),
        ({"kind": "exchange"}, ACCEPTED, {"plans": (PLAN,)}, []),
        ({"kind": "repair"}, {}, {}, ["repairs book 7"]),
        ({"kind": "repair"}, {}, {"repairs": (replace(REPAIR, status="in_repair", ended_at=None),)}, ["repairs show 5"]),
        ({"kind": "repair"}, {}, {"repairs": (REPAIR,)}, []),
        # What the marketplace moves holds nobody up; what has ended stays ended after a reopening.
        ({"origin": "platform"}, {}, {}, []),
        # What went back to the customer is out of our hands.
        (
            {"status": "rejected"}, {"asked": 2, "approved": 0},
            {"parcels": (replace(PARCEL, direction="out", status="in_transit"),)}, [],
        ),
        ({"origin": "platform", "status": "submitted"}, {}, {}, []),
        ({"origin": "platform"}, {}, {"parcels": (replace(PARCEL, status="in_transit", origin="platform"),)}, []),
        ({"ended_at": AT}, {}, {}, []),
    ],
)  # fmt: skip
def test_what_is_open_names_the_command_that_goes_on(
    request_is: dict[str, Any], line_is: dict[str, Any], others: dict[str, Any], commands: list[str]
) -> None:
    found = open_ends(axes(request_is, line_is, **others))
    assert [end.command for end in found] == [f"aftersales {command}" for command in commands]


def test_a_case_without_requests_has_nothing_open() -> None:
    assert open_ends(CaseAxes(7)) == []


def test_a_case_with_open_goods_or_money_is_not_solved_nor_cancelled(shop: Shop) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=2"], reason="changed_mind", condition="unopened")
    with pytest.raises(RefusedError) as refusal:
        resolve_case(shop, request.case_number, cause="packaging")
    assert "Parcel 1" in refusal.value.message
    assert "aftersales returns receive 1" in refusal.value.remedy
    with pytest.raises(RefusedError, match="not at its end"):
        cancel_case(shop, request.case_number, "other")
    withdraw_return(shop, request.id)
    assert resolve_case(shop, request.case_number, cause="packaging").status == "resolved"


def test_with_the_case_its_approved_requests_end(shop: Shop) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], kind="refund_only", reason="damaged_transit")
    review(shop, request.id, "approved")
    assert [end.command for end in list_open_ends(shop, request.case_number)] == ["aftersales refunds plan 1"]
    run_sql(
        shop,
        "INSERT INTO refund_plans (case_number, request_id, order_id, currency, status, route, key, planned_at, "
        "planned_by) VALUES (1, 1, 1, 'CNY', 'succeeded', 'original', 'k', :at, 'owner')",
        at=shop.stamp,
    )
    resolve_case(shop, request.case_number, cause="packaging")
    assert require_request(shop, request.id).ended_at == shop.stamp


def test_a_silent_customer_does_not_end_a_case_whose_parcel_is_awaited(shop: Shop) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    wait_case(shop, request.case_number, "customer")
    later = replace(shop, now=shop.now + timedelta(days=60))
    assert to_text(later.now) > shop.stamp
    expire_cases(later)
    assert require_case(later, request.case_number).status == "waiting_customer"
    withdraw_return(later, request.id)
    expire_cases(later)
    assert require_case(later, request.case_number).status == "resolved"


def test_a_request_goes_on_with_the_case_its_own_is_merged_into(shop: Shop) -> None:
    sell(shop)
    request = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    other = open_case(shop, order="101", kind="complaint", say="where is my money").number
    merge_case(shop, request.case_number, other)
    assert require_request(shop, request.id).case_number == other
    assert [end.command for end in list_open_ends(shop, other)] == ["aftersales returns receive 1"]
    assert list_open_ends(shop, request.case_number) == []
