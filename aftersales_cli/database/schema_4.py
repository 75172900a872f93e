"""What the fourth migration adds to the intake. Never edited once released: later ones alter."""

STATEMENTS: tuple[str, ...] = (
    # Rejected rows nobody wants: never counted again. The import, if a workbook handed back said so.
    "ALTER TABLE rejects ADD COLUMN dismissed_at TEXT CHECK (dismissed_at GLOB '????-??-??T??:??:??Z')",
    "ALTER TABLE rejects ADD COLUMN dismissed_by_import INTEGER REFERENCES imports (id)",
    # Where a row stood that was handed back corrected and rejected once more.
    "ALTER TABLE rejects ADD COLUMN origin_import INTEGER REFERENCES imports (id)",
    "ALTER TABLE rejects ADD COLUMN origin_row INTEGER",
    "CREATE INDEX rejects_place ON rejects (COALESCE(origin_import, import_id), COALESCE(origin_row, row_number))",
    # Totals and end notes below the rows, which are neither taken in nor rejected.
    "ALTER TABLE imports ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0",
    # The mapping made with --map and not saved, as JSON: its rejected rows come back through it.
    "ALTER TABLE imports ADD COLUMN mapping TEXT NOT NULL DEFAULT ''",
    # Whether the user named the storefront: else surveys and tracking files are of none in particular.
    "ALTER TABLE imports ADD COLUMN storefront_named INTEGER NOT NULL DEFAULT 1 CHECK (storefront_named IN (0, 1))",
    # How new what a line says is: how far its order was in that file, and the newest time there.
    "ALTER TABLE order_lines ADD COLUMN progress INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE order_lines ADD COLUMN as_of TEXT NOT NULL DEFAULT ''",
    # The marketplace's own number of the order line a case is about.
    "ALTER TABLE case_lines ADD COLUMN line_id TEXT NOT NULL DEFAULT ''",
)
