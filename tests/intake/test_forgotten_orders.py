"""Order files of forgotten people: taken in without them, undone, and taken in again."""

from pathlib import Path

from aftersales_cli.customers.privacy.forgetting import forget_customer
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from tests import forgotten_shop as story


def test_the_same_orders_again_do_not_bring_the_person_back(shop: Shop, tmp_path: Path) -> None:
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    # A newer export, in which the order has gone on, and one more order of the same account and of the same phone.
    later = story.ROWS[0].replace("0.00,1,", "10.00,1,")
    more = later.replace(story.ORDER, "4103876543219870008")
    phone = more.replace("70008", "70009").replace(story.ACCOUNT, "another_account")
    result = import_file(shop, story.write_orders(tmp_path / "later.csv", later, more, phone, story.ROWS[1]))
    assert (result.orders.new, result.rejected) == (2, 0)
    owners = fetch_rows(
        shop.database, "SELECT external_id, customer_id, buyer_note FROM orders WHERE customer_id = :id ORDER BY 1",
        {"id": number},
    )  # fmt: skip
    assert owners == [
        (story.ORDER, number, ""),
        ("4103876543219870008", number, ""),
        ("4103876543219870009", number, ""),
    ]
    assert fetch_value(shop.database, "SELECT count(*) FROM customers") == 2
    assert story.traces(shop.folder) == []
    undo(shop, result.import_id)
    assert fetch_value(shop.database, "SELECT count(*) FROM orders") == 2
    assert story.traces(shop.folder) == []


def test_rejected_rows_and_answers_of_a_file_do_not_bring_the_person_back(shop: Shop, tmp_path: Path) -> None:
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    import_file(shop, story.write_orders(tmp_path / "rejects.csv", story.ROWS[2], encoding="utf-8"))
    survey = tmp_path / "survey.csv"
    survey.write_text(
        "序号,提交答卷时间,所用时间,1、您满意吗,2、建议,3、手机号,4、订单编号\n"
        f"1,2026/11/12 9:12:44,20秒,2,{story.CHAT},{story.PHONE},\n"
        f"2,2026/11/12 9:14:44,20秒,2,{story.CHAT},,{story.ORDER}\n",
        "utf-8",
    )
    import_file(shop, survey)
    assert (
        fetch_value(
            shop.database, "SELECT count(*) FROM survey_answers WHERE customer_id = :id", {"id": number}
        )
        == 3
    )
    assert story.traces(shop.folder) == []


def test_a_file_from_the_inbox_that_holds_the_person_again_is_deleted_once_it_is_in(shop: Shop) -> None:
    forget_customer(shop, story.fill_shop(shop))
    story.write_orders(shop.folder / "inbox" / "later.csv", story.ROWS[0].replace("0.00,1,", "10.00,1,"))
    (outcome,) = run_inbox(shop)
    assert isinstance(outcome.result, ImportResult)
    assert [warning.code for warning in outcome.result.warnings] == ["forgotten"]
    assert ("deleted" in outcome.problem, outcome.moved_to) == (True, "")
    assert story.traces(shop.folder) == []


def test_who_buys_again_later_is_a_new_customer(shop: Shop, tmp_path: Path) -> None:
    forget_customer(shop, story.fill_shop(shop))
    again = story.ROWS[0].replace(story.ORDER, "4103876543219870010").replace("2026-11-01", "2026-11-25")
    import_file(shop, story.write_orders(tmp_path / "again.csv", again))
    rows = fetch_rows(shop.database, "SELECT name, phone FROM customers WHERE erased_at IS NULL ORDER BY id")
    assert rows == [("云朵朵", "13800000009"), (story.NAME, story.PHONE)]


def test_an_import_that_holds_the_person_can_still_be_undone(shop: Shop, tmp_path: Path) -> None:
    result = import_file(shop, story.write_orders(tmp_path / "orders.csv", *story.ROWS))
    number = fetch_value(
        shop.database, "SELECT customer_id FROM orders WHERE external_id = :n", {"n": story.ORDER}
    )
    forget_customer(shop, number)
    undo(shop, result.import_id)
    assert fetch_value(shop.database, "SELECT count(*) FROM orders") == 0
    assert fetch_rows(shop.database, "SELECT id, name FROM customers") == [(number, "")]
    assert fetch_rows(shop.database, "PRAGMA foreign_key_check") == []
    assert story.traces(shop.folder) == []
