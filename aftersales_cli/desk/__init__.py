"""The life of a case: from the customer's first word to the closed case."""
