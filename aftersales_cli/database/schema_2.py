"""What the second migration adds. Never edited once released: later ones alter."""

STATEMENTS = (
    # How an order file's refund figure came about: stated there, or estimated from its after-sales state.
    "ALTER TABLE orders ADD COLUMN refunded_stated_basis TEXT NOT NULL DEFAULT 'stated'",
    # The file's own header, kept where rows were rejected: they are handed back under it.
    "ALTER TABLE imports ADD COLUMN header TEXT NOT NULL DEFAULT '[]'",
    # Whether row_history knows all that the import did; older imports cannot be undone.
    "ALTER TABLE imports ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0 CHECK (recorded IN (0, 1))",
    # Rows of files that hold no orders: answers, reports, reviews, parcels.
    *(
        f"ALTER TABLE imports ADD COLUMN others_{name} INTEGER NOT NULL DEFAULT 0"
        for name in ("new", "updated", "unchanged")
    ),
    "ALTER TABLE rejects ADD COLUMN fixed_by_import INTEGER REFERENCES imports (id)",
    """CREATE TABLE row_history (
        id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports (id),
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        before TEXT,
        after TEXT
    ) STRICT""",
    "CREATE INDEX row_history_import ON row_history (import_id, table_name, row_key)",
    "CREATE INDEX row_history_row ON row_history (table_name, row_key)",
    """CREATE TABLE import_overlaps (
        later_import INTEGER NOT NULL REFERENCES imports (id),
        earlier_import INTEGER NOT NULL REFERENCES imports (id),
        PRIMARY KEY (later_import, earlier_import)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE conflicts (
        id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports (id),
        storefront_id INTEGER NOT NULL REFERENCES storefronts (id),
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        column_name TEXT NOT NULL,
        ours TEXT NOT NULL,
        theirs TEXT NOT NULL,
        seen_at TEXT NOT NULL CHECK (seen_at GLOB '????-??-??T??:??:??Z'),
        UNIQUE (storefront_id, table_name, row_key, column_name, ours, theirs)
    ) STRICT""",
    "CREATE INDEX conflicts_import ON conflicts (import_id)",
    # Deleting a customer or an order must not read whole tables for each of them.
    "CREATE INDEX cases_customer ON cases (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX callbacks_customer ON callbacks (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX callbacks_order ON callbacks (order_id) WHERE order_id IS NOT NULL",
    # Events stay append-only, but for those an import wrote that is marked as undone.
    # (The key is written out, since a schema that is not trusted may not call JSON functions.)
    "DROP TRIGGER case_events_no_delete",
    """CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events
    WHEN NOT EXISTS (
        SELECT 1 FROM row_history AS h JOIN imports AS i ON i.id = h.import_id
        WHERE h.table_name = 'case_events' AND h.row_key = '[' || OLD.case_number || ',' || OLD.seq || ']'
          AND h.before IS NULL AND i.undone_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END""",
)
