"""A demonstration shop: a year of invented people's orders, and a morning played in it."""
