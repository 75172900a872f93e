"""The base modules: money, clock, settings, words, and putting files in their place."""

import errno
import os
import sqlite3
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.clock import (
    Period,
    local_day,
    month_of,
    parse_day,
    parse_moment,
    parse_period,
    to_text,
)
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import parse_language, use_language
from aftersales_cli.money import (
    CURRENCIES,
    format_money,
    is_currency,
    minor_digits,
    number_format,
    to_decimal,
    to_minor,
)
from aftersales_cli.publishing import publish, publish_text, sweep_temporary_files
from aftersales_cli.settings import Settings, load_settings, read_language, sample_settings
from aftersales_cli.shop import Shop
from aftersales_cli.system_texts import explain_fault
from aftersales_cli.taxonomy import fold, load_taxonomy


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "rounded"),
    [
        ("12.30", "CNY", 1230, False),
        ("12.345", "CNY", 1235, True),
        ("1500", "JPY", 1500, False),
        ("1.5", "JPY", 2, True),
        ("1.234", "KWD", 1234, False),
        ("-5.005", "USD", -501, True),
        ("0.0001", "CLF", 1, False),
    ],
)
def test_amounts_are_kept_in_minor_units(amount: str, currency: str, minor: int, rounded: bool) -> None:
    assert to_minor(Decimal(amount), currency) == (minor, rounded)
    if not rounded:
        assert to_decimal(minor, currency) == Decimal(amount)


def test_money_is_written_as_people_of_each_language_expect() -> None:
    assert format_money(123450, "CNY") == "CN¥1,234.50"
    assert format_money(None, "CNY") == "–"
    use_language("zh")
    assert format_money(123450, "CNY") == "¥1,234.50"
    assert format_money(1500, "JPY") == "JP¥1,500"
    assert (minor_digits("VND"), number_format("BHD")) == (0, "#,##0.000")


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2026-02", "2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2026Q4", "2026Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-q1", "2026Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026", "2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-02-27..2026-03-01", "2026-02-27..2026-03-01", date(2026, 2, 27), date(2026, 3, 2)),
    ],
)
def test_periods_are_read_in_the_forms_people_write(text: str, label: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(label, start, end)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026Q5", "spring", "2026-03-02..2026-03-01", "2026-02-30..2026-03-01"]
)
def test_what_is_no_period_shows_the_forms(text: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        parse_period(text)
    assert "2026-" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["0001-01", "9999-12", "9999", "1989Q4", "2101", "0001-01-01..2026-01-01", "2026-01-01..9999-12-31"],
)
def test_a_period_of_another_age_is_refused(text: str) -> None:
    with pytest.raises(WrongUsageError, match="year"):
        parse_period(text)


@pytest.mark.parametrize("text", ["1989-12-31", "2101-01-01", "0001-01-01", "99991231"])
def test_a_day_or_moment_of_another_age_is_refused(text: str) -> None:
    for read in (parse_day, lambda words: parse_moment(words, ZoneInfo("Asia/Shanghai"))):
        with pytest.raises(WrongUsageError):
            read(text)


