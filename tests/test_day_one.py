"""A new owner's first day: three files, one command, a list that comes back filled in."""

import csv
import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import RunCli
from tests.intake.test_golden_files import GOLDEN, marketplace_file

HEADS = {"outcome": "Outcome", "score": "Satisfaction", "note": "Note"}


def _files(inbox: Path) -> None:
    marketplace_file(inbox, "taobao_orders_o7", "xlsx")
    marketplace_file(inbox, "shopify_orders", "utf-8")
    text = (GOLDEN / "taobao_refunds_r4.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines(keepends=True)))[:3]
    done = rows[0].index("退款完结时间")
    rows[1][done] = "2026-11-20 16:30:00"
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(inbox / "退款 11月.xlsx")


def _fill(path: Path) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    head = next(row for row in rows if any(str(cell.value).startswith("Outcome") for cell in row))
    column: dict[str, int] = {
        name: next(place for place, cell in enumerate(head, start=1) if str(cell.value).startswith(title))
        for name, title in HEADS.items()
    }
    row = head[0].row
    assert row is not None
    first = row + 1
    sheet.cell(first, column["outcome"]).value = "reached"
    sheet.cell(first, column["score"]).value = 5
    sheet.cell(first, column["note"]).value = "拉链换新了，很满意"
    book.save(path)


def _dump(folder: Path) -> str:
    connection = sqlite3.connect(folder / "aftersales.db")
    tables = (
        "orders",
        "order_lines",
        "cases",
        "refunds",
        "callbacks",
        "survey_answers",
        "imports",
        "rejects",
    )
    dump = "\n".join(str(connection.execute(f"SELECT * FROM {table}").fetchall()) for table in tables)
    connection.close()
    return dump


@pytest.mark.parametrize("through", ["openpyxl", pytest.param("LibreOffice", marks=pytest.mark.system)])
def test_day_one_from_downloads_to_an_answered_call(
    through: str, run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    office = shutil.which("libreoffice")
    if through == "LibreOffice" and not office:
        pytest.skip("LibreOffice is not installed")
    inbox, outbox = shop_folder / "inbox", shop_folder / "outbox"
    _files(inbox)

    morning = run_cli("today", cwd=shop_folder)
    assert morning.returncode == 0, morning.stderr
    assert sorted(path.name for path in (inbox / "done").iterdir()) == [
        "shopify_orders.csv", "taobao_orders_o7.xlsx", "退款 11月.xlsx",
    ]  # fmt: skip
    (listed,) = json.loads(run_cli("callbacks", "list", "--json", cwd=shop_folder).stdout)
    assert "4103876543219870002" in " ".join(listed["how_to_reach"])
    assert listed["product"] == "云朵抱枕"
    lists = sorted(outbox.glob("callbacks*.xlsx"))
    assert [path.name for path in lists] == ["callbacks-2026-11-22.xlsx"]
    assert lists[0].name in morning.stdout
    assert (outbox / "KPI-2026-11.xlsx").is_file()

    filled = inbox / "back from staff.xlsx"
    _fill(lists[0])
    if through == "LibreOffice":
        converted = tmp_path / "converted"
        subprocess.run(
            [str(office), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx",
             "--outdir", converted, lists[0]],
            check=True, capture_output=True,
        )  # fmt: skip
        shutil.copy(converted / lists[0].name, filled)
    else:
        shutil.copy(lists[0], filled)
    noon = run_cli("today", cwd=shop_folder)
    assert noon.returncode == 0, noon.stderr
    assert "1 recorded" in noon.stdout
    (answered,) = json.loads(run_cli("callbacks", "list", "--json", cwd=shop_folder).stdout)
    assert (answered["outcome"], answered["score"], answered["status"]) == ("reached", 5, "done")
    assert "Callbacks today: 1 of 1 done" in run_cli("status", cwd=shop_folder).stdout

    before = _dump(shop_folder)
    shutil.copy(inbox / "done" / filled.name, filled)
    again = run_cli("today", cwd=shop_folder)
    assert again.returncode == 0
    assert "0 recorded, 1 unchanged" in again.stdout
    assert _dump(shop_folder) == before
    assert run_cli("today", cwd=shop_folder).returncode == 0
    assert _dump(shop_folder) == before


def test_a_bad_file_in_the_inbox_stops_no_other(run_cli: RunCli, shop_folder: Path) -> None:
    inbox = shop_folder / "inbox"
    (inbox / "a.csv").write_text("name,age\nmilk,3\n", "utf-8")
    (inbox / "~$open.xlsx").write_bytes(b"lock")
    (inbox / "half.csv.crdownload").write_text("订单编号", "utf-8")
    marketplace_file(inbox, "taobao_orders_o3", "gb18030")
    result = run_cli("inbox", "run", cwd=shop_folder)
    assert result.returncode == 5
    assert "5 new" in result.stdout
    assert "a.csv: cannot be used" in result.stderr
    assert (inbox / "rejected" / "a.csv").is_file()
    assert "Nearest" in (inbox / "rejected" / "a.csv.reason.txt").read_text("utf-8") or "name, age" in (
        inbox / "rejected" / "a.csv.reason.txt"
    ).read_text("utf-8")
    assert sorted(path.name for path in inbox.iterdir() if path.is_file()) == [
        "half.csv.crdownload",
        "~$open.xlsx",
    ]
    outcomes = json.loads(run_cli("inbox", "run", "--json", cwd=shop_folder).stdout)
    assert [outcome["kind"] for outcome in outcomes] == ["left", "left"]


def test_a_subfolder_of_the_inbox_names_the_storefront(run_cli: RunCli, shop_folder: Path) -> None:
    folder = shop_folder / "inbox" / "second"
    folder.mkdir()
    marketplace_file(folder, "taobao_refunds_r3", "xlsx")
    assert run_cli("inbox", "run", cwd=shop_folder).returncode == 0
    assert [
        row["code"] for row in json.loads(run_cli("storefronts", "list", "--json", cwd=shop_folder).stdout)
    ] == ["second"]
    assert not (folder / "taobao_refunds_r3.xlsx").exists()


def test_a_dry_run_of_the_inbox_sees_its_own_files_and_keeps_nothing(
    run_cli: RunCli, shop_folder: Path
) -> None:
    inbox = shop_folder / "inbox"
    marketplace_file(inbox, "taobao_refunds_r3", "xlsx").rename(inbox / "1.xlsx")
    marketplace_file(inbox, "taobao_refunds_r4", "xlsx").rename(inbox / "2.xlsx")
    before = _dump(shop_folder)
    tried = json.loads(run_cli("inbox", "run", "--dry-run", "--json", cwd=shop_folder).stdout)
    assert _dump(shop_folder) == before
    assert sorted(path.name for path in inbox.iterdir() if path.is_file()) == ["1.xlsx", "2.xlsx"]
    real = json.loads(run_cli("inbox", "run", "--json", cwd=shop_folder).stdout)
    assert [entry["result"]["aftersales"] for entry in tried] == [
        entry["result"]["aftersales"] for entry in real
    ]
    assert [entry["result"]["import_id"] for entry in tried] == [0, 0]


def test_a_file_that_cannot_be_moved_is_told_and_the_others_go_on(run_cli: RunCli, shop_folder: Path) -> None:
    inbox = shop_folder / "inbox"
    (inbox / "done").rmdir()
    (inbox / "done").symlink_to(inbox / "nowhere")
    marketplace_file(inbox, "taobao_orders_o3", "gb18030")
    marketplace_file(inbox, "taobao_orders_o5", "gb18030")
    result = run_cli("inbox", "run", cwd=shop_folder)
    assert result.returncode == 5
    assert result.stdout.count(" new, ") == 2
    assert result.stderr.count("could not be moved") == 2


def test_two_runs_never_take_in_the_inbox_at_once(run_cli: RunCli, shop_folder: Path) -> None:
    from aftersales_cli.database.lock import hold_lock

    with hold_lock(shop_folder / "inbox.lock.db") as held:
        assert held
        result = run_cli("inbox", "run", cwd=shop_folder)
    assert result.returncode == 6


def test_a_zip_of_exports_is_taken_in_file_by_file(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(shop_folder / "inbox" / "下载.zip", "w") as archive:
        archive.write(marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"), "订单.xlsx")
        archive.write(marketplace_file(tmp_path, "taobao_orders_o3", "gb18030"), "旧 订单.csv")
        archive.writestr("notes.txt", "call the supplier")
    outcomes = json.loads(run_cli("inbox", "run", "--json", cwd=shop_folder).stdout)
    assert {entry["file"]: entry["kind"] for entry in outcomes} == {
        "下载.zip/notes.txt": "rejected", "下载.zip/旧 订单.csv": "import", "下载.zip/订单.xlsx": "import",
    }  # fmt: skip
    assert (shop_folder / "inbox" / "done" / "下载.zip").is_file()
    listed = json.loads(run_cli("orders", "list", "--json", cwd=shop_folder).stdout)
    assert len(listed) == 9


def test_rejected_rows_come_back_as_a_workbook_and_import_once_corrected(
    run_cli: RunCli, shop_folder: Path
) -> None:
    inbox, outbox = shop_folder / "inbox", shop_folder / "outbox"
    header = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额\n"
    (inbox / "orders.csv").write_text(
        header + "1,10.00,10.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n"
        "2,zehn,10.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n", "utf-8",
    )  # fmt: skip
    assert run_cli("inbox", "run", cwd=shop_folder).returncode == 5
    path = outbox / "rejected-rows.xlsx"
    book = load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "zehn")
    cell.value = "10.00"
    book.save(inbox / "corrected.xlsx")
    result = run_cli("inbox", "run", cwd=shop_folder)
    assert result.returncode == 0, result.stderr
    assert len(json.loads(run_cli("orders", "list", "--json", cwd=shop_folder).stdout)) == 2
    assert json.loads(run_cli("orders", "rejects", "--json", cwd=shop_folder).stdout or "[]") == []
