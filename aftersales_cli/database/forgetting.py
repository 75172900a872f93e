"""Take a person out of the tables: their own rows are emptied, and their names and numbers taken out of all others."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.database.history import table_columns
from aftersales_cli.database.people_chosen import choose_people
from aftersales_cli.database.personal_data import CASES, PEOPLE, TABLES
from aftersales_cli.database.search import erase_leftovers, refresh_search
from aftersales_cli.database.tombstones import PLACEHOLDER, Tombstones, has_tombstones
from aftersales_cli.errors import BusyError
from aftersales_cli.language import _

_ROWS_GO = ("customer_tags", "churn_scores", "evidence")


def empty_rows(db: Database) -> dict[str, int]:
    """Empty what the chosen people's rows say; returns table → rows that held something."""
    counts: dict[str, int] = {}
    for name, table in TABLES.items():
        filled = {
            column: f"{column} <> ''" + (f" AND {condition}" if condition else "")
            for column, condition in table.emptied.items()
        }
        if filled:
            # One statement for each table, so that a row which loses several words counts once.
            values = ", ".join(
                f"{column} = CASE WHEN {is_filled} THEN '' ELSE {column} END"
                for column, is_filled in filled.items()
            )
            any_filled = " OR ".join(f"({is_filled})" for is_filled in filled.values())
            counts[name] = execute(db, f"UPDATE {name} SET {values} WHERE ({table.whose}) AND ({any_filled})")
    return {name: count for name, count in counts.items() if count}


def remove_rows(db: Database) -> dict[str, int]:
    """Delete rows of the chosen people that count nothing; returns table → how many."""
    counts = {name: execute(db, f"DELETE FROM {name} WHERE {TABLES[name].whose}") for name in _ROWS_GO}
    return {name: count for name, count in counts.items() if count}


def empty_images(db: Database) -> int:
    """Take personal values out of the images that imports keep of the chosen people's rows; returns how many.

    What an undo puts back is then all but these. Emptied customers no longer belong to an import: an undo leaves them.
    """
    changed = 0
    for name, table in TABLES.items():
        if not table.emptied or not fetch_value(
            db, "SELECT EXISTS (SELECT 1 FROM row_history WHERE table_name = :name)", {"name": name}
        ):
            continue
        own = _keys(db, name, table.whose)
        paths = ", ".join(f"'$.{column}'" for column in table.emptied)
        changed += execute(
            db,
            f"""UPDATE row_history SET before = json_remove(before, {paths}), after = json_remove(after, {paths})
            WHERE table_name = '{name}' AND row_key IN ({own}) AND before IS NOT NULL""",
        )
    for name in ("customers", "customer_keys", *_ROWS_GO):
        changed += execute(
            db,
            f"DELETE FROM row_history WHERE table_name = '{name}' AND row_key IN ({_keys(db, name, TABLES[name].whose)})",
        )
    execute(db, "DELETE FROM row_history WHERE before = '{}'")
    return changed


def _keys(db: Database, name: str, whose: str) -> str:
    key = ", ".join(table_columns(db, name)[1])
    return f"SELECT json_array({key}) FROM {name} WHERE {whose}"


def rename_accounts(db: Database, customer_id: int) -> int:
    """Replace a customer's marketplace accounts by placeholders, one per storefront; returns how many there were."""
    values = {"id": customer_id, "key": f"{PLACEHOLDER}{customer_id}"}
    storefronts = fetch_rows(
        db, "SELECT DISTINCT storefront_id FROM customer_keys WHERE customer_id = :id", values
    )
    count = execute(db, "DELETE FROM customer_keys WHERE customer_id = :id AND external_id <> :key", values)
    db.conn.executemany(
        "INSERT OR IGNORE INTO customer_keys (storefront_id, external_id, customer_id) VALUES (?, ?, ?)",
        [(storefront, values["key"], customer_id) for (storefront,) in storefronts],
    )
    return count


def empty_rejects(db: Database, names_person: Callable[[str], bool], *, stamp: str) -> int:
    """Empty rejected rows that name a person and settle them; returns how many."""
    found = [
        (stamp, number)
        for number, raw, reason in fetch_rows(db, "SELECT id, raw, reason FROM rejects")
        if names_person(raw) or names_person(reason)
    ]
    db.conn.executemany(
        """UPDATE rejects SET raw = '[]', reason = '',
            dismissed_at = CASE WHEN fixed_at IS NULL THEN COALESCE(dismissed_at, ?) ELSE dismissed_at END
        WHERE id = ?""",
        found,
    )
    return len(found)


