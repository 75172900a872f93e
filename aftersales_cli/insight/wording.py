"""How figures are written for people: numbers with units, lights, mini trends."""

import re
from collections.abc import Sequence

from aftersales_cli.insight.catalogue import Entry
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money, minor_digits

MINUTE, HOUR, DAY = 60, 3600, 86_400
_MILLION = 1_000_000
_BLOCKS = "▁▂▃▅▇"
_NO_BLOCK = "·"

LIGHT_WORDS = {
    "good": N_("good"),
    "near": N_("near"),
    "bad": N_("bad"),
    "small": N_("few"),
    "none": "",
}
LIGHT_SIGNS = {"good": "✓", "near": "~", "bad": "✗", "small": "?", "none": ""}


def duration_unit(seconds: float) -> tuple[float, str]:
    """Return the divisor and the translated unit a duration is best read in."""
    if seconds < 2 * MINUTE:
        return 1, _("s")
    if seconds < 2 * HOUR:
        return MINUTE, _("min")
    if seconds < 3 * DAY:
        return HOUR, _("h")
    return DAY, _("d")


def format_duration(seconds: float) -> str:
    """Write seconds in the unit that reads best, e.g. ``4.2 h``."""
    divisor, unit = duration_unit(seconds)
    number = f"{seconds / divisor:.0f}" if divisor == 1 else f"{seconds / divisor:.1f}".removesuffix(".0")
    return f"{number} {unit}"


def format_share(share: float) -> str:
    """Write a share as a percentage with one digit."""
    return f"{share * 100:.1f} %"


def _short_amount(minor: float, currency: str) -> str:
    """Write an amount without cents; from ten million on in millions."""
    scale, cents = 10 ** minor_digits(currency), "." + "0" * minor_digits(currency)
    mark = ""
    if minor / scale >= 10 * _MILLION:
        minor, mark = minor / _MILLION, "M"
    return format_money(round(minor / scale) * scale, currency).removesuffix(cents) + mark


def format_value(entry: Entry, value: float | None, currency: str, *, short: bool = False) -> str:
    """Write a figure with its unit; None is ``–``. ``short`` drops the cents of amounts."""
    if value is None:
        return "–"
    if entry.unit == "money":
        return _short_amount(value, currency) if short else format_money(round(value), currency)
    if entry.unit == "share":
        return format_share(value)
    if entry.unit == "seconds":
        return format_duration(value)
    return f"{value:.2f}" if entry.unit == "score" else f"{value:,.0f}"


def format_target(entry: Entry, target: float | None) -> str:
    """Write a target with its direction, e.g. ``≤ 10 %``; nothing without one."""
    if target is None:
        return ""
    sign = "≥" if entry.direction == "up" else "≤"
    text = f"{target * 100:.4g} %" if entry.unit == "share" else format_value(entry, target, "")
    return f"{sign} {text}"


def format_count(count: float, currency: str, *, money: bool = False) -> str:
    """Write a numerator or denominator in few characters: ``5646``, ``1.2M``; amounts in whole units."""
    number = count / 10 ** minor_digits(currency) if money else count
    if number >= _MILLION:
        return f"{number / _MILLION:.2f}M" if number < 100 * _MILLION else f"{number / _MILLION:.0f}M"
    return f"{number:.0f}"


def light_word(light: str) -> str:
    """Return a light as a word in the current language."""
    return _(LIGHT_WORDS[light])


def sparkline(values: Sequence[float | None]) -> str:
    """Draw values as blocks ``▁▂▃▅▇`` between the smallest and the largest; ``·`` where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, spread = min(known), max(known) - min(known)
    top = len(_BLOCKS) - 1
    return "".join(
        _NO_BLOCK if value is None else _BLOCKS[round((value - low) / spread * top) if spread else top // 2]
        for value in values
    )


def shorten(text: str, width: int) -> str:
    """Cut a text to so many columns, Chinese characters counting two, with ``…`` where something is gone."""
    from wcwidth import wcwidth  # noqa: PLC0415 - only listings and workbooks need it

    text = " ".join(text.split())
    used = 0
    for position, character in enumerate(text):
        used += max(wcwidth(character), 0)
        if used > width:
            # Step back until the mark fits as well.
            kept = text[:position]
            while kept and sum(max(wcwidth(letter), 0) for letter in kept) > width - 1:
                kept = kept[:-1]
            return kept.rstrip() + "…"
    return text


def wrap(text: str, width: int, indent: str) -> list[str]:
    """Break a text into indented lines of at most so many columns, between words or Chinese characters."""
    from wcwidth import wcswidth  # noqa: PLC0415 - only listings and workbooks need it

    lines, line = [], ""
    # A Chinese character is a word of its own; anything else runs to the next white space.
    for piece in re.findall(r"[⺀-鿿＀-￯]|[^\s⺀-鿿＀-￯]+\s*|\s+", text):
        if line and wcswidth((line + piece).rstrip()) > width - len(indent):
            lines.append(indent + line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, indent + line.rstrip()] if line.strip() else lines
