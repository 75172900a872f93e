"""What a format file can declare beside plain columns: sums, joined cells, HTML, its own reasons, partial payments."""

from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.formats import parse_format
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop

ORDER = {
    "external_id": "Number",
    "placed_at": "Placed",
    "paid_at": "Placed",
    "total": "Goods",
    "paid": "Goods",
}
CASE = {
    "external_id": "Case", "order_external_id": "Number", "kind": "Kind", "status": "State", "reason": "Reason",
    "amount": "Amount", "requested_at": "Placed",
}  # fmt: skip
CASE_HEADER = "Case,Number,Kind,State,Reason,Amount,Placed"


def document(**keys: Any) -> dict[str, Any]:
    return {
        "code": "test",
        "platform": "other",
        "zh": "测试",
        "en": "test",
        "detect": {"all": ["Number"]},
        **keys,
    }


def take(shop: Shop, folder: Path, header: str, *rows: str, **keys: Any) -> ImportResult:
    path = folder / f"file{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return import_file(shop, path, only_format=parse_format(document(**keys), Path("test.toml")))


def fetch(shop: Shop, sql: str) -> list[tuple[object, ...]]:
    return shop.database.conn.execute(sql).fetchall()


def test_an_amount_is_added_up_from_several_columns(shop: Shop, tmp_path: Path) -> None:
    take(
        shop, tmp_path, "Number,Placed,Goods,Tax,Promotion",
        "A1,2026-11-01 10:00,60.00,4.80,5.00", "A2,2026-11-01 10:00,60.00,,-5.00", "A3,2026-11-01 10:00,,1.00,",
        "A4,2026-11-01 10:00,,,2.00", "A5,2026-11-01 10:00,3.00,zehn,",
        order=ORDER, add={"order.total": {"plus": ["Tax", "Gift wrap"], "minus": ["Promotion"]}},
    )  # fmt: skip
    assert fetch(shop, "SELECT external_id, total FROM orders ORDER BY external_id") == [
        ("A1", 5980), ("A2", 5500), ("A3", 100), ("A4", None),
    ]  # fmt: skip
    assert fetch(shop, "SELECT row_number, column_name FROM rejects") == [(6, "Tax")]


def test_an_amount_that_needs_another_column_is_none_without_it(shop: Shop, tmp_path: Path) -> None:
    keys = {
        "order": {**ORDER, "refunded": "Goods"},
        "add": {"order.refunded": {"minus": ["Adjusted"], "needs": ["Adjusted"]}},
    }
    take(
        shop, tmp_path, "Number,Placed,Goods,Adjusted", "A1,2026-11-01 10:00,25.00,15.00",
        "A2,2026-11-01 10:00,25.00,0.00", **keys,
    )  # fmt: skip
    take(shop, tmp_path, "Number,Placed,Goods", "A3,2026-11-01 10:00,25.00", **keys)
    assert fetch(shop, "SELECT external_id, refunded_stated FROM orders ORDER BY external_id") == [
        ("A1", 1000), ("A2", 0), ("A3", None),
    ]  # fmt: skip


def test_first_and_last_name_are_one_and_the_next_pair_stands_in(shop: Shop, tmp_path: Path) -> None:
    take(
        shop, tmp_path, "Number,Placed,Goods,Mail,First,Last,First B,Last B",
        "A1,2026-11-01 10:00,1,a@example.com,Jane,Brook,Karl,Hill", "A2,2026-11-01 10:00,1,b@example.com,,,Karl,Hill",
        "A3,2026-11-01 10:00,1,c@example.com,,Moor,,", "A4,2026-11-01 10:00,1,d@example.com,,,,",
        order={**ORDER, "buyer_key": "Mail"}, join={"order.buyer_name": [["First", "Last"], ["First B", "Last B"]]},
    )  # fmt: skip
    assert fetch(shop, "SELECT name FROM customers ORDER BY id") == [
        ("Jane Brook",), ("Karl Hill",), ("Moor",), ("",),
    ]  # fmt: skip


def test_html_is_unescaped_where_the_format_says_so(shop: Shop, tmp_path: Path) -> None:
    take(
        shop, tmp_path, "Number,Placed,Goods,Title,Variant", "A1,2026-11-01 10:00,1,Tom &amp; Co&#39;s pillow,S &amp; M",
        order=ORDER, line={"order_external_id": "Number", "title": "Title", "variant": "Variant"},
        unescape=["line.title"],
    )  # fmt: skip
    assert fetch(shop, "SELECT title, variant FROM order_lines") == [("Tom & Co's pillow", "S &amp; M")]


def test_the_formats_own_reasons_come_before_the_taxonomy(shop: Shop, tmp_path: Path) -> None:
    result = take(
        shop, tmp_path, CASE_HEADER,
        "C1,A1,x,x,DEFECTIVE,1,2026-11-01", "C2,A1,x,x,R-17,1,2026-11-01",
        "C3,A1,x,x,NEVER_ARRIVED,1,2026-11-01", "C4,A1,x,x,R-99,1,2026-11-01",
        aftersales=CASE, vocabulary={"aftersales.reason": {"R-17": "size_fit", "defective": "damaged_transit"}},
    )  # fmt: skip
    assert fetch(shop, "SELECT external_id, reason_first FROM cases ORDER BY external_id") == [
        ("C1", "damaged_transit"), ("C2", "size_fit"), ("C3", "lost"), ("C4", "unknown"),
    ]  # fmt: skip
    unknown = [entry.value for entry in result.warnings if getattr(entry, "field", "") == "aftersales.reason"]
    assert unknown == ["R-99"]


