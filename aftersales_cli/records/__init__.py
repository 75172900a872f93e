"""Typed rows: frozen dataclasses, a module per table family; they import nothing of the project."""
