"""Make a new shop folder."""

import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.clock import current_moment
from aftersales_cli.database.opening import create_database
from aftersales_cli.errors import FileError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.shops import Agent
from aftersales_cli.resources import data_files
from aftersales_cli.settings import (
    FILE_NAME,
    Settings,
    check_country,
    check_currency,
    parse_zone,
    sample_settings,
)
from aftersales_cli.shop import DATABASE_NAME, Shop
from aftersales_cli.system_texts import explain_fault
from aftersales_cli.team.agents import add_agent

FOLDERS = (
    "inbox",
    "inbox/done",
    "inbox/rejected",
    "outbox",
    "jobs",
    "templates/formats",
    "templates/taxonomies",
    "templates/scripts",
    "templates/settings",
    "templates/surveys",
    "templates/policies",
    "backups",
    "logs",
)

_CURRENCIES = {
    "CN": "CNY",
    "US": "USD",
    "GB": "GBP",
    "JP": "JPY",
    "AU": "AUD",
    "CA": "CAD",
    "HK": "HKD",
    "TW": "TWD",
}
_ZONES = {"CN": "Asia/Shanghai", "GB": "Europe/London", "JP": "Asia/Tokyo", "HK": "Asia/Hong_Kong",
          "TW": "Asia/Taipei", "DE": "Europe/Berlin", "FR": "Europe/Paris"}  # fmt: skip


@dataclass(frozen=True)
class FoundedShop:
    """What ``found_shop`` made."""

    folder: Path
    starter: Path
    """The file to double-click for ``aftersales today``."""


def found_shop(
    folder: Path,
    *,
    name: str = "",
    language: str = "en",
    country: str = "CN",
    currency: str | None = None,
    timezone: str | None = None,
) -> FoundedShop:
    """Make folder, settings, database with its owner, job files and starter.

    Raises RefusedError if there is a shop already, WrongUsageError for an unknown country code, currency or
    time zone, FileError if the folder cannot be written.
    """
    if (folder / FILE_NAME).exists() or (folder / DATABASE_NAME).exists():
        raise RefusedError(
            _("There is already a shop in {folder}.", folder=folder), remedy=_("Choose another folder.")
        )
    country = check_country(country)
    values: dict[str, object] = {
        "shop.name": name or folder.resolve().name,
        "shop.language": language,
        "shop.country": country,
        "shop.currency": check_currency(currency or _CURRENCIES.get(country, "EUR")),
        "shop.timezone": timezone or _ZONES.get(country, "UTC"),
    }
    parse_zone(str(values["shop.timezone"]))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in FOLDERS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        starter = _write_starter(folder)
        _copy_jobs(folder)
        _make_database(folder, language)
        # Last, since a folder with settings counts as a shop.
        (folder / FILE_NAME).write_text(sample_settings(values), encoding="utf-8")
    except OSError as error:
        raise FileError(
            _(
                "The shop folder {folder} cannot be made: {reason}",
                folder=folder,
                reason=explain_fault(error),
            ),
            remedy=_("Choose a folder you may write to, on a disk with free space."),
        ) from error
    return FoundedShop(folder.resolve(), starter)


def _make_database(folder: Path, language: str) -> None:
    owner = Agent(0, "owner", "", "owner", "", active=True)
    shop = Shop(
        folder=folder,
        settings=Settings(),
        database=create_database(folder / DATABASE_NAME),
        now=current_moment(),
        agent=owner,
        language=language,
    )
    with shop.writing("shop.init"):
        add_agent(shop, owner.code, name=_("shop owner"), role=owner.role)
    shop.close()


def _copy_jobs(folder: Path) -> None:
    for file_name, source in data_files("jobs").items():
        (folder / "jobs" / file_name).write_bytes(source.read_bytes())


def _write_starter(folder: Path) -> Path:
    """Write a file that runs ``aftersales today`` in this folder when it is double-clicked."""
    if sys.platform == "win32":
        path = folder / "每日处理.bat"
        text = f'@echo off\r\nchcp 65001 >nul\r\ncd /d "%~dp0"\r\n"{sys.executable}" -m aftersales_cli today\r\npause\r\n'
        path.write_bytes(text.encode("utf-8"))
        return path
    path = folder / "每日处理.command"
    path.write_text(
        f'#!/bin/sh\ncd "$(dirname "$0")" || exit 1\n"{sys.executable}" -m aftersales_cli today\n',
        encoding="utf-8",
    )
    path.chmod(stat.S_IRWXU)
    return path