@pytest.mark.parametrize("text", ["1990-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_are_read(text: str) -> None:
    assert parse_day(text).isoformat() == text
    assert parse_period(f"{text}..{text}").start.isoformat() == text
    assert parse_moment(text, UTC).date().isoformat() == text


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_moment_that_no_clock_shows_is_refused(text: str) -> None:
    with pytest.raises(WrongUsageError):
        parse_moment(text, UTC)


def test_months_are_counted_over_year_ends_and_cut_at_the_edges() -> None:
    assert month_of(date(2026, 1, 15), -1).label == "2025-12"
    parts = parse_period("2025-12-30..2026-02-02").months()
    assert [(part.label, part.start.day, part.last.day) for part in parts] == [
        ("2025-12", 30, 31), ("2026-01", 1, 31), ("2026-02", 1, 2),
    ]  # fmt: skip


def test_moments_are_local_unless_they_say_otherwise() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert to_text(parse_moment("2026-11-21 15:20", shanghai)) == "2026-11-21T07:20:00Z"
    assert to_text(parse_moment("2026-11-21T15:20:00+01:00", shanghai)) == "2026-11-21T14:20:00Z"
    assert local_day("2026-11-21T16:30:00Z", shanghai) == date(2026, 11, 22)
    assert to_text(parse_moment("2026-03-29 03:30", ZoneInfo("Europe/Berlin"))) == "2026-03-29T01:30:00Z"


def test_a_sample_of_the_settings_reads_back_as_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "aftersales.toml"
    path.write_text(sample_settings({}), "utf-8")
    assert load_settings(path) == Settings()
    path.write_text(sample_settings({"shop.name": '棉花"糖"\\', "callbacks.capacity": 7}), "utf-8")
    read = load_settings(path)
    assert (read.shop.name, read.callbacks.capacity) == ('棉花"糖"\\', 7)


def test_codes_of_country_and_currency_may_be_written_small(tmp_path: Path) -> None:
    path = tmp_path / "aftersales.toml"
    path.write_text("[shop]\ncountry = 'de'\ncurrency = 'eur'\n", "utf-8")
    shop = load_settings(path).shop
    assert (shop.country, shop.currency) == ("DE", "EUR")


def test_every_currency_people_pay_with_is_known() -> None:
    from babel import Locale
    from babel.numbers import get_territory_currencies, list_currencies

    countries = [code for code in map(str, Locale("en").territories) if len(code) == 2]
    in_use = {code for country in countries for code in get_territory_currencies(country, date(2026, 11, 22))}
    assert in_use <= CURRENCIES <= list_currencies()
    assert not any(is_currency(code) for code in ("XYZ", "AAA", "XXX", "", "CN"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('[shop]\nlanguage = "zh"\n[callbacks]\ncapazity = 5\n', "zh"),
        ("[shop]\nlanguage='zh'\nname = 棉花\n", "zh"),
        ('[shop]\n# language = "zh"\nlanguage = "en"\nnonsense = 1\n', "en"),
        ('[shop]\nlanguage = "fr"\n', None),
        ("[callbacks]\ncapazity = 5\n", None),
    ],
)
def test_the_language_is_found_in_settings_that_are_wrong_elsewhere(
    text: str, language: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "aftersales.toml"
    path.write_text(text, "utf-8")
    assert read_language(path) == language
    assert read_language(tmp_path / "missing.toml") is None


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "x"), "no permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (FileExistsError(errno.EEXIST, "File exists"), "there is something of this name already"),
        (sqlite3.OperationalError("database or disk is full"), "the disk is full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "it may only be read"),
        (sqlite3.OperationalError("disk I/O error"), "the disk cannot be read or written"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), "Invalid cross-device link"),
        (OSError(), "OSError"),
    ],
)
def test_texts_of_the_system_are_said_in_our_own_words(fault: Exception, text: str) -> None:
    assert explain_fault(fault) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[shop]\nlanguage = 'fr'\n", ("line 2", "shop.language", "zh, en")),
        ("[callbacks]\ncapacity = '20'\n", ("line 2", "whole number")),
        ("[callbacks]\n\ncapacity = 0\n", ("line 3", "at least 1")),
        ("[targets]\nsatisfaction = 85\n", ("line 2", "at most 1")),
        ("[shop]\ntimezone = 'Mars/Olympus'\n", ("line 2", "shop.timezone", "Mars/Olympus")),
        ("[targets]\nrefund_rate = nan\n", ("line 2", "targets.refund_rate", "number")),
        ("[targets]\nsatisfaction = inf\n", ("line 2", "targets.satisfaction", "number")),
        ("[shop]\ncurrency = 'XYZ'\n", ("line 2", "shop.currency", "XYZ")),
        ("[shop]\n\ncountry = 'China'\n", ("line 3", "shop.country", "China")),
        ("[shopping]\n", ("line 1", "shopping")),
        ("[shop\n", ("TOML",)),
    ],
)
def test_a_wrong_setting_says_where_and_what(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "aftersales.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongUsageError) as caught:
        load_settings(path)
    for word in words:
        assert word in caught.value.message


@pytest.mark.parametrize(
    ("word", "code"),
    [("return", "return"), ("退货", "return"), ("退货退款", "return"), ("Refund Only", "refund_only"),
     ("refund-only", "refund_only"), ("exch", "exchange"), ("投", "complaint"), ("ＰＲＡＩＳＥ", "praise")],
)  # fmt: skip
def test_codes_are_found_in_either_language_or_by_their_beginning(word: str, code: str) -> None:
    assert load_taxonomy("kinds").resolve(word) == code


def test_an_ambiguous_or_unknown_word_lists_the_choices() -> None:
    with pytest.raises(WrongUsageError) as caught:
        load_taxonomy("kinds").resolve("re")
    assert "refund_only" in caught.value.remedy
    assert "praise" not in caught.value.remedy
    with pytest.raises(WrongUsageError) as caught:
        load_taxonomy("kinds").resolve("banana")
    assert "praise" in caught.value.remedy


def test_a_choice_names_itself_only_where_its_name_says_more() -> None:
    with pytest.raises(WrongUsageError) as caught:
        load_taxonomy("resolutions").resolve("banana")
    assert "one of: refunded, returned (returned and refunded), exchanged," in caught.value.remedy
    use_language("zh")
    with pytest.raises(WrongUsageError) as caught:
        load_taxonomy("resolutions").resolve("banana")
    assert "refunded (已退款)" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [
        ("resolutions", "补发", "resent"),
        ("resolutions", "重发", "resent"),
        ("resolutions", "赔偿", "compensated"),
        ("resolutions", "赔付", "compensated"),
        ("resolutions", "退款", "refunded"),
        ("reasons", "故障", "defect"),
        ("reasons", "坏了", "defect"),
        ("reasons", "态度", "service"),
        ("reasons", "碎了", "damaged_transit"),
        ("reasons", "少发", "missing_item"),
        ("causes", "缺货", "stockout_late_ship"),
        ("causes", "人为", "misuse"),
        ("kinds", "赔偿", "damage_claim"),
    ],
)
def test_codes_are_found_by_the_words_of_a_shop(name: str, word: str, code: str) -> None:
    assert load_taxonomy(name).resolve(word) == code


