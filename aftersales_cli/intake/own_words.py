"""The owner's own vocabulary: words of platforms nobody listed, kept in the shop's folder."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.clock import local_day
from aftersales_cli.database.words import (
    UnknownWord,
    WaitingRefund,
    list_unknown_words,
    list_waiting_refunds,
    map_order_status,
    map_reason,
    set_case_state,
    set_refund_status,
    settle_refunds_of,
)
from aftersales_cli.desk.platform_cases import platform_status
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.fields import PROGRESS, REFUND_PROGRESS
from aftersales_cli.intake.vocabulary import UNKNOWN, normal
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text
from aftersales_cli.shop import Shop

FILE = Path("templates/vocabularies/own.toml")

_TAXONOMIES = {
    "order.status": "order_statuses",
    "aftersales.status": "refund_statuses",
    "aftersales.kind": "kinds",
    "aftersales.reason": "reasons",
}
_CODES = {"aftersales.platform_involved": ("yes", "no"), "aftersales.fault": ("shop", "customer", "carrier")}
FIELDS = (*_TAXONOMIES, *_CODES)
"""Fields whose words can be mapped."""


@dataclass(frozen=True)
class MappedWord:
    """A word the owner gave a meaning."""

    field: str
    word: str
    code: str
    rows: int
    """Rows imported before that took the meaning on."""


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
        if (entry.field, normal(entry.word)) not in mapped
    ]


def map_words(shop: Shop, mappings: Sequence[str]) -> list[MappedWord]:
    """Give words a meaning, for rows imported before and for files to come.

    A mapping reads ``aftersales.reason:颜色太像月光=not_as_described``. Raises WrongUsageError that lists fields or codes.
    """
    parsed = [_parse(shop, mapping) for mapping in mappings]
    words = own_words(shop.folder)
    with shop.writing("orders.vocabulary") as writing:
        found = [
            MappedWord(field, word, code, _apply(shop, field, word, code)) for field, word, code in parsed
        ]
        for field, word, code in parsed:
            words.setdefault(field, {})[word] = code
        writing.count(words=len(found), rows=sum(entry.rows for entry in found))
        # Inside the transaction: if the file cannot be written, the rows stay as they were, too.
        publish_text(shop, shop.folder / FILE, _as_toml(words))
    return found


def _parse(shop: Shop, mapping: str) -> tuple[str, str, str]:
    field, colon, rest = mapping.partition(":")
    word, equals, meaning = rest.rpartition("=")
    field, word, meaning = field.strip(), word.strip(), meaning.strip()
    if not colon or not equals or field not in FIELDS or not word or not meaning:
        raise WrongUsageError(
            _("“{word}” is not a mapping.", word=mapping),
            remedy=_("Write --map FIELD:WORD=CODE, with FIELD one of: {fields}", fields=", ".join(FIELDS)),
        )
    if field in _TAXONOMIES:
        return field, word, shop.taxonomy(_TAXONOMIES[field]).resolve(meaning)
    if meaning not in _CODES[field]:
        raise WrongUsageError(
            _("“{word}” is not known here.", word=meaning),
            remedy=_("Choose one of: {choices}", choices=", ".join(_CODES[field])),
        )
    return field, word, meaning


def _apply(shop: Shop, field: str, word: str, code: str) -> int:
    """Change imported rows that hold the raw word; kinds and faults are not kept raw, so they stay."""
    if code == UNKNOWN:
        return 0
    if field == "order.status":
        return map_order_status(shop.database, word, code, PROGRESS[code])
    if field == "aftersales.reason":
        return map_reason(shop.database, word, code)
    if field == "aftersales.status":
        refunds = list_waiting_refunds(shop.database, word)
        for refund in refunds:
            _move_refund(shop, refund, code)
        settle_refunds_of(shop.database, refunds)
        return len(refunds)
    return 0


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
