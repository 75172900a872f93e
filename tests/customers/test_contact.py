"""How a customer can be reached."""

import pytest

from aftersales_cli.customers.contact import Contact, mask_email, mask_phone, ways_to_reach


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000000", "138****0000"),
        ("+86 138 0000 0000", "+86****0000"),
        ("13800000000-1234", "138****1234"),
        ("12345", "****45"),
    ],
)
def test_a_phone_number_loses_its_middle(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("email", "shown"),
    [("anna@example.com", "a***@example.com"), (" x@mail.example.org", "x***@mail.example.org")],
)
def test_an_address_loses_its_name(email: str, shown: str) -> None:
    assert mask_email(email) == shown


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
