"""The number of a return request as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales_cli.cli.numbers import RecordNumber

if TYPE_CHECKING:
    from aftersales_cli.errors import NotFoundError


def _missing(number: int) -> NotFoundError:
    from aftersales_cli.desk.returns.deciding import missing_request

    return missing_request(number)


REQUEST_NUMBER = RecordNumber(_missing)
"""Type of an argument that is a return request's number."""
