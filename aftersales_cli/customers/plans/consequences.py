"""What an answer brings beside another call: wishes not to be contacted are kept, a problem that is back is a case."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.plans.plan_versions import consent_versions
from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.database.callback_limits import drop_without_consent
from aftersales_cli.database.callbacks import drop_unwanted
from aftersales_cli.database.cases import get_case
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.people_chosen import is_erased
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.answering import hear_customer
from aftersales_cli.desk.ending import reopen_case
from aftersales_cli.desk.joining import follow_up_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import NotAllowedError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES
from aftersales_cli.records.customers import Callback
from aftersales_cli.shop import Shop

_SPOKEN = {"chat": "platform_chat", "phone": "phone", "email": "email"}
"""The way of a callback → the channel of a case or a consent."""


def follow_outcome(shop: Shop, callback: Callback, answer: Answer, at: datetime) -> int | None:
    """Do what an outcome asks for; returns the case it opened or took up again. Inside ``writing``."""
    act = _ACTS.get(answer.outcome)
    return act(shop, callback, answer, at) if act else None


def _leave_in_peace(shop: Shop, callback: Callback, _answer: Answer, at: datetime) -> None:
    if callback.customer_id is not None:
        _withdraw(shop, callback, callback.customer_id, "contact", at)
        drop_unwanted(shop.database)


def _stop_marketing(shop: Shop, callback: Callback, _answer: Answer, at: datetime) -> None:
    if callback.customer_id is not None:
        _withdraw(shop, callback, callback.customer_id, "marketing", at)
        drop_without_consent(shop.database, consent_versions(shop))


def _withdraw(shop: Shop, callback: Callback, customer_id: int, purpose: str, at: datetime) -> None:
    if is_erased(shop.database, customer_id):
        return  # Forgetting has settled it, and nothing more is written about this person.
    channel = _SPOKEN.get(callback.channel, "")
    record_consent(
        shop,
        customer_id,
        purpose=purpose,
        given=False,
        channel=channel,
        proof=_("callback {id}", id=callback.id),
        at=at,
    )


def _take_up_again(shop: Shop, callback: Callback, answer: Answer, at: datetime) -> int:
    """Reopen the case the call was about, else open one; an open one hears what the customer says."""
    said = answer.note or _("The problem is back.")
    case = get_case(shop.database, callback.case_number) if callback.case_number is not None else None
    if case is None or case.status in {"merged", "cancelled"}:
        return _open_case(shop, callback, said, at)
    if case.status in OPEN_STATUSES:
        return hear_customer(shop, case.number, said, at=at).case.number
    try:
        return reopen_case(shop, case.number, reason=said, at=at).number
    except NotAllowedError:
        # Somebody else's case: what the customer said must not be lost, and is seen by who works on it.
        return hear_customer(shop, case.number, said, at=at).case.number
    except RefusedError:
        # Closed too long ago to be reopened.
        return follow_up_case(shop, case.number, reason=said, at=at).number


def _open_case(shop: Shop, callback: Callback, said: str, at: datetime) -> int:
    order = get_order(shop.database, callback.order_id) if callback.order_id is not None else None
    storefront = get_storefront(shop.database, order.storefront_id) if order else None
    opened = open_case(
        shop,
        say=said,
        channel=_SPOKEN.get(callback.channel, "phone"),
        customer_id=callback.customer_id,
        order=order.external_id if order else "",
        storefront=storefront.code if storefront else "",
        at=at,
    )
    return opened.number


_ACTS: Mapping[str, Callable[[Shop, Callback, Answer, datetime], int | None]] = {
    "do_not_contact": _leave_in_peace,
    "no_marketing": _stop_marketing,
    "problem_again": _take_up_again,
}
"""Outcome → what follows."""
