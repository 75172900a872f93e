"""What the fourth migration adds to the intake. Never edited once released: later ones alter."""

STATEMENTS: tuple[str, ...] = (
    # Rejected rows nobody wants: never counted again. The import, if a workbook handed back said so.
    "ALTER TABLE rejects ADD COLUMN dismissed_at TEXT CHECK (dismissed_at GLOB '????-??-??T??:??:??Z')",
    "ALTER TABLE rejects ADD COLUMN dismissed_by_import INTEGER REFERENCES imports (id)",
    # Where a row stood that was handed back corrected and rejected once more.
    "ALTER TABLE rejects ADD COLUMN origin_import INTEGER REFERENCES imports (id)",
    "ALTER TABLE rejects ADD COLUMN origin_row INTEGER",
    # Totals and end notes below the rows, which are neither taken in nor rejected.
    "ALTER TABLE imports ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0",
    # The mapping made with --map and not saved, as JSON: its rejected rows come back through it.
    "ALTER TABLE imports ADD COLUMN mapping TEXT NOT NULL DEFAULT ''",
    # Whether the user named the storefront: else surveys and tracking files are of none in particular.
    "ALTER TABLE imports ADD COLUMN storefront_named INTEGER NOT NULL DEFAULT 1 CHECK (storefront_named IN (0, 1))",
)
