"""Money in whole minor units (fen, cents) and how it is written."""

from decimal import ROUND_HALF_UP, Decimal

from aftersales_cli.language import current_language

_NO_DIGITS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DIGITS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_FOUR_DIGITS = frozenset(["CLF", "UYW"])


def minor_digits(currency: str) -> int:
    """Return the number of decimal digits of a currency code (source: ISO 4217, list one, minor units)."""
    if currency in _NO_DIGITS:
        return 0
    if currency in _THREE_DIGITS:
        return 3
    return 4 if currency in _FOUR_DIGITS else 2


def to_minor(amount: Decimal, currency: str) -> tuple[int, bool]:
    """Return an amount in minor units and whether it had to be rounded (half up) to get there."""
    scaled = amount.scaleb(minor_digits(currency))
    whole = int(scaled.quantize(Decimal(1), ROUND_HALF_UP))
    return whole, scaled != whole


def to_decimal(minor: int, currency: str) -> Decimal:
    """Return minor units as an exact decimal amount."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def number_format(currency: str) -> str:
    """Return the Excel number format of amounts in a currency, e.g. ``#,##0.00``."""
    digits = minor_digits(currency)
    return "#,##0" + ("." + "0" * digits if digits else "")


def format_money(minor: int | None, currency: str) -> str:
    """Write an amount for people: ``¥1,234.50`` in Chinese, ``CN¥1,234.50`` in English; None is ``–``."""
    if minor is None:
        return "–"
    from babel.numbers import format_currency  # noqa: PLC0415 - heavy, and only listings need it

    locale = "zh_CN" if current_language() == "zh" else "en"
    pattern = "¤" + number_format(currency)
    return format_currency(to_decimal(minor, currency), currency, pattern, locale, currency_digits=False)
