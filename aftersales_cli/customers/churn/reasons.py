"""The likely reason why a customer leaves, with the one fact that points to it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from aftersales_cli.clock import seconds_between
from aftersales_cli.database.churn_signs import Wait
from aftersales_cli.records.churn import ChurnScore, ChurnSign
from aftersales_cli.taxonomy import Taxonomy

BEFORE_DAYS = 60
"""What happened longer before the last purchase did not keep the customer from buying again."""
LATE_REFUND_DAYS = 7
"""From so many days on money is late where nothing was promised."""
LONG_REPLY_HOURS = 24
_DAY, _HOUR = 86_400, 3_600

ORDER = ("complaint_open", "complaint", "low_score", "late_refund", "long_wait", "returns", "stock", "price")
"""Signs from strong to weak. What customers said themselves stands above them all."""
_WORDS = {"stock": "out_of_stock", "price": "price"}
"""Reason → the term of the taxonomy ``reasons`` whose names and other words messages are searched for."""
_SHORTEST = 2


def stock_and_price_words(reasons: Taxonomy) -> list[tuple[str, str]]:
    """Return (reason, word in lower case) of the words that tell of stock and prices; codes of platforms are none."""
    found = []
    for reason, code in _WORDS.items():
        term = reasons.terms.get(code)
        words = {term.zh, term.en, *term.aliases} if term else set()
        parts = {
            part for word in words if not word.isupper() or not word.isascii() for part in word.split("/")
        }
        found += [(reason, part.lower()) for part in sorted(parts) if len(part) >= _SHORTEST]
    return found


def word_signs(
    messages: Iterable[tuple[int, int, str, str]], words: Sequence[tuple[str, str]]
) -> list[ChurnSign]:
    """Return the cases with a message (customer, case, day, text) that holds one of the words, each once a reason."""
    by_reason: dict[str, list[str]] = {}
    for reason, word in words:
        by_reason.setdefault(reason, []).append(re.escape(word))
    patterns = {reason: re.compile("|".join(found), re.IGNORECASE) for reason, found in by_reason.items()}
    found = {
        (reason, case): ChurnSign(customer, reason, "word", case, day, None)
        for customer, case, day, text in messages
        for reason, pattern in patterns.items()
        if pattern.search(text)
    }
    return list(found.values())


def late_refunds(waits: Iterable[Wait], at: str) -> list[ChurnSign]:
    """Return the refunds that came later than promised, or are out at a moment; without a promise after a week."""
    found = []
    for wait in waits:
        until = wait.until if wait.until and wait.until <= at else at
        days = seconds_between(wait.since, until) // _DAY
        is_late = until > wait.due if wait.due else days >= LATE_REFUND_DAYS
        if is_late:
            sign = "refund" if until == wait.until else "unpaid"
            found.append(ChurnSign(wait.customer_id, "late_refund", sign, wait.case, wait.on, days))
    return found


def long_replies(waits: Iterable[Wait], at: str) -> list[ChurnSign]:
    """Return the cases whose first reply took more than a day, or has not come for a day at a moment."""
    found = []
    for wait in waits:
        until = wait.until if wait.until and wait.until <= at else at
        hours = seconds_between(wait.since, until) // _HOUR
        if hours >= LONG_REPLY_HOURS:
            found.append(ChurnSign(wait.customer_id, "long_wait", "reply", wait.case, wait.on, hours))
    return found


def sort_signs(signs: Iterable[ChurnSign]) -> dict[int, list[ChurnSign]]:
    """Return customer → signs, the one that tells most first, of equal ones the newest."""
    rank = {reason: position for position, reason in enumerate(ORDER)}
    found: dict[int, list[ChurnSign]] = {}
    for sign in signs:
        if sign.customer_id is not None:
            found.setdefault(sign.customer_id, []).append(sign)
    for own in found.values():
        own.sort(key=lambda sign: (sign.on, sign.case or 0), reverse=True)
        own.sort(key=lambda sign: -1 if sign.sign == "said" else rank.get(sign.reason, len(rank)))
    return found


def add_reason(score: ChurnScore, signs: Mapping[int, list[ChurnSign]]) -> ChurnScore:
    """Return the score of one who leaves with the first sign since shortly before the last purchase, if there is one."""
    known = signs.get(score.customer_id)
    if known is None or not score.reason:
        return score
    since = (date.fromisoformat(score.last_on) - timedelta(days=BEFORE_DAYS)).isoformat()
    for sign in known:
        if sign.on >= since or sign.reason == "complaint_open":
            return replace(
                score,
                reason=sign.reason,
                sign=sign.sign,
                sign_case=sign.case,
                sign_on=sign.on,
                sign_number=sign.number,
            )
    return score
