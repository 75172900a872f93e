"""Searching in the words of cases, in a real shop."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from aftersales_cli.database.health import find_damage
from aftersales_cli.database.migrations import MIGRATIONS
from aftersales_cli.database.opening import open_database
from aftersales_cli.database.search import erase_leftovers, find_cases
from aftersales_cli.database.search_text import read_query
from aftersales_cli.desk.answering import note_case, reply_case
from aftersales_cli.desk.ending import cancel_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.searching import search_cases
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.records.search import SearchFilter
from aftersales_cli.shop import Shop
from tests.desk.conftest import AddOrder
from tests.intake.test_golden_files import marketplace_file


def numbers(shop: Shop, words: str, *, archived: bool = False, every: bool = False) -> list[int]:
    return [case.number for case in search_cases(shop, words, archived=archived, every=every).cases]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("退", [1, 2]),
        ("退款", [1]),
        ("破损", [2]),
        ("款破", []),
        ("了退", []),
        ("REFUND", [3]),
        ("ref", [3]),
        ('"ref"', []),
        ("efund", []),
        ("杯子 退", [1]),
        ("退 -杯子", [2]),
        ("shelf 退款", [1]),
        ('"shelf seven"', [1]),
        ('"seven shelf"', []),
    ],
)
def test_words_find_their_cases_in_whichever_text(shop: Shop, words: str, found: list[int]) -> None:
    open_case(shop, say="杯子坏了，退款")
    note_case(shop, 1, "lies on shelf seven")
    open_case(shop, say="外壳有破损 退货")
    open_case(shop, say="Please, a Refund!")
    assert sorted(numbers(shop, words)) == found


def test_products_and_numbers_are_found(shop: Shop, add_order: AddOrder) -> None:
    add_order("202611220001", display="#1001", products=("玻璃花瓶", "Teapot"), customer="Mia Berg")
    open_case(shop, order="202611220001", say="坏了")
    for words in ("花瓶", "teapot", "202611220001", "20261122", "#1001", "花瓶 坏"):
        assert numbers(shop, words) == [1], words
    assert search_cases(shop, "花瓶").cases[0].source == "product"
    assert search_cases(shop, "花瓶").cases[0].customer == "Mia Berg"


def test_the_best_text_is_shown_with_its_hits_and_nobodys_number(shop: Shop) -> None:
    open_case(shop, say="你好")
    reply_case(shop, 1, "请打13800138000，退款马上到")
    found = search_cases(shop, "退款")
    case = found.cases[0]
    assert (case.source, case.snippet) == ("message", "请打138****8000，[退款]马上到")
    assert (found.count, found.is_cut) == (1, False)


def test_rarer_words_and_shorter_texts_come_first_then_the_newest(shop: Shop) -> None:
    open_case(shop, say="退款的事情我已经说过很多次了，请你们尽快处理好吗，我等了很久很久")
    open_case(shop, say="退款")
    open_case(shop, say="你好")
    open_case(shop, say="退款")
    assert numbers(shop, "退款") == [4, 2, 1]


def test_filters_choose_the_cases(shop: Shop) -> None:
    open_case(shop, say="退款 one", kind="return")
    open_case(shop, say="退款 two", kind="complaint")
    open_case(shop, say="退款 three")
    cancel_case(shop, 3, "spam")
    with shop.writing("cases.note"):
        shop.database.conn.execute("UPDATE cases SET archived_at = :at WHERE number = 2", {"at": shop.stamp})
    assert numbers(shop, "退款") == [1]
    assert numbers(shop, "退款", archived=True) == [2]
    assert sorted(numbers(shop, "退款", every=True)) == [1, 2, 3]
    assert [case.number for case in search_cases(shop, "退款", kind="退货").cases] == [1]
    assert search_cases(shop, "退款", since=shop.today).count == 1
    assert search_cases(shop, "退款", since=shop.today.replace(year=2027)).cases == []
    assert search_cases(shop, "退款", every=True, limit=1).count == 3
    with pytest.raises(WrongUsageError):
        search_cases(shop, "退款", kind="nonsense")


def test_a_dry_run_leaves_no_word(shop: Shop, shop_folder: Path) -> None:
    from aftersales_cli.shop import open_shop

    dry = open_shop(shop_folder, dry_run=True)
    open_case(dry, say="退款")
    dry.close()
    assert numbers(shop, "退款") == []


TEXT = st.text(alphabet=st.one_of(st.sampled_from("退款破损，。 ab1-\"'*你好"), st.characters()), max_size=40)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        TEXT, st.text(), st.sampled_from(['"', '""', "NOT", "a NOT b", "{x}:y", "^a", "a*", "(", "\x00"])
    )
)
def test_no_question_is_an_error(shop: Shop, question: str) -> None:
    search_cases(shop, question)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_piece_of_chinese_text_finds_its_case(shop: Shop, data: st.DataObject) -> None:
    letters = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("𠀀𪚥𬺰")
    piece = data.draw(st.text(alphabet=letters, min_size=2, max_size=12))
    around = st.text(alphabet=st.one_of(letters, st.sampled_from("，。 aB1\n")), max_size=15)
    text = data.draw(around) + piece + data.draw(around)
    case = open_case(shop, say=text)
    first = data.draw(st.integers(0, len(piece) - 2))
    part = piece[first : data.draw(st.integers(first + 2, len(piece)))]
    fitting, _count = find_cases(shop.database, read_query(part), SearchFilter(), limit=100_000)
    assert case.number in fitting


def test_an_import_is_found_and_its_undo_forgets_it(shop: Shop, tmp_path: Path) -> None:
    result = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    title = shop.database.conn.execute("SELECT title FROM case_lines WHERE title <> ''").fetchone()[0]
    assert numbers(shop, f'"{title}"')
    assert find_damage(shop.database) == []
    undo(shop, result.import_id)
    assert numbers(shop, f'"{title}"', every=True) == []
    assert shop.database.conn.execute("SELECT count(*) FROM search_words").fetchone()[0] == 0


def test_the_products_of_an_order_that_comes_later_are_found(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "taobao_orders_o7", "xlsx")
    first = import_file(shop, path)
    connection = shop.database.conn
    order, title = connection.execute("SELECT external_id, title FROM orders WHERE title <> ''").fetchone()
    undo(shop, first.import_id)
    open_case(shop, order=order, storefront=first.storefront, say="你好")
    assert numbers(shop, f'"{title}"') == []
    again = import_file(shop, path)
    assert numbers(shop, f'"{title}"') == [1]
    undo(shop, again.import_id)
    assert numbers(shop, f'"{title}"') == []


def test_an_older_database_with_cases_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS.apply(Database(connection, execute_plugins=False), stop_before="m006_search")
    for number in range(1, 1202):
        connection.execute(
            "INSERT INTO cases (number, kind, channel, origin, status, opened_at, opened_on, title) VALUES "
            "(?, 'inquiry', 'phone', 'own', 'new', '2026-11-22T01:00:00Z', '2026-11-22', ?)",
            (number, f"case {number} 退款" if number % 2 else ""),
        )
    connection.execute(
        "INSERT INTO case_messages (case_number, direction, author_type, author, channel, sent_at, body) "
        "VALUES (1202 - 2, 'in', 'customer', '', 'phone', '2026-11-22T01:00:00Z', '花瓶碎了')"
    )
    connection.close()
    database = open_database(path)
    assert find_cases(database, read_query("退款"), SearchFilter(), limit=3)[1] == 601
    assert find_cases(database, read_query("花瓶"), SearchFilter(), limit=3) == ([1200], 1)
    assert find_damage(database) == []
    database.close()


def test_what_is_deleted_leaves_no_word_in_the_file(shop: Shop) -> None:
    open_case(shop, say="secretword 你好")
    note_case(shop, 1, "another hushhush")
    for number in range(2, 30):
        open_case(shop, say=f"filler {number}")
    path = shop.folder / "aftersales.db"
    with shop.writing("orders.undo"):
        connection = shop.database.conn
        connection.execute("DROP TRIGGER case_events_no_delete")
        for table in ("sla_clocks", "case_messages", "case_events", "case_lines"):
            connection.execute(f"DELETE FROM {table} WHERE case_number = 1")
        connection.execute("DELETE FROM cases WHERE number = 1")
    assert numbers(shop, "secretword", every=True) == []
    with shop.writing("orders.undo"):
        erase_leftovers(shop.database)
    shop.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = path.read_bytes()
    assert b"filler" in content
    assert b"secretword" not in content
    assert b"hushhush" not in content


def test_a_damaged_index_is_noticed(shop: Shop) -> None:
    open_case(shop, say="退款")
    assert find_damage(shop.database) == []
    shop.database.conn.execute("UPDATE search_words_content SET c0 = 'other'")
    assert any("search_words" in fault for fault in find_damage(shop.database))


def test_words_that_move_to_another_case_are_found_there(shop: Shop) -> None:
    open_case(shop, say="你好")
    open_case(shop, say="花瓶")
    with shop.writing("cases.note"):
        shop.database.conn.execute(
            "UPDATE case_messages SET case_number = 1, body = '水壶' WHERE case_number = 2"
        )
    assert numbers(shop, "水壶") == [1]
    assert numbers(shop, "花瓶") == [2]  # its title


def test_every_table_with_words_marks_the_case(shop: Shop) -> None:
    """A later migration that builds one of these tables anew has to make its triggers anew, too."""
    rows = shop.database.conn.execute(
        "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'search_*' GROUP BY 1"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(
        ("cases", "case_lines", "case_messages", "case_events", "handoffs", "survey_answers", "callbacks"), 3
    )
