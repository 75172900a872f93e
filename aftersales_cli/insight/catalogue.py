"""The declared figures: each says what it counts, from what, on which basis and against which target."""

from dataclasses import dataclass

from aftersales_cli.database.facts import Rows
from aftersales_cli.insight.measures import (
    AmountShare,
    Count,
    Duration,
    Mean,
    Measure,
    Ratio,
    Share,
    Total,
    WithinTarget,
)  # fmt: skip
from aftersales_cli.language import N_, _

BASES = {
    "order_cohort": N_("orders paid in the period, whenever the rest happened"),
    "opened": N_("cases opened in the period"),
    "closed": N_("cases solved in the period"),
    "placed": N_("orders placed in the period"),
    "due": N_("callbacks due in the period"),
    "answered": N_("answers given in the period"),
    "snapshot": N_("state at the end of the period, or now if it is not over"),
    "period": N_("events of the period ÷ orders paid in the period"),
}
GROUPS = {
    "sales": N_("Sales"),
    "returns": N_("Refunds and returns"),
    "cases": N_("Cases"),
    "customers": N_("Customers"),
}
CLOCKS = {"calendar": N_("wall clock, day and night"), "": "–"}


@dataclass(frozen=True)
class Entry:
    """One figure of the catalogue; texts are translated where they are shown."""

    code: str
    name_text: str
    formula_text: str
    measure: Measure
    basis: str
    """A key of BASES."""
    unit: str
    """``count``, ``share``, ``money`` (minor units of the shop's currency), ``seconds`` or ``score``."""
    source: str
    """Where the definition comes from."""
    direction: str = ""
    """``up`` if more is better, ``down`` if less is, empty if neither."""
    minimum: int = 0
    """Rows below which the sample is called too small."""
    clock: str = ""
    target: str = ""
    """Key of settings.targets."""
    target_factor: int = 1
    """What the setting is multiplied with to get the figure's unit, e.g. 3600 from hours."""
    needs: str = ""
    """``returns`` or ``refunds``: data without which a zero would be a lie."""
    group: str = "cases"
    """A key of GROUPS."""

    @property
    def name(self) -> str:
        """The name in the current language."""
        return _(self.name_text)

    @property
    def formula(self) -> str:
        """The formula in words in the current language."""
        return _(self.formula_text)


_PAID = Rows("orders", "paid_on", ("paid",))
_PAID_HERE = _PAID.where("in_currency")
_OPENED = Rows("cases", "opened_on")
_REPLIED = _OPENED.where("reply_expected", "replied")
_REPLY_DUE = _OPENED.where("reply_expected", "reply_or_overdue")
_SOLVED = Rows("cases", "resolved_on", ("solved", "timed"))
_RATED = Rows("surveys", "answered_on", ("csat",))
_DUE = Rows("callbacks", "due_on", ("due",))

_MINIMUM_SHARE = 30
_MINIMUM_DURATION = 10
_MINIMUM_P90 = 10

_ZENDESK = N_("Zendesk, metrics definitions (4408834848154, 4408821871642)")
_COHORT = N_("Redo, AfterShip: accrual (order cohort) basis; Shopify states the cash basis instead")
_PLAN = N_("Annual plan of an e-commerce after-sales department (example)")


def _reply(code: str, name: str, formula: str, share: float | None, target: str = "") -> Entry:
    smallest = 1 if share is None or share < 0.9 else _MINIMUM_P90  # noqa: PLR2004 - the 90 % quantile
    return Entry(
        code,
        name,
        formula,
        Duration(_REPLIED, "opened_at", "first_reply_at", share, smallest),
        "opened",
        "seconds",
        _ZENDESK,
        direction="down",
        minimum=_MINIMUM_DURATION,
        clock="calendar",
        target=target,
    )


