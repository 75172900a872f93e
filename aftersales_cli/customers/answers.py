"""What a callback can bring: which answers make sense, and what follows from them."""

from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.selection import LOW_SCORE, PROMISED
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.customers import Callback

_NOBODY_REACHED = frozenset({"no_answer", "wrong_contact"})
_FINAL = frozenset({"declined", "do_not_contact", "wrong_contact"})
_SCORES = range(1, 6)
_FURTHEST_DAYS = 366
"""A next date further away than this is a slip of the keyboard."""


class AnswerError(WrongUsageError):
    """An answer that contradicts itself; ``column`` names the part that is wrong."""

    def __init__(self, column: str, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.column = column


@dataclass(frozen=True)
class Answer:
    """What came of a callback."""

    outcome: str
    """A code of the taxonomy ``callback_outcomes``."""
    score: int | None = None
    """Satisfaction, 1 (very bad) to 5."""
    next_on: date | None = None
    """The day agreed for another call."""
    note: str = ""
    churn_reason: str = ""
    """A code of the taxonomy ``churn_reasons``: why the customer stays away."""


@dataclass(frozen=True)
class FollowUp:
    """The callback that an answer makes necessary."""

    reason: str
    due_on: date
    attempt: int
    priority: int


def check_answer(answer: Answer, *, day: date, attempt: int, max_attempts: int) -> None:
    """Refuse an answer that makes no sense; ``day`` is when it was given. Raises AnswerError."""
    _check_score(answer)
    if answer.churn_reason and answer.outcome in _NOBODY_REACHED:
        raise AnswerError(
            "churn_reason",
            _("A reason for leaving does not go with an outcome where nobody was reached."),
            remedy=_("Leave the reason empty or choose another outcome."),
        )
    if answer.next_on is None:
        if answer.outcome == "later":
            raise AnswerError(
                "next_on",
                _("“Call again later” needs the day."),
                remedy=_("Give the day that was agreed, e.g. {day}.", day=day + timedelta(days=1)),
            )
        return
    if not day <= answer.next_on <= day + timedelta(days=_FURTHEST_DAYS):
        raise AnswerError(
            "next_on",
            _("The next call cannot be on {day}.", day=answer.next_on),
            remedy=_("Give a day between {first} and a year from then.", first=day),
        )
    if answer.outcome in _FINAL:
        raise AnswerError(
            "next_on",
            _("A next date does not go with this outcome."),
            remedy=_("Leave the next date empty or choose another outcome."),
        )
    if answer.outcome == "no_answer" and attempt >= max_attempts:
        raise AnswerError(
            "next_on",
            _("This was attempt {attempt} of {limit}; no further one is planned.",
              attempt=attempt, limit=max_attempts),
            remedy=_("Leave the next date empty."),
        )  # fmt: skip


def _check_score(answer: Answer) -> None:
    if answer.score is None:
        return
    if answer.score not in _SCORES:
        raise AnswerError(
            "score",
            _("{score} is no satisfaction.", score=answer.score),
            remedy=_("Satisfaction is a whole number from 1 (very bad) to 5 (very good)."),
        )
    if answer.outcome in _NOBODY_REACHED:
        raise AnswerError(
            "score",
            _("A satisfaction does not go with an outcome where nobody was reached."),
            remedy=_("Leave the satisfaction empty or choose another outcome."),
        )


def next_step(
    callback: Callback,
    answer: Answer,
    *,
    day: date,
    max_attempts: int,
    low_score: int,
    second_call_made: bool,
) -> FollowUp | None:
    """Return the callback that must follow, None if this one ends the matter.

    An agreed day wins over everything; a low score brings one second call on the next day; nobody reached
    brings another attempt on the next day, as long as there are attempts left.
    """
    tomorrow = day + timedelta(days=1)
    if answer.outcome == "no_answer":
        if callback.attempt >= max_attempts:
            return None
        # A promise that was not kept by the customer stays a promise of ours.
        due_on = answer.next_on or tomorrow
        return FollowUp(callback.reason, due_on, callback.attempt + 1, callback.priority)
    if answer.outcome in _FINAL:
        return None
    if answer.next_on is not None:
        return FollowUp("promised", answer.next_on, 1, PROMISED)
    if answer.score is not None and answer.score <= low_score and not second_call_made:
        return FollowUp("low_score", tomorrow, 1, LOW_SCORE)
    return None
