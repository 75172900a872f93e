"""Formats of marketplace files: declared in TOML, shipped or the shop's own, told apart by their headers."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.fields import PROGRESS, RECORDS, REFUND_PROGRESS, REQUIRED, SUMMED
from aftersales_cli.language import _, pick
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.resources import data_files

FOLDER = "templates/formats"

_TOP_KEYS = {
    *RECORDS,
    "code", "version", "platform", "zh", "en", "rank", "certainty", "timezone", "currency", "slashes", "paid",
    "paid_statuses", "group_by", "order_marker", "detect", "shop_name", "order", "line", "aftersales",
    "vocabulary", "not_orders", "skip_rows", "pad_rows", "sum", "refunded_when", "drop_when", "id_date", "constant", "join",
    "add", "unescape", "partly_paid", "refunded_with_amount",
}  # fmt: skip
_PAID_RULES = ("net", "stated", "by_status")


@dataclass(frozen=True)
class AtLeast:
    """So many of these headers must be there."""

    count: int
    of: tuple[str, ...]
    spoken: tuple[str, ...]
    """The same as the format file writes them, for messages."""


@dataclass(frozen=True)
class Sum:
    """Columns that belong to an amount beside its own."""

    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    """Taken off, whichever sign the file writes them with."""
    needs: tuple[str, ...] = ()
    """Columns without which, or with 0 in which, there is no amount."""

    @property
    def names(self) -> tuple[str, ...]:
        """All columns."""
        return (*self.plus, *self.minus, *self.needs)


@dataclass(frozen=True, eq=False)
class Format:
    """How one kind of file is recognised and what its columns mean; header names are normalised."""

    code: str
    version: int
    platform: str
    zh: str
    en: str
    rank: int
    """Formats are tried in this order; the first match wins."""
    timezone: str | None
    currency: str | None
    slashes: str
    paid: str
    """How the paid amount is given: ``net`` of refunds, ``stated``, or known only ``by_status``."""
    paid_statuses: tuple[str, ...]
    group_by: str | None
    """Column that stays the same over the rows of one order whose order columns are blank after the first."""
    order_marker: str | None
    """Column that is filled only on the row that carries the order."""
    must: tuple[AtLeast, ...]
    must_not: tuple[str, ...]
    shop_name: tuple[str, ...]
    columns: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Record kind → field → header names, first found wins."""
    certainty: str = ""
    """``A`` to ``D`` as in the notes on formats; ``C`` is a preview and says so."""
    skip_rows: int = 0
    """Rows right below the header that are no data."""
    pad_rows: bool = False
    """Empty cells at the end of a row may be missing in a text file, so that a short row is not cut off."""
    sum: tuple[str, ...] = ()
    """Order fields that stand on every row and add up over the rows of an order."""
    refunded_when: tuple[str, ...] = ()
    """Words of ``order.refund_words`` that mean: refunded in full (the file has no amount)."""
    drop_when: tuple[str, str] | None = None
    """Header and beginning of the cell of rows the platform marks as deleted."""
    id_date: str = ""
    """Form of the date an order number begins with, for orders without any time."""
    constant: Mapping[str, str] = field(default_factory=dict)
    """Field such as ``aftersales.kind`` → code, where no column gives one."""
    join: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """Field → columns whose cells together make it: an id (joined by ``|``), or a text (by a space) that the first
    of several groups with a filled cell gives."""
    add: Mapping[str, Sum] = field(default_factory=dict)
    """Amount field → what is added to its own column's amount and taken off it."""
    unescape: frozenset[str] = frozenset()
    """Text fields the platform writes as HTML (``Tom &amp; Co``)."""
    partly_paid: tuple[str, ...] = ()
    """Words of ``order.status`` that mean: paid in part, how much says only what is outstanding."""
    refunded_with_amount: tuple[str, ...] = ()
    """Words of ``aftersales.status`` that do not tell whether money went back; an amount beside them does."""
    spoken: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """As ``columns``, with the header names as the format file writes them, for messages."""
    vocabulary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field such as ``order.status`` → the platform's word → our code, in the order to try."""
    not_orders: str = ""
    """For a file we recognise but cannot use: what it is (``settlement`` …)."""

    @property
    def joined(self) -> dict[str, tuple[str, ...]]:
        """Record kind → columns that are only part of a field: of an id put together, of an amount added up."""
        found: dict[str, tuple[str, ...]] = {}
        parts = {target: sum(groups, ()) for target, groups in self.join.items()}
        for target, names in (*parts.items(), *((target, entry.names) for target, entry in self.add.items())):
            kind = target.partition(".")[0]
            found[kind] = (*found.get(kind, ()), *names)
        return found

    @property
    def preview(self) -> bool:
        """Whether the format is known from few hints only."""
        return self.certainty in {"C", "D"}

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})

    def matches(self, header: frozenset[str]) -> bool:
        """Tell whether a set of normalised headers is this format's."""
        return not header.intersection(self.must_not) and all(
            sum(name in header for name in need.of) >= need.count for need in self.must
        )

    def missing(self, header: frozenset[str]) -> list[str]:
        """Return what a header lacks to be this format, as the format file writes it, alternatives joined by ``|``."""
        return [
            "|".join(need.spoken)
            for need in self.must
            if sum(name in header for name in need.of) < need.count
        ]


