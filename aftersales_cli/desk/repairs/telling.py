"""What the customer is told at each step of a repair: texts of ``templates/scripts/repairs.toml``, filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.clock import local_text
from aftersales_cli.database.repairs import get_service_point
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.assigning import customer_language
from aftersales_cli.desk.channels import describe_sending
from aftersales_cli.desk.filling import fill_in
from aftersales_cli.desk.reply_texts import case_values
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import FileError
from aftersales_cli.language import _, pick
from aftersales_cli.money import format_money
from aftersales_cli.records.cases import Case
from aftersales_cli.records.repairs import Repair
from aftersales_cli.resources import data_files
from aftersales_cli.shop import Shop

FILE_NAME = "repairs.toml"
_ANY = "default"
_LANGUAGES = {"zh", "en"}


@dataclass(frozen=True)
class Told:
    """A repair after a step, with what the customer should hear about it."""

    repair: Repair
    text: str
    """Ready to copy; "" if there is no text for this step."""
    send: str
    """Where to send it, e.g. ``in Qianniu``."""
    kept: bool = False
    """Whether it was recorded as said."""
    booked_serial: str = ""
    """The serial number it was booked with, if another one came in."""


@dataclass(frozen=True)
class Voice:
    """How the customer is told."""

    language: str | None = None
    """``zh`` or ``en``; None for that of the customer, as far as it is known."""
    keep: bool = False
    """Record the text as said."""


PLAIN = Voice()


def load_progress_texts(shop_folder: Path | None) -> dict[tuple[str, str], Mapping[str, str]]:
    """Return (state, kind) → texts by language, the shop's own over the shipped ones; raises FileError."""
    entries: dict[tuple[str, str], Mapping[str, str]] = {}
    for path in dict.fromkeys(
        data_files("templates/scripts", folder)[FILE_NAME] for folder in (None, shop_folder)
    ):
        for state, kinds in read_toml(path).items():
            for kind, texts in kinds.items() if isinstance(kinds, dict) else [("", None)]:
                if not isinstance(texts, dict) or not _is_text(texts):
                    raise FileError(
                        _("{path}: “{name}” is no text.", path=path, name=f"{state}.{kind}".rstrip(".")),
                        remedy=_(
                            'Write it like the shipped file: [state.default] with zh = "…" and en = "…".'
                        ),
                    )
                entries[state, kind] = texts
    return entries


def tell_customer(shop: Shop, repair: Repair, voice: Voice = PLAIN) -> Told:
    """Return what the customer should hear about a repair as it stands.

    Raises FileError, WrongUsageError naming
    a text that cannot be filled in, RefusedError if the employee may not answer customers.
    """
    case = require_case(shop, repair.case_number)
    send = _sending(shop, case)
    texts = load_progress_texts(shop.folder)
    chosen = texts.get((repair.status, repair.kind)) or texts.get((repair.status, _ANY))
    if chosen is None:
        return Told(repair, "", send)
    spoken = voice.language or customer_language(shop, case)
    place = f"{FILE_NAME} [{repair.status}] {spoken}"
    text = fill_in(pick(chosen, spoken), _values(shop, case, repair), place=place)
    if voice.keep:
        return Told(repair, text, reply_case(shop, case.number, text).send, kept=True)
    return Told(repair, text, send)


def _values(shop: Shop, case: Case, repair: Repair) -> dict[str, str]:
    found = repair.service_point_id
    point = get_service_point(shop.database, found) if found is not None else None

    def moment(stored: str | None) -> str:
        return local_text(stored, shop.zone) if stored else ""

    return {
        **case_values(shop, case),
        "repair": str(repair.id),
        "product": repair.product,
        "serial": repair.serial,
        "problem": repair.problem,
        "diagnosis": repair.diagnosis,
        "covered": "yes" if repair.warranty == "in" else "",
        "not_covered": repair.not_covered,
        "warranty_until": repair.warranty_until or "",
        "quote": format_money(repair.quote, repair.currency) if repair.quote is not None else "",
        "due": moment(repair.due_at)[:10],
        "appointment": moment(repair.appointment_at),
        "point": point.name if point else "",
        "address": point.address if point else "",
        "phone": point.phone if point else "",
        "carrier": repair.carrier,
        "number": repair.number,
        "back": "yes" if repair.received_at is not None and repair.shipped_at is None else "",
        "sent": "yes" if repair.carrier or repair.number else "",
    }


def case_sending(shop: Shop, number: int) -> str:
    """Say where what is meant for a case's customer is to be sent, e.g. ``in Qianniu``; raises NotFoundError."""
    return _sending(shop, require_case(shop, number))


def _sending(shop: Shop, case: Case) -> str:
    found = get_storefront(shop.database, case.storefront_id) if case.storefront_id is not None else None
    channel = "platform_chat" if case.channel == "platform_file" else case.channel
    return describe_sending(channel, found.platform if found else "")


def _is_text(texts: Mapping[str, object]) -> bool:
    return bool(texts) and all(
        key in _LANGUAGES and isinstance(text, str) and text.strip() for key, text in texts.items()
    )
