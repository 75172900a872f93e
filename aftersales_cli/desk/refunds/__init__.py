"""Money back: refund plans and their results, statements they are compared with, invoices, and what cases cost."""
