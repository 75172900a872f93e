"""A format the owner makes on the spot: ``--map COLUMN=order.external_id``, kept with ``--save-format``."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.intake.fields import RECORDS, REQUIRED
from aftersales_cli.intake.formats import FOLDER, Format, parse_format
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text
from aftersales_cli.shop import Shop

OTHER_PLATFORM = "other"
_NAME = re.compile(r"[\w-]{1,40}")


def mapped_document(
    mappings: Sequence[str], *, name: str = "", platform: str = OTHER_PLATFORM
) -> dict[str, Any]:
    """Turn ``COLUMN=order.paid`` words into the document of a format file.

    Every mapped column must be there for a file to match. A line's order number defaults to the order's
    column. Raises WrongUsageError that lists the fields.
    """
    document: dict[str, Any] = {
        "code": name or "mapped",
        "version": 1,
        "platform": platform,
        "zh": name or "自定义对应",
        "en": name or "own mapping",
        # The owner's own formats are tried last: they must not catch the marketplaces' own files.
        "rank": 900,
        "detect": {"all": []},
    }
    for word in mappings:
        column, separator, target = word.rpartition("=")
        kind, dot, field = target.strip().partition(".")
        if not separator or not column.strip() or not dot or field not in RECORDS.get(kind, {}):
            raise not_a_mapping(word, _all_fields())
        document.setdefault(kind, {}).setdefault(field, []).append(column.strip())
        if column.strip() not in document["detect"]["all"]:
            document["detect"]["all"].append(column.strip())
    _complete(document)
    return document


def not_a_mapping(word: str, fields: Sequence[str]) -> WrongUsageError:
    """Return the error that lists the fields a column can be mapped to."""
    return WrongUsageError(
        _("“{word}” is not a mapping.", word=word),
        remedy=_("Write --map COLUMN=FIELD, with FIELD one of: {fields}", fields=", ".join(fields)),
    )


def _complete(document: dict[str, Any]) -> None:
    order_number = document.get("order", {}).get("external_id")
    for kind in ("line", "aftersales"):
        if kind in document and order_number:
            document[kind].setdefault("order_external_id", order_number)
    for kind in RECORDS:
        missing = [name for name in REQUIRED[kind] if kind in document and name not in document[kind]]
        if missing:
            raise WrongUsageError(
                _("The mapping lacks {fields}.", fields=", ".join(f"{kind}.{name}" for name in missing)),
                remedy=_("Map the column that holds it, too."),
            )


def _all_fields() -> list[str]:
    return [f"{kind}.{field}" for kind, fields in RECORDS.items() for field in fields]


def mapped_format(document: dict[str, Any]) -> Format:
    """Return the format of a mapping made on the command line."""
    return parse_format(document, Path("--map"))


def own_format_path(shop: Shop, name: str) -> Path:
    """Return where a new format of the shop's own goes.

    Raises WrongUsageError for a name that cannot be one, RefusedError if there is such a format.
    """
    if not _NAME.fullmatch(name):
        raise WrongUsageError(
            _("“{name}” cannot be the name of a format.", name=name),
            remedy=_("Use up to 40 letters, digits, - and _ without spaces."),
        )
    path = shop.folder / FOLDER / f"{name}.toml"
    if path.exists():
        raise RefusedError(
            _("There is already a format “{name}” in this shop.", name=name),
            remedy=_("Choose another name, or edit {path}.", path=path),
        )
    return path


def save_format(shop: Shop, document: dict[str, Any], name: str) -> Path:
    """Write a mapping as the shop's own format and return its file; raises WrongUsageError, RefusedError."""
    return publish_text(shop, own_format_path(shop, name), _as_toml(document))


def _as_toml(document: dict[str, Any]) -> str:
    top = [f"{key} = {_value(value)}" for key, value in document.items() if not isinstance(value, dict)]
    parts = ["\n".join(top)]
    for key, section in document.items():
        if isinstance(section, dict):
            parts.append(
                "\n".join([f"[{key}]", *(f"{name} = {_value(entry)}" for name, entry in section.items())])
            )
    return "\n\n".join(parts) + "\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
