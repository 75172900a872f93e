"""Check the words somebody typed for a step of the desk."""

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _


def require_text(text: str) -> None:
    """Refuse an empty text; raises WrongUsageError."""
    if not text.strip():
        raise WrongUsageError(_("The text is empty."), remedy=_("Write it between quotation marks."))
