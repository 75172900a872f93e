"""What time alone does to cases: remind, end the waiting, close what is solved; and which cases are stuck."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import from_text, local_day, local_text, to_text
from aftersales_cli.database.case_listings import list_quiet_cases
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.handing_off import withdraw_all
from aftersales_cli.desk.resolutions import UNKNOWN
from aftersales_cli.desk.returns.case_ends import list_open_ends
from aftersales_cli.desk.steps import require_case, take_step
from aftersales_cli.desk.system import as_system
from aftersales_cli.language import _, plural
from aftersales_cli.records.cases import Case, QuietCase
from aftersales_cli.setting_sections import CaseSettings
from aftersales_cli.shop import Shop

NO_ANSWER = "no_answer"
"""Resolution of a case whose customer did not answer."""


@dataclass(frozen=True)
class Expiry:
    """What time did to a case, or asks to be done."""

    number: int
    kind: str
    done: str
    """``closed``, ``resolved``, ``remind`` (nothing done, the customer should be written to) or ``confirm``
    (nothing done, a complaint waits for the customer's word)."""
    since: str


@dataclass(frozen=True)
class StuckCase:
    """A case nobody should forget, with the reason in words."""

    number: int
    code: str
    """``quiet``, ``waiting``, ``until`` or ``unconfirmed``."""
    reason: str
    since: str


def judge_expiry(case: QuietCase, rules: CaseSettings, now: str) -> str:
    """Return what is due: ``closed``, ``resolved``, ``remind``, ``confirm`` or ``""``.

    Days are full days of 24 hours. A reminder puts the end off, so that the customer has as many days to
    answer it as lie between ``remind_days`` and ``wait_days``. Complaints end only by the customer's word.
    """
    if case.status == "resolved":
        if _after(case.since, rules.close_days) > now:
            return ""
        return "confirm" if _is_unconfirmed(case) else "closed"
    # A platform's own case ends as the platform says, whoever it waits for.
    if case.status != "waiting_customer" or case.until > now or case.origin == "platform":
        return ""
    reminded_at = case.last_out_at if case.last_out_at and case.last_out_at > case.since else None
    ends_at = _after(case.since, rules.wait_days)
    if reminded_at:
        ends_at = max(ends_at, _after(reminded_at, max(0, rules.wait_days - rules.remind_days)))
    if ends_at <= now and case.kind != "complaint":
        return "resolved"
    return "remind" if _after(reminded_at or case.since, rules.remind_days) <= now else ""


def expire_cases(shop: Shop) -> list[Expiry]:
    """Do what time demands and return it with what is left to people; a second run does nothing more.

    Each case is a transaction of its own, so that one in use does not hold up the others.
    """
    found = [
        (case, judge_expiry(case, shop.settings.cases, shop.stamp))
        for case in list_quiet_cases(shop.database)
    ]
    return [
        Expiry(case.number, case.kind, done, case.since)
        for case, done in found
        if done and (done in {"remind", "confirm"} or _expire(shop, case.number))
    ]


def _expire(shop: Shop, number: int) -> bool:
    with changing(shop, "cases.expire") as writing:
        # Between the list and this transaction somebody may have answered: only what still holds is done.
        seen = list_quiet_cases(shop.database, number)
        done = judge_expiry(seen[0], shop.settings.cases, shop.stamp) if seen else ""
        # A case whose parcel or money is still open waits for that, however silent the customer is.
        if done not in _ENDINGS or (done == "resolved" and list_open_ends(shop, number)):
            return False
        writing.touch("case", number)
        _ENDINGS[done](shop, require_case(shop, number))
        return True


def _close(shop: Shop, case: Case) -> None:
    take_step(as_system(shop), case, "time_out", at=shop.stamp, changes={"closed_at": shop.stamp})


def _resolve(shop: Shop, case: Case) -> None:
    changes: dict[str, object] = {
        "resolution": NO_ANSWER,
        "cause": case.cause or UNKNOWN,
        "reason_final": case.reason_final or case.reason_first,
        "resolved_at": shop.stamp,
        "resolved_on": local_day(shop.stamp, shop.zone).isoformat(),
    }
    withdraw_all(as_system(shop), case, at=shop.stamp)
    take_step(as_system(shop), case, "time_out", at=shop.stamp, changes=changes)


_ENDINGS: dict[str, Callable[[Shop, Case], None]] = {"closed": _close, "resolved": _resolve}


def find_stuck(shop: Shop) -> list[StuckCase]:
    """Return the cases in danger of being forgotten, the longest quiet first."""
    judged = [
        (case, explain_stuck(case, shop.settings.cases, shop.stamp))
        for case in list_quiet_cases(shop.database)
    ]
    return [
        StuckCase(case.number, code, _word(shop, case, code), _since(case, code))
        for case, code in judged
        if code
    ]


def explain_stuck(case: QuietCase, rules: CaseSettings, now: str) -> str:
    """Return why a case counts as stuck, ``""`` if it does not: the code that ``StuckCase`` has."""
    if case.status == "resolved":
        return "unconfirmed" if _is_unconfirmed(case) else ""
    if case.until:
        return "until" if case.until <= now else ""
    if case.status == "waiting_customer":
        return "waiting" if _after(max(case.since, case.last_out_at or ""), rules.remind_days) <= now else ""
    if _after(case.last_at, rules.stuck_days) > now:
        return ""
    return "waiting" if case.status.startswith("waiting") else "quiet"


def _is_unconfirmed(case: QuietCase) -> bool:
    return case.kind == "complaint" and case.confirmed_at is None


def _since(case: QuietCase, code: str) -> str:
    if code == "until":
        return case.until
    return case.last_at if code == "quiet" else case.since


def _word(shop: Shop, case: QuietCase, code: str) -> str:
    if code == "until":
        return _("was to wait until {moment}", moment=local_text(case.until, shop.zone))
    since = _since(case, code)
    if code == "unconfirmed":
        days = (shop.today - local_day(since, shop.zone)).days
        if days <= 0:
            return _("solved today, the customer has not confirmed it")
        return plural(
            "solved {count} day ago, the customer has not confirmed it",
            "solved {count} days ago, the customer has not confirmed it",
            days,
        )
    days = (shop.now - from_text(since)).days
    if code == "quiet":
        return plural("nothing happened for {count} day", "nothing happened for {count} days", days)
    status = shop.taxonomy("case_statuses").label(case.status)
    return plural("“{status}” for {count} day", "“{status}” for {count} days", days, status=status)


def _after(moment: str, days: int) -> str:
    return to_text(from_text(moment) + timedelta(days=days))
