"""Asking customers how it went: invitations, answers, waves, topics and the report."""
