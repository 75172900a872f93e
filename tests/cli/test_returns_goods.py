"""The commands about goods that come back or are sent instead, as they are typed."""

import json

from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.desk.returns.return_helpers import run_sql, sell


def test_goods_come_back_in_two_commands(shop: Shop, run_cli: RunCli) -> None:
    sell(shop)
    request_return(shop, order="101", lines=["CUP=2", "LID=1"], reason="changed_mind", condition="unopened")
    sent = run_cli("returns", "ship", "1", "--carrier", "SF", "--number", "SF1", cwd=shop.folder)
    assert sent.stdout == "Parcel SF1 is now “on its way”.\n", sent.stderr
    got = run_cli("returns", "receive", "1", "--damaged", "CUP=1", "--extra", "a spoon", cwd=shop.folder)
    assert got.stdout.splitlines() == [
        "Return request 1: received; the parcel is “received”.",
        "  Red cup: 2 of 2 came (1 accepted, 1 damaged)",
        "  Say what becomes of it: aftersales returns inspect 1 --disposition restock|repair|scrap|return",
        "  Lid: 1 of 1 came (1 accepted, back to stock)",
        "Not expected, kept among the exceptions: a spoon",
    ], got.stderr
    odd = run_cli("returns", "exceptions", "--list", "--json", cwd=shop.folder)
    assert [row["row"]["code"] for row in json.loads(odd.stdout)] == ["extra", "undecided_goods"]
    settled = run_cli("returns", "inspect", "1", "CUP", "--disposition", "scrap", cwd=shop.folder)
    assert "Red cup: 2 of 2 came (1 accepted, 1 damaged, scrapped)" in settled.stdout
    again = run_cli("returns", "receive", "1", cwd=shop.folder)
    assert again.returncode == 4
    assert "received already" in again.stderr


def test_a_dry_run_receives_nothing(shop: Shop, run_cli: RunCli) -> None:
    sell(shop)
    request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    run_cli("returns", "receive", "1", "--dry-run", cwd=shop.folder)
    assert run_cli("returns", "receive", "1", cwd=shop.folder).returncode == 0
    assert run_cli("returns", "receive", "99", cwd=shop.folder).returncode == 3


def test_parcels_expire_once(shop: Shop, run_cli: RunCli) -> None:
    sell(shop)
    request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    run_sql(shop, "UPDATE return_parcels SET expected_by = '2026-11-20'")
    first = run_cli("returns", "expire", cwd=shop.folder)
    assert first.stdout == "Return request 1, case 1: never sent; the request has ended.\n"
    second = run_cli("returns", "expire", cwd=shop.folder)
    assert (second.stdout, second.stderr) == ("", "Nothing is due.\n")


def test_replacements_are_reserved_sent_and_listed(shop: Shop, run_cli: RunCli) -> None:
    sell(shop)
    request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    done = run_cli("replacements", "reserve", "1", "--title", "Blue cup", "--pays", "5", cwd=shop.folder)
    assert done.stdout == "Replacement 1 (1 × Blue cup), case 1: reserved.\n", done.stderr
    refused = run_cli("replacements", "ship", "1", "--number", "SF2", cwd=shop.folder)
    assert refused.returncode == 4
    assert "--before-return" in refused.stderr
    run_cli("replacements", "ship", "1", "--number", "SF2", "--before-return", cwd=shop.folder)
    listed = run_cli("replacements", "--json", cwd=shop.folder)
    assert [(row["number"], row["status"]) for row in json.loads(listed.stdout)] == [("SF2", "shipped")]
    page = run_cli("replacements", "show", "1", cwd=shop.folder).stdout
    assert "The customer pays CN¥5.00 more." in page
    assert run_cli("replacements", "deliver", "1", cwd=shop.folder).returncode == 0
    assert run_cli("replacements", "list", cwd=shop.folder).stderr == "No replacements.\n"
    missing = run_cli("replacements", "void", "7", cwd=shop.folder)
    assert missing.returncode == 3
