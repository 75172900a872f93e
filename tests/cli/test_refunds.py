"""The commands about money, as one types them: refunds, statements, invoices, costs."""

import json
from pathlib import Path

import pytest

from aftersales_cli.shop import open_shop
from tests.conftest import RunCli
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for, pay_by_marketplace

STATEMENT = """支付宝业务明细查询
账务流水号,商户订单号,发生时间,业务类型,收入金额（+元）,支出金额（-元）
`20261122001,`A1\t,2026-11-22 08:30:00,退款,,-30.00
20261122002,A7,2026-11-22 08:31:00,退款,,-5.00
20261122003,A8,2026-11-22 08:32:00,收费,,-0.30
20261122004,A9,2026-11-22 08:33:00,在线支付,99.00,
合计,,,,99.00,-35.30
"""


@pytest.fixture
def money(shop_folder: Path) -> Path:
    """Make a shop with an order of 91.00, a case, and an approved request for one cup; return its folder."""
    shop = open_shop(shop_folder)
    order = make_order(shop)
    make_request(shop, open_for(shop), order, {"CUP": 1})
    shop.close()
    return shop_folder


def test_a_refund_is_planned_paid_and_shown(money: Path, run_cli: RunCli) -> None:
    planned = run_cli("refunds", "plan", "1", cwd=money)
    assert planned.returncode == 0, planned.stderr
    assert "Refund 1 of CN¥30.00 is planned for case 1; nothing is paid yet." in planned.stdout
    assert "千牛" in planned.stdout
    again = json.loads(run_cli("refunds", "plan", "1", "--json", cwd=money).stdout)
    assert (again["plan"]["id"], again["is_new"], again["amount"]) == (1, False, 3000)
    listed = run_cli("refunds", "list", "--due", cwd=money)
    assert "CN¥30.00" in listed.stdout
    asked = run_cli("refunds", "pay", "1", cwd=money)
    assert "Recorded; now pay CN¥30.00 back in 千牛 (original means of payment)." in asked.stdout
    assert run_cli("refunds", "fail", "1", "--note", "Account closed", cwd=money).returncode == 0
    paid = run_cli("refunds", "pay", "1", "--reference", "T1", cwd=money)
    assert "Refund 1 of CN¥30.00 is recorded as paid. (T1)" in paid.stdout
    shown = run_cli("refunds", "show", "1", cwd=money)
    assert "goods 1 × A cup  CN¥30.00" in shown.stdout
    assert "Account closed" in shown.stdout
    page = run_cli("cases", "show", "1", cwd=money)
    assert "refund paid" in page.stdout
    assert "as recorded here" in run_cli("orders", "show", "A1", cwd=money).stdout
    void = run_cli("refunds", "void", "1", cwd=money)
    assert (void.returncode, "“paid” and cannot become “void”" in void.stderr) == (4, True)


def test_wrong_words_have_their_exit_codes(money: Path, run_cli: RunCli) -> None:
    for words, code in (
        (("plan",), 2),
        (("plan", "9"), 3),
        (("plan", "1", "--amount", "abc"), 2),
        (("plan", "--case", "1", "--line", "CUP=3"), 4),
        (("pay", "1"), 3),
        (("list", "--due", "--all"), 2),
    ):
        done = run_cli("refunds", *words, cwd=money)
        assert done.returncode == code, (words, done.stdout + done.stderr)


def test_a_dry_run_keeps_no_plan(money: Path, run_cli: RunCli) -> None:
    done = run_cli("refunds", "plan", "1", "--dry-run", cwd=money)
    assert (done.returncode, "Dry run" in done.stderr) == (0, True)
    assert json.loads(run_cli("refunds", "list", "--all", "--json", cwd=money).stdout) == []


