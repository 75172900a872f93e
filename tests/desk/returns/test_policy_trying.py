"""Past requests replayed against a changed policy, facts read from the database, and reviewers compared."""

from datetime import date
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import execute
from aftersales_cli.database.policies import ReviewerCount, list_request_lines
from aftersales_cli.database.returns import append_review, insert_request, insert_return_line
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.policy_facts import PublicDays, gather_facts, judge_stored
from aftersales_cli.desk.returns.policy_files import load_policies
from aftersales_cli.desk.returns.policy_trying import compare_reviewers, rate_reviewers, try_policy
from aftersales_cli.errors import NotFoundError
from aftersales_cli.shop import Shop
from tests.desk.conftest import AddOrder

SHOP_RULE = """layer = "shop"
zh = "本店"
en = "us"
auto_limit = { CNY = 200 }
[[rule]]
id = "worry-free"
zh = "无忧退货"
en = "worry-free"
kinds = ["return"]
reasons = ["no_reason"]
window = { days = 30, from = "delivered" }
verdict = "approve"
postage = "seller"
source = "our own choice"
certainty = "D"
checked_on = 2026-11-22
"""


def _add_request(
    shop: Shop, order_id: int, *, at: str, reason: str = "changed_mind", products: tuple[str, ...] = ("T恤",)
) -> int:
    case = open_case(shop, kind="return", say="x", order=f"O{order_id}")
    with shop.writing("cases.note"):
        request = insert_request(
            shop.database,
            {
                "case_number": case.number,
                "order_id": order_id,
                "kind": "return",
                "status": "rejected",
                "reason": reason,
                "condition": "unopened",
                "requested_at": at,
                "requested_on": at[:10],
                "requested_by": "owner",
                "currency": "CNY",
                "asked_amount": 9900,
            },
        )
        for title in products:
            insert_return_line(shop.database, request, order_line_id=None, sku="S", title=title, asked=1)
    return request


@pytest.fixture
def delivered(shop: Shop, add_order: AddOrder) -> int:
    """Add an order that arrived on 2 November."""
    for number in range(1, 2):
        order_id = add_order(f"O{number}", products=("T恤",), customer="Li Lei")
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE orders SET delivered_at = '2026-11-02T07:00:00Z'")
    return order_id


def test_a_changed_file_is_tried_on_past_requests_and_nothing_is_written(
    shop: Shop, delivered: int, tmp_path: Path
) -> None:
    late = _add_request(shop, delivered, at="2026-11-15T04:00:00Z")
    _add_request(shop, delivered, at="2026-11-15T04:00:00Z", reason="defect")
    _add_request(shop, delivered, at="2026-09-01T04:00:00Z")
    path = tmp_path / "shop.toml"
    path.write_text(SHOP_RULE, encoding="utf-8")
    trial = try_policy(shop, path, since=date(2026, 10, 1))
    assert trial.requests == 2
    (changed,) = trial.changed
    assert (changed.request_id, changed.before, changed.after) == (late, "rejected", "auto_approved")
    assert (changed.rules_before[0], changed.rules_after[0]) == ("tmall-7d", "worry-free")
    assert changed.postage_after == "seller"
    assert changed.status == "rejected"
    assert try_policy(shop, path, since=date(2026, 11, 16)).requests == 0


def test_what_the_rules_ask_is_read_from_order_customer_and_title(shop: Shop, delivered: int) -> None:
    request = _add_request(
        shop, delivered, at="2026-11-05T04:00:00Z", products=("新款手机 128G", "钢化膜 手机")
    )
    with shop.writing("cases.note"):
        execute(shop.database, "UPDATE customers SET country = 'Germany'")
    policies = load_policies(shop.folder)
    facts = [
        gather_facts(shop, line, policies.products) for line in list_request_lines(shop.database, request)
    ]
    assert [entry.category for entry in facts] == ["phone", ""]
    assert facts[0].country == "DE"
    assert facts[0].warranty_until == "2027-11-02"
    assert (facts[0].platform, facts[0].storefront, facts[0].amount) == ("taobao", "taobao", 9900)
    assert judge_stored(shop, policies, request).decided is not None


def test_a_request_of_several_products_is_as_strict_as_its_strictest(shop: Shop, delivered: int) -> None:
    policies = load_policies(shop.folder)
    fine = _add_request(shop, delivered, at="2026-11-05T04:00:00Z")
    assert judge_stored(shop, policies, fine).verdict == "auto_approved"
    with pytest.raises(NotFoundError):
        judge_stored(shop, policies, 999)


def test_holidays_of_the_buyer_s_country_are_known(shop: Shop) -> None:
    days = PublicDays(shop, "CN")
    assert not days.is_open_on(date(2026, 2, 20))
    assert days.is_open_on(date(2026, 2, 14))
    assert not days.is_open_on(date(2026, 3, 14))
    assert PublicDays(shop, "").is_open_on(date(2026, 2, 20))
    assert PublicDays(shop, "Atlantis").is_open_on(date(2026, 2, 20))


def test_reviewers_whose_intervals_do_not_touch_are_marked() -> None:
    rates = rate_reviewers(
        [
            ReviewerCount("cn-7d,tmall-7d", "changed_mind", "ann", 10, 11),
            ReviewerCount("cn-7d", "changed_mind", "ann", 9, 9),
            ReviewerCount("cn-7d", "changed_mind", "bob", 4, 20),
            ReviewerCount("cn-7d", "defect", "bob", 1, 20),
            ReviewerCount("cn-7d", "changed_mind", "cy", 2, 3),
        ]
    )
    known = {(entry.reason, entry.reviewer): entry for entry in rates}
    ann = known["changed_mind", "ann"]
    assert (ann.k, ann.n, ann.rule) == (19, 20, "cn-7d")
    # Wilson 95 %: 19/20 → .764 to .991, 4/20 → .081 to .416.
    assert (round(ann.low, 3), round(ann.high, 3)) == (0.764, 0.991)
    assert ann.unequal
    assert known["changed_mind", "bob"].unequal
    assert not known["changed_mind", "cy"].unequal
    assert not known["defect", "bob"].unequal


def test_only_yes_and_no_of_people_are_counted(shop: Shop, delivered: int) -> None:
    request = _add_request(shop, delivered, at="2026-11-05T04:00:00Z")
    with shop.writing("cases.note"):
        for step, verdict in (
            ("auto", "approved"),
            ("first", "needs_evidence"),
            ("first", "approved"),
            ("second", "approved"),
            ("sample", "disagrees"),
        ):
            append_review(
                shop.database,
                request,
                step=step,
                verdict=verdict,
                rules="cn-7d",
                reason="x",
                reviewer="owner",
                at="2026-11-06T04:00:00Z",
            )
    (rate,) = compare_reviewers(shop)
    assert (rate.k, rate.n, rate.reviewer) == (1, 1, "owner")
    assert compare_reviewers(shop, since=date(2026, 11, 7)) == []
