"""Take the answers on the register's sheet of open questions to departments."""

from aftersales_cli.database.handoffs import get_handoff
from aftersales_cli.desk.handing_off import answer_handoff
from aftersales_cli.desk.register_form import handoff_seed
from aftersales_cli.desk.register_rows import blaming, read_moment, speak_as
from aftersales_cli.language import _
from aftersales_cli.reading.form_rows import CellError, FilledRow
from aftersales_cli.shop import Shop


def take_answer(shop: Shop, row: FilledRow) -> bool | None:
    """Record the answer on a row as that of whom it names; None if nothing is filled in. Raises CellError."""
    if not row.filled():
        return None
    token = row.token(
        lambda token: handoff_seed(shop) if get_handoff(shop.database, token.id) else None,
        missing=_("The code is missing, so nobody can tell which question is answered."),
        damaged=_("The code “{code}” is damaged or from another shop. Copy it from a fresh register."),
    )
    handoff = get_handoff(shop.database, token.id)
    assert handoff is not None
    answer = row.text("answer")
    if not answer:
        raise CellError("answer", _("The answer is missing."))
    if handoff.done_at is not None and not handoff.withdrawn and handoff.answer == answer:
        return False
    speaker = speak_as(shop, "answered_by", row.text("answered_by"))
    at = read_moment(shop, row, "at")
    with blaming("answer"):
        answer_handoff(
            speaker,
            handoff.case_number,
            answer,
            handoff_id=handoff.id,
            at=at,
            expected_revision=token.revision,
        )
    return True
