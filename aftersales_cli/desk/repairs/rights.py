"""What follows from how a repair stands: whether it is open or late, the customer's rights, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftersales_cli.clock import from_text, local_day, seconds_between, to_text
from aftersales_cli.desk.repairs.warranty import count_failed
from aftersales_cli.language import _
from aftersales_cli.records.repairs import Repair

LONGEST_DAYS = 30
"""A repair in warranty that takes longer by our fault gives a right to a new piece."""
FAILED_REPAIRS = 2
"""So many repairs in warranty without success give a right to a new piece."""
_RULES = "部分商品修理更换退货责任规定 (1995)"
_CHINA = "CN"
_DAY = 86400

_WORKING = frozenset({"received", "diagnosed", "approved", "in_repair", "tested"})

COMMANDS: dict[str, tuple[str, ...]] = {
    "booked": ("receive {id}", "solve {id}", "decline {id}"),
    "received": ("diagnose {id} --say …",),
    "diagnosed": ("quote {id} AMOUNT", "start {id}", "unrepairable {id} --say …"),
    "quoted": ("approve {id}", "decline {id}"),
    "approved": ("start {id}",),
    "in_repair": ("test {id}", "unrepairable {id} --say …"),
    "tested": ("ship {id} --carrier … --number …", "done {id}"),
    "shipped_back": ("done {id}",),
}
"""State → what may be typed next, behind ``aftersales repairs``."""


@dataclass(frozen=True)
class Right:
    """Something the customer may ask for."""

    code: str
    """``twice``, ``slow`` or ``unrepairable``."""
    text: str
    source: str
    """The rule it rests on, "" for none that we know."""


def repair_is_open(repair: Repair) -> bool:
    """Tell whether something is left to do: it has not ended, or the declined piece has not gone back yet."""
    if repair.ended_at is None:
        return True
    return repair.status == "declined" and repair.received_at is not None and repair.shipped_at is None


def next_commands(repair: Repair) -> list[str]:
    """Return the commands that take a repair further; without those its warranty rules out."""
    verbs = COMMANDS.get(repair.status, ())
    if repair.status == "diagnosed" and repair.warranty == "in":
        verbs = tuple(verb for verb in verbs if not verb.startswith("quote"))
    elif repair.status == "diagnosed" and repair.kind == "repair":
        verbs = tuple(verb + " --free" if verb.startswith("start") else verb for verb in verbs)
    if not verbs and repair_is_open(repair):
        verbs = ("ship {id} --carrier … --number …",)
    return ["aftersales repairs " + verb.format(id=repair.id) for verb in verbs]


def due_after(received_at: str, days: int, zone: ZoneInfo) -> str:
    """Return until when a piece should be on its way back: the end of the local day so many days later."""
    last = local_day(received_at, zone) + timedelta(days=days)
    return to_text(datetime.combine(last, time(23, 59, 59), zone))


def move_due(due_at: str, *, since: str, until: str) -> str:
    """Return a due moment moved by the time the customer took to answer."""
    return to_text(from_text(due_at) + timedelta(seconds=seconds_between(since, until)))


def is_late(repair: Repair, now: str) -> bool:
    """Tell whether a piece should be on its way back, or did not come at its appointment."""
    if repair.status == "booked":
        return repair.appointment_at is not None and repair.appointment_at < now
    return repair.status in _WORKING and repair.due_at is not None and repair.due_at < now


def days_in_repair(repair: Repair, now: str) -> int:
    """Return the full days a piece has been with us, without those the customer took to answer a quote."""
    return _seconds_in_repair(repair, now) // _DAY


def _seconds_in_repair(repair: Repair, now: str) -> int:
    if repair.received_at is None:
        return 0
    end = repair.shipped_at or repair.ended_at or now
    seconds = seconds_between(repair.received_at, end)
    if repair.quoted_at is not None:
        answered = repair.approved_at or repair.ended_at or end
        seconds -= seconds_between(repair.quoted_at, min(answered, end))
    return max(seconds, 0)


def find_rights(repair: Repair, earlier: Sequence[Repair], *, country: str, now: str) -> list[Right]:
    """Return what the customer may ask for instead of a further repair; ``earlier`` are those of the same piece.

    Source: kpi.md 2.1 (三包); for other countries than China no source is named.
    """
    if repair.kind != "repair" or repair.warranty != "in":
        return []
    if repair.status != "unrepairable" and repair.ended_at is not None:
        return []
    rights = []
    failed = count_failed(earlier)
    if failed >= FAILED_REPAIRS:
        rights.append(_twice(failed, country))
    if repair.shipped_at is None and _seconds_in_repair(repair, now) > LONGEST_DAYS * _DAY:
        rights.append(_slow(days_in_repair(repair, now), country))
    if repair.status == "unrepairable":
        rights.append(_unrepairable(country))
    return rights


def _twice(failed: int, country: str) -> Right:
    if country == _CHINA:
        text = _(
            "It failed again after {count} repairs in warranty: the customer may ask for an exchange, or the money "
            "back (art. 13).",
            count=failed,
        )
        return Right("twice", text, _("{rules} art. 11", rules=_RULES))
    return Right(
        "twice",
        _(
            "It failed again after {count} repairs in warranty: offer an exchange or the money back; what the "
            "customer may ask for is up to the law of {country}.",
            count=failed,
            country=country,
        ),
        "",
    )


def _slow(days: int, country: str) -> Right:
    if country == _CHINA:
        text = _(
            "It has been in repair for {days} days: after {limit} days by our fault the customer may ask for a new "
            "one.",
            days=days,
            limit=LONGEST_DAYS,
        )
        return Right("slow", text, _RULES)
    text = _("It has been in repair for {days} days: offer a new one.", days=days)
    return Right("slow", text, "")


def _unrepairable(country: str) -> Right:
    text = _("It is in warranty and cannot be repaired: exchange it, or give the money back.")
    return Right("unrepairable", text, "消费者权益保护法 art. 24" if country == _CHINA else "")
