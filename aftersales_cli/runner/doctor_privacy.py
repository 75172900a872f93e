"""The check that nobody who was to be forgotten is half forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales_cli.database.forget_receipts import unfinished_receipts
from aftersales_cli.language import _
from aftersales_cli.runner.doctor_folder import Check

if TYPE_CHECKING:
    from sqlite_utils import Database

    from aftersales_cli.settings import Settings


def check_forgetting(database: Database, _settings: Settings) -> Check:
    """Report a forgetting that was interrupted."""
    waiting = unfinished_receipts(database)
    if not waiting:
        return Check("forgetting", "ok", _("Nobody who asked to be forgotten is half forgotten"))
    number = waiting[0].customer_id
    return Check(
        "forgetting",
        "warn",
        _("Forgetting customer {number} was interrupted", number=number),
        _("Go on with it: aftersales customers forget {number} --yes", number=number),
    )
