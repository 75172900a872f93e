"""The owner's own vocabulary: words of platforms nobody listed, kept in the shop's folder."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.clock import local_day
from aftersales_cli.database.words import (
    Meaning,
    UnknownWord,
    WaitingRefund,
    list_parcels_with,
    list_raw_words,
    list_stated_orders,
    list_unknown_words,
    list_waiting_refunds,
    map_order_status,
    map_reason,
    set_case_state,
    set_paid,
    set_parcel_status,
    set_refund_status,
    settle_refunds_of,
)
from aftersales_cli.desk.platform_cases import platform_status
from aftersales_cli.desk.returns.platform_returns import follow_files
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.fields import FIELD_NAMES, PROGRESS, REFUND_PROGRESS
from aftersales_cli.intake.formats import load_formats
from aftersales_cli.intake.paid import PaidFacts
from aftersales_cli.intake.scores import SCALES
from aftersales_cli.intake.tracking import STATUS_WORDS
from aftersales_cli.intake.vocabulary import UNKNOWN, Words, normal, reason_finder
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold

FILE = Path("templates/vocabularies/own.toml")

_TAXONOMIES = {
    "order.status": "order_statuses",
    "aftersales.status": "refund_statuses",
    "aftersales.kind": "kinds",
    "aftersales.reason": "reasons",
    "request.kind": "kinds",
}
_SCORES = {"survey.csat": "csat", "survey.nps": "nps", "survey.ces": "ces", "review.stars": "stars"}
_CODES: dict[str, tuple[str, ...]] = {
    "aftersales.platform_involved": ("yes", "no"),
    "aftersales.fault": ("shop", "customer", "carrier"),
    "tracking.status": tuple(dict.fromkeys(STATUS_WORDS.values())),
    **{
        field: tuple(str(score) for score in range(SCALES[kind][0], SCALES[kind][1] + 1))
        for field, kind in _SCORES.items()
    },
}
FIELDS = (*_TAXONOMIES, *_CODES)
"""Fields whose words can be mapped."""

_TOLD_TOGETHER = "…"
"""Stands for words too long to be kept; nothing can be mapped by it."""
_PAID_FOLLOWS = frozenset({"unpaid", "closed"})
"""States of an order that decide what counts as paid."""


@dataclass(frozen=True)
class MappedWord:
    """A word the owner gave a meaning."""

    field: str
    word: str
    code: str
    rows: int
    """Rows imported before that took the meaning on."""
    later_only: bool
    """Whether the word is not kept with the rows, so that those imported before cannot take the meaning on."""
    amounts: bool = False
    """Whether amounts of rows imported before still follow the meaning from before: what decides them was not kept."""


def own_words(shop_folder: Path) -> dict[str, dict[str, str]]:
    """Return field → word → code as the owner mapped them; raises WrongUsageError naming file and key."""
    path = shop_folder / FILE
    if not path.is_file():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _problem(path, "", str(error)) from error
    for field, words in document.items():
        if field not in FIELDS or not isinstance(words, dict):
            raise _problem(path, field, _("unknown field; known: {names}", names=", ".join(FIELDS)))
        for word, code in words.items():
            if not isinstance(code, str):
                raise _problem(path, f"{field}.{word}", _("must be a text"))
    return document


def _problem(path: Path, key: str, what: str) -> WrongUsageError:
    return WrongUsageError(
        _("Vocabulary file {path}, key “{key}”: {problem}", path=path, key=key, problem=what),
        remedy=_("Correct the file, or remove it and map the words again."),
    )


def unknown_words(shop: Shop) -> list[UnknownWord]:
    """Return the words of imported files that stand for nothing yet, most frequent first."""
    mapped = {(field, normal(word)) for field, words in own_words(shop.folder).items() for word in words}
    return [
        entry
        for entry in list_unknown_words(shop.database)
        if (entry.field, normal(entry.word)) not in mapped and entry.word != _TOLD_TOGETHER
    ]


def map_words(shop: Shop, mappings: Sequence[str]) -> list[MappedWord]:
    """Give words a meaning, for rows imported before and for files to come.

    A mapping reads ``aftersales.reason:颜色太像月光=not_as_described``. A word mapped before is corrected: rows that
    have it take the new meaning on, unless a person has changed them since. Raises WrongUsageError that lists fields
    or codes.
    """
    parsed = [_parse(shop, mapping) for mapping in mappings]
    words = own_words(shop.folder)
    with shop.writing("orders.vocabulary") as writing:
        found = []
        for field, word, code in parsed:
            found.append(_apply(shop, field, word, code, words))
            own = words.setdefault(field, {})
            # The same word written another way would decide by chance.
            for other in [other for other in own if normal(other) == normal(word)]:
                del own[other]
            own[word] = code
        writing.count(words=len(found), rows=sum(entry.rows for entry in found))
        # Inside the transaction: if the file cannot be written, the rows stay as they were, too.
        publish_text(shop, shop.folder / FILE, _as_toml(words))
    return found


def field_name(field: str) -> str:
    """Return what people call a field."""
    return _(FIELD_NAMES[field])


def code_name(shop: Shop, field: str, code: str) -> str:
    """Return what people call a code of a field."""
    return shop.taxonomy(_TAXONOMIES[field]).label(code) if field in _TAXONOMIES else code


def _parse(shop: Shop, mapping: str) -> tuple[str, str, str]:
    given, *rest = re.split("[:：]", mapping, maxsplit=1)
    word, equals, meaning = "".join(rest).rpartition("=")
    names = {fold(name): field for field in FIELDS for name in (field_name(field), field)}
    field, word, meaning = names.get(fold(given), ""), word.strip(), meaning.strip()
    if not field or not equals or not word or not meaning:
        raise WrongUsageError(
            _("“{word}” is not a mapping.", word=mapping),
            remedy=_(
                "Write --map FIELD:WORD=CODE, with FIELD one of: {fields}",
                fields=", ".join(f"{field} ({field_name(field)})" for field in FIELDS),
            ),
        )
    if field in _TAXONOMIES:
        return field, word, shop.taxonomy(_TAXONOMIES[field]).resolve(meaning)
    if meaning not in _CODES[field]:
        raise WrongUsageError(
            _("“{word}” is not known here.", word=meaning),
            remedy=_("Choose one of: {choices}", choices=", ".join(_CODES[field])),
        )
    return field, word, meaning


def _apply(shop: Shop, field: str, word: str, code: str, own: Mapping[str, Mapping[str, str]]) -> MappedWord:
    """Change imported rows that hold the raw word, if raw words of this field are kept."""
    kept = list_raw_words(shop.database, field)
    if kept is None:
        return MappedWord(field, word, code, 0, later_only=True)
    before = _meanings_so_far(shop, field, word, own)
    meaning = Meaning([raw for raw in kept if normal(raw) == normal(word)], before, code)
    if field == "order.status":
        rows, amounts = _move_orders(shop, meaning)
        return MappedWord(field, word, code, rows, later_only=False, amounts=amounts)
    rows = _change_rows(shop, field, meaning)
    if rows and field in ("aftersales.status", "tracking.status"):
        follow_files(shop)
    return MappedWord(field, word, code, rows, later_only=False)


def _meanings_so_far(shop: Shop, field: str, word: str, own: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return what rows with the word may have been given when they were imported."""
    codes = {UNKNOWN, *(code for raw, code in own.get(field, {}).items() if normal(raw) == normal(word))}
    if field == "aftersales.reason":
        return {*codes, reason_finder(shop.taxonomy("reasons"), {}, Counter())(word)}
    shipped = [entry.vocabulary for entry in load_formats(shop.folder) if field in entry.vocabulary]
    if field == "tracking.status":
        shipped.append({field: STATUS_WORDS})
    return {*codes, *(Words(field, words, {}, Counter()).code(word) or UNKNOWN for words in shipped)}