def load_formats(shop_folder: Path | None) -> list[Format]:
    """Return all formats in the order they are tried; raises WrongUsageError naming file and key."""
    formats = [read_format(path) for path in data_files(FOLDER, shop_folder).values()]
    return sorted(formats, key=lambda entry: (entry.rank, entry.code))


def read_format(path: Path) -> Format:
    """Read one format file; raises WrongUsageError naming file and key."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _problem(path, "", str(error)) from error
    return parse_format(document, path)


def parse_format(document: Mapping[str, Any], path: Path) -> Format:
    """Build a format from a parsed document, checking every key; ``path`` is for messages."""
    for key in document:
        if key not in _TOP_KEYS:
            raise _problem(path, key, _("unknown key"))
    for key in ("code", "platform", "zh", "en"):
        if not isinstance(document.get(key), str):
            raise _problem(path, key, _("must be a text"))
    paid = document.get("paid", "stated")
    if paid not in _PAID_RULES:
        raise _problem(path, "paid", _("must be one of: {names}", names=", ".join(_PAID_RULES)))
    detect = document.get("detect", {})
    join = {
        target: _groups(target, names, path)
        for target, names in _of_type(document, "join", {"id", "text"}, path).items()
    }
    columns = {
        kind: _columns(document.get(kind, {}), kind, path, join) for kind in RECORDS if kind in document
    }
    if not columns and not document.get("not_orders"):
        raise _problem(path, "order", _("a format needs at least one of: {names}", names=", ".join(RECORDS)))
    return Format(
        code=document["code"],
        version=document.get("version", 1),
        platform=document["platform"],
        zh=document["zh"],
        en=document["en"],
        rank=document.get("rank", 500),
        timezone=document.get("timezone"),
        currency=document.get("currency"),
        slashes=document.get("slashes", "month_first"),
        paid=paid,
        paid_statuses=tuple(document.get("paid_statuses", ())),
        group_by=_normal(document.get("group_by")),
        order_marker=_normal(document.get("order_marker")),
        must=_needs(detect),
        must_not=_names(detect.get("none", ())),
        shop_name=_names(document.get("shop_name", ())),
        columns=columns,
        vocabulary=_vocabulary(document.get("vocabulary", {}), path),
        certainty=document.get("certainty", ""),
        skip_rows=document.get("skip_rows", 0),
        pad_rows=document.get("pad_rows", False),
        sum=_order_fields(document.get("sum", ()), path),
        refunded_when=tuple(document.get("refunded_when", ())),
        drop_when=_drop(document.get("drop_when"), path),
        id_date=document.get("id_date", ""),
        constant=document.get("constant", {}),
        join=join,
        add={
            target: _sum(target, entry, path)
            for target, entry in _of_type(document, "add", {"money"}, path).items()
        },
        unescape=frozenset(
            _of_type({"unescape": dict.fromkeys(document.get("unescape", ()))}, "unescape", {"text"}, path)
        ),
        partly_paid=tuple(word.strip().casefold() for word in document.get("partly_paid", ())),
        refunded_with_amount=tuple(
            word.strip().casefold() for word in document.get("refunded_with_amount", ())
        ),
        spoken={kind: _spoken(document[kind]) for kind in columns},
        not_orders=document.get("not_orders", ""),
    )


def _vocabulary(words: Mapping[str, Mapping[str, str]], path: Path) -> Mapping[str, Mapping[str, str]]:
    """Check the codes of states, which decide how far an order or a refund is."""
    for field_name, codes in (("order.status", PROGRESS), ("aftersales.status", REFUND_PROGRESS)):
        for word, code in words.get(field_name, {}).items():
            if code not in codes:
                problem = _("“{word}” is not known here.", word=code)
                raise _problem(path, f"vocabulary.{field_name}.{word}", problem)
    return words


def _order_fields(names: Sequence[str], path: Path) -> tuple[str, ...]:
    for name in names:
        if name not in SUMMED:
            raise _problem(path, "sum", _("must be one of: {names}", names=", ".join(SUMMED)))
    return tuple(names)


def _of_type(document: Mapping[str, Any], key: str, types: set[str], path: Path) -> Mapping[str, Any]:
    """Return a table of the document whose keys name fields, such as ``order.total``, of these types only."""
    table: Mapping[str, Any] = document.get(key, {})
    for target in table:
        kind, _dot, name = target.partition(".")
        if RECORDS.get(kind, {}).get(name) not in types:
            fitting = [
                f"{kind}.{name}"
                for kind, fields in RECORDS.items()
                for name, of in fields.items()
                if of in types
            ]
            raise _problem(path, f"{key}.{target}", _("must be one of: {names}", names=", ".join(fitting)))
    return table


def _groups(target: str, names: Sequence[Any], path: Path) -> tuple[tuple[str, ...], ...]:
    several = [entry for entry in names if not isinstance(entry, str)]
    kind, _dot, name = target.partition(".")
    if several and (len(several) < len(names) or RECORDS[kind][name] == "id"):
        raise _problem(path, f"join.{target}", _("must be a list of columns"))
    return tuple(_names(group) for group in several) or (_names(names),)


def _sum(target: str, entry: Mapping[str, Sequence[str]], path: Path) -> Sum:
    if unknown := set(entry) - {"plus", "minus", "needs"}:
        raise _problem(
            path, f"add.{target}.{min(unknown)}", _("must be one of: {names}", names="plus, minus, needs")
        )
    return Sum(**{name: _names(names) for name, names in entry.items()})


def _drop(entry: Mapping[str, str] | None, path: Path) -> tuple[str, str] | None:
    if entry is None:
        return None
    if set(entry) != {"column", "starts"}:
        raise _problem(path, "drop_when", _("must be one of: {names}", names="column, starts"))
    return normalise_header(entry["column"]), entry["starts"]


def _columns(
    section: Mapping[str, Any], kind: str, path: Path, join: Mapping[str, object]
) -> dict[str, tuple[str, ...]]:
    for name in section:
        if name not in RECORDS[kind]:
            raise _problem(
                path, f"{kind}.{name}", _("unknown field; known: {names}", names=", ".join(RECORDS[kind]))
            )
    for name in REQUIRED[kind]:
        if name not in section and f"{kind}.{name}" not in join:
            raise _problem(path, f"{kind}.{name}", _("is required"))
    return {name: _names([value] if isinstance(value, str) else value) for name, value in section.items()}


def _spoken(section: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in section.items()}


def _needs(detect: Mapping[str, Any]) -> tuple[AtLeast, ...]:
    alone = [(1, (name,)) for name in detect.get("all", ())]
    some = [(entry.get("at_least", 1), tuple(entry["of"])) for entry in detect.get("some", ())]
    return tuple(AtLeast(count, _names(names), names) for count, names in (*alone, *some))


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(normalise_header(name) for name in names)


def _normal(name: str | None) -> str | None:
    return normalise_header(name) if name else None


def _problem(path: Path, key: str, what: str) -> WrongUsageError:
    return WrongUsageError(
        _("Format file {path}, key “{key}”: {problem}", path=path, key=key, problem=what),
        remedy=_("The shipped formats show how it is written: aftersales orders formats"),
    )


def recognise(formats: Sequence[Format], header: Sequence[str]) -> Format | None:
    """Return the first format a row of normalised headers matches."""
    names = frozenset(header)
    return next((entry for entry in formats if entry.must and entry.matches(names)), None)


def nearest(
    formats: Sequence[Format], header: Sequence[str], limit: int = 3
) -> list[tuple[Format, list[str]]]:
    """Return the formats that share most headers with an unknown file, each with what is missing."""
    names = frozenset(normalise_header(cell) for cell in header)
    scored = []
    for entry in formats:
        known = {name for fields in entry.columns.values() for aliases in fields.values() for name in aliases}
        shared = len(names & known)
        if shared:
            scored.append((len(entry.missing(names)), -shared, entry.code, entry))
    return [(entry, entry.missing(names)) for _missing, _shared, _code, entry in sorted(scored)[:limit]]
