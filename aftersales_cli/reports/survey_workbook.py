"""Write the survey invitations that are to be sent as a workbook: one row a customer, with the text to paste."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl.styles import Alignment

from aftersales_cli.customers.surveys.invite_list import Message, list_to_send
from aftersales_cli.language import _, pick
from aftersales_cli.reports.form_book import form_file
from aftersales_cli.reports.workbook import (
    BORDER,
    add_sheet,
    at,
    fit_columns,
    fit_row,
    head_row,
    new_workbook,
    number,
    print_on_one_page_width,
    require_workbook_name,
    save,
    text,
)
from aftersales_cli.shop import Shop

_TITLE = {"zh": "满意度邀请", "en": "survey-invitations"}
_SHEET = {"zh": "满意度邀请", "en": "Survey invitations"}
_LANGUAGES = {"zh": {"zh": "中文", "en": "Chinese"}, "en": {"zh": "英文", "en": "English"}}
_TEXT_WIDTH = 70.0


@dataclass(frozen=True)
class ExportedInvites:
    """Where the invitations stand."""

    path: Path | None
    """None if there is nothing to send; then no file is written."""
    invitations: int
    reminders: int


def export_invitations(shop: Shop, on: date, out: Path | None = None) -> ExportedInvites:
    """Write what is to be sent on a day into the outbox, or to ``out`` (a file or a folder).

    An older workbook of the day is replaced: nothing is filled in there. Nothing is sent. Raises FileError,
    WrongUsageError for a name that is not that of a workbook.
    """
    path = form_file(shop, f"{pick(_TITLE)}-{on.isoformat()}.xlsx", out)
    require_workbook_name(path)
    with shop.writing("surveys.export") as writing:
        messages = list_to_send(shop, on)
        full = len(messages) if shop.settings.callbacks.contact == "full" else 0
        writing.count(invitations=len(messages), full_contacts=full)
    reminders = sum(message.invite.reminder for message in messages)
    if not messages:
        return ExportedInvites(None, 0, 0)
    book = new_workbook(shop, pick(_SHEET))
    sheet = add_sheet(book, pick(_SHEET))
    titles = [
        _("No."), _("What"), _("Customer"), _("How to reach"), _("Language"), _("Text to paste"), _("Code"), _("Case"),
        _("Until"),
    ]  # fmt: skip
    head_row(sheet, 1, titles, right={1})
    for row, message in enumerate(messages, start=2):
        number(at(sheet, row, 1), row - 1)
        for column, value in enumerate(_cells(shop, message), start=2):
            text(at(sheet, row, column), value)
    fit_columns(sheet)
    sheet.column_dimensions["F"].width = _TEXT_WIDTH
    for row in range(2, len(messages) + 2):
        for cell in sheet[row]:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = BORDER
        fit_row(sheet, row)
        lines = str(at(sheet, row, 6).value).count("\n") + 1
        sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0, 15.0 * (lines + 2))
    sheet.freeze_panes = at(sheet, 2, 1)
    print_on_one_page_width(sheet)
    return ExportedInvites(save(shop, book, path), len(messages) - reminders, reminders)


def _cells(shop: Shop, message: Message) -> list[object]:
    invite = message.invite
    kind = shop.taxonomy("survey_types").label(invite.type)
    return [
        _("{kind} (reminder)", kind=kind) if invite.reminder else kind,
        invite.customer or "–",
        "\n".join(invite.how_to_reach) or "–",
        pick(_LANGUAGES.get(invite.language, {"en": invite.language})),
        message.text,
        invite.code,
        invite.case_number,
        invite.expires_on,
    ]
