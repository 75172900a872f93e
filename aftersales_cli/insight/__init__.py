"""Figures: what they mean, what they are in a period, what is wrong and why."""
