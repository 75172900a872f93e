"""Ask the policy about a stored request: by what is in force now, or by what judged it."""

from dataclasses import dataclass, field

from aftersales_cli.desk.returns.policy_facts import judge_stored
from aftersales_cli.desk.returns.policy_files import current_policy, load_policies, stored_policy
from aftersales_cli.desk.returns.policy_records import Judgement, PolicySet
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


@dataclass
class Explainer:
    """Explains many requests and reads each version of the policy once."""

    shop: Shop
    _known: dict[int | None, PolicySet] = field(default_factory=dict)

    def explain(self, request: ReturnRequest) -> Judgement:
        """Judge a request by the version that judged it, else by the policy in force; nothing is written."""
        version = request.policy_version
        if version not in self._known:
            self._known[version] = (
                load_policies(self.shop.folder) if version is None else stored_policy(self.shop, version)
            )
        return judge_stored(self.shop, self._known[version], request.id)


def explain_request(shop: Shop, request: ReturnRequest) -> Judgement:
    """Judge one stored request by the version that judged it, else by the policy in force; nothing is written."""
    return Explainer(shop).explain(request)
