"""Keep the payments of statements, each once: by its number if it has one, else by its row in the file."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aftersales_cli.database.statements import fill_statement_row, insert_statement_row, list_statement_rows
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class PaidOut:
    """A payment out as a file states it; ``amount`` in minor units, above 0."""

    at: str | None
    currency: str
    amount: int
    reference: str = ""
    order: str = ""
    content: str = ""
    """The row as it stands in the file, whatever its columns were taken for."""


def keep_payments(shop: Shop, payments: Sequence[PaidOut], *, source: str) -> tuple[list[str], int]:
    """Keep the payments of a file; return the code of each, once, and how many were new. Inside ``writing``.

    One number is one payment, unless the amounts differ: partial refunds share the number of the trade. A row that
    was read before with other columns is the same payment and takes what is known now.
    """
    kept = list_statement_rows(shop.database)
    codes = {row.code for row in kept}
    by_number = {(row.reference, row.currency, row.amount): row.code for row in kept if row.reference}
    found: dict[str, None] = {}
    new = 0
    for payment, row_code in zip(payments, _row_codes(payments), strict=True):
        number = (payment.reference, payment.currency, payment.amount)
        code = row_code if row_code in codes else by_number.get(number, row_code)
        values = {
            "code": code,
            "at": payment.at,
            "currency": payment.currency,
            "amount": payment.amount,
            "reference": payment.reference,
            "order_external_id": payment.order,
        }
        if code in codes:
            fill_statement_row(shop.database, values)
        else:
            insert_statement_row(shop.database, {**values, "source": source, "read_at": shop.stamp})
            new += 1
        codes.add(code)
        found[code] = None
        if payment.reference:
            by_number[number] = code
    return list(found), new


def _row_codes(payments: Sequence[PaidOut]) -> list[str]:
    """Return a code for the row of each payment; two that look alike in one file are two."""
    seen: Counter[object] = Counter()
    codes = []
    for payment in payments:
        words = payment.content or (
            payment.at,
            payment.currency,
            payment.amount,
            payment.reference,
            payment.order,
        )
        seen[words] += 1
        codes.append(hashlib.sha256(repr((words, seen[words])).encode()).hexdigest()[:32])
    return codes
