"""Open a case."""

from datetime import datetime

from aftersales_cli.clock import local_day
from aftersales_cli.database.cases import copy_single_order_line, insert_case, insert_case_message
from aftersales_cli.desk.assigning import require_worker
from aftersales_cli.desk.channels import WRITTEN
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.finding import choose_customer, customer_name, find_order
from aftersales_cli.desk.moments import check_answer, check_moment
from aftersales_cli.desk.steps import assign_to, record_event, require_case, take_step
from aftersales_cli.records.cases import Case, CaseDraft
from aftersales_cli.records.orders import Order
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import require_storefront

TITLE_LENGTH = 60


def open_case(
    shop: Shop,
    *,
    kind: str = "inquiry",
    say: str = "",
    order: str = "",
    channel: str = "platform_chat",
    severity: str = "",
    customer: str = "",
    reason: str = "",
    storefront: str = "",
    assignee: str = "",
    at: datetime | None = None,
    answered_at: datetime | None = None,
) -> Case:
    """Open a case with the customer's first words; codes are words in either language.

    An order number that is unknown waits for its order if the storefront is given. ``answered_at`` is the
    first reply, given outside this program. Raises NotFoundError, WrongUsageError and RefusedError.
    """
    with shop.writing("cases.open") as writing:
        named = require_storefront(shop, storefront) if storefront else None
        match = find_order(shop, order, named) if order else None
        opened_at = check_moment(at, now=shop.now, earliest=None, zone=shop.zone)
        kind_code = shop.taxonomy("kinds").resolve(kind)
        channel_code = shop.taxonomy("channels").resolve(channel)
        draft = CaseDraft(
            kind=kind_code,
            channel=channel_code,
            storefront_id=_storefront_id(match, named),
            customer_id=choose_customer(shop, customer, match),
            order_id=match.id if match else None,
            order_external_id=match.external_id if match else order.strip(),
            severity=shop.taxonomy("severities").resolve(severity)
            if severity
            else default_severity(kind_code),
            title=make_title(say) or shop.taxonomy("kinds").label(kind_code),
            opened_at=opened_at,
            opened_on=local_day(opened_at, shop.zone).isoformat(),
            reply_expected=channel_code in WRITTEN or answered_at is not None,
            reason_first=shop.taxonomy("reasons").resolve(reason) if reason else "",
        )
        case = _store(shop, draft, say=say, customer=mask_word(customer or customer_name(shop, match)))
        writing.touch("case", case.number)
        if assignee:
            case = assign_to(shop, case, require_worker(shop, assignee), at=opened_at)
        return _record_answer(shop, case, answered_at) if answered_at else case


def default_severity(kind: str) -> str:
    """Return the severity of a case nobody has graded: the lowest level of its scale."""
    return "L1" if kind == "complaint" else "normal"


def make_title(say: str) -> str:
    """Return the first 60 characters of what the customer said, on one line."""
    line = " ".join(say.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def _storefront_id(match: Order | None, named: Storefront | None) -> int | None:
    if match is not None:
        return match.storefront_id
    return named.id if named else None


def _store(shop: Shop, draft: CaseDraft, *, say: str, customer: str) -> Case:
    number = insert_case(shop.database, draft)
    record_event(shop, number, "opened", at=draft.opened_at, field="status", after="new")
    if say:
        insert_case_message(
            shop.database,
            number,
            direction="in",
            author_type="customer",
            author=customer,
            channel=draft.channel,
            sent_at=draft.opened_at,
            body=say,
        )
    if draft.order_id is not None:
        copy_single_order_line(shop.database, number, draft.order_id)
    return require_case(shop, number)


def _record_answer(shop: Shop, case: Case, answered_at: datetime) -> Case:
    moment = check_answer(answered_at, now=shop.now, opened_at=case.opened_at, zone=shop.zone)
    case = take_step(shop, case, "reply", at=moment, changes={"first_reply_at": moment})
    record_event(shop, case.number, "replied", at=moment)
    return case
