"""No file, of whatever kind, brings a forgotten person back; what it counts is still counted."""

from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.privacy.forgetting import forget_customer
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.database.tombstones import (
    Tombstones,
    has_tombstones,
    normal_account,
    normal_email,
    normal_phone,
)
from aftersales_cli.desk.register_form import CASES
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.request_files import choose_request_format
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.reading.form_rows import FormImport
from aftersales_cli.reports.register_workbook import export_register
from aftersales_cli.shop import Shop
from tests import forgotten_shop as story
from tests.intake.test_golden_files import marketplace_file

REVIEWS = ["订单号=review.order_number", "时间=review.reviewed_at", "星=review.stars", "内容=review.body"]
ORDERS = ["nr=order.external_id", "tel=order.buyer_phone", "name=order.buyer_name", "at=order.placed_at",
          "paid=order.paid", "words=order.buyer_note"]  # fmt: skip


@pytest.fixture
def forgotten(shop: Shop) -> int:
    """Forget the person of the story; return the emptied customer's number."""
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    return number


def write(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("+86 139-1234-5678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("(0)20 7946 0000", "02079460000"),
        ("139****5678", ""),
        ("13912345678-1234", ""),
        ("0000000", ""),
        ("12", ""),
        ("call me", ""),
    ],
)
def test_phone_numbers_are_compared_without_signs_and_masked_ones_never(given: str, normal: str) -> None:
    assert normal_phone(given) == normal


def test_addresses_and_accounts_are_compared_without_case_and_masked_ones_never() -> None:
    assert normal_email(" Ann@Example.TEST ") == "ann@example.test"
    assert [normal_email(text) for text in ("a***@example.test", "ann", "")] == ["", "", ""]
    assert normal_account(1, " TB_1 ") == normal_account(1, "tb_1") != normal_account(2, "tb_1")
    assert normal_account(1, "t**1") == ""


def test_a_shop_that_forgot_nobody_has_no_key_and_asks_nothing(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, story.write_orders(tmp_path / "orders.csv", *story.ROWS))
    assert not has_tombstones(shop.database)
    assert fetch_rows(shop.database, "SELECT 1 FROM privacy_key") == []


def test_the_stones_tell_nothing_without_the_key(shop: Shop, forgotten: int) -> None:
    stones = fetch_rows(shop.database, "SELECT hash, customer_id FROM tombstones")
    assert len(stones) == 3
    assert {customer for _hash, customer in stones} == {forgotten}
    assert Tombstones(shop.database).find_contact(story.PHONE, "") == forgotten
    with shop.writing("customers.forget"):
        shop.database.conn.execute("UPDATE privacy_key SET key = x'00'")
    assert Tombstones(shop.database).find_contact(story.PHONE, story.EMAIL) is None


def test_a_mapped_file_that_knows_the_phone_only_does_not(shop: Shop, forgotten: int, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "nr,tel,name,at,paid,words\n"
        f"88001,+86 {story.PHONE},{story.NAME},2026-11-03 10:00:00,5,{story.CHAT}\n"
        f"88002,13800000009,云朵朵,2026-11-03 10:00:00,6,hello\n",
    )
    result = import_file(shop, path, storefront="other", only_format=mapped_format(mapped_document(ORDERS)))
    assert result.orders.new == 2
    rows = fetch_rows(
        shop.database,
        "SELECT external_id, customer_id, paid, buyer_note FROM orders WHERE external_id GLOB '88*' ORDER BY 1",
    )
    assert rows[0] == ("88001", forgotten, 500, "")
    assert (rows[1][0], rows[1][3]) == ("88002", "hello")
    assert story.traces(shop.folder) == []


def test_after_sales_records_of_the_order_keep_their_amounts_and_lose_their_words(
    shop: Shop, forgotten: int, tmp_path: Path
) -> None:
    result = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    assert result.aftersales.new > 0
    rows = fetch_rows(
        shop.database,
        """SELECT c.title, c.reason_raw, r.amount > 0, (SELECT group_concat(body) FROM case_messages AS m
            WHERE m.case_number = c.number) FROM refunds AS r JOIN cases AS c ON c.number = r.case_number
        WHERE c.customer_id = :id""",
        {"id": forgotten},
    )
    assert rows
    assert {(title, reason, has_amount, body or "") for title, reason, has_amount, body in rows} == {
        ("", "", 1, "")
    }
    others = fetch_value(shop.database, "SELECT count(*) FROM case_messages WHERE body <> ''")
    assert others > 0


