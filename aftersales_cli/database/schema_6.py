"""What the sixth migration adds: searching in the words of cases. Never edited once released: later ones alter."""

_TEXTS = (
    # Table, its columns with words, which case it belongs to, which rows have words at all.
    ("cases", ("title", "reason_raw", "external_id", "order_external_id", "order_id", "typical_note"), "number", ""),
    ("case_lines", ("sku", "title"), "case_number", ""),
    ("case_messages", ("body",), "case_number", ""),
    ("case_events", ("note",), "case_number", "{row}.note <> ''"),
    ("handoffs", ("question", "answer"), "case_number", ""),
    ("survey_answers", ("comment",), "case_number", "{row}.comment <> ''"),
    ("callbacks", ("note",), "case_number", "{row}.note <> ''"),
)  # fmt: skip


def _mark(row: str, key: str, words: str) -> str:
    # No OR IGNORE: the statement that fires a trigger may bring a conflict clause of its own.
    condition = f" AND {words.format(row=row)}" if words else ""
    return (
        f"INSERT INTO search_stale SELECT {row}.{key} WHERE {row}.{key} IS NOT NULL{condition} "
        f"AND NOT EXISTS (SELECT 1 FROM search_stale WHERE case_number = {row}.{key});"
    )


def _triggers() -> list[str]:
    """Return triggers that note whose words have changed, whichever operation changed them."""
    statements = []
    for table, columns, key, words in _TEXTS:
        watched = ", ".join((*columns, key))
        rows = {"insert": ("NEW",), "delete": ("OLD",), f"update OF {watched}": ("OLD", "NEW")}
        for event, changed in rows.items():
            marks = " ".join(_mark(row, key, words) for row in changed)
            statements.append(
                f"CREATE TRIGGER search_{table}_{event.split()[0]} AFTER {event} ON {table} BEGIN {marks} END"
            )
    return statements


STATEMENTS = (
    # One row per case, under its number: the words of all its texts as database/search_text.py writes them.
    """CREATE VIRTUAL TABLE search_words USING fts5 (words, tokenize = "unicode61 remove_diacritics 0")""",
    # Cases whose words have changed in this transaction; empty outside of one.
    "CREATE TABLE search_stale (case_number INTEGER PRIMARY KEY) STRICT",
    *_triggers(),
    "INSERT INTO search_stale SELECT number FROM cases",
)
