"""Every format against a small invented file of it; what is expected stands beside the file in readable text.

After a wanted change: RENEW_GOLDEN=1 python -m pytest tests/intake/test_golden_files.py, then read the diff.
"""

import csv
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop

GOLDEN = Path(__file__).parent / "golden"

CASES = [
    # name, how the text file is turned into the marketplace's file, further files imported before it
    ("taobao_orders_o3", "gb18030", ()),
    ("taobao_orders_o5", "gb18030", ()),
    ("taobao_orders_o7", "xlsx", ()),
    ("taobao_refunds_r3", "xlsx", ("taobao_orders_o7",)),
    ("taobao_refunds_r4", "xlsx", ("taobao_orders_o7", "taobao_refunds_r3")),
    ("taobao_items_d3", "xlsx", ("taobao_orders_o7",)),
    ("shopify_orders", "utf-8", ()),
]


def marketplace_file(folder: Path, name: str, form: str) -> Path:
    """Write the golden text file the way the marketplace would: encoded, with CRLF, or as a workbook."""
    text = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8")
    if form != "xlsx":
        path = folder / f"{name}.csv"
        newline = "\n" if form == "utf-8" else "\r\n"
        path.write_bytes(text.replace("\n", newline).encode(form))
        return path
    path = folder / f"{name}.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    for row in csv.reader(text.splitlines(keepends=True)):
        sheet.append(row)
    book.save(path)
    return path


FORMS = {name: form for name, form, _before in CASES}


def _dump(shop: Shop, result: ImportResult) -> str:
    queries = {
        "orders": """SELECT o.external_id, o.display_number AS number, s.code AS storefront, c.name AS customer, c.phone, c.email,
            o.placed_at, o.paid_at, o.paid_on, o.shipped_at, o.finished_at, o.status, o.currency, o.total, o.paid,
            o.paid_basis, o.refunded, o.refunded_basis, o.title, o.buyer_note
            FROM orders o JOIN storefronts s ON s.id = o.storefront_id LEFT JOIN customers c ON c.id = o.customer_id
            ORDER BY o.external_id""",
        "lines": """SELECT order_external_id, order_id IS NOT NULL AS joined, replace(line_key, char(31), '|') AS key, sku,
            title, variant, quantity, unit_price, paid, refunded, status_raw
            FROM order_lines ORDER BY order_external_id, line_key""",
        "cases": """SELECT number, kind, severity, status, status_raw, order_external_id, order_id IS NOT NULL AS joined,
            external_id, opened_at, resolved_at, resolution, cancel_reason, reason_first, reason_raw, fault, title
            FROM cases ORDER BY number""",
        "case lines": """SELECT case_number, sku, title, quantity, line_id FROM case_lines WHERE line_id <> ''
            ORDER BY case_number""",
        "refunds": """SELECT case_number, external_id, status, amount, to_buyer, requested_at, succeeded_at
            FROM refunds ORDER BY case_number""",
        "events": "SELECT case_number, seq, at, type, before, after FROM case_events ORDER BY case_number, seq",
        "rejects": "SELECT row_number, column_name, reason FROM rejects ORDER BY id",
    }
    lines = [
        f"format {result.format}, {result.encoding}, storefront {result.storefront}, rows {result.rows}",
        f"orders {tuple(result.orders)}, lines {tuple(result.lines)}, aftersales {tuple(result.aftersales)}, "
        f"rejected {result.rejected}" + (f", skipped {result.skipped}" if result.skipped else ""),
        *(f"warning: {warning.text()}" for warning in result.warnings),
    ]
    for title, sql in queries.items():
        cursor = shop.database.conn.execute(sql)
        names = [entry[0] for entry in cursor.description]
        rows = cursor.fetchall()
        if rows:
            lines += ["", f"[{title}]"]
        for row in rows:
            filled = (
                f"{name}={value}" for name, value in zip(names, row, strict=True) if value not in (None, "")
            )
            lines.append("  ".join(str(part).replace("\n", "⏎") for part in filled))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("name", "form", "before"), CASES, ids=[case[0] for case in CASES])
def test_a_file_gives_exactly_what_stands_beside_it(
    name: str, form: str, before: tuple[str, ...], shop: Shop, tmp_path: Path
) -> None:
    for earlier in before:
        import_file(shop, marketplace_file(tmp_path, earlier, FORMS[earlier]))
    found = _dump(shop, import_file(shop, marketplace_file(tmp_path, name, form)))
    expected = GOLDEN / f"{name}.expected.txt"
    if os.environ.get("RENEW_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
