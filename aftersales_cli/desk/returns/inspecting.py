"""Say what received goods turned out to be, and what becomes of them; a correction is an event, too."""

from collections.abc import Sequence
from datetime import datetime

from aftersales_cli.database.return_parcels import change_parcel, is_money_decided, list_parcels
from aftersales_cli.database.returns import change_return_line, list_return_lines
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.arrivals import FIGURES, find_line, is_complete, unknown_line
from aftersales_cli.desk.returns.deciding import overtaken, require_request, subject
from aftersales_cli.desk.returns.held_goods import may_restock
from aftersales_cli.desk.returns.receiving import RESTOCK, figure_name
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnLine, ReturnRequest
from aftersales_cli.shop import Shop


def inspect_goods(
    shop: Shop,
    request_id: int,
    words: Sequence[str] = (),
    *,
    disposition: str = "",
    at: datetime | None = None,
) -> list[ReturnLine]:
    """Record what the pieces of a line turned out to be; return all lines.

    ``words`` are a product and figures like ``CUP accepted=1 damaged=1``: they are the line's whole result, so
    that saying it again corrects it. Without figures all pieces that came and nobody has looked at are accepted
    (or, with a disposition, only that is set). Raises RefusedError, WrongUsageError, NotFoundError.
    """
    found = require_request(shop, request_id)
    with changing(shop, "returns.inspect", found.case_number) as writing:
        request = require_request(shop, request_id)
        case = require_case(shop, request.case_number)
        moment = check_case_moment(shop, case, at)
        code = shop.taxonomy("dispositions").resolve(disposition) if disposition else ""
        lines = list_return_lines(shop.database, request_id)
        chosen, figures = _read(lines, words)
        writing.touch("return", request_id)
        notes = [
            note
            for line in chosen
            if (note := _inspect(shop, request, line, figures, code, only=len(chosen) == 1))
        ]
        if not notes:
            raise RefusedError(
                _("{request}: nothing is left to be inspected.", request=subject(request_id)),
                remedy=_("To correct a result, say it again: aftersales returns inspect {number} SKU accepted=1 …",
                         number=request_id),
            )  # fmt: skip
        record_event(shop, case.number, "inspected", at=moment, field="inspection",
                     note=f"{subject(request_id)}: {'; '.join(notes)}")  # fmt: skip
        lines = list_return_lines(shop.database, request_id)
        _complete_parcel(shop, request_id, lines, moment)
        return lines


def _read(lines: list[ReturnLine], words: Sequence[str]) -> tuple[list[ReturnLine], dict[str, int] | None]:
    """Return the lines that are meant and the figures, None for none."""
    figures: dict[str, int] = {}
    names = []
    for word in words:
        name, mark, number = word.rpartition("=")
        if mark and name in FIGURES:
            if not number.strip().isdecimal() or name in figures or int(number) >= 10**6:
                raise WrongUsageError(
                    _("“{word}” is no number of pieces.", word=word),
                    remedy=_("Write each figure once, e.g. accepted=1 damaged=1."),
                )
            figures[name] = int(number)
        else:
            names.append(word)
    chosen = []
    for name in names:
        line = find_line(lines, name)
        if line is None:
            figures_text = _("Figures are {figures}.", figures=", ".join(f"{figure}=1" for figure in FIGURES))
            raise unknown_line(lines, name, remedy=figures_text)
        chosen.append(line)
    chosen = chosen or lines
    if figures and len(chosen) != 1:
        raise WrongUsageError(
            _("Figures are said of one product."),
            remedy=_("Name the product before them, e.g. CUP accepted=1."),
        )
    return chosen, figures or None


def _inspect(
    shop: Shop,
    request: ReturnRequest,
    line: ReturnLine,
    figures: dict[str, int] | None,
    disposition: str,
    *,
    only: bool,
) -> str:
    """Store the result of a line and describe it; "" if nothing changes."""
    changes: dict[str, object] = {}
    waiting = line.received - (line.inspected - line.short)
    if figures is not None:
        changes |= {name: figures.get(name, 0) for name in FIGURES}
        _check(shop, request, line, figures)
    elif waiting > 0 and not (disposition and line.inspected):
        changes["accepted"] = line.accepted + min(waiting, line.approved - line.inspected)
    result = {name: int(changes.get(name, getattr(line, name))) for name in FIGURES}  # type: ignore[call-overload] # whole numbers
    faulty = result["damaged"] + result["wrong"] + result["rejected"]
    here = faulty + result["accepted"]
    if disposition and (here or line.received or only):
        changes["disposition"] = disposition
    elif changes:
        unseen = result["accepted"] and not faulty and may_restock(request)
        changes["disposition"] = RESTOCK if unseen else ""
    changed = {name: value for name, value in changes.items() if value != getattr(line, name)}
    if not changed:
        return ""
    if not change_return_line(shop.database, line, changed):
        raise overtaken(shop, request)
    parts = [f"{number} {figure_name(name)}" for name, number in result.items() if number]
    became = str(changes.get("disposition", line.disposition))
    if became:
        parts.append(shop.taxonomy("dispositions").label(became))
    return f"{line.title or line.sku}: {', '.join(parts)}"


def _check(shop: Shop, request: ReturnRequest, line: ReturnLine, figures: dict[str, int]) -> None:
    name = line.title or line.sku
    here = sum(number for figure, number in figures.items() if figure != "short")
    if here > line.received:
        raise WrongUsageError(
            _("{title}: {received} pieces came, so that {number} cannot be inspected.", title=name,
              received=line.received, number=here),
            remedy=_("Record first that they came: {command}",
                     command=f"aftersales returns receive {request.id} --inspect"),
        )  # fmt: skip
    if here + figures.get("short", 0) > line.approved:
        raise WrongUsageError(
            _("{title}: {approved} pieces are approved, the figures make {number}.", title=name,
              approved=line.approved, number=here + figures.get("short", 0)),
            remedy=_("What came beyond that is extra; approve it with a request of its own, or note it: --extra."),
        )  # fmt: skip
    if figures.get("short", 0) > max(0, line.approved - line.received):
        raise WrongUsageError(
            _("{title}: {received} of {approved} pieces came, so that {number} cannot be missing.", title=name,
              received=line.received, approved=line.approved, number=figures["short"]),
            remedy=_("Correct the numbers; “aftersales returns show” says what is still expected."),
        )  # fmt: skip
    if figures.get("accepted", 0) < line.accepted and is_money_decided(shop.database, request.id):
        raise RefusedError(
            _("{request}: its refund is decided by what was accepted.", request=subject(request.id)),
            remedy=_("Void the refund first, if no money has gone: aftersales refunds void."),
        )


def _complete_parcel(shop: Shop, request_id: int, lines: Sequence[ReturnLine], at: str) -> None:
    """Wait for no rest that is known to be missing."""
    if not all(is_complete(line) for line in lines):
        return
    for parcel in list_parcels(shop.database, request_id):
        if parcel.status == "partly_received":
            change_parcel(
                shop.database, parcel, {"status": "received", "received_at": parcel.received_at or at}
            )
