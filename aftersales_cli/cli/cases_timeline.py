"""What happened to a case, moment by moment, as its page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aftersales_cli.access import ROLE_NAMES
from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import list_agents
from aftersales_cli.desk.history import CaseHistory
from aftersales_cli.desk.rule_names import name_assignment_rule, name_triage_rule
from aftersales_cli.desk.sla_policies import METRICS
from aftersales_cli.language import N_, _
from aftersales_cli.records.cases import CaseEvent, CaseMessage
from aftersales_cli.shop import Shop

_INDENT = " " * 20

_EVENT_TEXTS: Mapping[str, str] = {
    "opened": N_("opened"),
    "imported": N_("taken from the platform's file"),
    "started": N_("work began"),
    "assigned": N_("given to {after}"),
    "replied": N_("answered"),
    "heard": N_("the customer wrote"),
    "noted": N_("note"),
    "worked": N_("worked for {after} minutes"),
    "triaged": N_("sorted"),
    "sorted": N_("sorted by rule “{after}”"),
    "waiting": N_("now “{after}”"),
    "waits_until": N_("waits until {after}"),
    "resumed": N_("work goes on"),
    "timed_out": N_("now “{after}”, because of the time"),
    "confirmed": N_("the customer confirmed that it is solved"),
    "merged": N_("now “{after}”"),
    "merged_into": N_("merged into case {after}"),
    "took_in": N_("case {after} was merged into this one"),
    "linked": N_("linked with case {after}"),
    "split": N_("case {after} was opened for a second matter"),
    "follow_up": N_("followed up by case {after}"),
    "typical": N_("kept as an example"),
    "not_typical": N_("no example any more"),
    "archived": N_("put into the archive"),
    "handed_off": N_("asked “{after}”"),
    "handoff_answered": N_("answer of “{after}”"),
    "handoff_withdrawn": N_("question to “{after}” withdrawn"),
    "handoff_moved": N_("question to “{after}” moved to another case"),
    "escalated": N_("passed up to {after}"),
    "sla_warned": N_("promise is near: {field}, due {after}"),
    "incident_joined": N_("belongs to incident {after}"),
    "incident_left": N_("taken out of incident {before}"),
    "return_requested": N_("asked back"),
    "judged": N_("judged by the rules: {after}"),
    "reviewed": N_("decided: {after}"),
    "return_withdrawn": N_("request taken back"),
    "return_revived": N_("taken up again: the goods came late"),
    "return_checked": N_("decision checked"),
    "evidence_added": N_("evidence kept"),
    "evidence_came": N_("evidence came, to be decided again"),
    "refund_planned": N_("refund planned: {after}"),
    "refund_approved": N_("refund approved"),
    "refund_requested": N_("refund handed over for payment"),
    "refund_paid": N_("refund paid"),
    "refund_failed": N_("refund failed"),
    "refund_voided": N_("refund given up"),
    "invoice_asked": N_("invoice asked for"),
    "invoice_issued": N_("invoice issued"),
    "invoice_reversed": N_("invoice reversed"),
    "cost_added": N_("cost noted"),
    "cost_recovered": N_("cost borne by others"),
    "return_expired": N_("request ended: the goods were not sent in time"),
    "parcel_sent": N_("parcel “{after}”"),
    "parcel_expired": N_("parcel “{after}”"),
    "parcel_lost": N_("parcel “{after}”"),
    "received": N_("goods came, parcel “{after}”"),
    "extra_received": N_("came and was not expected: {after}"),
    "inspected": N_("goods inspected"),
    "replacement_reserved": N_("replacement “{after}”"),
    "replacement_shipped": N_("replacement “{after}”"),
    "replacement_delivered": N_("replacement “{after}”"),
    "replacement_void": N_("replacement “{after}”"),
    "repair_sent_back": N_("the piece went back as it was"),
    "resolved": N_("resolved"),
    "reopened": N_("reopened"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
    "joined": N_("order {after} arrived"),
    "changed": N_("{field}: {before} → {after}"),
}
_REPAIR_STEP = "repair_"
"""Begins the types of all steps of a repair; its state stands behind it."""
_FIELD_TAXONOMIES = {
    "status": "case_statuses",
    "kind": "kinds",
    "severity": "severities",
    "complexity": "complexities",
    "reason_first": "reasons",
    "reason_final": "reasons",
    "resolution": "resolutions",
    "cause": "causes",
    "cancel_reason": "cancel_reasons",
    "department": "departments",
    "refund": "refund_plan_states",
    "review": "review_states",
    "parcel": "parcel_states",
    "replacement": "replacement_states",
    "repair": "repair_states",
}
_FIELD_NAMES = {
    "kind": N_("Kind"),
    "severity": N_("Severity"),
    "complexity": N_("Complexity"),
    "reason_first": N_("Reason"),
    "reason_final": N_("Reason"),
    "resolution": N_("Resolution"),
    "cause": N_("Cause"),
    "cancel_reason": N_("Reason for cancelling"),
    "order": N_("Order"),
}
_AUTHOR_NAMES = {"customer": N_("customer"), "agent": N_("agent"), "bot": N_("bot"), "system": N_("system")}


@dataclass(frozen=True)
class _Names:
    shop: Shop
    agents: Mapping[str, str]

    def value(self, event: CaseEvent, value: str) -> str:
        """Return a value of an event as people read it."""
        # The field of a warning is a promise, and "resolution" is both a promise and a taxonomy.
        if value and event.type == "sla_warned":
            return local_text(value, self.shop.zone)
        if event.field in _FIELD_TAXONOMIES:
            return self.shop.taxonomy(_FIELD_TAXONOMIES[event.field]).label(value)
        if event.field == "role" and value in ROLE_NAMES:
            return _(ROLE_NAMES[value])
        if event.field == "rule":
            return name_triage_rule(self.shop, value)
        if value and event.field == "until":
            return local_text(value, self.shop.zone)
        return self.agents.get(value, value) or "–"


def write_timeline(shop: Shop, history: CaseHistory) -> list[str]:
    """Return a line for each message and event, earliest first, with local times."""
    names = _Names(shop, {agent.code: agent.name for agent in list_agents(shop.database)})
    said = {
        "replied": {message.sent_at for message in history.messages if message.direction == "out"},
        "heard": {message.sent_at for message in history.messages if message.direction == "in"},
    }
    # Of one moment the opening comes first, then what was said, then what it led to.
    entries: list[tuple[tuple[str, int, int], str]] = [
        ((message.sent_at, 1, message.id), _message_text(message, names)) for message in history.messages
    ]
    for event in history.events:
        # What was said stands there in its own words; only a change of state is worth a line of its own.
        if event.at in said.get(event.type, ()) and event.field != "status":
            continue
        # That the first reason turned out to be the true one is no news.
        if event.field == "reason_final" and event.after == history.case.reason_first:
            continue
        rank = 0 if event.type in {"opened", "imported"} else 2
        entries.append(((event.at, rank, event.seq), _event_text(event, names)))
    return [f"  {local_text(key[0], shop.zone)}  {text}" for key, text in sorted(entries)]


def _message_text(message: CaseMessage, names: _Names) -> str:
    who = names.agents.get(message.author, message.author)
    # The words of a robot or of the program are told from those of people.
    if message.author_type in {"bot", "system"} or not who:
        who = _(_AUTHOR_NAMES[message.author_type])
    channel = names.shop.taxonomy("channels").label(message.channel)
    body = message.body.strip().replace("\n", "\n" + _INDENT)
    return _("{who} ({channel}): “{text}”", who=who, channel=channel, text=body)


def find_event_text(event_type: str) -> str | None:
    """Return the untranslated text of a type of event, None if it has none."""
    if event_type.startswith(_REPAIR_STEP) and event_type not in _EVENT_TEXTS:
        return N_("repair now “{after}”")
    return _EVENT_TEXTS.get(event_type)


def _event_text(event: CaseEvent, names: _Names) -> str:
    before, after = (names.value(event, value) for value in (event.before, event.after))
    template = find_event_text(event.type)
    if event.type == "heard" and event.field == "status":
        # The words themselves stand one line above.
        template = _EVENT_TEXTS["resumed"]
    elif event.type == "changed" and not event.before:
        name = _(_FIELD_NAMES.get(event.field, event.field))
        return _signed(_("{name}: {value}", name=name, value=after), event, names)
    if template is None:
        text = f"{event.type} {event.after}".strip()
    else:
        fields = METRICS if event.type == "sla_warned" else _FIELD_NAMES
        text = _(template, field=_(fields.get(event.field, event.field)), before=before, after=after)
    return _signed(text, event, names)


def _signed(text: str, event: CaseEvent, names: _Names) -> str:
    """Say who did it, and the remark."""
    actor = _(_AUTHOR_NAMES["system"]) if event.actor == "system" else event.actor
    actor = names.agents.get(event.actor, actor)
    shown = f"{text} · {actor}" if actor else text
    note = _note(event, names.shop)
    return _("{name}: {value}", name=shown, value=note) if note else shown


def _note(event: CaseEvent, shop: Shop) -> str:
    """Return the remark of an event; what the program itself remarked is kept in codes."""
    if event.type == "escalated" and event.before:
        late = ", ".join(_(METRICS.get(metric, metric)) for metric in event.before.split(","))
        return _("late: {metrics}", metrics=late)
    if event.type == "assigned" and event.note:
        return name_assignment_rule(shop, event.note)
    return event.note
