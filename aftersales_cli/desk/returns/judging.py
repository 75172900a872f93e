"""Ask the policy about a stored request: by what is in force now, or by what judged it."""

from dataclasses import dataclass

from aftersales_cli.desk.returns.policy_facts import judge_stored
from aftersales_cli.desk.returns.policy_files import current_policy, load_policies, stored_policy
from aftersales_cli.desk.returns.policy_records import Judgement
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Judged:
    """What the policy says, and which version of it."""

    judgement: Judgement
    version: int


def judge_now(shop: Shop, request_id: int) -> Judged:
    """Judge a stored request by the policy in force, which is kept as a version. Inside ``writing``.

    Raises FileError and WrongUsageError for a policy that is not in order.
    """
    version, policies = current_policy(shop)
    return Judged(judge_stored(shop, policies, request_id), version)


def explain_request(shop: Shop, request: ReturnRequest) -> Judgement:
    """Judge a stored request by the version that judged it, else by the policy in force; nothing is written."""
    version = request.policy_version
    policies = load_policies(shop.folder) if version is None else stored_policy(shop, version)
    return judge_stored(shop, policies, request.id)