def _change_rows(shop: Shop, field: str, meaning: Meaning) -> int:
    database = shop.database
    if field == "aftersales.reason":
        return map_reason(database, meaning)
    if field == "tracking.status":
        parcels = list_parcels_with(database, meaning)
        for parcel_id, moment in parcels:
            received = moment if meaning.code == "received" else None
            day = local_day(received, shop.zone).isoformat() if received else None
            set_parcel_status(database, parcel_id, status=meaning.code, received_at=received, received_on=day)
        return len(parcels)
    refunds = list_waiting_refunds(database, meaning)
    for refund in refunds:
        _move_refund(shop, refund, meaning.code)
    settle_refunds_of(database, refunds)
    return len(refunds)


def _move_orders(shop: Shop, meaning: Meaning) -> tuple[int, bool]:
    """Bring orders and their lines to the state, and what counts as paid to what it is in that state.

    Returns how many orders (lines, if no order came with the word), and whether amounts had to stay.
    """
    database, changed = shop.database, []
    orders = list_stated_orders(database, meaning)
    for order in orders:
        if not order.paid_facts or order.paid_is_older:
            continue
        paid, was_paid, refunded = PaidFacts.of_text(order.paid_facts).settle(
            meaning.code, paid_at=order.paid_at, refunded=order.refunded_stated, total=order.total
        )
        paid_on = order.paid_on if order.paid_at else order.placed_on if was_paid else None
        if (order.paid, order.paid_basis, order.paid_on, order.refunded_stated) == (
            paid.amount,
            paid.basis,
            paid_on,
            refunded,
        ):
            continue
        set_paid(database, order, paid=paid.amount, basis=paid.basis, paid_on=paid_on, refunded=refunded)
        changed.append(order)
    moved, lines = map_order_status(
        database, meaning, PROGRESS[meaning.code], {PROGRESS[code] for code in meaning.before}
    )
    settle_refunds_of(database, changed)
    follows = bool(_PAID_FOLLOWS & {meaning.code, *meaning.before})
    return moved or lines, follows and any(not order.paid_facts for order in orders)


def _move_refund(shop: Shop, refund: WaitingRefund, code: str) -> None:
    """Bring a refund record and its case to the state, with the times the file gave."""
    state = platform_status(code, refund.kind)
    ended = refund.as_of if state.status in {"closed", "cancelled"} else None
    day = local_day(refund.as_of, shop.zone).isoformat()
    succeeded = code == "succeeded"
    set_refund_status(
        shop.database,
        refund,
        code=code,
        progress=REFUND_PROGRESS[code],
        succeeded_at=refund.as_of if succeeded else None,
        succeeded_on=day if succeeded else None,
    )
    if refund.worked_on:
        return
    solved = state.status == "closed"
    set_case_state(
        shop.database,
        refund,
        status=state.status,
        resolution=state.resolution,
        cancel_reason=state.cancel_reason,
        ended_at=ended,
        solved_at=ended if solved else None,
        solved_on=day if solved else None,
        stamp=shop.stamp,
        actor=shop.agent.code,
    )


def _as_toml(words: Mapping[str, Mapping[str, str]]) -> str:
    parts = [
        "\n".join(
            [f"[{_quoted(field)}]", *(f"{_quoted(word)} = {_quoted(code)}" for word, code in entries.items())]
        )
        for field, entries in words.items()
    ]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'
