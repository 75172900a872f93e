"""Rows become orders, lines and after-sales records: formats, cleaning, loading, the inbox."""
