"""The scales of survey scores: satisfaction, effort and recommendation, and which scores are good or low."""

from dataclasses import dataclass

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""Type of survey → lowest and highest score."""
SATISFIED = 4
"""Satisfaction from which a customer counts as satisfied; 3 counts as bad."""
EASY = 5
"""Agreement (1 to 7) from which handling the matter counts as easy."""
PROMOTER, DETRACTOR = 9, 6
"""Recommendation from which, and up to which, a customer is a promoter or a detractor."""


@dataclass(frozen=True)
class LowScores:
    """The score of each type up to which somebody calls the customer; below the scale: never."""

    csat: int
    nps: int
    ces: int

    def is_low(self, kind: str, score: int) -> bool:
        """Tell whether a score of a type (csat, nps, ces) is low."""
        return score <= {"csat": self.csat, "nps": self.nps, "ces": self.ces}[kind]


def check_score(kind: str, score: int) -> None:
    """Raise WrongUsageError for a score that is not on the scale of its type."""
    lowest, highest = SCALES[kind]
    if not lowest <= score <= highest:
        raise WrongUsageError(
            _("{score} is not on the scale.", score=score),
            remedy=_(
                "Give a whole number from {lowest} to {highest} for {kind}.",
                lowest=lowest,
                highest=highest,
                kind=kind,
            ),
        )
