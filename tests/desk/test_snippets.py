"""The piece of a text that shows why it was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales_cli.database.search_text import find_hits, read_query, split_words
from aftersales_cli.desk.contacts import find_contacts
from aftersales_cli.desk.snippets import make_snippet


def snippet(text: str, question: str, *, masked: bool = True) -> str:
    split = split_words(text)
    hits = [place for phrase in read_query(question).wanted for place in find_hits(split, phrase)]
    return make_snippet(text, hits, masked=masked)


@pytest.mark.parametrize(
    ("text", "question", "shown"),
    [
        ("我要退款", "退款", "我要[退款]"),
        ("破损，要退款，破损", "破损", "[破损]，要退款，[破损]"),
        ("I want a Refund\n  now", "refund", "I want a [Refund] now"),
        ("电话13800138000，要退款", "退款", "电话138****8000，要[退款]"),
        ("电话13800138000，要退款", "13800138000", "电话[138****8000]，要退款"),
        ("电话138-0013-8000", "138", "电话[138****8000]"),
        ("write to anna.lee@example.com please", "lee", "write to [a***@example.com] please"),
        ("call +86 138 0013 8000 now", "call now", "[call] +86****8000 [now]"),
        ("2026-11-22 10:20 退款", "退款", "2026-11-22 10:20 [退款]"),
        ("订单123456789012345678退款", "退款", "订单123456789012345678[退款]"),
        ("nothing of it", "x", "nothing of it"),
    ],
)
def test_hits_are_marked_and_contacts_masked(text: str, question: str, shown: str) -> None:
    assert snippet(text, question) == shown


def test_a_number_of_an_order_is_shown_whole() -> None:
    assert snippet("12345678", "1234", masked=False) == "[12345678]"


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    assert snippet("前" * 100 + "退款" + "后" * 100, "退款") == "…" + "前" * 16 + "[退款]" + "后" * 42 + "…"
    shown = snippet("somewhere " * 20 + "refund " + "afterwards " * 20, "refund")
    assert shown.startswith("…")
    assert "[refund]" in shown
    assert set(shown.strip("…").split()) <= {"somewhere", "[refund]", "afterwards"}


@pytest.mark.parametrize("before", range(12, 20))
def test_a_number_at_the_cut_is_masked_whole(before: int) -> None:
    shown = snippet(
        "13800138000" + "前" * before + "退款" + "后" * (before + 16) + "13900139000" + "后" * 9, "退款"
    )
    assert "0013" not in shown
    assert shown.count("138****8000") <= 1
    digits = shown.replace("138****8000", "").replace("139****9000", "")
    assert not any(character.isdigit() for character in digits)


@given(
    st.text(alphabet="退款ab1380 -@.，\n", max_size=120),
    st.text(alphabet="退款ab138", min_size=1, max_size=4),
)
def test_no_text_breaks_a_snippet_and_no_contact_stays_whole(text: str, question: str) -> None:
    shown = snippet(text, question)
    for start, end, _masked in find_contacts(text):
        assert text[start:end] not in shown
