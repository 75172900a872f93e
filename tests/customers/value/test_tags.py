"""Tags by rule say why, follow what happens, and leave alone what people put on a customer by hand."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales_cli.customers.value.tagging import refresh_tags, shown_tags, tag_counts, tag_customer
from aftersales_cli.customers.value.valuing import refresh_values
from aftersales_cli.database.customer_facts import count_as_of, list_customer_facts, mark_all_stale
from aftersales_cli.database.customer_tags import customers_with_tag
from aftersales_cli.database.fetch import execute, insert
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop

Add = Callable[..., int]


def _tags(shop: Shop, customer_id: int) -> dict[str, str]:
    return {tag.tag: tag.why for tag in shown_tags(shop, customer_id)}


def _ask(shop: Shop, customer_id: int, day: str) -> int:
    with shop.writing("cases.open"):
        return insert(
            shop.database,
            "INSERT INTO cases (kind, channel, origin, customer_id, status, opened_at, opened_on) VALUES "
            "('inquiry', 'phone', 'own', :id, 'closed', :at, :day)",
            {"id": customer_id, "at": f"{day}T02:00:00Z", "day": day},
        )


def test_spending_power_follows_the_spend_score(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01", 300_000)
    add_order(2, "2026-11-01", 5_000)
    refresh_values(shop)
    assert _tags(shop, 1) == {"big_spender": "spend score M5"}
    assert _tags(shop, 2) == {"small_spender": "spend score M1"}
    add_order(2, "2026-11-02", 30_000)
    refresh_values(shop)
    assert _tags(shop, 2) == {}


def test_an_inquiry_without_an_order_afterwards_is_intent_until_an_order_or_time_ends_it(
    shop: Shop, add_order: Add
) -> None:
    for number in (1, 2, 3):
        add_order(number, "2026-10-01", 20_000)
    case = _ask(shop, 1, "2026-11-10")
    _ask(shop, 2, "2026-11-10")
    _ask(shop, 3, "2026-09-01")
    add_order(2, "2026-11-11", 100)
    refresh_values(shop)
    assert _tags(shop, 1) == {"purchase_intent": f"asked in case {case} and has not bought since"}
    assert customers_with_tag(shop.database, "purchase_intent") == {1}
    later = replace(shop, now=datetime(2026, 12, 11, 1, tzinfo=UTC))
    refresh_values(later)
    assert customers_with_tag(shop.database, "purchase_intent") == set()


def test_preference_needs_orders_and_their_share(shop: Shop, add_order: Add) -> None:
    for title in ("智能手机 X1", "无线耳机", "竹纤维毛巾"):
        add_order(1, "2026-11-01", 20_000, title=title)
    add_order(2, "2026-11-01", 20_000, title="智能手机 X1")
    refresh_values(shop)
    assert _tags(shop, 1) == {"prefers_electronics": "2 of 3 orders: 智能手机 X1, 无线耳机"}
    assert _tags(shop, 2) == {}
    use_language("zh")
    assert [tag.name for tag in shown_tags(shop, 1)] == ["偏好数码电器"]


def test_products_that_taobao_joins_in_one_title_are_judged_one_by_one(shop: Shop, add_order: Add) -> None:
    for title in ("竹纤维毛巾，无线耳机", "智能手机 X1，无线耳机"):
        add_order(1, "2026-11-01", 20_000, title=title)
    refresh_values(shop)
    assert _tags(shop, 1)["prefers_electronics"] == "2 of 2 orders: 无线耳机, 智能手机 X1"


def test_tags_by_hand_stay_and_are_taken_off_by_hand_only(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01", 300_000)
    assert tag_customer(shop, 1, "vip", why="sister of the owner").changed
    assert not tag_customer(shop, 1, "vip", why="sister of the owner").changed
    refresh_values(shop)
    assert _tags(shop, 1) == {"vip": "sister of the owner", "big_spender": "spend score M5"}
    with pytest.raises(WrongUsageError, match="rule"):
        tag_customer(shop, 1, "big_spender", remove=True)
    assert tag_customer(shop, 1, "vip", remove=True).changed
    with pytest.raises(NotFoundError):
        tag_customer(shop, 1, "vip", remove=True)
    with pytest.raises(NotFoundError):
        tag_customer(shop, 99, "vip")
    with pytest.raises(WrongUsageError):
        tag_customer(shop, 1, "two words")


def test_an_inquiry_of_today_is_seen_at_the_next_look(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-10-01", 20_000)
    refresh_values(shop)
    _ask(shop, 1, "2026-11-22")
    refresh_values(shop)
    assert list(_tags(shop, 1)) == ["purchase_intent"]


def test_nobody_describes_a_customer_who_was_erased(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01", 300_000)
    _ask(shop, 1, "2026-11-10")
    with shop.writing("customers.value"):
        execute(shop.database, "UPDATE customers SET erased_at = '2026-11-02T00:00:00Z'")
    refresh_values(shop)
    assert _tags(shop, 1) == {}
    with pytest.raises(RefusedError):
        tag_customer(shop, 1, "vip")


def test_own_rules_replace_the_shipped_ones_and_tags_without_a_rule_go(shop: Shop, add_order: Add) -> None:
    add_order(1, "2026-11-01", 300_000, title="Blue teapot")
    refresh_values(shop)
    own = shop.folder / "templates/settings/tags.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('[[rule]]\ntag = "tea"\nen = "likes tea"\nwords = ["teapot"]\n', encoding="utf-8")
    refresh_values(shop)
    assert _tags(shop, 1) == {"tea": "1 of 1 orders: Blue teapot"}
    assert [(row.tag, row.name, row.customers) for row in tag_counts(shop)] == [("tea", "likes tea", 1)]


@pytest.mark.parametrize(
    "text",
    [
        '[[rule]]\ntag = "Two Words"\nen = "x"\nwords = ["a"]\n',
        '[[rule]]\ntag = "x"\nen = "x"\n',
        '[[rule]]\ntag = "x"\nen = "x"\nwords = ["a"]\nspend_scores = ["5"]\n',
        '[[rule]]\ntag = "x"\nen = "x"\nspend_scores = ["6"]\n',
        '[[rule]]\ntag = "x"\nen = "x"\ncategories = ["moon"]\n',
    ],
)
def test_a_slip_in_the_rules_is_told(shop: Shop, text: str) -> None:
    own = shop.folder / "templates/settings/tags.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match=r"tags\.toml, rule 1"), shop.writing("customers.value"):
        refresh_tags(shop, [])


HEADER = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家会员名\n"
)


def test_what_imports_and_undos_leave_is_counted_like_a_fresh_start(shop: Shop, tmp_path: Path) -> None:
    chance = random.Random(6)
    taken: list[int] = []
    for step in range(14):
        if taken and chance.random() < 0.35:
            undo(shop, taken.pop())
        else:
            rows = [
                f"9{number:08},100.00,{paid}.00,交易成功,2026-10-{day:02} 10:00:00,2026-10-{day:02} 10:01:00,"
                f"{chance.choice(['0.00', '10.00'])},1,buyer{buyer}\n"
                for number, day, buyer, paid in (
                    (
                        chance.randrange(40),
                        chance.randrange(1, 29),
                        chance.randrange(9),
                        chance.randrange(50, 900),
                    )
                    for _row in range(chance.randrange(1, 8))
                )
            ]
            path = tmp_path / f"{step}.csv"
            path.write_text(HEADER + "".join(rows), encoding="utf-8")
            taken.append(import_file(shop, path).import_id)
        if chance.random() < 0.6:
            refresh_values(shop)
            assert all(tag.origin == "rule" for tag in tag_counts(shop))
    refresh_values(shop)
    kept, tags = list_customer_facts(shop.database), tag_counts(shop)
    assert kept
    assert [replace(facts, spend=None) for facts in count_as_of(shop.database, "CNY", shop.today)] == [
        replace(facts, spend=None) for facts in kept
    ]
    with shop.writing("customers.value"):
        for table in ("customer_facts", "customer_values", "value_runs", "customer_tags"):
            execute(shop.database, f"DELETE FROM {table}")
        mark_all_stale(shop.database)
    refresh_values(shop)
    assert list_customer_facts(shop.database) == kept
    assert tag_counts(shop) == tags
    assert shop.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_tag_by_hand_keeps_an_import_from_being_undone_unseen(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    row = "900000001,100.00,100.00,交易成功,2026-10-01 10:00:00,2026-10-01 10:01:00,0.00,1,deer\n"
    path.write_text(HEADER + row, encoding="utf-8")
    number = import_file(shop, path).import_id
    refresh_values(shop)
    tag_customer(shop, 1, "vip")
    with pytest.raises(RefusedError, match="people have worked"):
        undo(shop, number)
    tag_customer(shop, 1, "vip", remove=True)
    undo(shop, number)
    assert refresh_values(shop).customers == 0
