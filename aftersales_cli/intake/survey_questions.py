"""Which column of a survey asks what: scores, the order, the way to reach the customer, free words."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from aftersales_cli.intake.other_rows import PRIVATE
from aftersales_cli.reading.headers import normalise_header

_NUMBERING = re.compile(r"^(?:q?\d+[、.)]|q\d+[:]?)")
FRAME = frozenset(
    {
        "序号",
        "提交答卷时间",
        "所用时间",
        "来源",
        "来源详情",
        "来自ip",
        "总分",
        "答题时长",
        "timestamp",
        "时间戳记",
        "时间戳",
        "score",
        "分数",
    }
)
"""Columns of the survey tool itself, which are no questions."""

_WHY = re.compile(
    r"原因|理由|为什么|为何|哪|方面|建议|why|reason|whatwould|whatcould|which|comment|suggest|improve"
)
_ORDER = re.compile(r"订单(编)?号|订单号码|orderno|ordernumber|orderid|order#|yourorder")
_CASE = re.compile(r"工单(编)?号|casenumber|caseno")
_CODE = re.compile(
    r"邀请码|问卷码|调查码|回访码|邀请编号|问卷编号|(invit\w*|survey|feedback)code|^编号$|^code$|^yourcode$"
)
_PHONE = re.compile(r"手机|电话|联系方式|phone|mobile|telephone")
_EMAIL = re.compile(r"邮箱|电子邮件|电邮|e-?mail")
_SCORES = {
    "nps": re.compile(r"推荐|recommend"),
    "csat": re.compile(r"满意|satisf"),
    "ces": re.compile(r"费力|省力|容易|轻松|effort|easy"),
}
_OVERALL = re.compile(r"总体|整体|总的|综合|本次|overall|ingeneral")


@dataclass(frozen=True)
class Questions:
    """Places of the columns that matter."""

    scores: dict[str, int]
    """``csat``, ``nps``, ``ces`` → place; one question each, the overall one if there are several."""
    order: int | None
    case: int | None
    code: int | None
    """The code of the invitation."""
    phone: int | None
    email: int | None
    words: tuple[int, ...]
    """Every other question, for the comment."""

    def places(self) -> set[int]:
        """Return the places of all questions whose answers are read."""
        asked = {*self.scores.values(), self.order, self.case, self.code, self.phone, self.email, *self.words}
        return {place for place in asked if place is not None}


def find_questions(header: Sequence[str], taken: Container[int], given: Container[str]) -> Questions:
    """Sort the columns of a survey by what they ask.

    ``taken`` are the places the format names itself, ``given`` the fields they fill; neither is searched again.
    """
    names = {
        place: question_text(normalise_header(name))
        for place, name in enumerate(header)
        if place not in taken and name.strip() and normalise_header(name) not in FRAME
    }
    found = {
        field: _first(names, pattern)
        for field, pattern in (
            ("order_number", _ORDER), ("case_number", _CASE), ("code", _CODE), ("phone", _PHONE),
            ("email", _EMAIL),
        )
    }  # fmt: skip
    used = set(found.values())
    names = {place: name for place, name in names.items() if place not in used and not _is_personal(name)}
    scores = {}
    for kind, pattern in _SCORES.items():
        if kind not in given and (place := _score(names, pattern)) is not None:
            scores[kind] = place
            del names[place]
    found = {field: None if field in given else place for field, place in found.items()}
    return Questions(
        scores=scores,
        order=found["order_number"],
        case=found["case_number"],
        code=found["code"],
        phone=found["phone"],
        email=found["email"],
        words=() if "comment" in given else tuple(names),
    )


def question_text(header: str) -> str:
    """Return a question without its number: ``3、您满意吗`` → ``您满意吗``."""
    return _NUMBERING.sub("", header.strip(), count=1).strip()


def _is_personal(name: str) -> bool:
    return any(pattern.search(name) for pattern in (PRIVATE, _PHONE, _EMAIL))


def _first(names: dict[int, str], pattern: re.Pattern[str]) -> int | None:
    return next((place for place, name in names.items() if pattern.search(name)), None)


def _score(names: dict[int, str], pattern: re.Pattern[str]) -> int | None:
    fitting = [place for place, name in names.items() if pattern.search(name) and not _WHY.search(name)]
    return next(
        (place for place in fitting if _OVERALL.search(names[place])), fitting[0] if fitting else None
    )
