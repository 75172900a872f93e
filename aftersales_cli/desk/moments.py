"""When something happened, checked against what can be true."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aftersales_cli.clock import from_text, local_text, to_text
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _


def check_moment(given: datetime | None, *, now: datetime, earliest: str | None, zone: ZoneInfo) -> str:
    """Return the moment of an action as it is stored: ``given``, else ``now``.

    ``earliest`` is the stored moment it cannot precede, e.g. the case's opening. Raises WrongUsageError if
    ``given`` is before that or in the future.
    """
    if given is None:
        # A platform's clock may be ahead of ours; no duration may become negative because of that.
        return max(to_text(now), earliest or "")
    if given > now:
        raise WrongUsageError(
            _("{moment} is in the future.", moment=local_text(to_text(given), zone)),
            remedy=_("Give the time at which it happened, in the shop's local time ({zone}).", zone=zone.key),
        )
    if earliest is not None and given < from_text(earliest):
        raise WrongUsageError(
            _(
                "{moment} is before {earliest}, when the case came into this state.",
                moment=local_text(to_text(given), zone),
                earliest=local_text(earliest, zone),
            ),
            remedy=_("Give a later time with --at, or leave it out for now."),
        )
    return to_text(given)


def check_answer(given: datetime, *, now: datetime, opened_at: str, zone: ZoneInfo) -> str:
    """Return the moment of a first answer, given together with the opening of its case, as it is stored.

    Raises WrongUsageError if it is before the opening or in the future.
    """
    if given < from_text(opened_at):
        raise WrongUsageError(
            _(
                "The answer (--answered-at, {moment}) is before the opening of the case ({opened}).",
                moment=local_text(to_text(given), zone),
                opened=local_text(opened_at, zone),
            ),
            remedy=_("Say with --at when the customer wrote, or correct --answered-at."),
        )
    return check_moment(given, now=now, earliest=opened_at, zone=zone)