def _resolution(code: str, name: str, formula: str, share: float | None, target: str = "") -> Entry:
    smallest = 1 if share is None or share < 0.9 else _MINIMUM_P90  # noqa: PLR2004 - the 90 % quantile
    return Entry(
        code,
        name,
        formula,
        Duration(_SOLVED, "opened_at", "resolved_at", share, smallest),
        "closed",
        "seconds",
        _ZENDESK,
        direction="down",
        minimum=_MINIMUM_DURATION,
        clock="calendar",
        target=target,
        target_factor=3600,
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "orders_placed", N_("Orders placed"),
        N_("Orders by the day they were placed, paid or not."),
        Count(Rows("orders", "placed_on")), "placed", "count", "–", group="sales",
    ),
    Entry(
        "orders_paid", N_("Paid orders"),
        N_("Orders by the day they were paid; paid means a payment day and an amount paid or refunded."),
        Count(_PAID), "order_cohort", "count", "–", direction="up", group="sales",
    ),
    Entry(
        "paid_amount", N_("Paid amount"),
        N_("Sum paid by buyers of these orders, before refunds, in the shop's currency only."),
        Total(_PAID_HERE, "paid"), "order_cohort", "money", "–", direction="up", group="sales",
    ),
    Entry(
        "refund_rate", N_("Refund rate, orders"),
        N_("Paid orders of the period with any refund so far ÷ paid orders of the period."),
        Share(_PAID, ("refunded",)), "order_cohort", "share", _COHORT,
        direction="down", minimum=_MINIMUM_SHARE, target="refund_rate", needs="refunds", group="returns",
    ),
    Entry(
        "refund_rate_amount", N_("Refund rate, amount"),
        N_("Sum refunded so far ÷ sum paid, over the paid orders of the period in the shop's currency."),
        AmountShare(_PAID_HERE, "refunded", "paid"), "order_cohort", "share", _COHORT,
        direction="down", minimum=_MINIMUM_SHARE, needs="refunds", group="returns",
    ),
    Entry(
        "return_rate", N_("Return rate, orders"),
        N_("Paid orders of the period with a return case that was not cancelled or merged ÷ paid orders of "
           "the period; each order counts once."),
        Share(_PAID, ("returned",)), "order_cohort", "share", _COHORT,
        direction="down", minimum=_MINIMUM_SHARE, target="return_rate", needs="returns", group="returns",
    ),
    Entry(
        "cases_opened", N_("Cases opened"),
        N_("Cases by the day they were opened; merged ones and those cancelled as spam, test or duplicate "
           "are left out of every figure."),
        Count(_OPENED), "opened", "count", "–", direction="down",
    ),
    _reply(
        "first_reply", N_("First reply, average"),
        N_("Mean of first answer by a person − opened; cases not answered yet are left out."),
        None, "first_reply_seconds",
    ),
    _reply(
        "first_reply_median", N_("First reply, median"),
        N_("Median of first answer by a person − opened; cases not answered yet are left out."), 0.5,
    ),
    _reply(
        "first_reply_p90", N_("First reply, 90 % within"),
        N_("Time within which 90 % of the cases got their first answer; shown from 10 answered cases on."), 0.9,
    ),
    Entry(
        "first_reply_within", N_("First reply in time"),
        N_("Cases answered within the target ÷ (cases answered + cases unanswered and overdue)."),
        WithinTarget(_REPLY_DUE, "opened_at", "first_reply_at", "replied", "reply_limit"),
        "opened", "share", _ZENDESK,
        direction="up", minimum=_MINIMUM_SHARE, clock="calendar", target="first_reply_share",
    ),
    _resolution(
        "resolution", N_("Time to solve, average"),
        N_("Mean of last solved − opened of the cases solved in the period; reopened cases count when they "
           "are solved again."),
        None, "resolution_hours",
    ),
    _resolution(
        "resolution_median", N_("Time to solve, median"),
        N_("Median of last solved − opened of the cases solved in the period."), 0.5,
    ),
    _resolution(
        "resolution_p90", N_("Time to solve, 90 %"),
        N_("Time within which 90 % of the cases solved in the period were solved; shown from 10 cases on."), 0.9,
    ),
    Entry(
        "resolution_rate", N_("Resolution rate"),
        N_("Cases opened in the period that are solved or closed by now ÷ cases opened in the period."),
        Share(_OPENED, ("solved",)), "opened", "share", _PLAN,
        direction="up", minimum=_MINIMUM_SHARE, target="resolution_rate",
    ),
    Entry(
        "backlog", N_("Open cases"),
        N_("Cases open at the end of the period, or now if it is not over."),
        Count(Rows("cases", None, ("open_at",))), "snapshot", "count", _ZENDESK,
        direction="down", clock="calendar",
    ),
    Entry(
        "complaint_rate", N_("Complaint rate"),
        N_("Complaints opened in the period ÷ orders paid in the period."),
        Ratio(_OPENED.where("complaint"), _PAID), "period", "share", _PLAN,
        direction="down", minimum=_MINIMUM_SHARE, target="complaint_rate", needs="cases",
    ),
    Entry(
        "callback_completion", N_("Callbacks done"),
        N_("Callbacks due in the period and done, whatever the outcome ÷ callbacks due; left out are dropped "
           "ones, those replaced by a further attempt, and open ones whose day is not over yet."),
        Share(_DUE, ("done",)), "due", "share", "–",
        direction="up", minimum=_MINIMUM_SHARE, target="callback_completion", group="customers",
    ),
    Entry(
        "satisfaction", N_("Satisfied customers"),
        N_("Ratings of 4 or 5 ÷ all ratings from 1 to 5; 3 counts as not satisfied."),
        Share(_RATED, ("satisfied",)), "answered", "share", N_("Zendesk, Assembled; Douyin cuts at the same score"),
        direction="up", minimum=_MINIMUM_SHARE, target="satisfaction", group="customers",
    ),
    Entry(
        "satisfaction_mean", N_("Satisfaction, mean"),
        N_("Sum of the ratings from 1 to 5 ÷ ratings; only to be read beside the share of satisfied ones."),
        Mean(_RATED, "score"), "answered", "score", "–",
        direction="up", minimum=_MINIMUM_SHARE, group="customers",
    ),
)  # fmt: skip

BY_CODE = {entry.code: entry for entry in ENTRIES}


@dataclass(frozen=True)
class Breakdown:
    """A figure split by a code."""

    code: str
    name_text: str
    rows: Rows
    by: str
    taxonomy: str
    total: str | None = None
    """Amount summed beside the rows."""

    @property
    def name(self) -> str:
        """The name in the current language."""
        return _(self.name_text)


BREAKDOWNS: tuple[Breakdown, ...] = (
    Breakdown("kinds", N_("Cases by kind"), _OPENED, "kind", "kinds"),
    Breakdown("channels", N_("Cases by channel"), _OPENED, "channel", "channels"),
    Breakdown("statuses", N_("Cases by status"), _OPENED, "status", "case_statuses"),
    Breakdown(
        "reasons", N_("Returns and refunds by first reason"),
        Rows("case_refunds", "opened_on", ("goes_back",)), "reason", "reasons", "to_buyer",
    ),
)  # fmt: skip
