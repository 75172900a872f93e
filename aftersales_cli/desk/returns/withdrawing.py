"""Take requests back that customers gave up."""

from datetime import datetime

from aftersales_cli.database.case_axes import give_up_awaited, read_case_axes
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.deciding import decide, require_request, subject
from aftersales_cli.desk.steps import check_case_moment, require_case
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop


def withdraw_return(
    shop: Shop, request_id: int, *, note: str = "", at: datetime | None = None
) -> ReturnRequest:
    """Take a request back that the customer gave up.

    Raises RefusedError once a parcel or money is under way, NotFoundError, WrongUsageError.
    """
    request = require_request(shop, request_id)
    with changing(shop, "returns.withdraw", request.case_number) as writing:
        request = require_request(shop, request_id)
        case = require_case(shop, request.case_number)
        moment = check_case_moment(shop, case, at, earliest=request.requested_at)
        refuse_if_under_way(shop, request)
        writing.touch("return", request_id)
        request = decide(shop, request, "withdrawn", at=moment, event="return_withdrawn", note=note)
        give_up_awaited(shop.database, request_id)
        return request


def refuse_if_under_way(shop: Shop, request: ReturnRequest) -> None:
    """Refuse to take a request back once its goods or its money are on their way."""
    axes = read_case_axes(shop.database, request.case_number)
    for parcel in axes.parcels:
        if parcel.request_id == request.id and parcel.status in ("in_transit", "partly_received", "received"):
            raise RefusedError(
                _(
                    "{request}: its parcel {parcel} is “{status}”, so that it cannot be taken back.",
                    request=subject(request.id),
                    parcel=parcel.number or parcel.id,
                    status=shop.taxonomy("parcel_states").label(parcel.status),
                ),
                remedy=_("Receive the goods and send them back: disposition “return”."),
            )
    for plan in axes.plans:
        if plan.request_id == request.id and plan.status != "void":
            raise RefusedError(
                _(
                    "{request}: refund {plan} is “{status}”, so that it cannot be taken back.",
                    request=subject(request.id),
                    plan=plan.id,
                    status=shop.taxonomy("refund_plan_states").label(plan.status),
                ),
                remedy=_(
                    "If no money has gone yet, void the refund first: {command}",
                    command=f"aftersales refunds void {plan.id}",
                ),
            )
    for sent in axes.replacements:
        if sent.request_id == request.id and sent.status != "void":
            raise RefusedError(
                _(
                    "{request}: replacement {number} is “{status}”, so that it cannot be taken back.",
                    request=subject(request.id),
                    number=sent.id,
                    status=shop.taxonomy("replacement_states").label(sent.status),
                ),
                remedy=_("If it has not left yet, void the replacement first."),
            )
