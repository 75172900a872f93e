"""Returns: the policy that judges them, the ledger that limits them, and their way from request to end."""
