"""What the tests of files that are not orders share: opening them, and comparing with the expected text."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from aftersales_cli.intake.formats import Format, load_formats, recognise
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.other_rows import OtherResult
from aftersales_cli.reading.tables import OpenTable, open_table
from aftersales_cli.shop import Shop
from tests.intake.test_golden_files import GOLDEN


def open_shipped(path: Path) -> OpenTable[Format]:
    """Open a file that one of the shipped formats knows."""
    formats = load_formats(None)
    return open_table(path, lambda header: recognise(formats, header))


def mapped(path: Path, words: Sequence[str]) -> OpenTable[Format]:
    """Open a file through a mapping made by hand."""
    fmt = mapped_format(mapped_document(words))
    return open_table(path, lambda header: recognise([fmt], header))


def write_csv(folder: Path, name: str, text: str) -> Path:
    """Write a small file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def check_golden(shop: Shop, name: str, result: OtherResult, queries: Mapping[str, str]) -> None:
    """Compare what was stored and told with NAME.expected.txt; RENEW_GOLDEN=1 writes it."""
    lines = [
        f"rows {result.rows}: new {result.new}, updated {result.updated}, unchanged {result.unchanged}, "
        f"rejected {len(result.rejects)}" + (f", skipped {result.skipped}" if result.skipped else ""),
        *(
            f"rejected: row {number}, {column or '-'}: {reason}"
            for number, column, reason, _raw in result.rejects
        ),
        *(f"warning: {warning.text()}" for warning in result.warnings),
    ]
    stored = result.new + result.updated + result.unchanged
    assert result.rows == stored + len(result.rejects) + result.skipped
    for title, sql in queries.items():
        cursor = shop.database.conn.execute(sql)
        names = [entry[0] for entry in cursor.description]
        lines += ["", f"[{title}]"]
        for row in cursor.fetchall():
            filled = (
                f"{name}={value}" for name, value in zip(names, row, strict=True) if value not in (None, "")
            )
            lines.append("  ".join(part.replace("\n", "⏎") for part in filled))
    found = "\n".join(lines) + "\n"
    expected = GOLDEN / f"{name}.expected.txt"
    if os.environ.get("RENEW_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
