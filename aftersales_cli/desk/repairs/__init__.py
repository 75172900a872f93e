"""Repairs and maintenance: booking, the steps of the bench, warranty, and what the customer is told."""
