"""The opened shop: its folder, settings and database, and the one way to write to it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales_cli import access
from aftersales_cli.clock import current_moment, to_text
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.audit import append_audit
from aftersales_cli.database.opening import open_database
from aftersales_cli.database.search import refresh_search
from aftersales_cli.database.transaction import immediate
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _, current_language
from aftersales_cli.settings import FILE_NAME, Settings, load_settings
from aftersales_cli.taxonomy import Taxonomy, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlite_utils import Database

    from aftersales_cli.records.shops import Agent

DATABASE_NAME = "aftersales.db"
SHOP_VARIABLE = "AFTERSALES_SHOP"
AGENT_VARIABLE = "AFTERSALES_AGENT"


@dataclass
class Writing:
    """What one operation did, collected for its audit entry."""

    subjects: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def touch(self, kind: str, identity: object) -> None:
        """Name a thing the operation changed, e.g. ``case``, 17."""
        self.subjects.append(f"{kind}:{identity}")

    def count(self, **numbers: int) -> None:
        """Add totals, e.g. ``orders_new=12``."""
        for name, number in numbers.items():
            self.counts[name] = self.counts.get(name, 0) + number


@dataclass(frozen=True)
class Shop:
    """An open shop; everything an operation needs to know."""

    folder: Path
    settings: Settings
    database: Database
    now: datetime
    """The moment of the command, UTC."""
    agent: Agent
    """Who acts."""
    language: str
    dry_run: bool = False
    _open_writings: list[Writing] = field(default_factory=list, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return self.settings.zone

    @property
    def today(self) -> date:
        """The shop's local day."""
        return self.now.astimezone(self.zone).date()

    @property
    def stamp(self) -> str:
        """``now`` as the database keeps it."""
        return to_text(self.now)

    def taxonomy(self, name: str) -> Taxonomy:
        """Return a taxonomy with the shop's own additions."""
        return load_taxonomy(name, self.folder)

    @contextmanager
    def writing(self, operation: str, *subjects: str) -> Iterator[Writing]:
        """Change the database: permission, one immediate transaction, search index and audit entry at the end.

        ``operation`` is a name of access.ALLOWED such as ``cases.open``. Used inside another ``writing`` it
        joins that one as a savepoint and adds to its audit entry. A dry run is rolled back at the end.
        Raises RefusedError if the role may not, BusyError if another process keeps the lock.
        """
        access.require(operation, self.agent.role)
        with immediate(self.database, keep=not self.dry_run):
            if self._open_writings:
                writing = self._open_writings[-1]
                writing.subjects.extend(subjects)
                yield writing
                return
            writing = Writing(list(subjects))
            self._open_writings.append(writing)
            try:
                yield writing
            finally:
                self._open_writings.pop()
            refresh_search(self.database)
            append_audit(
                self.database,
                at=self.stamp,
                actor=self.agent.code,
                operation=operation,
                subjects=writing.subjects,
                counts=writing.counts,
            )

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """In a dry run, let several operations see each other's changes before all are rolled back."""
        if not self.dry_run:
            yield
            return
        with immediate(self.database, keep=False):
            yield

    def close(self) -> None:
        """Close the database connection."""
        self.database.close()


def find_shop_folder(given: Path | None = None) -> Path:
    """Return the shop's folder: the one given, else AFTERSALES_SHOP, else upwards from the current folder.

    Raises NotFoundError if there is none.
    """
    named = given or (Path(value) if (value := os.environ.get(SHOP_VARIABLE)) else None)
    if named is not None:
        if (named / FILE_NAME).is_file():
            return named.resolve()
        raise NotFoundError(
            _("{folder} is not a shop folder: {name} is missing.", folder=named, name=FILE_NAME),
            remedy=_("Make one with “aftersales init {folder}”.", folder=named),
        )
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise NotFoundError(
        _("There is no shop in {folder} or above it.", folder=here),
        remedy=_(
            "Go into the shop's folder, name it with --shop DIR, or make one with “aftersales init DIR”."
        ),
    )


def _acting_agent(folder: Path, settings: Settings, given: str | None) -> tuple[str, str]:
    """Return who is to act, and where that stands."""
    if given:
        return given, "--as"
    if named := os.environ.get(AGENT_VARIABLE):
        return named, AGENT_VARIABLE
    return settings.shop.agent, _("{key} in {path}", key="shop.agent", path=folder / FILE_NAME)


def open_shop(
    folder: Path, *, settings: Settings | None = None, agent: str | None = None, dry_run: bool = False
) -> Shop:
    """Open the shop in a folder; raises NotFoundError for an unknown employee, DatabaseError and BusyError."""
    settings = settings or load_settings(folder / FILE_NAME)
    database = open_database(folder / DATABASE_NAME, journal=settings.database.journal)
    word, source = _acting_agent(folder, settings, agent)
    found = find_agent(database, word)
    if found is None or not found.active:
        database.close()
        # Every command needs an employee, so the way out must name one who exists.
        raise NotFoundError(
            _("There is no employee “{name}”, whom {source} names.", name=word, source=source),
            remedy=_("“aftersales team list --as owner” shows them; correct the name or add --as owner."),
        )
    return Shop(
        folder=folder,
        settings=settings,
        database=database,
        now=current_moment(),
        agent=found,
        language=current_language(),
        dry_run=dry_run,
    )
