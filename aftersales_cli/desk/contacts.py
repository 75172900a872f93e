"""Phone numbers and e-mail addresses among the words people write, and how much of them a list may show."""

import re
from collections.abc import Iterator

_SHORT = 8
"""Numbers of fewer characters show only their last two."""
_PHONE = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_PHONE_DIGITS = range(7, 16)
"""From a number of a small town to the longest the international plan allows."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EMAIL_WITHIN = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_DAY_WITHIN = r"(?<!\d)(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?!\d)"
_PHONE_WITHIN = r"(?<!\d)\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\d)"
_WITHIN = re.compile(
    f"(?P<email>{_EMAIL_WITHIN})|(?P<day>{_DAY_WITHIN})|(?P<phone>{_PHONE_WITHIN})", re.ASCII
)


def is_phone(word: str) -> bool:
    """Return whether a word is written like a phone number in full, e.g. ``+86 138 0013 8000``."""
    return _PHONE.fullmatch(word.strip()) is not None and len(re.sub(r"\D", "", word)) in _PHONE_DIGITS


def is_email(word: str) -> bool:
    """Return whether a word is written like an e-mail address."""
    return _EMAIL.fullmatch(word.strip()) is not None


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: ``138****0000``."""
    joined = "".join(phone.split())
    return f"{joined[:3]}****{joined[-4:]}" if len(joined) >= _SHORT else f"****{joined[-2:]}"


def mask_email(email: str) -> str:
    """Return an address with its name hidden: ``a***@example.com``."""
    name, _at, domain = email.strip().rpartition("@")
    return f"{name[:1]}***@{domain}"


def mask_word(word: str) -> str:
    """Return what a list may show of a word that names somebody: numbers and addresses lose their middle."""
    if is_phone(word):
        return mask_phone(word)
    return mask_email(word) if is_email(word) else word


def find_contacts(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a text has a phone number or an e-mail address, and what may be shown of it: first, past last, word.

    Days like 2026-11-22 are no phone numbers, nor are numbers with more than 15 digits.
    """
    for match in _WITHIN.finditer(text):
        if match["email"]:
            yield *match.span(), mask_email(match[0])
        elif match["phone"]:
            yield *match.span(), mask_phone(match[0])
