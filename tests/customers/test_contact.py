"""How a customer can be reached."""

import pytest

from aftersales_cli.customers.contact import Contact, ways_to_reach


@pytest.mark.parametrize(
    ("platform", "first"),
    [
        ("taobao", "Qianniu chat (千牛): order 4103"),
        ("jd", "Dongdong chat (咚咚): order 4103"),
        ("pdd", "Pinduoduo merchant chat (拼多多商家后台): order 4103"),
        ("douyin", "Feige chat (飞鸽): order 4103"),
        ("other", "platform chat: order 4103"),
    ],
)
def test_the_marketplaces_chat_comes_first(platform: str, first: str) -> None:
    ways = ways_to_reach(Contact(platform, "4103", "13800000000", "anna@example.com"))
    assert ways == [first, "e-mail: a***@example.com", "phone: 138****0000"]


def test_a_shopify_customer_is_reached_by_mail_and_not_by_an_order_number() -> None:
    assert ways_to_reach(Contact("shopify", "#1001", "", "anna@example.com")) == ["e-mail: a***@example.com"]
    assert ways_to_reach(Contact("shopify", "#1001", "", "")) == []


def test_the_owner_may_choose_to_show_contacts_in_full() -> None:
    contact = Contact("shopify", "#1001", "13800000000", "anna@example.com")
    assert ways_to_reach(contact, full=True) == ["e-mail: anna@example.com", "phone: 13800000000"]


@pytest.mark.parametrize(
    ("phone", "email"), [("138****0000", "a**@example.com"), ("-", "none"), ("", ""), ("*", "@example.com")]
)
def test_what_the_marketplace_masked_is_no_contact(phone: str, email: str) -> None:
    assert ways_to_reach(Contact("", "", phone, email), full=True) == []
