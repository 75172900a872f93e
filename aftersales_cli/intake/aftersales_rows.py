"""Turn the after-sales columns of a row into a staged record and the case it makes."""

from collections import Counter
from collections.abc import Callable

from aftersales_cli.database.staging import StagedAftersales
from aftersales_cli.desk.platform_cases import platform_status
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.converters import (
    EMPTY_TIME,
    Memory,
    convert_currency,
    convert_integer,
    time_converter,
)
from aftersales_cli.intake.fields import REFUND_PROGRESS
from aftersales_cli.intake.order_rows import Amounts, has_word
from aftersales_cli.intake.surroundings import Remarks, Surroundings
from aftersales_cli.intake.vocabulary import UNKNOWN, Vocabulary, Words, reason_finder

_MONEY = ("amount", "to_buyer", "postage", "tax", "discount")
_WORDS = ("kind", "status", "reason", "platform_involved", "fault")
_ENDED = frozenset({"closed", "resolved", "cancelled"})
_SOLVED = frozenset({"closed", "resolved"})


class AftersalesReader:
    """Reads after-sales records of one file."""

    def __init__(self, columns: Columns, around: Surroundings, remarks: Remarks) -> None:
        fmt = columns.format
        moment = time_converter(around.zone, fmt.slashes)
        self._constant, self._around = fmt.constant, around
        self._identity = columns.identity("aftersales", "external_id")
        self._order = columns.identity("aftersales", "order_external_id")
        self._requested = columns.value("aftersales", "requested_at", moment)
        self._finished = columns.value("aftersales", "finished_at", moment)
        self._raw = {name: columns.words("aftersales", name) for name in _WORDS}
        self._words = {
            name: Words(f"aftersales.{name}", fmt.vocabulary, around.own_words, remarks.unknown)
            for name in ("kind", "status", "platform_involved")
        }
        self._fault = Words("aftersales.fault", fmt.vocabulary, around.own_words, Counter())
        self._reason = _reason_code(fmt.vocabulary, around, remarks)
        self._paid_words = fmt.refunded_with_amount
        self._text = {
            name: columns.text("aftersales", name)
            for name in ("title", "sku", "line_id", "buyer_words", "return_carrier", "return_number")
        }
        self._quantity = columns.value("aftersales", "quantity", convert_integer)
        self._currency = columns.value("aftersales", "currency", convert_currency)
        self._amounts = Amounts(columns, "aftersales", _MONEY, remarks)
        self._day = Memory(around.day_of)
        places = columns.places("aftersales", "requested_at") or columns.places("aftersales", "finished_at")
        self._time_column = columns.header[places[0]] if places else ""

    def _code(self, name: str, cells: Cells) -> str:
        raw = self._raw[name](cells)
        return (self._words[name].code(raw) if raw else self._constant.get(f"aftersales.{name}")) or UNKNOWN

    def read(self, row_number: int, cells: Cells) -> StagedAftersales:
        """Return the record of a row; raises RowError."""
        record_id, order_id = self._identity(cells), self._order(cells)
        currency = (self._currency(cells) or self._around.currency).upper()
        money = {name: get(cells) for name, get in self._amounts.getters(currency).items()}
        requested, finished = self._requested(cells), self._finished(cells)
        opened = requested or finished
        if opened is None:
            raise RowError(self._time_column, EMPTY_TIME)
        kind = self._code("kind", cells)
        kind = "other" if kind == UNKNOWN else kind
        amount, to_buyer = _sums(money)
        status = self._code("status", cells)
        status_raw = self._raw["status"](cells)
        if to_buyer and self._paid_words and has_word(status_raw, self._paid_words):
            status = "succeeded"
        desk = platform_status(status, kind)
        reason_raw, fault_raw = self._raw["reason"](cells), self._raw["fault"](cells)
        ended = (finished or opened) if desk.status in _ENDED else None
        solved = ended if desk.status in _SOLVED else None
        succeeded = ended if status == "succeeded" else None
        return StagedAftersales(
            row_number=row_number,
            external_id=record_id,
            order_external_id=order_id,
            kind=kind,
            severity="high" if self._code("platform_involved", cells) == "yes" else "normal",
            status=desk.status,
            resolution=desk.resolution,
            cancel_reason=desk.cancel_reason,
            refund_status=status,
            status_raw=status_raw,
            reason=self._reason(reason_raw),
            reason_raw=reason_raw,
            fault=(self._fault.code(fault_raw) or "") if fault_raw else "",
            currency=currency,
            amount=amount,
            to_buyer=to_buyer,
            opened_at=opened,
            opened_on=self._day(opened),
            resolved_at=solved,
            resolved_on=self._day(solved) if solved else None,
            closed_at=ended,
            succeeded_at=succeeded,
            succeeded_on=self._day(succeeded) if succeeded else None,
            title=self._text["title"](cells) or "",
            sku=self._text["sku"](cells) or "",
            line_id=self._text["line_id"](cells) or "",
            quantity=self._quantity(cells),
            buyer_words=self._text["buyer_words"](cells) or "",
            return_carrier=self._text["return_carrier"](cells) or "",
            return_number="".join((self._text["return_number"](cells) or "").split()),
            progress=REFUND_PROGRESS[status],
            as_of=max(opened, finished or ""),
        )


def _reason_code(vocabulary: Vocabulary, around: Surroundings, remarks: Remarks) -> Callable[[str], str]:
    """Return a function from a platform's reason to a reason code: the owner's and the format's words first."""
    find = reason_finder(around.reasons, around.own_words, remarks.unknown)
    if not vocabulary.get("aftersales.reason"):
        return find
    # A reason that does not exist is refused with the choices.
    codes = {word: around.reasons.resolve(code) for word, code in vocabulary["aftersales.reason"].items()}
    words = Words("aftersales.reason", {"aftersales.reason": codes}, around.own_words, Counter())

    def code(raw: str) -> str:
        known = words.code(raw)
        return known if known and known != UNKNOWN else find(raw)

    return code


def _sums(money: dict[str, int | None]) -> tuple[int, int]:
    """Return the whole refund and what of it goes to the buyer in cash.

    Postage and tax given back are part of both; a payment discount taken back is no cash.
    """
    beside = (money["postage"] or 0) + (money["tax"] or 0)
    amount = (money["amount"] or money["to_buyer"] or 0) + beside
    to_buyer = amount if money["to_buyer"] is None else money["to_buyer"] + beside
    to_buyer -= abs(money["discount"] or 0)
    return max(amount, to_buyer, 0), max(to_buyer, 0)
