"""Follow low scores up at once: a callback that asks what went wrong."""

from datetime import timedelta

from aftersales_cli.customers.selection import LOW_SCORE
from aftersales_cli.customers.surveys.scales import LowScores
from aftersales_cli.database.callbacks import insert_callback
from aftersales_cli.database.survey_answers import list_low_answers, set_follow_up
from aftersales_cli.records.surveys import LowAnswer
from aftersales_cli.shop import Shop

REASON = "survey_low"


def low_scores(shop: Shop) -> LowScores:
    """Return the scores up to which the settings want somebody to call."""
    settings = shop.settings.surveys
    return LowScores(csat=settings.low_csat, nps=settings.low_nps, ces=settings.low_ces)


def follow_up_low_scores(shop: Shop) -> int:
    """Open a callback for each low score nobody has looked at; returns how many. Only inside ``Shop.writing``.

    None is opened where one is open for the case, where a complaint is open, or for a customer who must not be
    contacted; that is noted on the answer, so that it is decided once.
    """
    since = shop.today - timedelta(days=shop.settings.surveys.follow_up_days)
    low = low_scores(shop)
    taken: dict[tuple[str, int], int] = {}
    answers = list_low_answers(
        shop.database, since=since.isoformat(), csat=low.csat, nps=low.nps, ces=low.ces
    )
    for answer in answers:
        subject = _subject(answer)
        outcome, callback_id = _decide(answer, taken.get(subject))
        if outcome == "opened":
            callback_id = taken[subject] = _open(shop, answer)
        set_follow_up(shop.database, answer.id, outcome=outcome, callback_id=callback_id)
    return len(taken)


def _subject(answer: LowAnswer) -> tuple[str, int]:
    """Return whom or what the callback is about: the case if there is one, else the customer."""
    if answer.case_number is not None:
        return "case", answer.case_number
    assert answer.customer_id is not None
    return "customer", answer.customer_id


def _decide(answer: LowAnswer, opened_now: int | None) -> tuple[str, int | None]:
    if answer.do_not_contact:
        return "unwanted", None
    if answer.complaint_open:
        return "complaint", None
    standing = opened_now or answer.open_callback_id
    return ("callback", standing) if standing else ("opened", None)


def _open(shop: Shop, answer: LowAnswer) -> int:
    return insert_callback(
        shop.database,
        reason=REASON,
        case_number=answer.case_number,
        customer_id=answer.customer_id,
        order_id=answer.order_id,
        due_on=shop.today.isoformat(),
        priority=LOW_SCORE,
        assignee_id=answer.assignee_id,
        planned_at=shop.stamp,
    )