@pytest.mark.parametrize("name", ["kinds", "reasons", "causes", "resolutions", "departments"])
def test_no_word_of_a_shipped_list_means_two_things(name: str) -> None:
    meant: dict[str, str] = {}
    for term in load_taxonomy(name):
        for word in {fold(text) for text in (term.code, term.zh, term.en, *term.aliases)}:
            assert meant.setdefault(word, term.code) == term.code, word


def test_a_shops_own_terms_are_added_and_no_word_means_two_things(shop_folder: Path) -> None:
    path = shop_folder / "templates" / "taxonomies" / "reasons.toml"
    path.write_text('[smell]\nzh = "有异味"\nen = "smells"\n', "utf-8")
    reasons = load_taxonomy("reasons", shop_folder)
    assert reasons.resolve("有异味") == "smell"
    assert reasons.resolve("defect") == "defect"


@pytest.mark.parametrize(
    ("text", "language"),
    [("zh_CN.UTF-8", "zh"), ("zh-TW", "zh"), ("中文", "zh"), ("en_GB", "en"), ("C", "en"), ("fr_FR", None)],
)
def test_languages_are_recognised(text: str, language: str | None) -> None:
    assert parse_language(text) == language


def test_a_published_file_is_whole_or_the_one_before(shop: Shop) -> None:
    path = shop.folder / "outbox" / "名单.txt"
    publish_text(shop, path, "first")

    def break_off(temporary: Path) -> None:
        temporary.write_text("half", "utf-8")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish(shop, path, break_off)
    assert path.read_text("utf-8") == "first"
    assert [entry.name for entry in path.parent.iterdir()] == ["名单.txt"]
    publish_text(shop, path, "second")
    assert path.read_text("utf-8") == "second"
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_named(shop: Shop) -> None:
    (shop.folder / "outbox" / "x").write_text("a file where a folder has to be", "utf-8")
    with pytest.raises(FileError, match=r"list\.txt"):
        publish_text(shop, shop.folder / "outbox" / "x" / "list.txt", "text")


def test_files_left_by_a_killed_run_are_swept_when_they_are_old(shop: Shop) -> None:
    outbox = shop.folder / "outbox"
    for name, age in ((".old.tmp", 7200), (".new.tmp", 0)):
        (outbox / name).write_text("", "utf-8")
        os.utime(outbox / name, ((outbox / name).stat().st_mtime - age,) * 2)
    assert sweep_temporary_files(outbox) == 1
    assert [entry.name for entry in outbox.iterdir()] == [".new.tmp"]
