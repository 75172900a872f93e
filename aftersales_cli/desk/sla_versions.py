"""The policies as they stood: a changed file is a new version, and a clock keeps the one it began under."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aftersales_cli.database.sla import insert_sla_version, list_sla_versions
from aftersales_cli.desk.calendar_specs import CalendarSpec, calendar_path, read_specs, settings_path
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.desk.sla_policies import FILE_NAME, PolicyBook, read_policies
from aftersales_cli.errors import AftersalesError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.desk import SlaVersion
from aftersales_cli.setting_sections import ShopSettings
from aftersales_cli.shop import Shop

_COMPLEXITIES = ("simple", "normal", "complex")
_TAXONOMIES = {"kind": "kinds", "severity": "severities", "channel": "channels"}


@dataclass(frozen=True, eq=False)
class Rules:
    """Policies and the calendars they count in."""

    book: PolicyBook
    specs: dict[str, CalendarSpec]


def policies_path(shop_folder: Path | None) -> Path:
    """Return the file in use: the shop's own, else the shipped one."""
    return settings_path(FILE_NAME, shop_folder)


def load_document(shop: Shop, *, folder: Path | None) -> str:
    """Return policies and calendars of the files as one text, checked.

    Raises FileError and WrongUsageError naming file and key.
    """
    paths = policies_path(folder), calendar_path(folder)
    settings = shop.settings.shop
    content = _read_files(paths, tuple(map(_signature, paths)), settings.timezone, settings.country)
    _check_codes(shop, read_rules(content).book, paths[0])
    return content


def _signature(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=32)
def _read_files(
    paths: tuple[Path, Path], _signatures: tuple[tuple[int, int], ...], timezone: str, country: str
) -> str:
    """Read and check both files once for as long as they stay the same."""
    policies, calendars = (read_toml(path) for path in paths)
    specs = read_specs(calendars, ShopSettings(timezone=timezone, country=country), paths[1])
    read_policies(policies, paths[0], specs)
    content = {"sla": policies, "calendars": calendars, "timezone": timezone, "country": country}
    return json.dumps(content, ensure_ascii=False, default=str)


@lru_cache(maxsize=32)
def read_rules(document: str) -> Rules:
    """Return the rules of a stored version."""
    content = json.loads(document)
    settings = ShopSettings(timezone=content["timezone"], country=content["country"])
    specs = read_specs(content["calendars"], settings, Path("calendar.toml"))
    return Rules(read_policies(content["sla"], Path(FILE_NAME), specs), specs)


def current_versions(shop: Shop, *, strict: bool, store: bool) -> list[SlaVersion]:
    """Return all versions, oldest first; the last one is the files as they are now.

    ``store`` keeps a new one, inside ``writing``.

    A broken file must not stop people from working: unless ``strict``, the version before it stays in force, and
    in a shop that has none yet the shipped file is. ``sla check`` and ``sla policies`` name what is wrong.
    """
    versions = list_sla_versions(shop.database)
    try:
        document = load_document(shop, folder=shop.folder)
    except AftersalesError:
        if strict:
            raise
        if versions:
            return versions
        document = load_document(shop, folder=None)
    digest = hashlib.sha256(document.encode()).hexdigest()
    if versions and versions[-1].digest == digest:
        return versions
    version = SlaVersion(len(versions) + 1, digest, document, shop.stamp)
    if store:
        insert_sla_version(shop.database, version)
    return [*versions, version]


def version_at(versions: Sequence[SlaVersion], moment: str) -> int:
    """Return the number of the version in force at a moment; the first one for all that was before it."""
    return max((entry.version for entry in versions if entry.since <= moment), default=versions[0].version)


def _check_codes(shop: Shop, book: PolicyBook, path: Path) -> None:
    known = {key: tuple(shop.taxonomy(name).terms) for key, name in _TAXONOMIES.items()}
    known["complexity"] = _COMPLEXITIES
    for policy in book.policies:
        for key, words in policy.match.items():
            for word in words:
                if key in known and word not in known[key]:
                    raise WrongUsageError(
                        _(
                            "{path}: “{key}” {problem}.",
                            path=path,
                            key=f"{policy.name}.match.{key}",
                            problem=_("cannot be “{value}”", value=word),
                        ),
                        remedy=_("Choose one of: {choices}", choices=", ".join(known[key])),
                    )
