"""Amounts of money as options and arguments."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import click

from aftersales_cli.language import N_, _


class Amount(click.ParamType[Decimal]):
    """An amount of money as people type it."""

    name = N_("amount")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the exact amount; wrong usage (exit code 2) if it is none."""
        try:
            return Decimal(str(value).strip())
        except InvalidOperation:
            self.fail(_("“{value}” is not an amount; write it like 12.50.", value=value), param, ctx)


AMOUNT = Amount()
"""Type of an option that is an amount."""
