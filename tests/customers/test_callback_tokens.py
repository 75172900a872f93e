"""The tokens that name the rows of a callback list, and its headings."""

import pytest

from aftersales_cli.customers.callback_list import (
    COLUMNS,
    list_id,
    list_words,
    make_token,
    parse_token,
    recognise_callback_list,
)
from aftersales_cli.reading.headers import normalise_header

PLANNED_AT = "2026-11-22T01:00:00Z"


def test_a_token_is_read_back_whatever_its_case_and_width() -> None:
    token = make_token(17, 1, PLANNED_AT)
    assert parse_token(str(token)) == token
    assert parse_token(f" {str(token).lower()} ") == token
    assert parse_token(str(token).replace("17.1.", "１７．１．")) == token


def test_id_revision_and_planning_time_all_change_the_check_digits() -> None:
    checks = {
        make_token(callback_id, revision, planned_at).check
        for callback_id in (17, 18)
        for revision in (1, 2)
        for planned_at in (PLANNED_AT, "2026-11-22T01:00:01Z")
    }
    assert len(checks) == 8


@pytest.mark.parametrize(
    "text", ["", "17", "17.1", "17.1.A.B", "x.1.ABC", "17.-1.ABC", "²7.1.ABC"[:-4], "9" * 30 + ".1.A"]
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    assert parse_token(text) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headings_are_recognised_in_either_language_and_any_order(language: str) -> None:
    titles = [list_words()["columns"][name][language] for name in reversed(COLUMNS)]
    found = recognise_callback_list([normalise_header(title) for title in ["extra", *titles]])
    assert found == {name: len(COLUMNS) - index for index, name in enumerate(COLUMNS)}


def test_a_table_without_codes_is_no_callback_list() -> None:
    assert recognise_callback_list(["客户", "回访结果", "订单号"]) is None
    assert recognise_callback_list(["订单编号", "买家会员名"]) is None


def test_every_column_has_a_name_in_both_languages_that_no_other_column_has() -> None:
    columns = list_words()["columns"]
    assert tuple(columns) == COLUMNS
    names = [normalise_header(texts[language]) for texts in columns.values() for language in ("zh", "en")]
    assert len(set(names)) == len(names)


def test_two_lists_are_told_apart_by_their_rows() -> None:
    one, two = make_token(1, 1, PLANNED_AT), make_token(2, 1, PLANNED_AT)
    assert list_id("2026-11-22", [one, two], "en") == list_id("2026-11-22", [two, one], "en")
    assert list_id("2026-11-22", [one], "en") != list_id("2026-11-22", [one, two], "en")
