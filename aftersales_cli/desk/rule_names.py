"""Names of the rules that decided about a case, in the language of who reads its history."""

from collections.abc import Sequence

from aftersales_cli.desk.assignment import load_assignment
from aftersales_cli.desk.rule_files import RuleEntry
from aftersales_cli.desk.triage_rules import load_triage
from aftersales_cli.errors import AftersalesError
from aftersales_cli.shop import Shop


def name_triage_rule(shop: Shop, stored: str) -> str:
    """Return the name of a rule of triage; as it is stored if the file has it no longer."""
    try:
        return _name(load_triage(shop.folder), stored)
    except AftersalesError:
        # A file that somebody has broken must not hide what happened.
        return stored


def name_assignment_rule(shop: Shop, stored: str) -> str:
    """Return the name of a rule of assignment; as it is stored if the file has it no longer."""
    try:
        return _name(load_assignment(shop.folder), stored)
    except AftersalesError:
        return stored


def _name(rules: Sequence[RuleEntry], stored: str) -> str:
    """Find a rule by its name in one language or the other."""
    found = (rule for rule in rules if stored in {rule.values.get("zh"), rule.values.get("en")})
    rule = next(found, None)
    return rule.name if rule else stored
