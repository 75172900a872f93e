"""Take the decisions about requests from the first sheet of the workbook."""

import re
import unicodedata

from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.returns import get_request, list_return_lines, list_reviews
from aftersales_cli.desk.answering import note_case
from aftersales_cli.desk.register_rows import blaming
from aftersales_cli.desk.returns.exception_form import verdict_choices
from aftersales_cli.desk.returns.exception_subjects import Subject, too_old
from aftersales_cli.desk.returns.ledger import UNDECIDED
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.shop import Shop

_DECIDING = ("verdict", "reason", "pieces")
_MOST_PIECES = 9999


class ReviewSheet:
    """The sheet of requests that wait for a decision; its numbers are those of the requests."""

    def find(self, shop: Shop, identity: int) -> Subject | None:
        """Return the request."""
        request = get_request(shop.database, identity)
        if request is None:
            return None
        return Subject(
            request.id, request.case_number, review_state(shop, request.id, request.status), request.id
        )

    def take(self, shop: Shop, row: FilledRow, subject: Subject, fresh: list[str], *, is_new: bool) -> bool:
        """Record the verdict, or only the note."""
        if not any(name in _DECIDING for name in fresh):
            with blaming("note"):
                note_case(shop, subject.case_number, row.text("note"))
            return True
        verdict = row.word("verdict", verdict_choices(shop.folder))
        if not verdict:
            raise CellError("verdict", _("The verdict is missing."))
        reason = row.word("reason", shop.taxonomy("review_reasons"))
        note = row.text("note")
        if verdict == "rejected" and not (reason or note):
            raise CellError("reason", _("Choose why it is rejected, or say so in the note."))
        words = _read_pieces(shop, row, subject.id, verdict)
        if not is_new:
            return _is_still_to_do(shop, subject.id, verdict)
        with blaming("verdict"):
            review(shop, subject.id, verdict, reasons=[reason] if reason else [], quantities=words, note=note)
        return True


def review_state(shop: Shop, request_id: int, status: str) -> str:
    """Return the state of a request's review: its status and how often somebody has looked at it."""
    return f"{status} {len(list_reviews(shop.database, request_id))}"


def _read_pieces(shop: Shop, row: FilledRow, request_id: int, verdict: str) -> list[str]:
    """Return words like ``CUP=1``; a number alone is meant for the only product."""
    text = row.text("pieces")
    if not text:
        return []
    if verdict != "approved":
        raise CellError("pieces", _("Pieces go with an approval only."))
    lines = list_return_lines(shop.database, request_id)
    plain = unicodedata.normalize("NFKC", text)
    if "=" in plain:
        return [part.strip() for part in re.split(r"[,;、\n]", plain) if part.strip()]
    if len(lines) != 1:
        names = ", ".join(f"{line.sku or line.title}={line.asked}" for line in lines)
        raise CellError("pieces", _("Several products are asked back: write them like {names}", names=names))
    pieces = row.whole("pieces", smallest=0, largest=_MOST_PIECES)
    return [f"{lines[0].sku or lines[0].title}={pieces}"]


def _is_still_to_do(shop: Shop, request_id: int, verdict: str) -> bool:
    """Return False if this very person has said so already; else CellError says who decided what."""
    request = get_request(shop.database, request_id)
    reviews = [
        entry for entry in list_reviews(shop.database, request_id) if entry.step in ("first", "second")
    ]
    assert request is not None
    if any(entry.reviewer == shop.agent.code and entry.verdict == verdict for entry in reviews):
        return False
    if not reviews:
        raise too_old("verdict")
    last, found = reviews[-1], find_agent(shop.database, reviews[-1].reviewer)
    label = shop.taxonomy("review_verdicts").label(last.verdict)
    name = found.name if found else last.reviewer
    if request.status in UNDECIDED and last.verdict == "approved":
        reason = _(
            "{name} has approved it since; a second person agrees in a fresh workbook.",
            name=name,
        )
    else:
        reason = _(
            "{name} has decided since: “{verdict}”. Look at a fresh workbook.", name=name, verdict=label
        )
    raise CellError("verdict", reason)
