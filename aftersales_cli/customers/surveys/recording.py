"""Take an answer down that came by phone, chat or on paper."""

from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.clock import from_text, local_day, to_text
from aftersales_cli.customers.surveys.following import follow_up_low_scores
from aftersales_cli.customers.surveys.invite_list import require_invite
from aftersales_cli.customers.surveys.scales import check_score
from aftersales_cli.customers.surveys.topics import sort_new_comments
from aftersales_cli.database.other_files import find_case_link
from aftersales_cli.database.survey_answers import find_recorded, insert_recorded, settle_answered
from aftersales_cli.database.surveys import find_case_invite
from aftersales_cli.desk.complaints import confirm_by_score
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.surveys import RecordedAnswer, SurveyInvite
from aftersales_cli.shop import Shop

SOURCE = "phone"


@dataclass(frozen=True)
class Recorded:
    """What taking an answer down led to."""

    answer: int
    type: str
    score: int
    case_number: int | None
    code: str
    """The invitation it answers, ``""`` for none."""
    changed: bool
    """False if the very same answer was taken down on that day before."""
    later: bool
    """Whether the invitation had been answered before: then this answer is kept and not counted."""
    follow_up_opened: bool


def record_answer(
    shop: Shop,
    *,
    score: int,
    code: str = "",
    case: int | None = None,
    kind: str = "",
    comment: str = "",
    at: datetime | None = None,
) -> Recorded:
    """Take down what a customer answered, to an invitation or about a case; a low score opens a callback.

    ``kind`` is csat, ces or nps; ``""`` means what was asked, else csat. The very same answer again changes nothing.
    Raises NotFoundError, WrongUsageError for a score off its scale or a moment in the future.
    """
    moment = from_text(check_moment(at, now=shop.now, earliest=None, zone=shop.zone))
    if bool(code) == (case is not None):
        raise WrongUsageError(
            _("Which survey does this answer?"),
            remedy=_("Give either the code of the invitation or --case NUMBER."),
        )
    with shop.writing("surveys.record") as writing:
        invite, number = _find(shop, code, case, kind)
        kind = kind or (invite.type if invite else "csat")
        check_score(kind, score)
        answer = _answer(shop, invite, number, kind=kind, score=score, comment=comment.strip(), moment=moment)
        known = find_recorded(shop.database, answer)
        if known is not None:
            return _result(known, answer, invite, changed=False, opened=0)
        answer_id = insert_recorded(shop.database, answer)
        writing.touch("answer", answer_id)
        settle_answered(shop.database)
        sort_new_comments(shop)
        if kind == "csat" and number is not None:
            confirm_by_score(shop, number, score, note=answer.comment, at=moment)
        opened = follow_up_low_scores(shop)
        return _result(answer_id, answer, invite, changed=True, opened=opened)


def _find(shop: Shop, code: str, case: int | None, kind: str) -> tuple[SurveyInvite | None, int | None]:
    if case is None:
        invite = require_invite(shop, code)
        return invite, invite.case_number
    require_case(shop, case)
    kinds = (kind,) if kind else ("csat", "ces", "nps")
    found = (find_case_invite(shop.database, case, wanted) for wanted in kinds)
    return next(filter(None, found), None), case


def _answer(
    shop: Shop,
    invite: SurveyInvite | None,
    number: int | None,
    *,
    kind: str,
    score: int,
    comment: str,
    moment: datetime,
) -> RecordedAnswer:
    linked = find_case_link(shop.database, number) if number is not None else None
    customer_id, agent_id = linked or (None, None)
    if invite is not None:
        customer_id, agent_id = invite.customer_id, invite.agent_id
    return RecordedAnswer(
        type=kind,
        score=score,
        comment=comment,
        source=SOURCE,
        answered_at=to_text(moment),
        answered_on=local_day(moment, shop.zone).isoformat(),
        case_number=number,
        customer_id=customer_id,
        agent_id=agent_id,
        invite_id=invite.id if invite else None,
        linked_by="case" if number is not None else "contact",
    )


def _result(
    answer_id: int, answer: RecordedAnswer, invite: SurveyInvite | None, *, changed: bool, opened: int
) -> Recorded:
    return Recorded(
        answer=answer_id,
        type=answer.type,
        score=answer.score,
        case_number=answer.case_number,
        code=invite.code if invite else "",
        changed=changed,
        later=changed and invite is not None and invite.status == "answered",
        follow_up_opened=bool(opened),
    )
