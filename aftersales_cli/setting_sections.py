"""The sections of the settings file: each key with its default, its help and what it may hold."""

from dataclasses import dataclass, field
from typing import Any

from aftersales_cli.language import LANGUAGES, N_


def _option(
    default: object,
    help_text: str,
    *,
    choices: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    return field(
        default=default,
        metadata={"help": help_text, "choices": choices, "minimum": minimum, "maximum": maximum},
    )


@dataclass(frozen=True)
class ShopSettings:
    """Section ``[shop]``."""

    name: str = _option("", N_("Name of the shop, as it stands on workbooks"))
    language: str = _option("en", N_("Language of texts and workbooks"), choices=LANGUAGES)
    country: str = _option("CN", N_("Country of the shop, two letters (ISO 3166)"))
    currency: str = _option("CNY", N_("Currency of the shop, three letters (ISO 4217)"))
    timezone: str = _option("Asia/Shanghai", N_("Time zone of the shop, e.g. Asia/Shanghai"))
    agent: str = _option(
        "owner", N_("Employee a command acts as, unless --as or AFTERSALES_AGENT says otherwise")
    )


@dataclass(frozen=True)
class DatabaseSettings:
    """Section ``[database]``."""

    journal: str = _option(
        "auto",
        N_("Journal mode; auto uses WAL only where SQLite is free of the WAL-reset fault"),
        choices=("auto", "wal", "delete"),
    )


@dataclass(frozen=True)
class CaseSettings:
    """Section ``[cases]``."""

    reopen_days: int = _option(30, N_("Days after closing in which a case can be reopened"), minimum=0)
    assign: str = _option(
        "manual",
        N_("Who works on a new case: manual leaves it open, rules asks templates/settings/assignment.toml"),
        choices=("manual", "rules"),
    )
    close_days: int = _option(
        7, N_("Days after which a resolved case is closed by itself; complaints never are"), minimum=1
    )
    remind_days: int = _option(
        7, N_("Days without an answer after which a customer should be reminded"), minimum=1
    )
    wait_days: int = _option(
        14, N_("Days without an answer after which a case ends as “customer did not answer”"), minimum=1
    )
    stuck_days: int = _option(
        3, N_("Days without a step after which an open case counts as stuck"), minimum=1
    )
    handoff_hours: int = _option(
        8, N_("Working hours in which another department answers, unless a time is given"), minimum=1
    )


@dataclass(frozen=True)
class ComplaintSettings:
    """Section ``[complaints]``."""

    mass_count: int = _option(
        3, N_("So many customers with the same product and reason look like one incident"), minimum=2
    )
    mass_days: int = _option(7, N_("Days within which these cases are opened"), minimum=1)
    follow_up_days: int = _option(
        90, N_("Days a solved complaint stays on the list until its customer confirms it"), minimum=1
    )


@dataclass(frozen=True)
class ReturnSettings:
    """Section ``[returns]``."""

    decide_hours: int = _option(
        48, N_("Hours in which a return request is decided, unless the marketplace gives less"), minimum=1
    )
    send_days: int = _option(
        7, N_("Days after the approval in which the customer sends the goods back"), minimum=1
    )
    sample_rate: float = _option(
        0.10, N_("Share of decided requests that somebody else looks at again"), minimum=0, maximum=1
    )
    flag_share: float = _option(
        0.50,
        N_("Share of a customer's paid orders asked back from which the review is told"),
        minimum=0,
        maximum=1,
    )
    flag_orders: int = _option(3, N_("Paid orders a customer has at least before that is told"), minimum=1)
    lost_days: int = _option(
        15, N_("Days after which a parcel that was sent and has not arrived counts as lost"), minimum=1
    )
    replace_first_limit: int = _option(
        200,
        N_("Value (in the order's currency) up to which an agent may replace goods before they are back"),
        minimum=0,
    )
    evidence_mb: int = _option(20, N_("Largest evidence file in megabytes"), minimum=1, maximum=500)


@dataclass(frozen=True)
class RepairSettings:
    """Section ``[repairs]``."""

    days: int = _option(
        5, N_("Days from receiving a piece until it should be on its way back"), minimum=1, maximum=365
    )
    warranty_months: int = _option(
        12, N_("Months of warranty for products whose warranty nothing else tells"), minimum=1, maximum=240
    )


@dataclass(frozen=True)
class RefundSettings:
    """Section ``[refunds]``."""

    days: int = _option(
        7, N_("Days in which a refund is paid where no rule of the policy says so"), minimum=0
    )
    warn_days: int = _option(
        2, N_("Days before its last one ends from which a refund is shown as near"), minimum=0, maximum=60
    )


@dataclass(frozen=True)
class InvoiceSettings:
    """Section ``[invoices]``."""

    days: int = _option(5, N_("Days in which an invoice a customer asked for is issued"), minimum=0)


@dataclass(frozen=True)
class CostSettings:
    """Section ``[costs]``."""

    hour_rate: float = _option(
        0.0, N_("What an hour of work on cases costs, in the shop's currency; 0: not counted"), minimum=0
    )


@dataclass(frozen=True)
class CallbackSettings:
    """Section ``[callbacks]``."""

    after_days: int = _option(1, N_("Days between solving a case and asking how it went"), minimum=0)
    window_days: int = _option(
        14, N_("Cases solved longer ago than this many days are not called back"), minimum=1
    )
    capacity: int = _option(20, N_("Callbacks planned for one day, all agents together"), minimum=1)
    per_agent: int = _option(
        0, N_("Callbacks planned for one employee on one day at most; 0: no limit"), minimum=0
    )
    rest_days: int = _option(
        14, N_("Days a customer is left in peace between two calls that are not about a case"), minimum=0
    )
    max_attempts: int = _option(3, N_("Attempts to reach a customer before giving up"), minimum=1)
    low_score: int = _option(
        2, N_("Satisfaction (1-5) up to which a second call follows"), minimum=1, maximum=5
    )
    contact: str = _option(
        "masked", N_("Phone numbers and e-mails on lists: masked or full"), choices=("masked", "full")
    )


@dataclass(frozen=True)
class SurveySettings:
    """Section ``[surveys]``."""

    after_case: str = _option(
        "csat",
        N_("What is asked after a case is resolved: csat, ces or none"),
        choices=("csat", "ces", "none"),
    )
    after_days: int = _option(1, N_("Days between resolving a case and the invitation"), minimum=0)
    window_days: int = _option(
        14, N_("Customers of cases resolved longer ago than this many days are not invited"), minimum=1
    )
    capacity: int = _option(
        50, N_("Invitations about cases planned for one day; if more are due, lots are drawn"), minimum=0
    )
    gap_days: int = _option(30, N_("Days between any two surveys of one customer"), minimum=1)
    nps_gap_days: int = _option(
        90, N_("Days between two questions of one customer about recommending the shop"), minimum=1
    )
    expire_days: int = _option(14, N_("Days after which no answer is waited for any more"), minimum=1)
    remind_days: int = _option(5, N_("Days without an answer after which one reminder is due"), minimum=1)
    low_csat: int = _option(
        2, N_("Satisfaction (1-5) up to which a customer is called; 0: never"), minimum=0, maximum=5
    )
    low_ces: int = _option(
        3, N_("Effort (1-7) up to which a customer is called; 0: never"), minimum=0, maximum=7
    )
    low_nps: int = _option(
        6, N_("Recommendation (0-10) up to which a customer is called; -1: never"), minimum=-1, maximum=10
    )
    follow_up_days: int = _option(
        30, N_("Low scores older than this many days, as old files bring them, call nobody up"), minimum=0
    )
    link: str = _option(
        "",
        N_("Address of the questionnaire; {code} and {type} in it become the invitation's. Empty: by reply"),
    )


@dataclass(frozen=True)
class TargetSettings:
    """Section ``[targets]``: examples of the trade, to be set to the shop's own."""

    first_reply_seconds: int = _option(30, N_("Average first reply in seconds, at most"), minimum=1)
    first_reply_share: float = _option(
        0.90, N_("Share of first replies within that time, at least"), minimum=0, maximum=1
    )
    resolution_hours: int = _option(72, N_("Average time to solve a case in hours, at most"), minimum=1)
    resolution_rate: float = _option(0.90, N_("Share of opened cases solved, at least"), minimum=0, maximum=1)
    complaint_rate: float = _option(0.05, N_("Complaints per paid order, at most"), minimum=0, maximum=1)
    satisfaction: float = _option(
        0.85, N_("Share of satisfied ratings (4-5), at least"), minimum=0, maximum=1
    )
    callback_completion: float = _option(
        0.90, N_("Share of due callbacks done, at least"), minimum=0, maximum=1
    )
    refund_rate: float = _option(0.10, N_("Share of paid orders refunded, at most"), minimum=0, maximum=1)
    return_rate: float = _option(0.06, N_("Share of paid orders returned, at most"), minimum=0, maximum=1)


@dataclass(frozen=True)
class PrivacySettings:
    """Section ``[privacy]``."""

    backup_days: int = _option(
        30, N_("Days a backup is kept; until then it may hold customers who were forgotten"), minimum=1
    )


@dataclass(frozen=True)
class NightSettings:
    """Section ``[night]``."""

    heartbeat_hours: int = _option(
        36, N_("Hours without a finished nightly run before doctor warns"), minimum=1
    )