def scrub_rows(db: Database, scrub: Callable[[str], str]) -> dict[str, int]:
    """Let ``scrub`` take a person's names and numbers out of every text that could hold one; table → rows."""
    db.conn.create_function("take_out", 1, lambda text: scrub(text) if isinstance(text, str) else text)
    # Two conflicts that differ in a name only would become one.
    counts = {
        "conflicts": execute(
            db, "DELETE FROM conflicts WHERE take_out(ours) IS NOT ours OR take_out(theirs) IS NOT theirs"
        )
    }
    for name, table in TABLES.items():
        own_names = _OTHERS_OWN.get(name, ())
        for column in sorted({*table.emptied, *table.scrubbed.split()}.difference(own_names)):
            changed = execute(
                db,
                f"""UPDATE {name} SET {column} = take_out({column}){_STILL_UNIQUE.get((name, column), "")}
                WHERE {column} <> '' AND take_out({column}) IS NOT {column}""",
            )
            counts[name] = counts.get(name, 0) + changed
    return {name: count for name, count in counts.items() if count}


_OTHERS_OWN = {
    "customers": ("name", "phone", "email"),
    "case_messages": ("author",),
    "invoices": ("title", "tax_id"),
    "conflicts": ("ours", "theirs"),
}
"""Columns in which other people stand under their own names: namesakes and families keep theirs."""
_STILL_UNIQUE = {("survey_answers", "row_key"): " || '#' || id"}


def close_open_ends(db: Database) -> None:
    """Drop what was planned with the chosen people: callbacks and invitations."""
    execute(
        db, f"UPDATE callbacks SET status = 'dropped' WHERE status = 'open' AND customer_id IN ({PEOPLE})"
    )
    execute(db, f"UPDATE callbacks SET status = 'dropped' WHERE status = 'open' AND case_number IN ({CASES})")
    execute(
        db,
        f"""UPDATE survey_invites SET status = 'cancelled'
        WHERE status IN ('planned', 'sent') AND customer_id IN ({PEOPLE})""",
    )


def mark_erased(db: Database, customer_id: int, *, stamp: str) -> None:
    """Note that a customer is emptied and must never be contacted."""
    execute(
        db,
        "UPDATE customers SET erased_at = COALESCE(erased_at, :stamp), do_not_contact = 1 WHERE id = :id",
        {"id": customer_id, "stamp": stamp},
    )


@contextmanager
def history_opened(db: Database) -> Iterator[None]:
    """Let events be emptied, which are append-only otherwise, until the block ends; inside the transaction."""
    rows = fetch_rows(
        db,
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND name IN "
        "('case_events_no_update', 'case_events_no_delete')",
    )
    for name, _sql in rows:
        db.conn.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in rows:
        db.conn.execute(sql)


def rewrite_search(db: Database) -> None:
    """Write the search index anew, and as one piece, so that no word of an emptied text stays behind in it."""
    refresh_search(db)
    erase_leftovers(db)
    db.conn.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")


def compact(db: Database) -> None:
    """Write the database file anew and empty its journal: what was deleted is then nowhere in them.

    Raises BusyError if another process reads or writes for longer than the time-out.
    """
    try:
        db.conn.execute("VACUUM")
        is_busy = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        is_busy = True
    if is_busy:
        raise BusyError(
            _("Another command is using the database, so the person is not wholly gone from its files yet."),
            remedy=_("Wait until it has ended, then repeat the command: it goes on where it stopped."),
        )


def keep_forgotten_empty(db: Database, import_id: int, storefront_id: int, *, stamp: str) -> int:
    """Empty what an import has just said about forgotten people; returns how many rows that were.

    To be called when the import is no longer recorded. Costs one question if nobody was ever forgotten.
    """
    if not has_tombstones(db):
        return 0
    emptied = empty_forgotten_rows(db)
    stones = Tombstones(db)
    found = [
        (stamp, number)
        for number, raw in fetch_rows(
            db, "SELECT id, raw FROM rejects WHERE import_id = :id", {"id": import_id}
        )
        if stones.names_forgotten(raw, storefront_id)
    ]
    db.conn.executemany(
        "UPDATE rejects SET raw = '[]', dismissed_at = COALESCE(dismissed_at, ?) WHERE id = ?", found
    )
    return emptied + len(found) + _staged_for_forgotten(db)


def empty_forgotten_rows(db: Database) -> int:
    """Empty what has come to stand in the rows of forgotten people since; returns how many rows that were."""
    if not has_tombstones(db):
        return 0
    choose_people(db, None)
    has_events = f"SELECT EXISTS (SELECT 1 FROM case_events WHERE case_number IN ({CASES}) AND note <> '')"
    with history_opened(db) if fetch_value(db, has_events) else nullcontext():
        counts = empty_rows(db)
        empty_images(db)
    return sum(counts.values())


def _staged_for_forgotten(db: Database) -> int:
    """Return how many staged orders were given to emptied customers; files of other kinds stage none."""
    if not fetch_value(db, "SELECT 1 FROM temp.sqlite_master WHERE name = 'stage_orders'"):
        return 0
    sql = f"SELECT count(*) FROM temp.stage_orders WHERE buyer_key GLOB '{PLACEHOLDER}*'"
    return int(fetch_value(db, sql))
