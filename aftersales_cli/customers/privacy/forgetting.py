"""Forget a person: out of the tables, the files and the search, in steps that can be repeated after a kill."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aftersales_cli.clock import local_day
from aftersales_cli.customers.privacy.consenting import require_customer
from aftersales_cli.customers.privacy.person_files import (
    file_holds,
    find_files,
    plain_files,
    remove_empty_folders,
    remove_files,
)
from aftersales_cli.customers.privacy.person_words import PersonWords, person_words
from aftersales_cli.database.forget_receipts import add_to_receipt, find_receipt, write_receipt
from aftersales_cli.database.forgetting import (
    close_open_ends,
    compact,
    empty_images,
    empty_rejects,
    empty_rows,
    history_opened,
    mark_erased,
    remove_rows,
    rename_accounts,
    rewrite_search,
    scrub_rows,
)
from aftersales_cli.database.lock import INBOX_LOCK, hold_lock
from aftersales_cli.database.people_chosen import (
    choose_people,
    evidence_of_people,
    open_ends,
    same_contact,
    words_of_people,
)
from aftersales_cli.database.tombstones import Tombstones
from aftersales_cli.desk.returns.evidence_store import FOLDER as EVIDENCE
from aftersales_cli.desk.returns.evidence_store import place_of
from aftersales_cli.errors import BusyError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.shop import DATABASE_NAME, Shop

_LEFT_ALONE = ("backups", "inbox", "outbox", "logs", EVIDENCE)


@dataclass(frozen=True)
class ExpiringBackup:
    """A backup that may still hold the person."""

    file: str
    expires_on: str


@dataclass(frozen=True)
class Forgotten:
    """What forgetting a customer did; numbers only, and files by their names."""

    customer_id: int
    already: bool
    """Whether it had been done before, wholly."""
    asked_at: str
    finished_at: str | None
    counts: dict[str, int]
    """Table → rows emptied or removed now; ``files``, ``originals``, ``evidence``: files removed."""
    removed: tuple[str, ...]
    """Files removed, relative to the shop's folder."""
    waiting: tuple[str, ...]
    """Files in the inbox that hold the person and were not taken in yet."""
    left: tuple[str, ...]
    """The owner's own files that hold the person, which nobody but the owner may change."""
    same_contact: tuple[int, ...]
    """Customers with the same phone number or e-mail, who were not touched."""
    backups: tuple[ExpiringBackup, ...]


@dataclass
class Forgetting:
    """One forgetting on its way through the steps."""

    shop: Shop
    customer_id: int
    words: PersonWords
    evidence: list[str]
    counts: dict[str, int] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def count(self, **numbers: int) -> None:
        """Add numbers to what was done."""
        for name, number in numbers.items():
            self.counts[name] = self.counts.get(name, 0) + number


def forget_customer(shop: Shop, customer_id: int, *, anyway: bool = False) -> Forgotten:
    """Erase a person everywhere but in backups; counts and amounts stay, linked to an emptied customer.

    Interrupted at any moment, the same call goes on. Raises NotFoundError; RefusedError while cases are open,
    refunds unpaid, or files that hold the person wait in the inbox, unless ``anyway``; BusyError, FileError (then
    it goes on when it is called again).
    """
    require_customer(shop, customer_id)
    receipt = find_receipt(shop.database, customer_id)
    if receipt and receipt.finished_at:
        return _result(shop, Forgetting(shop, customer_id, person_words(_NOBODY), []), already=True)
    with _inbox_closed(shop):
        choose_people(shop.database, customer_id)
        evidence = [place_of(*found).as_posix() for found in evidence_of_people(shop.database)]
        task = Forgetting(shop, customer_id, person_words(words_of_people(shop.database)), evidence)
        waiting = _waiting_files(task)
        twins = tuple(same_contact(shop.database, customer_id))
        if receipt is None and not anyway:
            _refuse_open_ends(shop, customer_id, waiting)
        for step in STEPS:
            step(task)
    return _result(shop, task, waiting=waiting, twins=twins)


_NOBODY: dict[str, list[str]] = {"names": [], "contacts": [], "accounts": [], "numbers": [], "texts": []}


@contextmanager
def _inbox_closed(shop: Shop) -> Iterator[None]:
    with hold_lock(shop.folder / INBOX_LOCK) as held:
        if not held:
            raise BusyError(
                _("Another run is taking in the inbox right now."),
                remedy=_("Wait until it has ended, then try again."),
            )
        yield


def _refuse_open_ends(shop: Shop, customer_id: int, waiting: tuple[str, ...]) -> None:
    cases, refunds = open_ends(shop.database, customer_id)
    reasons = []
    if cases:
        reasons.append(_("open cases: {numbers}", numbers=", ".join(map(str, cases))))
    if refunds:
        reasons.append(_("refunds still to be paid: {numbers}", numbers=", ".join(map(str, refunds))))
    if waiting:
        reasons.append(_("files waiting in the inbox: {names}", names=", ".join(waiting)))
    if reasons:
        raise RefusedError(
            _("Customer {number} cannot be forgotten yet: {reasons}.", number=customer_id, reasons="; ".join(reasons)),
            remedy=_("End these first, or forget the customer with --anyway: nobody can then tell what they were about."),
        )  # fmt: skip


def _waiting_files(task: Forgetting) -> tuple[str, ...]:
    inbox, settled = task.shop.folder / "inbox", {"done", "rejected"}
    holds = task.words.finder()
    found = [path for path in plain_files(inbox) if path.relative_to(inbox).parts[0] not in settled]
    return tuple(_relative(task.shop, path) for path in found if file_holds(path, holds))