def test_a_statement_is_compared_and_recorded(money: Path, run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "alipay.csv"
    path.write_text(STATEMENT, "gb18030")
    run_cli("refunds", "plan", "1", cwd=money)
    first = run_cli("refunds", "reconcile", path, cwd=money)
    assert first.returncode == 5, first.stdout + first.stderr
    assert "2 payments read (2 new, 3 other rows left out): 1 are refunds planned here" in first.stdout
    assert "paid, but not planned" in first.stdout
    assert "Add --record to mark these refunds as paid: 1." in first.stdout
    recorded = json.loads(run_cli("refunds", "reconcile", path, "--record", "--json", cwd=money).stdout)
    assert (recorded["recorded"], recorded["new"], recorded["known"]) == ([1], 2, 0)
    rows = json.loads(run_cli("refunds", "list", "--all", "--json", cwd=money).stdout)
    assert [(row["status"], row["reference"]) for row in rows] == [("succeeded", "20261122001")]


@pytest.mark.parametrize(
    "text",
    [
        "交易号,商户订单号,时间,金额(元),收/支,对方账户,备注\nT1,A1,2026-11-22 08:30:00,30.00,支出,a**@b.c,退款\n"
        "T2,A2,2026-11-22 08:31:00,99.00,收入,d**@e.f,货款\n",
        "交易流水号,商户订单号,入账时间,收入金额,支出金额,备注\nT1,A1,2026-11-22 08:30:00,,30.00,退款\n",
        "交易时间,交易类型,收/支,金额(元),交易单号,商户单号,备注\n2026-11-22 08:30:00,退款,支出,¥30.00,T1,A1,/\n",
    ],
)
def test_the_usual_headings_are_known_and_nothing_is_kept_unasked(
    money: Path, run_cli: RunCli, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "ali.csv"
    path.write_text(text, "utf-8")
    run_cli("refunds", "plan", "1", cwd=money)
    first = run_cli("refunds", "reconcile", path, cwd=money)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Nothing was kept" in first.stdout
    done = json.loads(run_cli("refunds", "reconcile", path, "--record", "--json", cwd=money).stdout)
    assert (done["read"], done["new"], done["recorded"]) == (1, 1, [1])
    row = json.loads(run_cli("refunds", "list", "--all", "--json", cwd=money).stdout)[0]
    assert row["reference"] == "T1"
    again = json.loads(
        run_cli(
            "refunds", "reconcile", path, "--map", "商户订单号=order", "--record", "--json", cwd=money
        ).stdout
        if "商户订单号" in text
        else run_cli("refunds", "reconcile", path, "--record", "--json", cwd=money).stdout
    )
    assert (again["new"], again["known"]) == (0, 1)


def test_a_refund_the_marketplace_paid_is_told_refused_and_recorded_twice_only_by_word(
    money: Path, run_cli: RunCli
) -> None:
    run_cli("refunds", "plan", "1", cwd=money)
    shop = open_shop(money)
    pay_by_marketplace(shop, 9100)
    shop.close()
    assert "the marketplace paid already: aftersales refunds void 1" in (
        run_cli("refunds", "list", cwd=money).stdout.replace("\n", " ")
    )
    shown = run_cli("refunds", "show", "1", cwd=money).stdout
    assert "aftersales refunds void 1" in shown
    assert "Pay it back" not in shown
    refused = run_cli("refunds", "pay", "1", "--reference", "P7", cwd=money)
    assert (refused.returncode, "aftersales refunds void 1" in refused.stderr) == (4, True)
    twice = run_cli("refunds", "pay", "1", "--reference", "P7", "--twice", cwd=money)
    assert twice.returncode == 0, twice.stderr
    assert "Attention: more went back than was paid" in twice.stderr
    assert "paid twice" in run_cli("refunds", "show", "1", cwd=money).stdout
    assert (
        json.loads(run_cli("refunds", "list", "--all", "--json", cwd=money).stdout)[0]["marketplace_paid"]
        == 9100
    )


def test_invoices_that_are_together_too_high_are_told_together(money: Path, run_cli: RunCli) -> None:
    for number, amount in (("N1", "50"), ("N2", "41")):
        words = ("invoices", "ask", "--case", "1", "--title", "Blue Sky", "--amount", amount, "--json")
        invoice = json.loads(run_cli(*words, cwd=money).stdout)["invoice"]["id"]
        run_cli("invoices", "issue", str(invoice), number, cwd=money)
    run_cli("refunds", "plan", "1", cwd=money)
    paid = run_cli("refunds", "pay", "1", "--done", cwd=money)
    assert "Invoices N1, N2 are CN¥91.00 together, and CN¥61.00 remain" in paid.stderr
    assert "is now higher" not in paid.stderr


def test_columns_are_mapped_and_what_is_missing_is_named(
    money: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Paid,Ref,Kind\n30.00,A1,refund\nx,A1,refund\n12.00,B,fee\n", "utf-8")
    unknown = run_cli("refunds", "reconcile", path, cwd=money)
    assert (unknown.returncode, "Paid, Ref, Kind" in unknown.stderr) == (8, True)
    run_cli("refunds", "plan", "1", cwd=money)
    words = ("--map", "Paid=amount", "--map", "Ref=order", "--map", "Kind=type", "--only", "refund")
    done = run_cli("refunds", "reconcile", path, *words, cwd=money)
    assert done.returncode == 5
    assert "1 are refunds planned here" in done.stdout
    assert "Row 3: this is not an amount" in done.stderr
    assert run_cli("refunds", "reconcile", path, "--map", "Paid=colour", cwd=money).returncode == 2


def test_invoices_are_asked_issued_and_reversed(money: Path, run_cli: RunCli) -> None:
    asked = run_cli(
        "invoices", "ask", "--case", "1", "--title", "Blue Sky", "--tax-id", "91350100M000100Y44", cwd=money
    )
    assert asked.returncode == 0, asked.stderr
    assert "Invoice 1 of CN¥91.00 is asked for, due by 2026-11-28 00:00" in asked.stdout
    assert "no unified social credit code" in asked.stderr
    assert "Blue Sky" in run_cli("invoices", "list", cwd=money).stdout
    assert run_cli("invoices", "issue", "1", "N1", cwd=money).returncode == 0
    run_cli("refunds", "plan", "1", cwd=money)
    paid = run_cli("refunds", "pay", "1", "--done", cwd=money)
    assert "Invoice N1 is now higher than what the customer paid" in paid.stderr
    red = run_cli("invoices", "reverse", "1", "--number", "R1", cwd=money)
    assert "Invoice 1 is taken back by red invoice 2." in red.stdout
    rows = json.loads(run_cli("invoices", "list", "--all", "--json", cwd=money).stdout)
    assert [(row["id"], row["amount"], row["number"]) for row in rows] == [(2, -9100, "R1"), (1, 9100, "N1")]
    assert run_cli("invoices", "ask", "--title", "Nobody", cwd=money).returncode == 2


def test_the_cost_of_a_case_is_shown_and_added_to(money: Path, run_cli: RunCli) -> None:
    empty = run_cli("cases", "cost", "1", cwd=money)
    assert (empty.returncode, "cost nothing so far" in empty.stderr) == (0, True)
    words = ("cases", "cost", "1", "--add", "postage", "12", "--recover-from", "carrier", "--note", "Back")
    dry = run_cli(*words, "--dry-run", cwd=money)
    assert "CN¥12.00" in dry.stdout, dry.stderr
    added = run_cli(*words, cwd=money)
    assert "Of this CN¥12.00 can still be claimed from others." in added.stdout
    sheet = json.loads(
        run_cli("cases", "cost", "1", "--entry", "1", "--recovered", "5", "--json", cwd=money).stdout
    )
    assert [(total["amount"], total["net"], total["claimable"]) for total in sheet["totals"]] == [
        (1200, 700, 700)
    ]
    assert run_cli("cases", "cost", "1", "--entry", "1", cwd=money).returncode == 2
    assert run_cli("cases", "cost", "1", "--note", "?", cwd=money).returncode == 2
