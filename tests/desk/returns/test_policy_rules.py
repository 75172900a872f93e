"""How rules of different layers decide together, with rules made for it."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.desk.returns.policy import judge, strictest
from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_countries import country_code
from aftersales_cli.desk.returns.policy_explaining import explain_judgement
from aftersales_cli.desk.returns.policy_records import (
    Exemption,
    PolicySet,
    ProductEntry,
    RequestFacts,
    Rule,
)
from aftersales_cli.desk.returns.policy_windows import WindowSpec

FACTS = RequestFacts(
    kind="return",
    reason="changed_mind",
    requested_at="2026-03-05T04:00:00Z",
    zone=ZoneInfo("Asia/Shanghai"),
    country="CN",
    delivered_at="2026-03-02T07:00:00Z",
    amount=10000,
)


def _rule(name: str, layer: str, verdict: str = "approve", **values: object) -> Rule:
    base = Rule(name, "规则", name, "x.toml", layer, "source", "D", date(2026, 11, 22), verdict)
    return replace(base, kinds=("return",), said_reasons=("no_reason",), **values)  # type: ignore[arg-type]


def _set(*rules: Rule, **values: object) -> PolicySet:
    return replace(
        PolicySet(rules, {"CNY": 20000}, {"CNY": 100000}),
        **values,  # type: ignore[arg-type]
    )


LAW = _rule("law", "law", postage="buyer", refund_days=7, refund_from="received", window=WindowSpec(days=7))


def test_a_stricter_rule_of_the_shop_never_undercuts_the_law_and_the_page_says_so() -> None:
    found = judge(_set(_rule("final-sale", "shop", "reject"), LAW), FACTS)
    assert (found.verdict, found.rules[0]) == ("auto_approved", "law")
    assert [entry.rule.id for entry in found.overruled] == ["final-sale"]
    assert any("final-sale" in line and "does not count" in line for line in explain_judgement(found))


def test_a_shorter_window_of_the_marketplace_does_not_end_that_of_the_law() -> None:
    short = _rule("short", "platform", window=WindowSpec(days=1))
    assert judge(_set(short, LAW), FACTS).rules[0] == "law"


def test_a_shop_may_leave_to_a_person_what_the_law_approves_but_a_marketplace_may_not() -> None:
    assert judge(_set(_rule("look", "shop", "manual"), LAW), FACTS).verdict == "needs_manual"
    assert judge(_set(_rule("look", "platform", "manual"), LAW), FACTS).verdict == "auto_approved"


def test_postage_is_the_best_for_the_buyer_of_all_rules_that_grant() -> None:
    mean = _rule("mean", "shop", postage="buyer", window=WindowSpec(days=30))
    kind = replace(LAW, postage="seller")
    assert judge(_set(mean, kind), FACTS).postage_by == "seller"
    late = replace(FACTS, requested_at="2026-03-20T04:00:00Z")
    assert judge(_set(mean, kind), late).postage_by == "buyer"


def test_the_shorter_time_for_a_refund_counts_if_both_begin_alike() -> None:
    slow = _rule("slow", "shop", refund_days=30, refund_from="received")
    assert judge(_set(slow, LAW), FACTS).refund_due_days == 7
    other = replace(slow, refund_from="notice")
    assert judge(_set(other, LAW), FACTS).refund_due_days == 30


def test_a_rejection_names_what_would_help_if_the_goods_are_faulty() -> None:
    quality = replace(_rule("quality", "law", "manual"), said_reasons=("quality",))
    late = replace(FACTS, requested_at="2026-05-20T04:00:00Z")
    found = judge(_set(LAW, quality), late)
    assert (found.verdict, found.instead) == ("rejected", ("defect", "quality"))
    assert any("quality" in line for line in explain_judgement(found))
    assert judge(_set(LAW), late).instead is None


def test_evidence_first_then_a_person() -> None:
    rule = _rule("photos", "law", "evidence", evidence=2)
    assert judge(_set(rule), replace(FACTS, evidence=1)).verdict == "needs_evidence"
    assert judge(_set(rule), replace(FACTS, evidence=2)).verdict == "needs_manual"


@pytest.mark.parametrize(
    ("amount", "second"), [(100000, False), (100001, True), (None, False)], ids=["at", "above", "unknown"]
)
def test_a_second_person_is_needed_above_the_limit_only(amount: int | None, second: bool) -> None:
    assert judge(_set(LAW), replace(FACTS, amount=amount)).second_needed is second


def test_a_shop_without_limits_asks_for_no_second_person_and_approves_nothing_by_itself() -> None:
    found = judge(_set(LAW, auto_limit={}, second_limit={}), FACTS)
    assert (found.verdict, found.second_needed) == ("approved", False)


def test_an_exemption_that_needs_confirmation_counts_only_with_it() -> None:
    rule = replace(LAW, exceptions=(Exemption("甲", "watches", ("watch",), confirmed=True),))
    watch = replace(FACTS, category="watch")
    assert judge(_set(rule), watch).verdict == "auto_approved"
    assert judge(_set(rule), watch).reasons == ("granted", "exempt_unconfirmed")
    assert judge(_set(rule), replace(watch, exempt_confirmed=True)).verdict == "rejected"


def test_the_strictest_product_decides_and_mixed_requests_go_to_a_person() -> None:
    yes, no = judge(_set(LAW), FACTS), judge(_set(_rule("no", "law", "reject")), FACTS)
    dear = judge(_set(LAW), replace(FACTS, amount=90000))
    assert strictest([yes, dear]).verdict == "approved"
    assert strictest([yes, no]).verdict == "needs_manual"
    assert strictest([no, no]).verdict == "rejected"


def test_a_product_is_known_by_its_longest_number_then_by_its_title() -> None:
    table = (
        ProductEntry(("PH",), (), (), "phone", "not_after_activation", True, 12),
        ProductEntry(("PH-USED",), (), (), "used_phone"),
        ProductEntry((), ("手机",), ("手机壳",), "phone"),
    )
    assert classify(table, sku="ph-used-1", title="手机").category == "used_phone"
    found = classify(table, sku="PH-7", title="x")
    assert (found.category, found.label, found.confirmed, found.seen) == (
        "phone",
        "not_after_activation",
        True,
        "PH",
    )
    assert found.warranty_until(date(2026, 1, 31)) == date(2027, 1, 31)
    assert classify(table, sku="", title="新款 手机 128G").category == "phone"
    assert classify(table, sku="", title="手机壳 透明").category == ""
    assert classify(table, sku="", title="").warranty_until(date(2026, 1, 31)) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CN", "CN"),
        ("de", "DE"),
        ("UK", "GB"),
        ("United States", "US"),
        ("USA", "US"),
        ("Germany", "DE"),
        ("日本", "JP"),
        ("中国", "CN"),
        ("", ""),
        ("Atlantis", "Atlantis"),
    ],
)
def test_a_country_is_known_by_code_or_name(text: str, code: str) -> None:
    assert country_code(text) == code
