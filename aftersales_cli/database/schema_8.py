"""What the eighth migration adds: how new single cells are. Never edited once released: later ones alter."""

STATEMENTS = (
    # Column → age of the cells that are older than their row, as JSON (cell_ages.py); NULL: all are as new as it.
    "ALTER TABLE orders ADD COLUMN cell_ages TEXT",
    "ALTER TABLE order_lines ADD COLUMN cell_ages TEXT",
    # What decides, beside the order's state, what counts as paid (paid.py): a word may be mapped later.
    "ALTER TABLE orders ADD COLUMN paid_facts TEXT",
    # The word for the order's state that a line's progress comes from.
    "ALTER TABLE order_lines ADD COLUMN order_word TEXT NOT NULL DEFAULT ''",
)