def test_a_review_of_the_order_keeps_its_stars_only(shop: Shop, forgotten: int, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"订单号,时间,星,内容\n{story.ORDER},2026-11-12 10:00:00,2,{story.CHAT}\n"
        f"{story.OTHER_ORDER},2026-11-12 10:00:00,4,很好看的花瓶\n",
    )
    import_file(shop, path, storefront="taobao", only_format=mapped_format(mapped_document(REVIEWS)))
    found = fetch_rows(
        shop.database, "SELECT stars, body FROM reviews_received WHERE stars > 1 ORDER BY stars"
    )
    assert found == [(2, ""), (4, "很好看的花瓶")]
    assert forgotten
    assert story.traces(shop.folder) == []


def test_an_old_request_of_the_person_is_a_case_without_words(
    shop: Shop, forgotten: int, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "time,phone,who,what\n"
        f"2026-11-12 10:00,{story.PHONE},{story.NAME},{story.CHAT}\n"
        f"2026-11-12 11:00,13800000009,云朵朵,请补发一个花瓶\n",
    )
    words = ("time=request.asked_at", "phone=request.phone", "who=request.name", "what=request.said")
    chosen = choose_request_format(shop, path, words)
    result = import_file(shop, path, only_format=chosen.format, mapping=chosen.mapping)
    assert len(result.opened) == 2
    owner = fetch_value(
        shop.database, "SELECT customer_id FROM cases WHERE number = :n", {"n": result.opened[0]}
    )
    assert owner == forgotten
    assert story.traces(shop.folder) == []
    assert fetch_value(shop.database, "SELECT count(*) FROM case_messages WHERE body = '请补发一个花瓶'") == 1


def test_the_order_of_files_and_forgetting_changes_no_figure(shop: Shop, forgotten: int) -> None:
    """The same month comes again from the inbox: all is known, and the file goes."""
    before = fetch_rows(shop.database, "SELECT external_id, customer_id, paid, status FROM orders ORDER BY 1")
    story.write_orders(shop.folder / "inbox" / "again.csv", *story.ROWS[:2], encoding="utf-8")
    (outcome,) = run_inbox(shop)
    assert isinstance(outcome.result, ImportResult)
    assert outcome.result.orders.new == 0
    assert (
        fetch_rows(shop.database, "SELECT external_id, customer_id, paid, status FROM orders ORDER BY 1")
        == before
    )
    assert forgotten
    assert story.traces(shop.folder) == []


def test_a_register_filled_in_before_and_handed_back_after_brings_no_words_back(
    shop: Shop, tmp_path: Path
) -> None:
    number = story.fill_shop(shop)
    with shop.writing("cases.reopen"):
        shop.database.conn.execute("UPDATE cases SET status = 'in_progress' WHERE number = 1")
    written = export_register(shop, out=tmp_path / "register.xlsx").path
    forget_customer(shop, number, anyway=True)
    book = openpyxl.load_workbook(written)
    place = {name: column for column, name in enumerate(CASES.columns, start=1)}
    rows = [(sheet, row) for sheet in book.worksheets for row in range(1, sheet.max_row + 1)]
    ((sheet, row),) = [
        (sheet, row) for sheet, row in rows if str(sheet.cell(row, place["case"]).value) == "1"
    ]
    sheet.cell(row, place["note"]).value = story.CHAT
    book.save(shop.folder / "inbox" / "register.xlsx")
    (outcome,) = run_inbox(shop)
    assert isinstance(outcome.result, FormImport)
    assert outcome.result.recorded == 1
    notes = fetch_rows(shop.database, "SELECT note FROM case_events WHERE case_number = 1 AND note <> ''")
    assert notes == []


def test_a_call_made_by_an_old_list_counts_but_what_was_said_is_not_kept(shop: Shop, forgotten: int) -> None:
    assert forgotten
    (callback,) = fetch_rows(shop.database, "SELECT id FROM callbacks WHERE customer_id IS NOT NULL LIMIT 1")
    record_callback(shop, callback[0], Answer("reached", 5, None, story.CHAT))
    assert fetch_rows(
        shop.database, "SELECT outcome, note FROM callbacks WHERE id = :id", {"id": callback[0]}
    ) == [("reached", "")]
    assert story.traces(shop.folder) == []
