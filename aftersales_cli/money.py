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


CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
    CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK
    LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF
    YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - as a list of literals it would be 160 lines
)
"""Currencies of ISO 4217, list one; without metals, units of account and test codes."""


def is_currency(code: str) -> bool:
    """Tell whether a code (in capitals) is that of a currency."""
    return code in CURRENCIES


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
