"""What the policy proposes for a request, written down beside it; only people and marketplaces decide by it."""

from datetime import timedelta

from aftersales_cli.clock import from_text, to_text
from aftersales_cli.database.returns import append_review, change_request, list_unjudged_requests
from aftersales_cli.desk.returns.judging import Judged
from aftersales_cli.desk.returns.policy_facts import judge_stored
from aftersales_cli.desk.returns.policy_files import current_policy
from aftersales_cli.desk.system import as_system
from aftersales_cli.errors import AftersalesError
from aftersales_cli.shop import Shop

BY_RULE = "policy"
"""Reviewer of a verdict no person gave."""


def decide_by(shop: Shop, at: str, platform_due_at: str | None) -> str:
    """Return until when a request is to be decided: the shop's time, or the marketplace's if it is less."""
    own = to_text(from_text(at) + timedelta(hours=shop.settings.returns.decide_hours))
    return min(own, platform_due_at or own)


def keep_verdict(shop: Shop, request_id: int, judged: Judged, *, at: str) -> dict[str, object]:
    """Add the rules' verdict to a request's reviews and return what it sets on the request. Inside ``writing``."""
    judgement = judged.judgement
    rules, reasons = ",".join(judgement.rules), ",".join(judgement.reasons)
    append_review(
        shop.database,
        request_id,
        step="auto",
        verdict=judgement.verdict,
        rules=rules,
        reason=reasons,
        reviewer=BY_RULE,
        at=at,
    )
    return {
        "policy_version": judged.version,
        "rules": rules,
        "reasons": reasons,
        "postage_by": judgement.postage_by,
        "second_needed": int(judgement.second_needed),
    }


def judge_arrivals(shop: Shop) -> int:
    """Let the policy judge marketplaces' requests that wait for a decision; return how many. Inside ``writing``.

    A policy that is not in order judges nothing: a file is taken in all the same, and whoever opens the queue is
    told what is wrong.
    """
    waiting = list_unjudged_requests(shop.database)
    if not waiting:
        return 0
    system = as_system(shop)
    try:
        version, policies = current_policy(system)
    except AftersalesError:
        return 0
    for request_id, status, requested_at, platform_due_at in waiting:
        judged = Judged(judge_stored(system, policies, request_id), version)
        changes = keep_verdict(system, request_id, judged, at=shop.stamp)
        changes["decide_by"] = decide_by(shop, requested_at, platform_due_at)
        change_request(shop.database, request_id, expected=status, changes=changes)
    return len(waiting)
