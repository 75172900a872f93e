"""Numbers and addresses among words, and what a list shows of them."""

import json
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.desk.contacts import is_email, is_phone, mask_email, mask_phone, mask_word
from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from tests.conftest import RunCli


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
    "word", ["13800138000", " 138 0013 8000 ", "+86-138-0013-8000", "(021) 6123-4567", "+1 212.555.0100"]
)
def test_a_phone_number_is_known_by_its_digits(word: str) -> None:
    assert (is_phone(word), is_email(word)) == (True, False)


@pytest.mark.parametrize(
    "word", ["", "王五", "Flat 12", "138****8000", "123456", "1234567890123456", "小王 138"]
)
def test_a_name_is_no_phone_number(word: str) -> None:
    assert not is_phone(word)
    assert mask_word(word) == word


def test_a_word_that_names_somebody_is_masked_if_it_is_a_contact() -> None:
    assert mask_word("13800138000") == "138****8000"
    assert mask_word("anna@example.com") == "a***@example.com"


@pytest.mark.parametrize(
    ("word", "stored"),
    [
        ("13800138000", ("", "13800138000", "")),
        ("138 0013 8000", ("", "13800138000", "")),
        ("anna@example.com", ("", "", "anna@example.com")),
        ("王五", ("王五", "", "")),
    ],
)
def test_a_new_customer_is_stored_by_what_the_word_is(
    shop: Shop, word: str, stored: tuple[str, str, str]
) -> None:
    first, second = open_case(shop, customer=word), open_case(shop, customer=f" {word} ")
    assert first.customer_id == second.customer_id
    assert fetch_rows(shop.database, "SELECT name, phone, email FROM customers") == [stored]


@pytest.mark.parametrize(
    ("word", "shown"), [("13800138000", "138****8000"), ("lin@example.com", "l***@example.com")]
)
def test_no_list_and_no_page_shows_a_contact_in_full(
    run_cli: RunCli, shop_folder: Path, word: str, shown: str
) -> None:
    opened = run_cli("cases", "open", "--customer", word, "--say", "broken", cwd=shop_folder)
    assert opened.returncode == 0, opened.stderr
    for words in (("list",), ("show", "1")):
        for more in ((), ("--json",)):
            page = run_cli("cases", *words, *more, cwd=shop_folder).stdout
            assert (shown in page, word in page) == (True, False)
    (listed,) = json.loads(run_cli("cases", "list", "--json", cwd=shop_folder).stdout)
    assert listed["customer"] == shown
