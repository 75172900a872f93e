"""Open a case."""

from collections.abc import Sequence
from datetime import datetime

from aftersales_cli.clock import local_day, to_text
from aftersales_cli.database.cases import copy_single_order_line, insert_case, insert_case_message
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.returns import name_case_product
from aftersales_cli.desk.assigning import assign_by_rule, require_worker
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.channels import WRITTEN
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.escalating import inform_at_once
from aftersales_cli.desk.finding import choose_customer, find_order
from aftersales_cli.desk.moments import check_answer, check_moment
from aftersales_cli.desk.returns.books import read_books
from aftersales_cli.desk.returns.choosing_lines import choose_lines
from aftersales_cli.desk.steps import assign_to, record_event, require_case, take_step
from aftersales_cli.desk.triage import check_scale, default_severity, sort_if_certain
from aftersales_cli.desk.triage_rules import LEVELS
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case, CaseDraft
from aftersales_cli.records.orders import Order
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import require_storefront

TITLE_LENGTH = 60


def open_case(
    shop: Shop,
    *,
    kind: str = "",
    say: str = "",
    order: str = "",
    channel: str = "platform_chat",
    severity: str = "",
    customer: str = "",
    reason: str = "",
    storefront: str = "",
    assignee: str = "",
    part_of_name: bool = False,
    new_customer: bool = False,
    at: datetime | None = None,
    answered_at: datetime | None = None,
    platform_due: datetime | None = None,
    customer_id: int | None = None,
    import_id: int | None = None,
    products: Sequence[str] = (),
) -> Case:
    """Open a case with the customer's first words; codes are words in either language.

    Without a kind it is an inquiry, unless a rule of triage is certain; so it is with the severity. An order number that is unknown waits
    for its order if the storefront is given. ``part_of_name`` finds the customer by a part of name or phone,
    too; ``new_customer`` looks for none. ``answered_at`` is the first reply, given outside this program;
    ``platform_due`` is until when the marketplace wants an answer. ``customer_id`` is the customer in place of a
    word, where the order knows none; ``import_id`` the import whose row becomes the case. ``products`` are those of
    the order it is about, in words as ``choose_lines`` reads them, by default all. Raises NotFoundError,
    WrongUsageError and RefusedError.
    """
    with changing(shop, "cases.open") as writing:
        named = require_storefront(shop, storefront) if storefront else None
        match = find_order(shop, order, named) if order else None
        opened_at = check_moment(at, now=shop.now, earliest=None, zone=shop.zone)
        kind_code = shop.taxonomy("kinds").resolve(kind) if kind else "inquiry"
        graded = shop.taxonomy("severities").resolve(severity) if severity else ""
        if kind:
            check_scale(kind_code, graded)
        channel_code = shop.taxonomy("channels").resolve(channel)
        draft = CaseDraft(
            kind=kind_code,
            channel=channel_code,
            storefront_id=_storefront_id(match, named),
            customer_id=choose_customer(
                shop, customer, match, part_of_name=part_of_name, new_customer=new_customer
            )
            or customer_id,
            order_id=match.id if match else None,
            order_external_id=match.external_id if match else order.strip(),
            severity=graded or default_severity(kind_code),
            title=make_title(say) or shop.taxonomy("kinds").label(kind_code),
            opened_at=opened_at,
            opened_on=local_day(opened_at, shop.zone).isoformat(),
            reply_expected=channel_code in WRITTEN or answered_at is not None,
            reason_first=shop.taxonomy("reasons").resolve(reason) if reason else "",
            platform_due_at=to_text(platform_due) if platform_due else None,
            created_by_import=import_id,
        )
        case = store_case(shop, draft, say=say)
        if products:
            _name_products(shop, case, products)
        writing.touch("case", case.number)
        case = sort_if_certain(shop, case, kind=kind and kind_code, severity=graded)
        if graded in LEVELS:
            check_scale(case.kind, graded)
        case = inform_at_once(shop, case, at=opened_at)
        if assignee:
            case = assign_to(shop, case, require_worker(shop, assignee), at=opened_at)
        elif shop.settings.cases.assign == "rules":
            case = assign_by_rule(shop, case, at=opened_at)
        return record_answer(shop, case, answered_at) if answered_at else case


def make_title(say: str) -> str:
    """Return the first 60 characters of what the customer said, on one line."""
    line = " ".join(say.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def _storefront_id(match: Order | None, named: Storefront | None) -> int | None:
    if match is not None:
        return match.storefront_id
    return named.id if named else None


def store_case(shop: Shop, draft: CaseDraft, *, say: str) -> Case:
    """Add a case with its first event, the customer's words and its order's only product. Inside ``writing``."""
    number = insert_case(shop.database, draft)
    record_event(shop, number, "opened", at=draft.opened_at, field="status", after="new")
    if say:
        insert_case_message(
            shop.database,
            number,
            direction="in",
            author_type="customer",
            author=_author(shop, draft.customer_id),
            channel=draft.channel,
            sent_at=draft.opened_at,
            body=say,
        )
    if draft.order_id is not None:
        copy_single_order_line(shop.database, number, draft.order_id)
    return require_case(shop, number)


def _name_products(shop: Shop, case: Case, words: Sequence[str]) -> None:
    """Say which products of its order a case is about. Inside ``writing``; raises WrongUsageError."""
    if case.order_id is None:
        raise WrongUsageError(
            _(
                "Order {number} has not arrived yet, so its products are not known.",
                number=case.order_external_id,
            )
            if case.order_external_id
            else _("--product names products of an order, and there is no order."),
            remedy=_("Leave --product out, or give the order with --order."),
        )
    books = read_books(shop, case.order_id)
    lines = {line.order_line_id: line for line in books.lines}
    for line_id, pieces in choose_lines(books, words).items():
        line = lines[line_id]
        name_case_product(shop.database, case.number, sku=line.sku, title=line.title, quantity=pieces)


def _author(shop: Shop, customer_id: int | None) -> str:
    """Return who speaks: the name, else the number or address as far as it may be shown."""
    found = get_customer(shop.database, customer_id) if customer_id is not None else None
    return mask_word(found.name or found.phone or found.email) if found else ""


def record_answer(shop: Shop, case: Case, answered_at: datetime) -> Case:
    """Note the first answer, given outside this program. Inside ``writing``; raises WrongUsageError."""
    moment = check_answer(answered_at, now=shop.now, opened_at=case.opened_at, zone=shop.zone)
    case = take_step(shop, case, "reply", at=moment, changes={"first_reply_at": moment})
    record_event(shop, case.number, "replied", at=moment)
    return case
