"""The rules who works on a case. Rules only: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.access import ALLOWED, ROLES
from aftersales_cli.desk.rule_files import FLAG, WORDS, RuleEntry, load_rules, remembered
from aftersales_cli.language import _
from aftersales_cli.records.desk import AgentLoad
from aftersales_cli.taxonomy import fold, load_taxonomy

FILE_NAME = "assignment.toml"

_CONDITIONS = {
    "kinds": "kind",
    "severities": "severity",
    "platforms": "platform",
    "storefronts": "storefront",
    "languages": "language",
}
"""Key of a rule → the fact it asks for."""

_NO_DEPARTMENT = "none"
"""The word of a rule for employees who belong to no department."""

_TARGETS = ("agents", "departments", "roles")

_KEYS = {**dict.fromkeys((*_CONDITIONS, *_TARGETS), WORDS), "speaks": FLAG}


@dataclass(frozen=True)
class CaseFacts:
    """What the rules may ask about a case."""

    kind: str
    severity: str
    platform: str
    storefront: str
    language: str


@dataclass(frozen=True)
class Choice:
    """Who is to work on a case, and by which rule."""

    agent_id: int
    agent: str
    """The name."""
    rule: str
    open_cases: int
    """How many the employee has already."""
    of: int
    """How many employees the rule had to choose from."""


def load_assignment(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    """Read the rules; raises FileError, and WrongUsageError for a code that does not exist."""
    return remembered(_read_assignment, FILE_NAME, shop_folder)


def _read_assignment(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    entries = load_rules(FILE_NAME, _KEYS, shop_folder)
    kinds, severities = (load_taxonomy(name, shop_folder).terms for name in ("kinds", "severities"))
    for entry in entries:
        entry.check_codes("kinds", kinds)
        entry.check_codes("severities", severities)
        entry.check_codes("languages", ("zh", "en"))
        entry.check_codes("roles", [role for role in ROLES if role in ALLOWED["cases.resolve"]])
        if not any(key in entry.values for key in _TARGETS):
            raise entry.problem(
                "roles", _("is missing"), _("Say with agents, departments or roles who gets it.")
            )
    return entries


def choose_agent(rules: Sequence[RuleEntry], facts: CaseFacts, loads: Sequence[AgentLoad]) -> Choice | None:
    """Return who the first rule gives the case to that fits and finds somebody; None if none does.

    Of several the one with the fewest open cases is taken, of equals the one who came first. Only who may
    resolve cases is asked at all.
    """
    workers = [agent for agent in loads if agent.role in ALLOWED["cases.resolve"]]
    for rule in rules:
        if not _holds(rule, facts):
            continue
        fitting = [agent for agent in workers if _may_get(rule, facts, agent)]
        if fitting:
            chosen = min(fitting, key=lambda agent: (agent.open_cases, agent.id))
            return Choice(chosen.id, chosen.name, rule.name, chosen.open_cases, len(fitting))
    return None


def _holds(rule: RuleEntry, facts: CaseFacts) -> bool:
    return all(
        getattr(facts, fact) in rule.words(key) for key, fact in _CONDITIONS.items() if key in rule.values
    )


def _may_get(rule: RuleEntry, facts: CaseFacts, agent: AgentLoad) -> bool:
    if "agents" in rule.values and not {agent.code, agent.name} & set(rule.words("agents")):
        return False
    if "roles" in rule.values and agent.role not in rule.words("roles"):
        return False
    if "departments" in rule.values and not _is_in(agent.department, rule.words("departments")):
        return False
    spoken = agent.languages.replace(",", " ").split()
    return not rule.values.get("speaks") or facts.language in spoken


def _is_in(department: str, wanted: Sequence[str]) -> bool:
    """Tell whether a department is one of these, by code or name in either language, or none."""
    if not department:
        return _NO_DEPARTMENT in wanted
    known = load_taxonomy("departments")

    def code(word: str) -> str:
        term = known.find(word)
        return term.code if term else fold(word)

    return code(department) in {code(word) for word in wanted}
