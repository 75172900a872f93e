"""Cases that belong together: merge two into one, link, split one off, follow up one that was closed too long ago."""

from datetime import datetime

from aftersales_cli.clock import local_day, local_text
from aftersales_cli.database.agents import find_agent, get_agent
from aftersales_cli.database.case_axes import move_case_axes
from aftersales_cli.database.case_links import (
    copy_case_lines,
    insert_case_link,
    replace_case_link,
)
from aftersales_cli.database.cases import change_case, list_case_events
from aftersales_cli.database.repairs import move_case_repairs
from aftersales_cli.database.tying_records import have_both_records, move_record
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.channels import WRITTEN
from aftersales_cli.desk.handing_off import move_open_handoffs
from aftersales_cli.desk.opening import make_title, store_case
from aftersales_cli.desk.returns.platform_returns import follow_files
from aftersales_cli.desk.steps import (
    assign_to,
    check_case_moment,
    record_event,
    require_case,
    require_path,
    take_step,
)
from aftersales_cli.desk.transitions import explain_possible
from aftersales_cli.desk.triage import default_severity
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import OPEN_STATUSES, Case, CaseDraft
from aftersales_cli.shop import Shop

_ORDER_FIELDS = ("storefront_id", "order_id", "order_external_id")


def merge_case(shop: Shop, number: int, into: int, *, note: str = "", at: datetime | None = None) -> Case:
    """Make a case part of another open one and return it; it counts in no figure any more.

    What was said stays where it was said, the two are linked. The other case takes over order, customer and
    products it has not got itself. Raises RefusedError if they are of different customers or a state forbids
    it, WrongUsageError for the same case twice, NotFoundError.
    """
    with changing(shop, "cases.merge", number, into):
        case, target = _two_cases(shop, number, into)
        require_path(shop, case, "merge")
        _require_target(shop, target)
        _require_same_customer(case, target)
        _refuse_two_records(shop, case, target)
        moment = check_case_moment(shop, case, at, earliest=target.opened_at)
        case = take_step(
            shop, case, "merge", at=moment, changes={"merged_into": into, "closed_at": moment}, note=note
        )
        record_event(shop, number, "merged_into", at=moment, field="case", after=str(into))
        move_open_handoffs(shop, case, into, at=moment)
        move_case_repairs(shop.database, number, into)
        move_case_axes(shop.database, number, into)
        move_record(shop.database, number, into)
        _complete(shop, target, case, at=moment)
        follow_files(shop)
        record_event(shop, into, "took_in", at=moment, field="case", after=str(number), note=note)
        replace_case_link(shop.database, into, number, link_type="merged", linked_at=moment)
        return case


def link_cases(shop: Shop, number: int, other: int, *, note: str = "") -> Case:
    """Show two cases on each other's page; linked already, nothing happens. Raises NotFoundError, WrongUsageError."""
    with changing(shop, "cases.link", number, other):
        case, _other = _two_cases(shop, number, other)
        first, second = sorted((number, other))
        if insert_case_link(shop.database, first, second, link_type="related", linked_at=shop.stamp):
            record_event(shop, number, "linked", at=shop.stamp, field="case", after=str(other), note=note)
            record_event(shop, other, "linked", at=shop.stamp, field="case", after=str(number), note=note)
        return case


def split_case(shop: Shop, number: int, say: str, *, kind: str = "", at: datetime | None = None) -> Case:
    """Open a linked case for a second matter of the same customer and order, and return it.

    It stays with the same employee; its kind is ``inquiry`` unless said. Raises WrongUsageError for an empty
    text, RefusedError for a case that has ended, NotFoundError.
    """
    if not say.strip():
        raise WrongUsageError(_("It is not said what the new case is about."), remedy=_("Say it with --say."))
    with changing(shop, "cases.split", number) as writing:
        case = require_case(shop, number)
        require_path(shop, case, "split")
        moment = check_case_moment(shop, case, at)
        code = shop.taxonomy("kinds").resolve(kind) if kind else "inquiry"
        new = _open_beside(shop, case, "split", kind=code, say=say, at=moment)
        writing.touch("case", new.number)
        return new


def follow_up_case(shop: Shop, number: int, *, reason: str = "", at: datetime | None = None) -> Case:
    """Open a linked case for a matter that has ended and came back, and return it; the old one stays as it is.

    Raises RefusedError for a case that is open, merged or cancelled or has an open one that follows it,
    WrongUsageError, NotFoundError.
    """
    with changing(shop, "cases.reopen", number) as writing:
        case = require_case(shop, number)
        require_path(shop, case, "reopen")
        _refuse_second_follow_up(shop, case)
        moment = check_case_moment(shop, case, at, earliest=case.closed_at or case.resolved_at)
        new = _open_beside(shop, case, "follow_up", kind=case.kind, say=reason, at=moment)
        writing.touch("case", new.number)
        return new


