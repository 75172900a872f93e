"""Turn the order columns of a row into a staged order."""

from datetime import datetime
from typing import Any

from aftersales_cli.clock import to_text
from aftersales_cli.database.staging import StagedOrder
from aftersales_cli.intake.columns import Cells, Columns, Getter
from aftersales_cli.intake.converters import (
    Memory,
    convert_currency,
    convert_integer,
    money_converter,
    time_converter,
)
from aftersales_cli.intake.fields import PROGRESS
from aftersales_cli.intake.paid import PaidFacts
from aftersales_cli.intake.surroundings import Remarks, Surroundings
from aftersales_cli.intake.vocabulary import UNKNOWN, Words

_MONEY = ("goods", "postage", "discount", "total", "paid", "outstanding", "refunded")
_TIMES = ("placed_at", "paid_at", "shipped_at", "delivered_at", "finished_at", "cancelled_at")
_TEXTS = (
    "display_number",
    "buyer_name",
    "buyer_country",
    "close_reason",
    "title",
    "buyer_note",
    "seller_note",
)
_NO_MONEY: dict[str, int | None] = dict.fromkeys(_MONEY)
_NO_TIMES: dict[str, str | None] = dict.fromkeys(_TIMES)
_NO_TEXTS: dict[str, str | None] = dict.fromkeys(_TEXTS)

STATUS_WORDS = "order.status"
WHOLE = -1
"""Stands for: all that was paid, whatever that is found to be."""


class Amounts:
    """Getters of money fields, made once for each currency that occurs in a file."""

    def __init__(self, columns: Columns, kind: str, fields: tuple[str, ...], remarks: Remarks) -> None:
        self._columns, self._kind, self._fields, self._remarks = columns, kind, fields, remarks
        self._getters: dict[str, dict[str, Getter]] = {}

    def getters(self, currency: str) -> dict[str, Getter]:
        """Return field → getter of its minor units in a currency."""
        found = self._getters.get(currency)
        if found is None:
            convert = money_converter(currency, self._remarks.rounded.add)
            found = self._getters[currency] = {
                name: self._columns.value(self._kind, name, convert) for name in self._fields
            }
        return found


def _filled(blank: dict[str, Any], getters: dict[str, Getter], cells: Cells) -> dict[str, Any]:
    """Return all fields of a kind, with the values of those the file has."""
    values = blank.copy()
    for name, get in getters.items():
        values[name] = get(cells)
    return values


