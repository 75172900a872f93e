"""Write down what was said: answers to the customer and notes for ourselves."""

from dataclasses import dataclass
from datetime import datetime

from aftersales_cli.database.case_listings import get_case_row
from aftersales_cli.database.cases import insert_case_message
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.assigning import take_if_free
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.channels import describe_sending
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path, take_step
from aftersales_cli.desk.words import require_text
from aftersales_cli.desk.working import record_minutes
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Reply:
    """What was said: an answer, which is still to be sent by hand, or the customer's own words."""

    case: Case
    text: str
    sent_at: str
    send: str
    """Where to send it, in words of the current language, e.g. ``in Qianniu``; empty for the customer's words."""
    channel: str


def reply_case(
    shop: Shop,
    number: int,
    text: str,
    *,
    channel: str = "",
    author_type: str = "agent",
    minutes: int | None = None,
    at: datetime | None = None,
) -> Reply:
    """Record an answer to the customer; the first one by an employee stops the first-reply clock.

    ``author_type`` is ``agent``, ``bot`` or ``system``; the latter two stop no clock and start no work.
    ``minutes`` are the work it took.
    Raises WrongUsageError for an empty text, RefusedError, NotFoundError.
    """
    require_text(text)
    with changing(shop, "cases.reply", number):
        case = require_case(shop, number)
        require_path(shop, case, "reply")
        moment = check_case_moment(shop, case, at)
        used = _choose_channel(shop, case, channel)
        insert_case_message(
            shop.database,
            number,
            direction="out",
            author_type=author_type,
            author=shop.agent.code if author_type == "agent" else author_type,
            channel=used,
            sent_at=moment,
            body=text,
        )
        if author_type == "agent":
            case = take_step(shop, case, "reply", at=moment, changes=_clock_changes(case, moment))
            case = _take_while_open(shop, case, at=moment)
        record_event(shop, number, "replied", at=moment, field="author_type", after=author_type)
        record_minutes(shop, number, minutes, at=moment)
        return Reply(case, text, moment, describe_sending(used, _platform_of(shop, case)), used)


def hear_customer(
    shop: Shop, number: int, text: str, *, channel: str = "", at: datetime | None = None
) -> Reply:
    """Record what the customer said further; a case that waited for that goes on.

    A resolved or closed case stays so: whether to take it up again is decided by people. Raises WrongUsageError
    for an empty text, RefusedError, NotFoundError.
    """
    require_text(text)
    with changing(shop, "cases.hear", number):
        case = require_case(shop, number)
        path = require_path(shop, case, "hear")
        moment = check_case_moment(shop, case, at)
        used = _choose_channel(shop, case, channel)
        insert_case_message(
            shop.database,
            number,
            direction="in",
            author_type="customer",
            author=_customer_of(shop, case),
            channel=used,
            sent_at=moment,
            body=text,
        )
        case = take_step(shop, case, "hear", at=moment)
        if not path:
            record_event(shop, number, "heard", at=moment)
        return Reply(case, text, moment, "", used)


def note_case(
    shop: Shop, number: int, text: str, *, minutes: int | None = None, at: datetime | None = None
) -> Case:
    """Add a note for ourselves; changes no state. Raises WrongUsageError for an empty text, NotFoundError."""
    require_text(text)
    with changing(shop, "cases.note", number):
        case = require_case(shop, number)
        moment = check_case_moment(shop, case, at)
        record_event(shop, number, "noted", at=moment, note=text)
        record_minutes(shop, number, minutes, at=moment)
        return case


def _clock_changes(case: Case, moment: str) -> dict[str, object]:
    if not case.reply_expected:
        return {}
    # What was answered earlier but written down later is still the first reply.
    if case.first_reply_at is not None and case.first_reply_at <= moment:
        return {}
    return {"first_reply_at": moment}


def _take_while_open(shop: Shop, case: Case, *, at: str) -> Case:
    return case if case.status in {"resolved", "closed"} else take_if_free(shop, case, at=at)


def _choose_channel(shop: Shop, case: Case, word: str) -> str:
    if word:
        return shop.taxonomy("channels").resolve(word)
    # A case that came as a file is answered where its buyer is.
    return "platform_chat" if case.channel == "platform_file" else case.channel


def _customer_of(shop: Shop, case: Case) -> str:
    row = get_case_row(shop.database, case.number)
    return mask_word(row.customer) if row else ""


def _platform_of(shop: Shop, case: Case) -> str:
    found = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    return found.platform if found else ""