def _refuse_second_follow_up(shop: Shop, case: Case) -> None:
    for event in reversed(list_case_events(shop.database, case.number)):
        if event.type != "follow_up" or require_case(shop, int(event.after)).status not in OPEN_STATUSES:
            continue
        values = {
            "number": case.number,
            "other": event.after,
            "moment": local_text(event.at, shop.zone),
        }
        message = _("You did this already: case {other} follows case {number} since {moment}.", **values)
        if event.actor != shop.agent.code:
            found = find_agent(shop.database, event.actor)
            name = found.name if found else event.actor
            message = _(
                "{name} was faster: case {other} follows case {number} since {moment}.", name=name, **values
            )
        raise RefusedError(
            message, remedy=_("Go on there: {command}", command=f"aftersales cases show {event.after}")
        )


def _open_beside(shop: Shop, case: Case, link_type: str, *, kind: str, say: str, at: str) -> Case:
    channel = "platform_chat" if case.channel == "platform_file" else case.channel
    severity = case.severity if kind == case.kind else default_severity(kind)
    draft = CaseDraft(
        kind=kind,
        channel=channel,
        storefront_id=case.storefront_id,
        customer_id=case.customer_id,
        order_id=case.order_id,
        order_external_id=case.order_external_id,
        severity=severity,
        title=make_title(say) or case.title,
        opened_at=at,
        opened_on=local_day(at, shop.zone).isoformat(),
        reply_expected=channel in WRITTEN,
        reason_first=case.reason_first if kind == case.kind else "",
    )
    new = store_case(shop, draft, say=say)
    copy_case_lines(shop.database, case.number, new.number)
    insert_case_link(shop.database, case.number, new.number, link_type=link_type, linked_at=at)
    record_event(shop, case.number, link_type, at=at, field="case", after=str(new.number))
    record_event(shop, new.number, "linked", at=at, field="case", after=str(case.number))
    if link_type == "split" and case.assignee_id is not None:
        return _keep_assignee(shop, new, case.assignee_id, at=at)
    return new


def _keep_assignee(shop: Shop, new: Case, agent_id: int, *, at: str) -> Case:
    agent = get_agent(shop.database, agent_id)
    return assign_to(shop, new, agent, at=at) if agent and agent.active else new


def _two_cases(shop: Shop, number: int, other: int) -> tuple[Case, Case]:
    if number == other:
        raise WrongUsageError(
            _("Case {number} stands there twice.", number=number), remedy=_("Name two different cases.")
        )
    return require_case(shop, number), require_case(shop, other)


def _require_target(shop: Shop, target: Case) -> None:
    if target.status in OPEN_STATUSES:
        return
    if target.merged_into is not None:
        raise RefusedError(
            _(
                "Case {number} is itself merged into case {other}.",
                number=target.number,
                other=target.merged_into,
            ),
            remedy=_("Merge into case {other}.", other=target.merged_into),
        )
    raise RefusedError(
        _(
            "Case {number} is “{status}”: nothing can be merged into it.",
            number=target.number,
            status=shop.taxonomy("case_statuses").label(target.status),
        ),
        remedy=explain_possible(target.status, number=target.number),
    )


def _require_same_customer(case: Case, target: Case) -> None:
    if None not in {case.customer_id, target.customer_id} and case.customer_id != target.customer_id:
        raise RefusedError(
            _(
                "Cases {number} and {other} are of different customers.",
                number=case.number,
                other=target.number,
            ),
            remedy=_(
                "Link them instead: aftersales cases link {number} {other}. If it is one person: "
                "aftersales customers merge --help",
                number=case.number,
                other=target.number,
            ),
        )


def _refuse_two_records(shop: Shop, case: Case, target: Case) -> None:
    if have_both_records(shop.database, case.number, target.number):
        raise RefusedError(
            _(
                "Cases {number} and {other} each stand for a record of the marketplace, which goes its own way.",
                number=case.number,
                other=target.number,
            ),
            remedy=_(
                "Link them instead: aftersales cases link {number} {other}",
                number=case.number,
                other=target.number,
            ),
        )


def _complete(shop: Shop, target: Case, taken: Case, *, at: str) -> None:
    """Give the remaining case what only the other one knew."""
    changes: dict[str, object] = {}
    if target.customer_id is None:
        changes["customer_id"] = taken.customer_id
    if not target.order_external_id and taken.order_external_id:
        changes |= {name: getattr(taken, name) for name in _ORDER_FIELDS}
    copy_case_lines(shop.database, taken.number, target.number)
    if changes:
        change_case(shop.database, target.number, expected=target.status, changes=changes)
    if "order_external_id" in changes:
        record_event(shop, target.number, "changed", at=at, field="order", after=taken.order_external_id)
