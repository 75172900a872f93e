"""Who is forgotten is nowhere in the shop's folder; counts and amounts stay, and no file brings the person back."""

import json

import pytest

from aftersales_cli.customers.privacy.exporting import export_customer
from aftersales_cli.customers.privacy.forgetting import forget_customer
from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.database.forget_receipts import find_receipt
from aftersales_cli.database.health import find_damage
from aftersales_cli.database.people_chosen import choose_people, personal_rows
from aftersales_cli.database.personal_data import TABLES
from aftersales_cli.desk.returns.evidence import add_evidence
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.shop import DATABASE_NAME, Shop, open_shop
from tests import forgotten_shop as story
from tests.conftest import RunCli

COUNTED = ("orders", "order_lines", "cases", "case_messages", "case_events", "refund_plans", "survey_answers",
           "invoices", "consents", "repairs", "reviews_received", "callbacks", "imports")  # fmt: skip


def counts(shop: Shop) -> dict[str, int]:
    return {name: fetch_value(shop.database, f"SELECT count(*) FROM {name}") for name in COUNTED}


def amounts(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database, "SELECT external_id, customer_id, total, paid, refunded, status FROM orders ORDER BY 1"
    )


def test_the_person_of_the_test_stands_in_every_table_with_personal_words(shop: Shop) -> None:
    number = story.fill_shop(shop)
    choose_people(shop.database, number)
    found = {
        name: json.dumps(rows, ensure_ascii=False) for name, _names, rows in personal_rows(shop.database)
    }
    silent = {
        name
        for name, table in TABLES.items()
        if (table.emptied or table.removed) and not any(word in found.get(name, "") for word in story.WORDS)
    }
    # What a prediction says are codes and numbers.
    assert silent == {"churn_scores"}
    assert len(story.traces(shop.folder)) > 20


def test_nothing_of_the_person_is_left_in_the_shops_folder(shop: Shop) -> None:
    number = story.fill_shop(shop)
    before, money = counts(shop), amounts(shop)
    done = forget_customer(shop, number)
    assert story.traces(shop.folder) == []
    assert (counts(shop), amounts(shop)) == (before, money)
    assert done.finished_at
    assert (done.left, done.waiting) == ((), ())
    assert "inbox/done/orders.csv" in done.removed
    assert "inbox/done/more.zip" in done.removed
    assert "inbox/rejected/letter.txt.reason.txt" in done.removed
    assert (shop.folder / "outbox" / "harmless.txt").is_file()
    assert (shop.folder / "inbox" / "done" / "harmless.csv").is_file()
    assert [backup.file for backup in done.backups] == ["backups/old.db"]
    assert find_damage(shop.database) == []
    assert list((shop.folder / "evidence").rglob("*")) == []


def test_the_words_of_others_stay(shop: Shop) -> None:
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    rows = fetch_rows(shop.database, "SELECT name, phone FROM customers WHERE erased_at IS NULL")
    assert rows == [("云朵朵", "13800000009")]
    notes = fetch_rows(shop.database, "SELECT note FROM case_events WHERE note <> ''")
    assert notes == [("just like …, …",)]
    assert fetch_value(shop.database, "SELECT note FROM incidents") == "like …"
    found = fetch_rows(shop.database, "SELECT rowid FROM search_words WHERE search_words MATCH '\"花 瓶\"'")
    assert found == [(2,)]


def test_the_receipt_and_the_audit_hold_numbers_only(shop: Shop) -> None:
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    receipt = find_receipt(shop.database, number)
    assert receipt is not None
    assert receipt.finished_at == shop.stamp
    assert all(type(count) is int for count in json.loads(receipt.counts).values())
    entries = [entry for entry in list_audit(shop.database) if entry.operation == "customers.forget"]
    assert {entry.subjects for entry in entries} == {f"customer:{number}"}
    assert all(type(count) is int for entry in entries for count in json.loads(entry.counts).values())


def test_events_are_append_only_again_afterwards(shop: Shop) -> None:
    forget_customer(shop, story.fill_shop(shop))
    names = fetch_rows(
        shop.database, "SELECT name FROM sqlite_master WHERE name LIKE 'case_events_no_%' ORDER BY 1"
    )
    assert names == [("case_events_no_delete",), ("case_events_no_update",)]


def test_again_it_says_so_and_does_nothing(shop: Shop) -> None:
    number = story.fill_shop(shop)
    first = forget_customer(shop, number)
    again = forget_customer(shop, number)
    assert (again.already, again.finished_at, again.counts) == (True, first.finished_at, {})
    with pytest.raises(NotFoundError):
        forget_customer(shop, 999)


def test_open_cases_refuse_unless_told_otherwise(shop: Shop) -> None:
    number = story.fill_shop(shop)
    with shop.writing("cases.reopen"):
        shop.database.conn.execute("UPDATE cases SET status = 'in_progress' WHERE customer_id = ?", (number,))
    with pytest.raises(RefusedError, match="open cases: 1"):
        forget_customer(shop, number)
    assert find_receipt(shop.database, number) is None
    forget_customer(shop, number, anyway=True)
    assert story.traces(shop.folder) == []


def test_files_that_wait_in_the_inbox_refuse(shop: Shop) -> None:
    number = story.fill_shop(shop)
    story.write_orders(shop.folder / "inbox" / "new.csv", story.ROWS[0])
    with pytest.raises(RefusedError, match=r"inbox/new\.csv"):
        forget_customer(shop, number)
    done = forget_customer(shop, number, anyway=True)
    assert done.waiting == ("inbox/new.csv",)


