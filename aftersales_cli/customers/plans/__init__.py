"""Callback plans: who is called when, why and how, and what the calls bring."""
