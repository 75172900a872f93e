"""Order lines of the shape of UCI Online Retail: made without it, and counted in any file that has its columns."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
MAPPING = [
    "InvoiceNo=order.external_id", "InvoiceDate=order.placed_at", "CustomerID=order.buyer_key",
    "StockCode=line.sku", "Description=line.title", "Quantity=line.quantity", "UnitPrice=line.unit_price",
]  # fmt: skip

ROWS = 541_909
INVOICES, CANCELLATIONS, CANCELLED_LINES, WRITE_OFFS, BAD_DEBTS = 20_725, 3_836, 9_288, 1_336, 2
"""Invoices with lines that stay; invoices ``C…`` and their lines; lines without a price; negative prices."""
REPEATED_PAIRS, IDENTICAL = 10_684, 5_268
"""Lines whose invoice and SKU occurred before, and those of them that are the same in every cell."""
_CUSTOMERS, _SKUS = 4_372, 3_800


def _share(part: int, rows: int) -> int:
    return round(part * rows / ROWS)


def _moment(number: int, invoices: int) -> str:
    month = 12 * (number - 1) // invoices + 1
    return f"2011-{month:02d}-{number % 28 + 1:02d} {number % 12 + 8:02d}:{number % 60:02d}:00"


def _line(invoice: str, sku: int, quantity: int, number: int, invoices: int) -> str:
    customer = "" if number % 4 == 0 else str(12_346 + number * 7 % _CUSTOMERS)
    return (
        f'"{invoice}","{20_000 + sku}","COTTON CANDY GIFT NUMBER {sku} IN A BOX",{quantity},'
        f'"{_moment(number, invoices)}",{sku % 900 / 100 + 0.29:.2f},{customer},"United Kingdom"\n'
    )


class _Sales:
    """Lines of invoices, of which a known number repeat the SKU, or every cell, of the line before."""

    def __init__(self, lines: int, rows: int) -> None:
        self._lines = lines
        self._repeats, self._identical = _share(REPEATED_PAIRS, rows), _share(IDENTICAL, rows)
        self._written = self._repeated = 0

    def invoice(self, number: int, end: int, invoices: int) -> Iterator[str]:
        """Yield the lines of one invoice up to a total of ``end``."""
        sku = quantity = 0
        for place in range(end - self._written):
            self._written += 1
            due = self._written * self._repeats // self._lines
            if place and self._repeated < due:
                self._repeated += 1
                done, before = (
                    count * self._identical // self._repeats for count in (self._repeated, self._repeated - 1)
                )
                quantity += done == before
            else:
                sku, quantity = (number * 37 + place * 101) % _SKUS, (number + place) % 12 + 1
            yield _line(str(536_365 + number), sku, quantity, number, invoices)


def retail_lines(rows: int) -> Iterator[str]:
    """Yield so many rows, with every kind of line in the proportions of the real file."""
    invoices, cancellations, cancelled, write_offs = (
        _share(part, rows) for part in (INVOICES, CANCELLATIONS, CANCELLED_LINES, WRITE_OFFS)
    )
    lines = rows - cancelled - write_offs - BAD_DEBTS
    sales = _Sales(lines, rows)
    for number in range(1, invoices + 1):
        yield from sales.invoice(number, lines * number // invoices, invoices)
        for which in range(cancellations * (number - 1) // invoices, cancellations * number // invoices):
            for place in range(cancelled * which // cancellations, cancelled * (which + 1) // cancellations):
                yield _line(f"C{600_000 + which}", place * 101 % _SKUS, -(place % 6) - 1, number, invoices)
        for which in range(write_offs * (number - 1) // invoices, write_offs * number // invoices):
            yield f'"{700_000 + which}","21000","damaged",-{which % 30 + 1},"{_moment(number, invoices)}",0,,"United Kingdom"\n'
    for which in range(BAD_DEBTS):
        yield f'"A{563_186 + which}","B","Adjust bad debt",1,"2011-12-31 14:51:00",-11062.06,,"United Kingdom"\n'


def write_retail(path: Path, rows: int = ROWS) -> None:
    """Write a file of so many rows, the header apart."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\n")
        stream.writelines(retail_lines(rows))


@dataclass
class Counted:
    """What is in a retail file, counted without the program."""

    rows: int = 0
    orders: int = 0
    """Invoices with at least one line that is not negative."""
    lines: int = 0
    """Lines with neither a negative quantity nor a negative price."""
    negative: int = 0
    repeated_pairs: int = 0
    identical: int = 0
    quantity: int = 0
    """Pieces on the lines that are not negative."""


def count_retail(path: Path) -> Counted:
    """Count a file with Python's csv module alone."""
    counted, orders, pairs, seen = Counted(), set(), set(), set()
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for cells in reader:
            invoice, sku, _title, quantity, _moment, price, *_rest = cells
            counted.rows += 1
            counted.repeated_pairs += (invoice, sku) in pairs
            pairs.add((invoice, sku))
            counted.identical += (row := tuple(cells)) in seen
            seen.add(row)
            if int(quantity) < 0 or float(price) < 0:
                counted.negative += 1
                continue
            orders.add(invoice)
            counted.lines += 1
            counted.quantity += int(quantity)
    counted.orders = len(orders)
    return counted
