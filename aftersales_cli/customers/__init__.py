"""Whom to contact and how, callbacks, and what customers said."""
