"""Who calls: the plan's owner, the case's assignee, or whoever has least to do."""

from collections.abc import Sequence

from aftersales_cli.customers.plans.plan_files import Plan, owner_is_role
from aftersales_cli.records.shops import Agent


class Roster:
    """The employees of a day and how many calls each has; ``most`` for each at most (0: no limit)."""

    def __init__(self, agents: Sequence[Agent], *, most: int) -> None:
        self._active = [agent for agent in agents if agent.active]
        self._most = most
        self._loads = dict.fromkeys((agent.id for agent in self._active), 0)
        callers = self._of_role("agent") or self._of_role("owner") or list(self._loads)
        self._callers = callers

    def _of_role(self, role: str) -> list[int]:
        return [agent.id for agent in self._active if agent.role == role]

    def is_active(self, agent_id: int | None) -> bool:
        """Tell whether an employee is still there."""
        return agent_id in self._loads

    def count_in(self, agent_id: int | None) -> None:
        """Note that an employee has a call already."""
        if agent_id in self._loads:
            self._loads[agent_id] += 1

    def choose(self, *, preferred: int | None = None, plan: Plan | None = None) -> int | None:
        """Return who makes one more call, and count it in; None if everybody has enough.

        A plan's owner comes before the ``preferred`` employee, who comes before whoever has least to do.
        """
        owners = self._owners(plan)
        wanted = [] if owners or preferred not in self._loads else [preferred]
        for pool in (wanted, owners or self._callers):
            free = [agent for agent in pool if agent is not None and self._has_room(agent)]
            if free:
                chosen = min(free, key=lambda agent: (self._loads[agent], agent))
                self._loads[chosen] += 1
                return chosen
        return None

    def _has_room(self, agent_id: int) -> bool:
        return not self._most or self._loads[agent_id] < self._most

    def _owners(self, plan: Plan | None) -> list[int]:
        if plan is None or not plan.owner:
            return []
        if owner_is_role(plan):
            return self._of_role(plan.owner)
        return [agent.id for agent in self._active if plan.owner in (agent.code, agent.name)]
