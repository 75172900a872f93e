"""Answers and notes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from aftersales_cli.database.case_links import sum_case_minutes
from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.desk.answering import hear_customer, note_case, reply_case
from aftersales_cli.desk.channels import describe_sending
from aftersales_cli.desk.ending import cancel_case, resolve_case
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.storefronts import add_storefront

Local = Callable[[str], datetime]


def test_the_first_answer_stops_the_clock_starts_the_work_and_takes_the_case(
    shop: Shop, local: Local
) -> None:
    number = open_case(shop, say="?", at=local("2026-11-22 08:00")).number
    case = reply_case(shop, number, "!", at=local("2026-11-22 08:10")).case
    assert (case.status, case.first_reply_at) == ("in_progress", "2026-11-22T00:10:00Z")
    assert case.assignee_id == shop.agent.id
    again = reply_case(shop, number, "!!", at=local("2026-11-22 08:20")).case
    assert (again.status, again.first_reply_at) == ("in_progress", "2026-11-22T00:10:00Z")
    bodies = [(message.direction, message.body) for message in list_case_messages(shop.database, number)]
    assert bodies == [("in", "?"), ("out", "!"), ("out", "!!")]


def test_an_earlier_answer_written_down_later_is_still_the_first(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    reply_case(shop, number, "second", at=local("2026-11-22 08:30"))
    case = reply_case(shop, number, "first", at=local("2026-11-22 08:05")).case
    assert case.first_reply_at == "2026-11-22T00:05:00Z"


@pytest.mark.parametrize("author_type", ["bot", "system"])
def test_a_bot_stops_no_clock_and_starts_no_work(shop: Shop, author_type: str) -> None:
    number = open_case(shop).number
    case = reply_case(shop, number, "We are sleeping", author_type=author_type).case
    assert (case.first_reply_at, case.status, case.assignee_id) == (None, "new", None)
    assert list_case_messages(shop.database, number)[-1].author_type == author_type


def test_a_case_without_a_clock_gets_no_first_reply(shop: Shop) -> None:
    number = open_case(shop, channel="phone").number
    assert reply_case(shop, number, "called back").case.first_reply_at is None


def test_an_answer_to_somebody_elses_case_leaves_it_theirs(shop: Shop) -> None:
    agent = add_agent(shop, "lan")
    number = open_case(shop, assignee="lan").number
    assert reply_case(shop, number, "!").case.assignee_id == agent.id


def test_a_resolved_case_can_be_answered_and_stays_resolved(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    assert reply_case(shop, number, "You are welcome").case.status == "resolved"


def test_a_cancelled_case_is_not_answered(shop: Shop) -> None:
    number = open_case(shop).number
    cancel_case(shop, number, "spam")
    with pytest.raises(RefusedError):
        reply_case(shop, number, "!")
    assert list_case_messages(shop.database, number) == []


def test_an_answer_before_the_opening_is_wrong(shop: Shop, local: Local) -> None:
    number = open_case(shop, at=local("2026-11-22 08:00")).number
    with pytest.raises(WrongUsageError):
        reply_case(shop, number, "!", at=local("2026-11-22 07:59"))


def test_an_empty_answer_is_wrong(shop: Shop) -> None:
    with pytest.raises(WrongUsageError):
        reply_case(shop, open_case(shop).number, "  ")


def test_an_unknown_case_is_told(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="4711"):
        reply_case(shop, 4711, "!")


def test_the_answer_says_where_to_send_it(shop: Shop) -> None:
    add_storefront(shop, "tb", platform="taobao")
    number = open_case(shop, storefront="tb").number
    assert reply_case(shop, number, "!").send == "in Qianniu"
    assert reply_case(shop, number, "!", channel="邮件").send == "by e-mail"


@pytest.mark.parametrize(
    ("channel", "platform", "words"),
    [
        ("platform_chat", "douyin", "in Douyin Feige"),
        ("platform_chat", "", "in the marketplace's chat"),
        ("platform_chat", "new-market", "in the marketplace's chat"),
        ("wechat", "taobao", "in WeChat"),
        ("phone", "shopify", "by phone"),
    ],
)
def test_every_channel_has_its_place(channel: str, platform: str, words: str) -> None:
    assert describe_sending(channel, platform) == words


def test_a_note_changes_nothing_but_the_history(shop: Shop) -> None:
    before = open_case(shop)
    note_case(shop, before.number, "look at the shelf")
    assert require_case(shop, before.number) == before
    event = list_case_events(shop.database, before.number)[-1]
    assert (event.type, event.note, event.actor) == ("noted", "look at the shelf", "owner")


def test_a_warehouse_hand_may_note_but_not_answer(shop: Shop) -> None:
    number = open_case(shop).number
    packer = replace(shop, agent=add_agent(shop, "packer", role="warehouse"))
    note_case(packer, number, "found it")
    with pytest.raises(RefusedError):
        reply_case(packer, number, "!")


def test_what_the_customer_says_ends_the_waiting_for_it(shop: Shop, local: Local) -> None:
    number = open_case(shop, customer="张三", say="?", at=local("2026-11-22 08:00")).number
    wait_case(shop, number, "customer", at=local("2026-11-22 08:10"))
    heard = hear_customer(shop, number, "Here are the photos", channel="邮件", at=local("2026-11-22 08:20"))
    assert (heard.case.status, heard.text, heard.send) == ("in_progress", "Here are the photos", "")
    message = list_case_messages(shop.database, number)[-1]
    assert (message.direction, message.author_type, message.author, message.channel, message.sent_at) == (
        "in",
        "customer",
        "张三",
        "email",
        "2026-11-22T00:20:00Z",
    )
    event = list_case_events(shop.database, number)[-1]
    assert (event.type, event.before, event.after) == ("heard", "waiting_customer", "in_progress")


@pytest.mark.parametrize("whom", ["internal", "platform"])
def test_another_waiting_goes_on_when_the_customer_writes(shop: Shop, whom: str) -> None:
    number = open_case(shop).number
    wait_case(shop, number, whom)
    assert hear_customer(shop, number, "any news?").case.status == f"waiting_{whom}"
    assert list_case_events(shop.database, number)[-1].type == "heard"


def test_a_resolved_case_stays_so_when_the_customer_writes_and_a_merged_one_names_the_other(
    shop: Shop,
) -> None:
    number, other = open_case(shop).number, open_case(shop).number
    merge_case(shop, other, number)
    resolve_case(shop, number)
    assert hear_customer(shop, number, "thanks").case.status == "resolved"
    with pytest.raises(RefusedError, match=f"part of case {number}"):
        hear_customer(shop, other, "thanks")
    assert list_case_messages(shop.database, other) == []


def test_the_customers_words_stop_no_clock_and_take_no_case(shop: Shop) -> None:
    number = open_case(shop).number
    case = hear_customer(shop, number, "hello?").case
    assert (case.status, case.first_reply_at, case.assignee_id) == ("new", None, None)
    with pytest.raises(WrongUsageError):
        hear_customer(shop, number, " ")


def test_minutes_of_work_are_kept_with_who_spent_them(shop: Shop) -> None:
    lan = replace(shop, agent=add_agent(shop, "lan"))
    number = open_case(shop).number
    reply_case(shop, number, "!", minutes=5)
    note_case(lan, number, "looked", minutes=12)
    note_case(lan, number, "looked again")
    resolve_case(lan, number, minutes=3)
    sql = "SELECT agent_id, minutes FROM case_work WHERE case_number = :number ORDER BY id"
    assert fetch_rows(shop.database, sql, {"number": number}) == [
        (shop.agent.id, 5),
        (lan.agent.id, 12),
        (lan.agent.id, 3),
    ]
    assert sum_case_minutes(shop.database, number) == 20
