"""The verbs of ``orders`` and ``customers`` that mend what imports brought, as real processes."""

import json
from pathlib import Path

from openpyxl import load_workbook

from tests.conftest import RunCli

HEADER = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额\n"


def order_file(folder: Path, *rows: str) -> Path:
    path = folder / "orders.csv"
    path.write_text(HEADER + "".join(row + "\n" for row in rows), "utf-8")
    return path


def row(number: str, total: str = "50.00", state: str = "交易成功") -> str:
    return f"{number},{total},{total},{state},2026-11-01 10:00:00,2026-11-01 10:01:00,0.00"


def test_undo_says_what_it_did_and_refuses_with_code_4(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1"), row("2")), cwd=shop_folder)
    done = run_cli("orders", "undo", "1", "--json", cwd=shop_folder)
    assert json.loads(done.stdout) == {
        "import_id": 1,
        "file": "orders.csv",
        "deleted": 2,
        "restored": 0,
        "unmerged": 0,
    }
    again = run_cli("orders", "undo", "1", cwd=shop_folder)
    assert (again.returncode, "undone before" in again.stderr) == (4, True)
    assert run_cli("orders", "undo", "7", cwd=shop_folder).returncode == 3


def test_conflicts_show_both_values(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    for total in ("50.00", "51.00"):
        run_cli("orders", "import", order_file(tmp_path, row("1", total)), cwd=shop_folder)
    found = json.loads(run_cli("orders", "conflicts", "--json", cwd=shop_folder).stdout)
    assert [(entry["column_name"], entry["ours"], entry["theirs"]) for entry in found] == [
        ("paid", "5100", "5000"), ("total", "5100", "5000"),
    ]  # fmt: skip
    assert "51.00" in run_cli("orders", "conflicts", cwd=shop_folder).stdout


def test_vocabulary_lists_and_maps(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1", state="打包中")), cwd=shop_folder)
    assert "打包中" in run_cli("orders", "vocabulary", cwd=shop_folder).stdout
    done = run_cli("orders", "vocabulary", "--map", "order.status:打包中=paid", cwd=shop_folder)
    assert "1 row changed" in done.stdout
    assert run_cli("orders", "vocabulary", "--json", cwd=shop_folder).stdout.strip() == "[]"


def test_rejected_rows_go_out_and_come_back(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1"), row("2", "zehn")), cwd=shop_folder)
    out = json.loads(run_cli("orders", "rejects", "export", "--json", cwd=shop_folder).stdout)
    assert out["rows"] == 1
    back = run_cli("orders", "rejects", "import", out["path"], cwd=shop_folder)
    assert (back.returncode, "row 3, 总金额" in back.stderr) == (5, True)


def test_a_format_is_drafted(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("单据,金子\nA100001,3\n", "utf-8")
    done = run_cli("orders", "formats", "new", path, "--name", "mine", cwd=shop_folder)
    assert (done.returncode, "单据 → order.external_id" in done.stdout) == (0, True)
    assert "mine" in run_cli("orders", "formats", cwd=shop_folder).stdout


def test_customers_are_listed_and_merged(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "buyers.csv"
    path.write_text(
        "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额,买家会员名,联系手机\n"
        "1,5.00,5.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0,小鹿,13800000001\n"
        "2,5.00,5.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0,大鹿,13800000001\n",
        "utf-8",
    )
    run_cli("orders", "import", path, cwd=shop_folder)
    found = json.loads(run_cli("customers", "list", "--duplicates", "--json", cwd=shop_folder).stdout)
    assert [entry["customers"] for entry in found] == [[1, 2]]
    assert "13800000001" not in run_cli("customers", "list", cwd=shop_folder).stdout
    assert run_cli("customers", "merge", "1", "2", cwd=shop_folder).returncode == 0
    assert len(json.loads(run_cli("customers", "list", "--json", cwd=shop_folder).stdout)) == 1


def test_what_merging_customers_brought_is_told_when_an_undo_takes_it_away(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "buyers.csv"
    path.write_text(
        "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额,买家会员名,联系手机\n"
        "1,5.00,5.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0,小鹿,13800000001\n"
        "2,5.00,5.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0,大鹿,13800000001\n",
        "utf-8",
    )
    run_cli("orders", "import", path, cwd=shop_folder)
    run_cli("customers", "merge", "1", "2", cwd=shop_folder)
    done = run_cli("orders", "undo", "1", cwd=shop_folder)
    assert (done.returncode, "1 merged customer went with it" in done.stdout) == (0, True)


def test_rejected_rows_are_dismissed_by_number_or_import(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    bad = [row(str(number), "zehn") for number in (2, 3, 4)]
    run_cli("orders", "import", order_file(tmp_path, row("1"), *bad), cwd=shop_folder)
    numbers = [
        entry["id"] for entry in json.loads(run_cli("orders", "rejects", "--json", cwd=shop_folder).stdout)
    ]
    dry = run_cli("orders", "rejects", "dismiss", numbers[0], "--dry-run", cwd=shop_folder)
    assert (dry.returncode, "nothing was changed" in dry.stderr) == (0, True)
    done = run_cli("orders", "rejects", "dismiss", numbers[0], cwd=shop_folder)
    assert (done.returncode, done.stdout) == (0, "1 rejected row dismissed.\n")
    assert len(json.loads(run_cli("orders", "rejects", "--json", cwd=shop_folder).stdout)) == 2
    assert run_cli("orders", "rejects", "dismiss", numbers[0], cwd=shop_folder).returncode == 3
    assert run_cli("orders", "rejects", "dismiss", cwd=shop_folder).returncode == 2
    done = run_cli("orders", "rejects", "dismiss", "--import", 1, cwd=shop_folder)
    assert done.stdout == "2 rejected rows dismissed.\n"
    assert run_cli("orders", "rejects", "--json", cwd=shop_folder).stdout.strip() == "[]"
    assert json.loads(run_cli("status", "--json", cwd=shop_folder).stdout)["rejected_rows"] == 0


def test_options_after_the_bare_group_go_to_its_list(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("2", "zehn"), row("3", "elf")), cwd=shop_folder)
    found = run_cli("orders", "rejects", "--format", "csv", cwd=shop_folder)
    assert (found.returncode, found.stdout.splitlines()[0]) == (0, "Number,Import,File,Row,Column,Reason")
    found = run_cli("orders", "rejects", "--import", "1", "--limit", "1", cwd=shop_folder)
    assert (found.returncode, "1 more rejected row" in found.stderr) == (0, True)
    assert "Commands" in run_cli("orders", "rejects", "--help", cwd=shop_folder).stdout
    assert run_cli("orders", "formats", "--format", "csv", cwd=shop_folder).returncode == 0


def test_the_workbook_of_rejected_rows_is_imported_like_any_file(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1"), row("2", "zehn")), cwd=shop_folder)
    path = shop_folder / "outbox" / "rejected-rows.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "总金额")
    sheet.cell(2, column).value = "10.00"
    sheet.cell(2, column + 1).value = "10.00"
    book.save(path)
    done = run_cli("orders", "import", path, cwd=shop_folder)
    assert (done.returncode, "1 rejected row settled" in done.stdout) == (0, True), done.stderr


def test_a_total_is_skipped_and_counted(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = order_file(tmp_path, row("1"), "合计,50.00,50.00,,,,0.00")
    done = run_cli("orders", "import", path, cwd=shop_folder)
    assert (done.returncode, "1 row skipped" in done.stdout) == (0, True)
    found = json.loads(run_cli("orders", "imports", "--json", cwd=shop_folder).stdout)
    assert [
        (entry["rows_read"], entry["orders_new"], entry["rejected"], entry["skipped"]) for entry in found
    ] == [(2, 1, 0, 1)]


def test_a_list_of_imports_that_is_cut_says_so(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        run_cli("orders", "import", order_file(tmp_path, row(str(number))), cwd=shop_folder)
    found = run_cli("orders", "imports", "--limit", "2", cwd=shop_folder)
    assert "1 more import is not shown" in found.stderr
    assert "more import" not in run_cli("orders", "imports", cwd=shop_folder).stderr


def test_an_inbox_rehearsal_says_that_nothing_was_changed(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    order_file(tmp_path, row("1")).rename(shop_folder / "inbox" / "orders.csv")
    done = run_cli("inbox", "run", "--dry-run", cwd=shop_folder)
    assert (done.returncode, "Dry run: nothing was changed." in done.stderr) == (0, True)
    assert (shop_folder / "inbox" / "orders.csv").is_file()


def test_a_reason_without_a_column_names_none(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "chats.csv"
    path.write_text("旺旺昵称,日期,平均响应时长(秒)\n小美,2026-11-20,-\n", "utf-8")
    done = run_cli("orders", "import", path, cwd=shop_folder)
    assert "row 2: the row holds no figure" in done.stderr


def test_a_known_file_is_no_reason_for_a_format(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    path = order_file(tmp_path, row("1"))
    done = run_cli("orders", "formats", "new", path, "--name", "mine", cwd=shop_folder)
    assert (done.returncode, "taobao.orders" in done.stderr) == (4, True)
    done = run_cli("orders", "formats", "new", path, "--name", "mine", "--anyway", cwd=shop_folder)
    assert done.returncode == 0


def test_words_are_told_by_their_names(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1", state="打包中")), cwd=shop_folder)
    found = run_cli("orders", "vocabulary", cwd=shop_folder).stdout
    assert "order state" in found
    assert "--map order.status:打包中=" in found
    done = run_cli("orders", "vocabulary", "--map", "survey.csat:棒=5", cwd=shop_folder).stdout
    assert "satisfaction: “棒” now means 5 in files imported from now on" in done