def test_a_dry_run_erases_nothing(shop: Shop) -> None:
    number = story.fill_shop(shop)
    before = story.traces(shop.folder)
    dry = open_shop(shop.folder, dry_run=True)
    done = forget_customer(dry, number)
    dry.close()
    assert "inbox/done/orders.csv" in done.removed
    assert done.counts["case_messages"] >= 2
    assert [trace for trace in story.traces(shop.folder) if DATABASE_NAME not in trace] == [
        trace for trace in before if DATABASE_NAME not in trace
    ]
    assert find_receipt(shop.database, number) is None


def test_the_export_holds_all_and_is_gone_with_the_person(shop: Shop) -> None:
    number = story.fill_shop(shop)
    done = export_customer(shop, number)
    page, data = done.page.read_text("utf-8"), json.loads(done.data.read_text("utf-8"))
    assert story.CHAT in page
    assert data["tables"]["customers"][0]["phone"] == story.PHONE
    assert data["tables"]["invoices"][0]["title"] == f"{story.NAME}的公司"
    assert len(data["evidence_files"]) == 1
    assert "云朵朵" not in page + json.dumps(data, ensure_ascii=False)
    forget_customer(shop, number)
    assert not done.page.exists()
    assert not done.data.exists()


def test_the_commands_say_what_they_do(run_cli: RunCli, shop: Shop) -> None:
    number = story.fill_shop(shop)
    exported = run_cli("--shop", shop.folder, "customers", "export", number, "--json")
    assert json.loads(exported.stdout)["rows"]["customers"] == 1
    asked = run_cli("--shop", shop.folder, "customers", "forget", number)
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    done = run_cli("--shop", shop.folder, "customers", "forget", number, "--yes")
    assert done.returncode == 0, done.stderr
    assert f"Customer {number} is forgotten" in done.stdout
    assert "backups/old.db" in done.stdout
    again = run_cli("--shop", shop.folder, "customers", "forget", number, "--yes", "--json")
    assert json.loads(again.stdout)["already"] is True
    assert story.traces(shop.folder) == []


def test_a_namesake_with_the_same_number_is_told_and_not_touched(shop: Shop) -> None:
    number = story.fill_shop(shop)
    with shop.writing("orders.import"):
        shop.database.conn.execute(
            "INSERT INTO customers (id, name, phone, created_at) VALUES (50, ?, ?, ?)",
            (story.NAME, story.PHONE, shop.stamp),
        )
    theirs = shop.folder / "inbox" / "done" / "theirs.csv"
    theirs.write_text(f"somebody,{story.NAME},{story.PHONE}", "utf-8")
    done = forget_customer(shop, number)
    assert done.same_contact == (50,)
    rows = fetch_rows(shop.database, "SELECT name, phone FROM customers WHERE id = 50")
    assert rows == [(story.NAME, story.PHONE)]
    assert theirs.is_file()
    assert fetch_value(shop.database, "SELECT name FROM customers WHERE id = :id", {"id": number}) == ""


def test_evidence_that_another_case_has_too_stays(shop: Shop) -> None:
    number = story.fill_shop(shop)
    picture = shop.folder.parent / "same.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nnothing but a vase")
    for case in (1, 2):
        add_evidence(shop, case, [picture])
    forget_customer(shop, number)
    kept = [path for path in (shop.folder / "evidence").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [picture.read_bytes()]
    assert fetch_rows(shop.database, "SELECT case_number FROM evidence") == [(2,)]


def test_a_row_that_loses_several_words_counts_once(shop: Shop) -> None:
    number = story.fill_shop(shop)
    assert fetch_rows(shop.database, "SELECT name <> '' AND phone <> '' FROM customers WHERE id = :id", {"id": number}) == [(1,)]  # fmt: skip
    assert forget_customer(shop, number).counts["customers"] == 1


def test_a_dry_run_counts_what_the_real_one_does(shop: Shop) -> None:
    number = story.fill_shop(shop)
    dry = open_shop(shop.folder, dry_run=True)
    shown = forget_customer(dry, number)
    dry.close()
    done = forget_customer(shop, number)
    assert (shown.counts, shown.removed) == (done.counts, done.removed)


def test_a_dry_run_says_who_is_forgotten_already(run_cli: RunCli, shop: Shop) -> None:
    number = story.fill_shop(shop)
    forget_customer(shop, number)
    shown = run_cli("--shop", shop.folder, "customers", "forget", number, "--dry-run")
    assert f"Customer {number} was forgotten before" in shown.stdout
    assert "would be forgotten" not in shown.stdout


def test_the_command_names_what_was_emptied_in_words(run_cli: RunCli, shop: Shop) -> None:
    number = story.fill_shop(shop)
    done = run_cli("--shop", shop.folder, "customers", "forget", number, "--yes")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "  Customers: 1" in lines
    assert "_" not in "".join(line for line in lines if line.startswith("  ") and "/" not in line)


def test_a_reason_out_of_the_marketplaces_list_stays_with_the_others_and_their_files(shop: Shop) -> None:
    number = story.fill_shop(shop)
    reason = "七天无理由退货退款"
    with shop.writing("cases.open"):
        shop.database.conn.execute("UPDATE cases SET reason_raw = ?, title = ?", (reason, reason))
    harmless = shop.folder / "inbox" / "done" / "refunds.csv"
    harmless.write_text(f"1,{reason}", "utf-8")
    forget_customer(shop, number)
    sql = "SELECT reason_raw, title, customer_id = :id FROM cases ORDER BY number"
    assert fetch_rows(shop.database, sql, {"id": number}) == [("", "", 1), (reason, reason, 0)]
    assert harmless.is_file()
