"""Scores people give, as numbers, words or stars, on the scales of satisfaction, recommendation and effort."""

import re

from aftersales_cli.customers.surveys.scales import SCALES as SURVEY_SCALES
from aftersales_cli.intake.converters import CellError
from aftersales_cli.intake.vocabulary import normal
from aftersales_cli.language import N_
from aftersales_cli.reading.cells import clean_cell

SCALES = {**SURVEY_SCALES, "stars": (1, 5)}
"""Kind of score → lowest and highest."""

NOT_ON_SCALE = N_(
    "this is no score of the scale (satisfaction and stars 1-5, recommendation 0-10, effort 1-7)"
)
NO_SCORE = N_("this is no score")

_SKIPPED = frozenset({"", "(跳过)", "跳过", "(空)", "-", "--", "无", "n/a", "(skipped)"})
_NUMBER = re.compile(r"(\d{1,4})(?:\.0{1,9})?(?:分|星|stars?|points?)?(?:/(\d{1,4}))?")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_STARS = re.compile(r"([★⭐]{1,5})[☆✩]*\ufe0f?")

_AGREE = {
    "非常不同意": 1, "不同意": 2, "有点不同意": 3, "比较不同意": 3, "一般": 4, "中立": 4, "有点同意": 5, "比较同意": 5,
    "同意": 6, "非常同意": 7, "strongly disagree": 1, "disagree": 2, "somewhat disagree": 3,
    "neither agree nor disagree": 4, "neutral": 4, "somewhat agree": 5, "agree": 6, "strongly agree": 7,
}  # fmt: skip
_SATISFIED = {
    "非常不满意": 1, "很不满意": 1, "极不满意": 1, "不满意": 2, "不太满意": 2, "较不满意": 2, "比较不满意": 2, "一般": 3, "中立": 3,
    "基本满意": 4, "比较满意": 4, "较满意": 4, "满意": 4, "非常满意": 5, "很满意": 5, "十分满意": 5,
    "very dissatisfied": 1, "very unsatisfied": 1, "extremely dissatisfied": 1, "dissatisfied": 2,
    "unsatisfied": 2, "somewhat dissatisfied": 2, "neutral": 3, "neither satisfied nor dissatisfied": 3,
    "satisfied": 4, "somewhat satisfied": 4, "very satisfied": 5, "extremely satisfied": 5,
}  # fmt: skip
_STAR_WORDS = {
    "一星": 1, "二星": 2, "两星": 2, "三星": 3, "四星": 4, "五星": 5,
    # Marketplaces with three grades only: the middle and the ends of the scale.
    "差评": 1, "中评": 3, "好评": 5, "negative": 1, "neutral": 3, "positive": 5,
}  # fmt: skip
_WORDS = {
    kind: sorted(((normal(word), score) for word, score in words.items()), key=lambda entry: -len(entry[0]))
    for kind, words in {"csat": _SATISFIED, "nps": {}, "ces": _AGREE, "stars": _STAR_WORDS}.items()
}


def is_skipped(cell: str) -> bool:
    """Tell whether a question was left out."""
    return normal(clean_cell(cell)) in _SKIPPED


def parse_score(kind: str, cell: str) -> int | None:
    """Return the score, None for a skipped question.

    CellError NOT_ON_SCALE for a number outside the scale of ``kind`` (a key of SCALES), NO_SCORE for words
    that are none.
    """
    if is_skipped(cell):
        return None
    text = normal(clean_cell(cell))
    if match := _NUMBER.fullmatch(text):
        return _on_scale(kind, int(match[1]), int(match[2]) if match[2] else None)
    if match := _STARS.fullmatch(text):
        return _on_scale(kind, len(match[1]), None)
    if (score := _by_words(kind, text)) is not None:
        return score
    numbers = _NUMBERS.findall(text)
    if len(numbers) == 1 and re.fullmatch(r"\d{1,4}", numbers[0]):
        # “5-非常满意”, “10 (extremely likely)”.
        return _on_scale(kind, int(numbers[0]), None)
    raise CellError(NO_SCORE)


def _on_scale(kind: str, number: int, of: int | None) -> int:
    lowest, highest = SCALES[kind]
    if not lowest <= number <= highest or of not in {None, highest}:
        raise CellError(NOT_ON_SCALE)
    return number


def _by_words(kind: str, text: str) -> int | None:
    letters = "".join(filter(str.isalpha, text))
    for word, score in _WORDS[kind]:
        # The longest word first: 不满意 holds 满意. Latin words would match inside others (dissatisfied).
        if word == letters or (not word.isascii() and word in text):
            return score
    return None
