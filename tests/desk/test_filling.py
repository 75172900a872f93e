"""Filling values into texts, safely."""

import time

import pytest

from aftersales_cli.desk.filling import LONGEST, fill_in
from aftersales_cli.errors import WrongUsageError

VALUES = {"customer": "张三", "order": "1001", "until": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您好，{{ customer }}！", "您好，张三！"),
        ("{{ until or 'soon' }}", "soon"),
        ("{{ 'order ' ~ order if order else '' }}.", "order 1001."),
        ("{{ 'by ' ~ until if until else '' }}.", "."),
        ("{{ tracking | default('–') }}", "–"),
        ("{{ 'x' if not until and order else 'y' }}", "x"),
        ("50 % & <b>", "50 % & <b>"),
        ("  {{ order }}\n", "1001"),
        ("{# a remark #}{{ order | trim }}", "1001"),
    ],
)
def test_values_conditions_and_a_few_filters_are_understood(text: str, expected: str) -> None:
    assert fill_in(text, VALUES, place="x") == expected


def test_what_a_customer_is_called_is_text_never_a_template() -> None:
    assert fill_in("{{ customer }}", {"customer": "{{ order }}<b>"}, place="x") == "{{ order }}<b>"


def test_a_missing_value_is_named_with_those_there_are() -> None:
    with pytest.raises(WrongUsageError) as caught:
        fill_in("{{ address }}", VALUES, place="replies.toml [x.default] zh")
    assert "replies.toml [x.default] zh" in caught.value.message
    assert "“address”" in caught.value.message
    assert caught.value.remedy == "Give it with --fill address=… There are: customer, order, until."


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in range(1000000000) %}x{% endfor %}",
        "{% if order %}x{% endif %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{{ range(1000000000) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ customer.__class__ }}",
        "{{ customer['__class__'] }}",
        "{{ customer.upper() }}",
        "{{ customer | attr('__class__') }}",
        "{{ customer | center(1000000000) }}",
        "{{ [1, 2] }}",
        "{{ order",
        "{{ order | nothing }}",
    ],
)
def test_everything_else_is_refused_at_once(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(WrongUsageError, match="x cannot be filled in"):
        fill_in(text, VALUES, place="x")
    assert time.monotonic() - started < 2


def test_a_text_no_chat_would_take_is_refused() -> None:
    assert len(fill_in("{{ a }}", {"a": "x" * LONGEST}, place="x")) == LONGEST
    with pytest.raises(WrongUsageError, match=str(LONGEST)):
        fill_in("{{ a }}{{ a }}", {"a": "x" * LONGEST}, place="x")
