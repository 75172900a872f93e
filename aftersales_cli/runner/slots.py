"""Which nights are due: rules over local days, right in every time zone and after every jump of the clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WINDOW_DAYS = 7
"""Nights missed longer ago than this are not looked at any more."""
LATE = timedelta(hours=1)
"""A job with ``catch_up = "skip"`` still starts if it is no later than this."""


@dataclass(frozen=True)
class DueSlots:
    """What to do now, each in the order of the days."""

    run: tuple[date, ...] = ()
    skip: tuple[date, ...] = ()
    """Missed days that are only noted as skipped."""


def slot_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) a day's slot starts.

    A time that exists twice is the first one; a time the clock jumps over moves forward with the clock.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def latest_slot(now: datetime, zone: ZoneInfo, at: time) -> date:
    """Return the latest day whose slot has started by ``now``."""
    day = now.astimezone(zone).date()
    while slot_moment(day, at, zone) > now:
        day -= timedelta(days=1)
    return day


def due_slots(
    now: datetime,
    zone: ZoneInfo,
    at: time,
    catch_up: str,
    known_slots: Collection[str],
    window_days: int = WINDOW_DAYS,
) -> DueSlots:
    """Return the days to run and those to note as skipped.

    ``known_slots`` are the slots that have a row, ISO days; others such as ``2026-11-22#2`` do not count.
    A day is due if its slot has started, it has no row, and it is no older than the window or the job's
    first run. ``catch_up`` decides about several: ``latest`` runs the last one, ``all`` every one, ``skip``
    only one that is less than an hour late.
    """
    latest = latest_slot(now, zone, at)
    oldest = max(latest - timedelta(days=window_days - 1), _first_known(known_slots, latest))
    days = [oldest + timedelta(days=number) for number in range((latest - oldest).days + 1)]
    missing = [day for day in days if day.isoformat() not in known_slots]
    if catch_up == "all":
        return DueSlots(run=tuple(missing))
    in_time = catch_up == "latest" or now - slot_moment(latest, at, zone) < LATE
    run = tuple(day for day in missing if day == latest and in_time)
    return DueSlots(run=run, skip=tuple(day for day in missing if day not in run))


def _first_known(known_slots: Collection[str], latest: date) -> date:
    """Return the first day that ran; days after ``latest`` come from a clock that was wrong."""
    limit = latest.isoformat()
    days = [day for slot in known_slots if (day := slot[: len(limit)]) <= limit]
    return date.fromisoformat(min(days, default=limit))


def again_slot(day: date, known_slots: Collection[str]) -> str:
    """Return the slot for running a day that has a row once more, e.g. ``2026-11-22#2``."""
    number = 2
    while (slot := f"{day.isoformat()}#{number}") in known_slots:
        number += 1
    return slot
