"""The search index: a full-text table with one row per case, renewed in the transaction that changed its texts."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch, fetch_rows, fetch_value
from aftersales_cli.database.search_text import Query, index_text, match_expression
from aftersales_cli.records.search import CaseText, SearchFilter

MOST_RANKED = 10_000
"""Of the cases that fit, the newest so many are ranked."""
_AT_ONCE = 500
"""Cases whose texts are held in memory together."""

_PRODUCTS = """SELECT case_number, title, sku FROM case_lines WHERE case_number IN ({numbers})
    UNION SELECT c.number, l.title, l.sku FROM cases AS c JOIN order_lines AS l ON l.order_id = c.order_id
    WHERE c.number IN ({numbers})
    UNION SELECT c.number, o.title, '' FROM cases AS c JOIN orders AS o ON o.id = c.order_id
    WHERE c.number IN ({numbers})"""
_TEXTS = f"""
    SELECT case_number, source, at, text FROM (
        SELECT number AS case_number, 1 AS place, 'title' AS source, opened_at AS at, 0 AS id, title AS text
            FROM cases WHERE number IN ({{numbers}})
        UNION ALL SELECT number, 2, 'reason', opened_at, 0, reason_raw FROM cases WHERE number IN ({{numbers}})
        UNION ALL SELECT number, 3, 'number', opened_at, 1, external_id FROM cases WHERE number IN ({{numbers}})
        UNION ALL SELECT number, 3, 'number', opened_at, 2, order_external_id FROM cases
            WHERE number IN ({{numbers}})
        UNION ALL SELECT c.number, 3, 'number', c.opened_at, 3, o.display_number
            FROM cases AS c JOIN orders AS o ON o.id = c.order_id
            WHERE c.number IN ({{numbers}}) AND o.display_number <> c.order_external_id
        UNION ALL SELECT p.case_number, 4, 'product', c.opened_at, 0, trim(p.title || ' ' || p.sku)
            FROM ({_PRODUCTS}) AS p JOIN cases AS c ON c.number = p.case_number
        UNION ALL SELECT case_number, 5, 'message', sent_at, id, body FROM case_messages
            WHERE case_number IN ({{numbers}})
        UNION ALL SELECT case_number, 6, 'note', at, seq, note FROM case_events WHERE case_number IN ({{numbers}})
        UNION ALL SELECT number, 7, 'note', opened_at, 0, typical_note FROM cases WHERE number IN ({{numbers}})
        UNION ALL SELECT case_number, 8, 'note', coalesce(recorded_at, planned_at), id, note FROM callbacks
            WHERE case_number IN ({{numbers}})
        UNION ALL SELECT case_number, 9, 'handoff', asked_at, id, question FROM handoffs
            WHERE case_number IN ({{numbers}})
        UNION ALL SELECT case_number, 10, 'handoff', coalesce(done_at, asked_at), id, answer FROM handoffs
            WHERE case_number IN ({{numbers}})
        UNION ALL SELECT case_number, 11, 'comment', answered_at, id, comment FROM survey_answers
            WHERE case_number IN ({{numbers}})
    ) WHERE text <> '' ORDER BY case_number, place, at, id, text"""


def list_case_texts(db: Database, numbers: Sequence[int]) -> list[CaseText]:
    """Return every text of some cases that can be found, case by case."""
    if not numbers:
        return []
    chosen, params = _chosen(numbers)
    return fetch(db, CaseText, _TEXTS.format(numbers=chosen), params)


def _chosen(numbers: Sequence[int]) -> tuple[str, dict[str, int]]:
    """Return the inside of an ``IN (…)`` and its parameters.

    Lists are filled up to a power of two with their last number, so that few different statements are made:
    Python keeps the last 128 compiled, and these are long.
    """
    size = 1 << (len(numbers) - 1).bit_length()
    filled = [*numbers, *[numbers[-1]] * (size - len(numbers))]
    names = [f"n{place}" for place in range(size)]
    return ", ".join(f":{name}" for name in names), dict(zip(names, filled, strict=True))


def refresh_search(db: Database) -> int:
    """Write anew the words of the cases whose texts changed in this transaction; return how many there were.

    ``Shop.writing`` calls it before it ends. What is written follows from the case's rows alone, so that an
    operation and its undo leave the same words.
    """
    count = 0
    for numbers in _stale_cases(db):
        chosen, params = _chosen(numbers)
        execute(db, f"DELETE FROM search_words WHERE rowid IN ({chosen})", params)
        found = fetch_rows(db, f"SELECT number FROM cases WHERE number IN ({chosen})", params)
        existing = {number for (number,) in found}
        texts = {
            number: index_text([entry.text for entry in entries])
            for number, entries in groupby(list_case_texts(db, numbers), attrgetter("case_number"))
        }
        db.conn.executemany(
            "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
            [(number, texts.get(number, "")) for number in numbers if number in existing],
        )
        execute(db, "DELETE FROM search_stale WHERE case_number <= :last", {"last": numbers[-1]})
        count += len(numbers)
    return count


def _stale_cases(db: Database) -> Iterator[list[int]]:
    sql = "SELECT case_number FROM search_stale ORDER BY case_number LIMIT :most"
    while rows := fetch_rows(db, sql, {"most": _AT_ONCE}):
        yield [number for (number,) in rows]


def mark_cases_of_import(db: Database, import_id: int) -> None:
    """Have the words written anew of cases whose order or order lines an import made or changed."""
    execute(
        db,
        """INSERT OR IGNORE INTO search_stale SELECT c.number FROM cases AS c
        WHERE c.order_id IS NOT NULL AND (
            EXISTS (SELECT 1 FROM orders AS o WHERE o.id = c.order_id
                    AND :id IN (o.created_by_import, o.changed_by_import))
            OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = c.order_id
                       AND :id IN (l.created_by_import, l.changed_by_import)))""",
        {"id": import_id},
    )


def find_cases(db: Database, query: Query, wanted: SearchFilter, *, limit: int) -> tuple[list[int], int]:
    """Return the numbers of the cases that fit best, and how many fit (MOST_RANKED if more do).

    The rank is that of bm25: rare words and short texts count more; of equal ones the newest comes first.
    """
    conditions, params = _where(wanted)
    rows = fetch_rows(
        db,
        f"""SELECT number, count(*) OVER () FROM (
            SELECT c.number, c.opened_at, bm25(search_words) AS score
            FROM search_words CROSS JOIN cases AS c ON c.number = search_words.rowid
            WHERE search_words MATCH :query AND {conditions} ORDER BY search_words.rowid DESC LIMIT :most)
        ORDER BY score, opened_at DESC, number DESC LIMIT :limit""",
        {"query": match_expression(query), "most": MOST_RANKED, "limit": limit, **params},
    )
    return [number for number, _count in rows], rows[0][1] if rows else 0


def _where(wanted: SearchFilter) -> tuple[str, dict[str, str]]:
    conditions, params = ["1 = 1"], dict[str, str]()
    if wanted.kind:
        conditions.append("c.kind = :kind")
        params["kind"] = wanted.kind
    if wanted.since:
        conditions.append("c.opened_on >= :since")
        params["since"] = wanted.since
    if wanted.archived is not None:
        conditions.append(f"c.archived_at IS {'NOT ' if wanted.archived else ''}NULL")
    for place, status in enumerate(wanted.without):
        conditions.append(f"c.status <> :without_{place}")
        params[f"without_{place}"] = status
    return " AND ".join(conditions), params


def erase_leftovers(db: Database) -> None:
    """Write the whole index anew, so that no word of a deleted text stays behind in it; only inside ``writing``."""
    execute(db, "INSERT INTO search_words (search_words) VALUES ('rebuild')")


def find_search_faults(db: Database) -> list[str]:
    """Return what is wrong with the search index; empty if all is well or another process is writing."""
    try:
        db.conn.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
        missing = fetch_value(
            db, "SELECT count(*) FROM cases WHERE number NOT IN (SELECT rowid FROM search_words)"
        )
    except sqlite3.OperationalError:
        return []  # locked, read-only or of an older version: nothing can be said
    except sqlite3.DatabaseError as error:
        return [f"search_words: {error}"]
    return [f"search_words: {missing} -> cases"] if missing else []
