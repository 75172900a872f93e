"""What the buyer really paid."""

import pytest

from aftersales_cli.intake.paid import Paid, rebuild_paid


@pytest.mark.parametrize(
    ("rule", "paid", "refunded", "total", "was_paid", "expected"),
    [
        ("net", 2100, 0, 2100, True, Paid(2100, "stated")),
        ("net", 0, 6480, 6480, True, Paid(6480, "rebuilt")),
        ("net", 14890, 17880, 32770, True, Paid(32770, "rebuilt")),
        ("net", 10000, 4000, 10000, True, Paid(10000, "rebuilt")),
        ("net", 10500, 500, 10000, True, Paid(10500, "rebuilt")),
        ("net", 0, 0, 17880, False, Paid(0, "stated")),
        ("net", 0, None, 9900, True, Paid(9900, "inferred")),
        ("net", None, None, 9900, True, Paid(9900, "inferred")),
        ("net", None, None, None, True, Paid(None, "none")),
        ("stated", 5000, 5000, 5000, True, Paid(5000, "stated")),
        ("by_status", None, 300, 900, True, Paid(900, "inferred")),
        ("by_status", None, None, 900, False, Paid(0, "inferred")),
    ],
)
def test_paid_before_refunds(
    rule: str, paid: int | None, refunded: int | None, total: int | None, was_paid: bool, expected: Paid
) -> None:
    assert rebuild_paid(rule, paid=paid, refunded=refunded, total=total, was_paid=was_paid) == expected


def test_what_is_outstanding_was_not_paid() -> None:
    result = rebuild_paid("by_status", paid=None, refunded=None, total=900, was_paid=True, outstanding=400)
    assert result == Paid(500, "inferred")
