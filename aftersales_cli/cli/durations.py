"""How long something took or may still take, in words for people."""

from collections.abc import Mapping

from aftersales_cli.language import N_, _

_MINUTE, _HOUR, _DAY = 60, 3600, 86400

CLOCK_STATES: Mapping[str, str] = {
    "missed": N_("MISSED"),
    "near": N_("near"),
    "running": N_("running"),
    "paused": N_("paused"),
    "met": N_("met"),
    "stopped": N_("no longer counts"),
}
"""State of a clock → its name for people."""


def duration_text(seconds: int) -> str:
    """Write a duration for people by its two largest units, e.g. ``3 d 4 h``, ``12 min``, ``40 s``."""
    if seconds >= _DAY:
        return _("{days} d {hours} h", days=seconds // _DAY, hours=seconds % _DAY // _HOUR)
    if seconds >= _HOUR:
        return _("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    if seconds >= _MINUTE:
        return _("{minutes} min", minutes=seconds // _MINUTE)
    return _("{seconds} s", seconds=seconds)


def counted_text(seconds: int, calendar: str) -> str:
    """Write a duration as its calendar counts it: a working day has no 24 hours, so working time is never in days."""
    if calendar == "wall" or seconds < _DAY:
        return duration_text(seconds)
    return _("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)


def remaining_text(seconds: int | None, calendar: str, *, is_missed: bool = False) -> str:
    """Write what is left of a clock: ``2 h 10 min left``, ``3 h 0 min late``; ``–`` while it is paused.

    ``is_missed`` tells a clock that ran out at closing time from one that runs out this very second.
    """
    if seconds is None:
        return "–"
    if seconds == 0 and is_missed:
        return _("closed since")
    text = counted_text(abs(seconds), calendar)
    return _("{duration} late", duration=text) if seconds < 0 else _("{duration} left", duration=text)
