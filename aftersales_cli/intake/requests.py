"""Requests customers filled in themselves (问卷星, Google Forms, any table): each row becomes a case, once."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aftersales_cli.clock import from_text
from aftersales_cli.database.case_orders import find_customers_called, insert_customer
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.keyed_rows import NEW, UNCHANGED
from aftersales_cli.database.other_files import find_customer_by_contact
from aftersales_cli.database.requests import find_request_case, insert_request
from aftersales_cli.database.storefronts import list_storefronts
from aftersales_cli.desk.finding import find_order
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import record_event
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.contact_cells import order_number_in, phone_digits
from aftersales_cli.intake.converters import CellError
from aftersales_cli.intake.other_rows import OtherFile, OtherResult, OtherWarning, read_rows
from aftersales_cli.intake.request_files import left_places
from aftersales_cli.intake.scores import is_skipped
from aftersales_cli.intake.survey_questions import question_text
from aftersales_cli.intake.survey_times import moment_converter
from aftersales_cli.intake.vocabulary import UNKNOWN, normal, reason_finder
from aftersales_cli.language import N_, _
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.team.storefronts import require_storefront

if TYPE_CHECKING:
    from aftersales_cli.records.orders import Order
    from aftersales_cli.records.shops import Storefront

NOTHING_ASKED = N_("nothing is said, neither what happened nor what is wanted")

_KIND = "request.kind"
_CODE_LENGTH = 32


@dataclass(frozen=True)
class Request:
    """One row, read but not yet looked up; ``""`` or None for what was left out."""

    id: str
    asked_at: str | None
    order_number: str
    name: str
    phone: str
    email: str
    kind: str
    """As it stands there."""
    reason: str
    said: str
    storefront: str
    channel: str

    @property
    def code(self) -> str:
        """What tells the row from others, the same in every export that holds it.

        The form's own number and time, else what there is of them with what was said, the order and the contact:
        two forms of one shop count from 1 both. Columns that only sort the request tell nothing, so that another
        mapping of the same file makes no second cases.
        """
        parts: tuple[str | None, ...] = (self.id, self.asked_at)
        if not all(parts):
            contact = (phone_digits(self.phone) or self.phone, self.email.lower())
            parts = (*parts, self.said, self.order_number, *contact)
            if not any((*parts[:2], *parts[3:])):
                parts = (*parts, self.name)
            if not self.said:
                parts = (*parts, self.kind, self.reason)
        digest = hashlib.sha256("\n".join(str(part or "") for part in parts).encode())
        # Digests and not texts: what people wrote stands in messages only, where it can be erased.
        return digest.hexdigest()[:_CODE_LENGTH]


def take_requests(file: OtherFile) -> OtherResult:
    """Open a case for every new row; the file's storefront is None where the user named none.

    A row that was taken before, from whichever export, changes nothing. One that cannot be taken is rejected as a
    whole, with its column.
    """
    result, taker = OtherResult(), _RequestTaker(file)
    with file.shop.writing("orders.import") as writing:
        for number in read_rows(file.table, taker.take, result, needed=taker.needed):
            result.count(UNCHANGED if number is None else NEW)
            if number is not None:
                result.opened.append(number)
        writing.count(requests_opened=len(result.opened))
    result.warn("unknown_word", taker.unknown)
    if taker.lost_orders:
        result.warnings.append(OtherWarning("order_not_found", "", "", taker.lost_orders))
    return result


class _RequestTaker:
    """Reads the rows of one file and opens their cases."""

    def __init__(self, file: OtherFile) -> None:
        self._columns = Columns(file.format, file.header)
        self.needed = frozenset(self._columns.all_places("request"))
        self._left = left_places(file.header, self.needed)
        self._shop, self._import_id = file.shop, file.import_id
        only = list_storefronts(file.shop.database)
        self._storefront = file.storefront or (only[0] if len(only) == 1 else None)
        self._moment = self._columns.value(
            "request", "asked_at", moment_converter(file.zone, file.format.slashes)
        )
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._find_reason = reason_finder(file.shop.taxonomy("reasons"), file.own_words, self.unknown)
        self._own_kinds = {
            normal(word): code
            for words in (file.format.vocabulary.get(_KIND, {}), file.own_words.get(_KIND, {}))
            for word, code in words.items()
        }
        self.lost_orders = 0

    def take(self, row_number: int, cells: Cells) -> int | None:
        """Open a row's case and return its number, None if the row was taken before; raises RowError."""
        del row_number
        request = self._read(cells)
        if not (request.said or request.kind or request.reason):
            raise RowError(self._column("said"), NOTHING_ASKED)
        if find_request_case(self._shop.database, request.code) is not None:
            return None
        # A savepoint: a customer made for a row that is refused then goes with it.
        with self._shop.writing("orders.import"):
            number = self._open(request, cells)
            insert_request(self._shop.database, request.code, number, taken_at=self._shop.stamp)
        return number

    def _read(self, cells: Cells) -> Request:
        def text(field: str) -> str:
            said = [clean_cell(cells[place]) for place in self._columns.places("request", field)]
            return " / ".join(part.replace("┋", ", ") for part in said if part and not is_skipped(part))

        return Request(
            id=text("id"),
            asked_at=self._moment(cells),
            order_number=self._order_number(cells),
            name=text("name"),
            phone=text("phone"),
            email=text("email"),
            kind=text("kind"),
            reason=text("reason"),
            said=text("said"),
            storefront=text("storefront"),
            channel=text("channel"),
        )

    def _order_number(self, cells: Cells) -> str:
        for place in self._columns.places("request", "order_number"):
            if cells[place].strip() and not is_skipped(cells[place]):
                try:
                    return order_number_in(cells[place])
                except CellError as error:
                    raise RowError(self._columns.header[place].strip(), error.reason) from error
        return ""

    def _open(self, request: Request, cells: Cells) -> int:
        shop, unread = self._shop, list[str]()
        asked_at = from_text(request.asked_at) if request.asked_at else None
        with self._blaming("asked_at"):
            check_moment(asked_at, now=shop.now, earliest=None, zone=shop.zone)
        with self._blaming("storefront"):
            named = require_storefront(shop, request.storefront) if request.storefront else self._storefront
        with self._blaming("channel"):
            channel = shop.taxonomy("channels").resolve(request.channel or "form")
        number, order = self._find_order(request, named, unread)
        kind, reason = self._kind(request, unread), self._reason(request, unread)
        customer = self._find_customer(request, order, unread)
        with self._blaming("said"):
            case = open_case(
                shop,
                kind=kind,
                say=request.said,
                order=number,
                channel=channel,
                reason=reason,
                storefront=named.code if named else "",
                at=asked_at,
                customer_id=customer,
                import_id=self._import_id,
            )
        if note := "\n".join((*unread, *self._left_cells(cells))):
            record_event(shop, case.number, "noted", at=case.opened_at, note=note)
        return case.number

    def _left_cells(self, cells: Cells) -> Iterator[str]:
        """Yield what stands in the columns that mean nothing here, with their questions."""
        for place in self._left:
            answer = clean_cell(cells[place])
            if answer and not is_skipped(answer):
                question = question_text(self._columns.header[place]).rstrip("?？:： ")
                yield f"{question}: {answer.replace('┋', ', ')}"

    def _find_order(
        self, request: Request, named: "Storefront | None", unread: list[str]
    ) -> "tuple[str, Order | None]":
        """Return the order's number, if it leads anywhere, and the order, if it is there already."""
        if not request.order_number:
            return "", None
        try:
            return request.order_number, find_order(self._shop, request.order_number, named)
        except NotFoundError:
            # The customer waits for an answer, whatever was mistyped.
            self.lost_orders += 1
            unread.append(_("Order number given: {number}", number=request.order_number))
            return "", None
        except WrongUsageError as error:
            raise RowError(self._column("order_number"), f"{error.message} {error.remedy}") from error

    def _kind(self, request: Request, unread: list[str]) -> str:
        if not request.kind:
            return ""
        if code := self._own_kinds.get(normal(request.kind)):
            return code
        if term := self._shop.taxonomy("kinds").find(request.kind):
            return term.code
        self.unknown[_KIND, request.kind] += 1
        unread.append(_("Wanted: {words}", words=request.kind))
        return ""

    def _reason(self, request: Request, unread: list[str]) -> str:
        code = self._find_reason(request.reason)
        if code != UNKNOWN:
            return code
        unread.append(_("Reason: {words}", words=request.reason))
        return ""

    def _find_customer(self, request: Request, order: "Order | None", unread: list[str]) -> int | None:
        """Return who asked, made if new: by phone or e-mail only, since people share names."""
        database, contact = self._shop.database, (request.name, request.phone, request.email)
        if not any(contact):
            return None
        phone, email = phone_digits(request.phone), request.email.lower()
        known = order.customer_id if order else None
        known = known or find_customer_by_contact(
            database, phone=phone, email=email, said_at=request.asked_at or ""
        )
        several = any(find_customers_called(database, word) for word in (phone, email) if word)
        if known is None and not several:
            return insert_customer(
                database,
                name=request.name,
                phone=phone or request.phone,
                email=email,
                created_at=self._shop.stamp,
            )
        found = get_customer(database, known) if known else None
        stored = (found.name, found.phone, found.email.lower()) if found else ()
        if new := [
            part for part in (request.name, phone or request.phone, email) if part and part not in stored
        ]:
            unread.append(_("Contact given: {contact}", contact=", ".join(new)))
        return known

    def _column(self, field: str) -> str:
        places = self._columns.places("request", field)
        return self._columns.header[places[0]].strip() if places else ""

    @contextmanager
    def _blaming(self, field: str) -> Iterator[None]:
        """Report what a rule refuses as a fault of this column."""
        try:
            yield
        except (WrongUsageError, NotFoundError, RefusedError) as error:
            raise RowError(self._column(field), f"{error.message} {error.remedy}".strip()) from error