def _begin(task: Forgetting) -> None:
    """Write the receipt and set the tombstones: from here on no file brings the person back."""
    shop = task.shop
    with shop.writing("customers.forget", f"customer:{task.customer_id}") as writing:
        write_receipt(shop.database, task.customer_id, stamp=shop.stamp, actor=shop.agent.code)
        stones = Tombstones(shop.database).add(task.customer_id, shop.stamp)
        writing.count(tombstones=stones)


def _purge_files(task: Forgetting) -> None:
    """Delete evidence, lists and logs that hold the person, and the original files, whole."""
    if task.shop.dry_run and task.removed:
        return  # They are all there still, and were told.
    folder = task.shop.folder
    strict, loose = task.words.finder(), task.words.finder(short_names=True)
    originals = [
        path for name in ("done", "rejected") for path in find_files(folder / "inbox" / name, strict)
    ]
    files = find_files(folder / "outbox", loose) + find_files(folder / "logs", strict)
    evidence = [folder / place for place in task.evidence if (folder / place).is_file()]
    if not task.shop.dry_run:
        remove_files([*originals, *files, *evidence])
        remove_empty_folders(folder / EVIDENCE)
    found = {"files": len(files), "originals": len(originals), "evidence_files": len(evidence)}
    task.removed += [_relative(task.shop, path) for path in (*originals, *files, *evidence)]
    if any(found.values()):
        with task.shop.writing("customers.forget", f"customer:{task.customer_id}") as writing:
            writing.count(**found)
            if find_receipt(task.shop.database, task.customer_id):
                add_to_receipt(task.shop.database, task.customer_id, found)
        task.count(**{name: count for name, count in found.items() if count})


def _empty_tables(task: Forgetting) -> None:
    """Empty all rows in one transaction, and write the search index anew."""
    shop, database, number = task.shop, task.shop.database, task.customer_id
    with shop.writing("customers.forget", f"customer:{number}") as writing:
        # A dry run has kept nothing of the first step.
        write_receipt(database, number, stamp=shop.stamp, actor=shop.agent.code)
        choose_people(database, number)
        with history_opened(database):
            done = {"row_history": empty_images(database), "customer_keys": rename_accounts(database, number)}
            done["rejects"] = empty_rejects(database, task.words.names_person, stamp=shop.stamp)
            close_open_ends(database)
            for counts in (
                remove_rows(database),
                empty_rows(database),
                scrub_rows(database, task.words.scrub),
            ):
                for name, count in counts.items():
                    done[name] = done.get(name, 0) + count
        mark_erased(database, number, stamp=shop.stamp)
        rewrite_search(database)
        done = {name: count for name, count in done.items() if count}
        add_to_receipt(database, number, done)
        writing.count(**done)
    task.count(**done)


def _compact(task: Forgetting) -> None:
    """Write the database file anew, so that nothing deleted stays in it."""
    if not task.shop.dry_run:
        compact(task.shop.database)


def _finish(task: Forgetting) -> None:
    shop = task.shop
    with shop.writing("customers.forget", f"customer:{task.customer_id}") as writing:
        if not shop.dry_run:
            add_to_receipt(shop.database, task.customer_id, {}, finished_at=shop.stamp)
        writing.count(finished=1)


STEPS: tuple[Callable[[Forgetting], None], ...] = (
    _begin,
    # While the tables still know the words; and once more for what was written meanwhile.
    _purge_files,
    _empty_tables,
    _purge_files,
    _compact,
    _finish,
)
"""Each is repeated harmlessly; a kill between any two leaves an unfinished receipt that says so."""


def _result(
    shop: Shop,
    task: Forgetting,
    *,
    already: bool = False,
    waiting: tuple[str, ...] = (),
    twins: tuple[int, ...] = (),
) -> Forgotten:
    receipt = find_receipt(shop.database, task.customer_id)
    return Forgotten(
        customer_id=task.customer_id,
        already=already,
        asked_at=receipt.asked_at if receipt else shop.stamp,
        finished_at=receipt.finished_at if receipt else None,
        counts=dict(sorted(task.counts.items())),
        removed=tuple(dict.fromkeys(task.removed)),
        waiting=waiting,
        left=() if already else _own_files(task),
        same_contact=twins,
        backups=tuple(_backups(shop)),
    )


def _own_files(task: Forgetting) -> tuple[str, ...]:
    """Return files of the owner that hold the person: settings, templates, jobs and whatever else lies there."""
    folder, holds = task.shop.folder, task.words.finder()
    skipped = {folder / name for name in _LEFT_ALONE}
    found = [path for entry in sorted(folder.iterdir()) if entry.is_dir() and entry not in skipped
             for path in find_files(entry, holds)]  # fmt: skip
    plain = [path for path in sorted(folder.iterdir()) if path.is_file() and DATABASE_NAME not in path.name]
    found += [path for path in plain if holds(path.read_bytes())]
    return tuple(_relative(task.shop, path) for path in found)


def _backups(shop: Shop) -> Iterator[ExpiringBackup]:
    for path in plain_files(shop.folder / "backups"):
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        expires = made + timedelta(days=shop.settings.privacy.backup_days)
        yield ExpiringBackup(_relative(shop, path), local_day(expires, shop.zone).isoformat())


def _relative(shop: Shop, path: Path) -> str:
    return os.path.relpath(path, shop.folder).replace(os.sep, "/")
