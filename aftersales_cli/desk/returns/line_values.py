"""What the buyer paid for a line, and for some of its pieces. Rules only: values in, values out."""

from collections.abc import Sequence

from aftersales_cli.records.ledger import LineLedger, LineValue, SoldLine


def value_lines(lines: Sequence[SoldLine], *, paid: int | None, postage: int) -> list[LineValue]:
    """Return what the buyer paid for each line, in the order of ``lines``.

    What is frozen or stated by the file stays; the rest of what the order cost without postage is shared by
    price × quantity with the largest-remainder rule, so that the parts add up to the whole.
    """
    known = {
        position: line.value if line.value is not None and line.basis != "unknown" else line.paid
        for position, line in enumerate(lines)
    }
    rest = [position for position, value in known.items() if value is None]
    prices = [(lines[position].unit_price or 0) * lines[position].quantity for position in rest]
    basis = (
        "shared"
        if len(rest) == 1 or all(lines[position].unit_price is not None for position in rest)
        else "unknown"
    )
    if paid is None:
        shares, basis = prices, "unknown"
    else:
        whole = max(0, paid - postage - sum(value for value in known.values() if value is not None))
        # Without all prices a piece counts like any other.
        weights = prices if basis == "shared" else [lines[position].quantity for position in rest]
        shares = share_out(whole, weights)
    shared = dict(zip(rest, shares, strict=True))
    return [
        LineValue(
            line.id,
            line.value_quantity or line.quantity,
            shared[position] if value is None else value,
            basis if value is None else line.basis or "stated",
        )
        for position, (line, value) in enumerate(zip(lines, known.values(), strict=True))
    ]


def share_out(whole: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weight so that the parts add up to it: the largest remainders get the cents left over."""
    if not weights:
        return []
    weights = weights if sum(weights) else [1] * len(weights)
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(whole * weights[index] % total), index))
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return parts


def amount_for(line: LineLedger, pieces: int) -> int:
    """Return what is to be paid back for so many further pieces; the last ones take the cent left over.

    What was deducted from earlier pieces on purpose is not given back with later ones.
    """
    before, bought = line.refunded + line.platform_pieces, line.bought
    due, after = line.goods * before // bought, line.goods * min(bought, before + pieces) // bought
    drift = due - line.refunded_amount - line.by_platform
    if (
        abs(drift) > before
    ):  # More than rounding: somebody deducted something, or paid without counting pieces.
        drift = 0
    return max(0, min(after - due + drift, line.left))
