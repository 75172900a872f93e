"""A complaint is solved only when its customer has been answered."""

from aftersales_cli.database.complaints import has_answer
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop


def require_answer(shop: Shop, case: Case) -> None:
    """Refuse to solve a complaint without an answer to the customer on record; the cause is asked for elsewhere."""
    if case.kind != "complaint" or case.first_reply_at is not None or has_answer(shop.database, case.number):
        return
    raise RefusedError(
        _("Complaint {number} has no answer to the customer on record.", number=case.number),
        remedy=_(
            "Write down what you said or wrote: {command}",
            command=f"aftersales cases reply {case.number} --say …",
        ),
    )
