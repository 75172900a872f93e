"""The only place that knows Click: one module per noun, and the edge where errors become messages."""
