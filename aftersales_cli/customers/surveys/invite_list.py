"""The invitations as lists show them, each with its text and the ways to reach its customer."""

from dataclasses import dataclass
from datetime import date

from aftersales_cli.customers.contact import Contact, ways_to_reach
from aftersales_cli.customers.surveys.choosing import reminder_is_due
from aftersales_cli.customers.surveys.codes import find_codes
from aftersales_cli.customers.surveys.texts import Facts, SurveyTexts, load_texts, write_text
from aftersales_cli.database.surveys import find_invite, get_invite_row, list_invites
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _
from aftersales_cli.records.surveys import SurveyInvite, SurveyInviteRow
from aftersales_cli.shop import Shop

WAITING = ("planned", "sent")


@dataclass(frozen=True)
class ListedInvite:
    """An invitation as lists show it: contacts masked as the settings say."""

    code: str
    type: str
    status: str
    wave: str
    case_number: int | None
    customer_id: int
    customer: str
    how_to_reach: list[str]
    language: str
    agent: str
    planned_on: str
    expires_on: str
    sent_at: str | None
    reminded_at: str | None
    answered_at: str | None
    held: bool
    """Not to be sent now: a complaint or the case itself is open, or the customer wants no surveys."""
    reminder: bool
    """Whether its one reminder is due."""


@dataclass(frozen=True)
class Message:
    """An invitation with the text to paste."""

    invite: ListedInvite
    text: str


def list_invitations(shop: Shop, *, statuses: tuple[str, ...] = (), wave: str = "") -> list[ListedInvite]:
    """Return the invitations in these states (none: all), of one wave if named, oldest first."""
    return [
        _listed(shop, row, shop.today) for row in list_invites(shop.database, statuses=statuses, wave=wave)
    ]


def list_due_reminders(shop: Shop, on: date) -> list[ListedInvite]:
    """Return the invitations whose one reminder should go out."""
    return [entry for entry in waiting_invites(shop, on) if entry.reminder and not entry.held]


def list_to_send(shop: Shop, on: date) -> list[Message]:
    """Return what is to be sent on a day, invitations first, then reminders, each with its text."""
    entries = invites_to_send(shop, on)
    texts: dict[str, SurveyTexts] = {}
    return [
        Message(entry, _text(shop, texts, entry))
        for entry in sorted(entries, key=lambda entry: entry.status != "planned")
    ]


def invites_to_send(shop: Shop, on: date) -> list[ListedInvite]:
    """Return the invitations and due reminders that stand on the list of a day."""
    return [
        entry
        for entry in waiting_invites(shop, on)
        if not entry.held and (entry.status == "planned" or entry.reminder)
    ]


def invitation_text(shop: Shop, code: str) -> Message:
    """Return one invitation with its text, that of the reminder if that is due. Raises NotFoundError."""
    row = get_invite_row(shop.database, require_invite(shop, code).code)
    assert row is not None
    entry = _listed(shop, row, shop.today)
    return Message(entry, _text(shop, {}, entry))


def require_invite(shop: Shop, word: str) -> SurveyInvite:
    """Return the invitation a code names, as people type it; raises NotFoundError."""
    codes = find_codes(word)
    found = find_invite(shop.database, codes[0]) if len(codes) == 1 else None
    if found is None:
        raise NotFoundError(
            _("There is no invitation “{code}”.", code=word),
            remedy=_("“aftersales surveys list --all” shows them; a code has a Q and 7 further characters."),
        )
    return found


def waiting_invites(shop: Shop, on: date) -> list[ListedInvite]:
    """Return the invitations that are to be sent or wait for an answer on a day."""
    rows = list_invites(shop.database, statuses=WAITING)
    return [_listed(shop, row, on) for row in rows if row.expires_on >= on.isoformat()]


def needs_reminder(shop: Shop, row: SurveyInviteRow, on: date) -> bool:
    """Tell whether the one reminder of an invitation should go out on a day."""
    return reminder_is_due(
        status=row.status,
        sent_on=row.sent_on,
        reminded=row.reminded_at is not None,
        expires_on=row.expires_on,
        on=on,
        days=shop.settings.surveys.remind_days,
    )


def _listed(shop: Shop, row: SurveyInviteRow, on: date) -> ListedInvite:
    full = shop.settings.callbacks.contact == "full"
    contact = Contact(row.platform, row.order_number, row.phone, row.email)
    return ListedInvite(
        code=row.code,
        type=row.type,
        status=row.status,
        wave=row.wave,
        case_number=row.case_number,
        customer_id=row.customer_id,
        customer=row.customer if full else mask_word(row.customer),
        how_to_reach=ways_to_reach(contact, full=full),
        language=row.language,
        agent=row.agent,
        planned_on=row.planned_on,
        expires_on=row.expires_on,
        sent_at=row.sent_at,
        reminded_at=row.reminded_at,
        answered_at=row.answered_at,
        held=row.held,
        reminder=needs_reminder(shop, row, on),
    )


def _text(shop: Shop, texts: dict[str, SurveyTexts], entry: ListedInvite) -> str:
    if entry.type not in texts:
        texts[entry.type] = load_texts(entry.type, shop.folder)
    settings = shop.settings
    facts = Facts(settings.shop.name, entry.code, settings.surveys.link, entry.expires_on)
    return write_text(texts[entry.type], facts, language=entry.language, reminder=entry.reminder)
