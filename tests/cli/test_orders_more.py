"""The verbs of ``orders`` and ``customers`` that mend what imports brought, as real processes."""

import json
from pathlib import Path

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
    assert json.loads(done.stdout) == {"import_id": 1, "file": "orders.csv", "deleted": 2, "restored": 0}
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
    assert "1 rows changed" in done.stdout
    assert run_cli("orders", "vocabulary", "--json", cwd=shop_folder).stdout.strip() == "[]"


def test_rejected_rows_go_out_and_come_back(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> None:
    run_cli("orders", "import", order_file(tmp_path, row("1"), row("2", "zehn")), cwd=shop_folder)
    out = json.loads(run_cli("orders", "rejects", "export", "--json", cwd=shop_folder).stdout)
    assert out["rows"] == 1
    back = run_cli("orders", "rejects", "import", out["path"], cwd=shop_folder)
    assert (back.returncode, "1 rejected row settled" in back.stdout) == (5, True)


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