def test_the_owners_words_come_before_the_formats(shop: Shop, tmp_path: Path) -> None:
    own = shop.folder / "templates/vocabularies/own.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('["aftersales.reason"]\n"R-17" = "lost"\n', "utf-8")
    take(
        shop, tmp_path, CASE_HEADER, "C1,A1,x,x,R-17,1,2026-11-01",
        aftersales=CASE, vocabulary={"aftersales.reason": {"R-17": "size_fit"}},
    )  # fmt: skip
    assert fetch(shop, "SELECT reason_first FROM cases") == [("lost",)]


def test_a_destroyed_part_of_a_joined_id_is_rejected_with_the_remedy(shop: Shop, tmp_path: Path) -> None:
    fields = {name: column for name, column in CASE.items() if name != "external_id"}
    take(
        shop, tmp_path, CASE_HEADER, "1.23457E+17,A1,SKU 1,x,x,1,2026-11-01", ",A1,,x,x,1,2026-11-01",
        "1E5,A1,SKU 1,x,x,1,2026-11-01", "LPN1,A1,,x,x,1,2026-11-01",
        aftersales=fields, join={"aftersales.external_id": ["Case", "Kind"]},
    )  # fmt: skip
    rejects = fetch(shop, "SELECT row_number, column_name, reason FROM rejects ORDER BY id")
    assert [(row, column) for row, column, _reason in rejects] == [(2, "Case"), (3, "Case")]
    assert "export again" in str(rejects[0][2])
    assert fetch(shop, "SELECT external_id FROM cases ORDER BY external_id") == [("1E5|SKU 1",), ("LPN1|",)]


@pytest.mark.parametrize(("outstanding", "expected"), [("40.00", (6000, "inferred")), (None, (None, "none"))])
def test_what_was_paid_in_part_is_only_known_with_what_is_outstanding(
    outstanding: str | None, expected: tuple[object, ...], shop: Shop, tmp_path: Path
) -> None:
    header, row = "Number,Placed,Goods,State", "A1,2026-11-01 10:00,100.00,partially_paid"
    if outstanding:
        header, row = f"{header},Open", f"{row},{outstanding}"
    take(
        shop, tmp_path, header, row,
        order={"external_id": "Number", "placed_at": "Placed", "total": "Goods", "status": "State", "outstanding": "Open"},
        paid="by_status", paid_statuses=["partially_paid"], partly_paid=["Partially_paid"],
        vocabulary={"order.status": {"partially_paid": "paid"}},
    )  # fmt: skip
    assert fetch(shop, "SELECT paid, paid_basis FROM orders") == [expected]


def test_a_closed_record_with_an_amount_was_refunded(shop: Shop, tmp_path: Path) -> None:
    take(
        shop, tmp_path, CASE_HEADER, "C1,A1,x,Closed,x,15.50,2026-11-01", "C2,A1,x,Closed,x,,2026-11-01",
        "C3,A1,x,Denied,x,15.50,2026-11-01",
        aftersales=CASE, refunded_with_amount=["closed"],
        vocabulary={"aftersales.status": {"Closed": "closed", "Denied": "refused"}},
    )  # fmt: skip
    assert fetch(shop, "SELECT external_id, status, amount, succeeded_on FROM refunds ORDER BY external_id") == [
        ("C1", "succeeded", 1550, "2026-11-01"), ("C2", "closed", 0, None), ("C3", "refused", 1550, None),
    ]  # fmt: skip


def test_a_case_knows_its_order_line_whichever_file_says_it(shop: Shop, tmp_path: Path) -> None:
    header = f"{CASE_HEADER},Line,Title"
    fields = {**CASE, "title": "Title"}
    take(shop, tmp_path, header, "C1,A1,x,x,x,1,2026-11-01,L1,Pillow", aftersales=fields)
    take(
        shop, tmp_path, header, "C1,A1,x,x,x,1,2026-11-01,L1,Pillow", "C2,A1,x,x,x,1,2026-11-01,L2,",
        aftersales={**fields, "line_id": "Line"},
    )  # fmt: skip
    take(shop, tmp_path, header, "C1,A1,x,x,x,1,2026-11-01,L1,Pillow", "", aftersales=fields)
    assert fetch(shop, "SELECT title, line_id FROM case_lines ORDER BY line_id") == [
        ("Pillow", "L1"),
        ("", "L2"),
    ]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"add": {"order.placed_at": {"plus": ["Tax"]}}}, "add.order.placed_at"),
        ({"add": {"order.total": {"times": ["Tax"]}}}, "add.order.total.times"),
        ({"join": {"order.total": ["Tax"]}}, "join.order.total"),
        ({"join": {"order.external_id": [["Case"], ["Number"]]}}, "join.order.external_id"),
        ({"unescape": ["line.titel"]}, "unescape.line.titel"),
    ],
)
def test_a_wrong_declaration_is_named(keys: dict[str, Any], named: str) -> None:
    with pytest.raises(WrongUsageError, match=named):
        parse_format(document(order=ORDER, **keys), Path("test.toml"))


@pytest.mark.parametrize("field", ["order.status", "aftersales.status", "aftersales.reason"])
def test_a_code_that_does_not_exist_is_named_before_any_row_is_read(
    field: str, shop: Shop, tmp_path: Path
) -> None:
    keys = {"order": ORDER} if field.startswith("order") else {"aftersales": CASE}
    with pytest.raises(WrongUsageError, match="no_such_code"):
        take(
            shop,
            tmp_path,
            CASE_HEADER,
            "C1,A1,x,x,x,1,2026-11-01",
            vocabulary={field: {"x": "no_such_code"}},
            **keys,
        )
    assert fetch(shop, "SELECT COUNT(*) FROM imports") == [(0,)]