class OrderReader:
    """Reads orders of one file."""

    def __init__(self, columns: Columns, around: Surroundings, remarks: Remarks) -> None:
        self._format, self._around, self._remarks = columns.format, around, remarks
        moment = time_converter(around.zone, columns.format.slashes)
        self.identity = columns.identity("order", "external_id")
        self._day = Memory(around.day_of)
        self._texts = {name: columns.text("order", name) for name in _TEXTS if columns.has("order", name)}
        self._times = {
            name: columns.value("order", name, moment) for name in _TIMES if columns.has("order", name)
        }
        self._expires = columns.value("order", "phone_expires_at", moment)
        self._contact = {name: columns.text("order", f"buyer_{name}") for name in ("key", "phone", "email")}
        self._currency = columns.value("order", "currency", convert_currency)
        money = tuple(name for name in _MONEY if columns.has("order", name))
        self._amounts = Amounts(columns, "order", money, remarks)
        self._count = columns.value("order", "item_count", convert_integer)
        self._status_words = columns.words("order", "status")
        self._has_status = columns.has("order", "status")
        self._refund_words = columns.words("order", "refund_words")
        self._has_refund_words = columns.has("order", "refund_words")
        self._has_refunded = columns.has("order", "refunded")
        self._dated: str | None = None
        self._words = Words(STATUS_WORDS, columns.format.vocabulary, around.own_words, remarks.unknown)

    def currency(self, cells: Cells) -> str:
        """Return the currency of a row's amounts."""
        return (self._currency(cells) or self._around.currency).upper()

    def moment(self, cells: Cells) -> tuple[str, str] | None:
        """Return the UTC moment and the local day of a row: placed, else paid; None if neither is given."""
        getters = [get for name in ("placed_at", "paid_at") if (get := self._times.get(name))]
        found = next((moment for get in getters if (moment := get(cells))), None)
        return (found, self._day(found)) if found else None

    def read(self, row_number: int, cells: Cells, order_id: str) -> StagedOrder:
        """Return the order of a row; raises RowError."""
        currency = self.currency(cells)
        money = _filled(_NO_MONEY, self._amounts.getters(currency), cells)
        times = _filled(_NO_TIMES, self._times, cells)
        texts = _filled(_NO_TEXTS, self._texts, cells)
        status_raw = self._status_words(cells)
        refunded, refunded_basis = self._stated_refund(cells, money["refunded"])
        was_paid = self._was_paid(status_raw, times, money)
        status = self._status(status_raw, times, was_paid=was_paid)
        facts = PaidFacts(
            self._format.paid,
            was_paid,
            bool(self._format.partly_paid) and has_word(status_raw, self._format.partly_paid),
            refunded == WHOLE,
            money["paid"],
            money["outstanding"],
        )
        paid, was_paid, refunded = facts.settle(
            status, paid_at=times["paid_at"], refunded=refunded, total=money["total"]
        )
        self._date_by_number(order_id, times)
        placed_on = self._day(times["placed_at"]) if times["placed_at"] else None
        paid_on = self._day(times["paid_at"]) if times["paid_at"] else None
        return StagedOrder(
            row_number=row_number,
            external_id=order_id,
            display_number=texts["display_number"] or order_id,
            buyer_key=_unmasked(self._contact["key"](cells)),
            buyer_name=texts["buyer_name"],
            buyer_phone=self._phone(cells),
            buyer_email=_unmasked(self._contact["email"](cells)),
            buyer_country=texts["buyer_country"],
            placed_at=times["placed_at"],
            placed_on=placed_on,
            paid_at=times["paid_at"],
            # A file without a payment time still says that it was paid; the day it was placed is the best guess.
            paid_on=paid_on or (placed_on if was_paid else None),
            shipped_at=times["shipped_at"],
            delivered_at=times["delivered_at"],
            finished_at=times["finished_at"],
            status=status,
            status_raw=status_raw or None,
            close_reason=texts["close_reason"],
            currency=currency,
            goods=money["goods"],
            postage=money["postage"],
            discount=money["discount"],
            total=money["total"],
            paid=paid.amount,
            paid_basis=paid.basis,
            refunded_stated=refunded,
            refunded_stated_basis=refunded_basis,
            item_count=self._count(cells),
            title=texts["title"],
            buyer_note=texts["buyer_note"],
            seller_note=texts["seller_note"],
            progress=PROGRESS[status],
            as_of=max([found for found in times.values() if found], default=""),
            # No word decides about an order that has a time of its cancelling.
            paid_facts=("cancelled" if times["cancelled_at"] else facts.as_text()) if status_raw else None,
        )

    def _was_paid(self, status_raw: str, times: dict[str, str | None], money: dict[str, int | None]) -> bool:
        if self._format.paid_statuses:
            return has_word(status_raw, self._format.paid_statuses)
        return bool(times["paid_at"] or money["paid"] or money["refunded"])

    def _stated_refund(self, cells: Cells, stated: int | None) -> tuple[int | None, str]:
        """Return what was refunded (WHOLE for all of it) and how that is known: stated or estimated.

        A blank cell of a refund column says 0; a file without such a column says nothing.
        """
        if stated is not None or self._has_refunded:
            return stated or 0, "stated"
        if self._format.refunded_when and self._has_refund_words:
            words = self._refund_words(cells)
            hit = any(word in words for word in self._format.refunded_when)
            return (WHOLE if hit else 0), "estimated"
        return None, "stated"

    def _status(self, raw: str, times: dict[str, str | None], *, was_paid: bool) -> str:
        if times["cancelled_at"]:
            return "closed"
        if raw:
            return self._words.code(raw) or UNKNOWN
        if constant := self._format.constant.get(STATUS_WORDS):
            return constant
        if self._has_status:
            return UNKNOWN
        # The file has no status column: its times tell how far the order is.
        for name, status in (("finished_at", "finished"), ("shipped_at", "shipped")):
            if times[name]:
                return status
        return "paid" if was_paid else "unpaid"

    def _date_by_number(self, order_id: str, times: dict[str, str | None]) -> None:
        """Give an order without any time the day its number begins with, if the format says it does."""
        if not self._format.id_date or times["placed_at"] or times["paid_at"]:
            return
        width = len(datetime(2000, 1, 1).strftime(self._format.id_date))  # noqa: DTZ001 - only its length counts
        try:
            day = datetime.strptime(order_id[:width], self._format.id_date).replace(tzinfo=self._around.zone)
        except ValueError:
            return
        times["placed_at"] = to_text(day)
        self._remarks.dated_by_number += order_id != self._dated
        self._dated = order_id

    def _phone(self, cells: Cells) -> str | None:
        expires = self._expires(cells)
        if expires and expires <= self._around.now:
            return None  # a virtual number that nobody answers any more
        return _unmasked(self._contact["phone"](cells))


def has_word(raw: str, words: tuple[str, ...]) -> bool:
    """Tell whether one of the joined words of a state is in a list of lower-case words."""
    return any(word.strip().casefold() in words for word in raw.split(" / "))


def _unmasked(text: str | None) -> str | None:
    """Return None for a value the platform has masked: it can reach and tell apart nobody."""
    return None if text is None or "*" in text else text
