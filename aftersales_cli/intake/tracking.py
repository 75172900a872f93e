"""Take in couriers' tracking files, whose columns the owner has mapped: where each parcel is."""

from collections import Counter

from aftersales_cli.clock import local_day
from aftersales_cli.database.other_files import PARCELS, join_other_rows
from aftersales_cli.intake.columns import Cells, Columns
from aftersales_cli.intake.other_rows import OtherFile, OtherResult, optional_id, read_rows
from aftersales_cli.intake.survey_times import moment_converter
from aftersales_cli.intake.vocabulary import UNKNOWN, Words
from aftersales_cli.records.parcels import Parcel

_FIELD = "tracking.status"
_LONGEST_STATUS = 20
"""What couriers say in longer words may name people and phone numbers."""

STATUS_WORDS = {
    # The first word found in a sentence decides: what did not happen stands before what did.
    "退回签收": "returned", "退件签收": "returned", "退回已签收": "returned", "已退回": "returned",
    "拒收": "returning", "拒签": "returning", "退回": "returning", "退件": "returning",
    "丢失": "lost", "遗失": "lost", "丢件": "lost",
    "派送失败": "problem", "派件失败": "problem", "投递失败": "problem", "未妥投": "problem", "签收失败": "problem",
    "异常": "problem", "问题件": "problem", "疑难": "problem", "滞留": "problem",
    "待签收": "delivering", "未签收": "in_transit", "待派": "in_transit",
    "待揽": "awaiting", "未揽": "awaiting", "待发货": "awaiting", "待出库": "awaiting", "已下单": "awaiting",
    "未发货": "awaiting",
    "签收": "received", "妥投": "received", "已收货": "received", "已取件": "received", "已送达": "received",
    "派送": "delivering", "派件": "delivering", "投递": "delivering", "待取件": "delivering", "代收": "delivering",
    "驿站": "delivering", "自提": "delivering",
    "揽收": "in_transit", "揽件": "in_transit", "运输": "in_transit", "在途": "in_transit", "转运": "in_transit",
    "中转": "in_transit", "发往": "in_transit", "到达": "in_transit", "清关": "in_transit", "已发货": "in_transit",
    "returned": "returned", "returned to sender": "returned", "returning": "returning",
    "return to sender": "returning", "refused": "returning", "rejected": "returning", "lost": "lost",
    "exception": "problem", "alert": "problem", "failure": "problem", "failed attempt": "problem",
    "attempt fail": "problem", "undelivered": "problem", "delayed": "problem",
    "pending": "awaiting", "info received": "awaiting", "label created": "awaiting", "pre-transit": "awaiting",
    "pre_transit": "awaiting", "awaiting pickup": "awaiting",
    "delivered": "received", "signed": "received", "picked up by customer": "received",
    "out for delivery": "delivering", "available for pickup": "delivering", "ready for pickup": "delivering",
    "in transit": "in_transit", "in_transit": "in_transit", "transit": "in_transit", "picked up": "in_transit",
    "shipped": "in_transit", "accepted": "in_transit", "customs": "in_transit",
}  # fmt: skip
"""A courier's word → our state of a parcel, in the order to try."""


def take_tracking(file: OtherFile) -> OtherResult:
    """Move parcels: of each number the newest state counts, whichever file or row it stands in.

    Its storefront is None where the user named none: a courier's file holds the parcels of all of them.
    """
    result, reader = OtherResult(), _ParcelReader(file)
    with file.shop.writing("orders.import") as writing:
        file.store(PARCELS, read_rows(file.table, reader.read, result, needed=reader.needed), result)
        join_other_rows(file.shop.database)
        writing.count(parcels_new=result.new, parcels_updated=result.updated)
    # That a row is older than what is stored is no news here: files list every step of a parcel.
    result.warn("unknown_word", reader.unknown)
    return result


class _ParcelReader:
    """Reads the rows of one file."""

    def __init__(self, file: OtherFile) -> None:
        columns = Columns(file.format, file.header)
        self.needed = frozenset(columns.all_places("tracking"))
        self._shop, self._storefront = file.shop, file.storefront
        self._number = columns.identity("tracking", "number")
        self._carrier = columns.text("tracking", "carrier")
        self._raw = columns.words("tracking", "status")
        self._moment = columns.value(
            "tracking", "status_at", moment_converter(file.zone, file.format.slashes)
        )
        self._order = columns.value("tracking", "order_number", optional_id)
        self.unknown: Counter[tuple[str, str]] = Counter()
        own_of_format = file.format.vocabulary.get(_FIELD, {})
        vocabulary = {_FIELD: {**own_of_format, **STATUS_WORDS, **own_of_format}}
        self._status = Words(_FIELD, vocabulary, file.own_words, self.unknown)

    def read(self, row_number: int, cells: Cells) -> Parcel:
        """Return a row's parcel; raises RowError."""
        del row_number
        raw, moment = self._raw(cells), self._moment(cells)
        status = self._status.code(raw) or UNKNOWN
        received = moment if status == "received" else None
        return Parcel(
            storefront_id=self._storefront.id if self._storefront else None,
            carrier=self._carrier(cells) or "",
            number=self._number(cells),
            order_external_id=self._order(cells) or "",
            status=status,
            status_raw=raw if len(raw) <= _LONGEST_STATUS else "",
            status_at=moment,
            received_at=received,
            received_on=local_day(received, self._shop.zone).isoformat() if received else None,
            as_of=moment or "",
        )
