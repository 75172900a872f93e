"""What customers speak of in surveys: sorted by words that can be read, the rest decided by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from aftersales_cli.database.survey_answers import get_comment, list_comments, set_topic
from aftersales_cli.desk.contacts import find_contacts
from aftersales_cli.desk.rule_files import WORD, WORDS, RuleEntry, load_rules, remembered
from aftersales_cli.desk.triage_rules import TriageFacts, load_triage, suggest
from aftersales_cli.errors import FileError, NotFoundError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.surveys import SurveyComment
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold, load_taxonomy

FILE_NAME = "survey_topics.toml"
_KEYS = {"words": WORDS, "unless": WORDS, "reason": WORD}
_PLAIN = {"zh", "en", *_KEYS, "certain"}


@dataclass(frozen=True)
class TopicHit:
    """A rule that speaks for a topic."""

    topic: str
    """Code of the reasons."""
    rule: str
    words: tuple[str, ...]
    """What it found."""


@dataclass(frozen=True)
class ListedComment:
    """A comment with its topic, or with what speaks for several."""

    answer: int
    type: str
    score: int | None
    comment: str
    """Phone numbers and addresses in it masked."""
    answered_on: str
    case_number: int | None
    topic: str
    topic_by: str
    hits: list[TopicHit]


@dataclass(frozen=True)
class SortedTopics:
    """What sorting comments did."""

    looked_at: int
    given: int
    """Comments that have a topic now."""
    left: int
    """Comments no rule knows, or several claim."""


def load_topic_rules(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    """Return the reason rules of triage.toml that ask for nothing but words, then those of survey_topics.toml.

    Raises FileError and WrongUsageError for a broken file.
    """
    known = [
        entry
        for entry in load_triage(shop_folder)
        if entry.values.keys() <= _PLAIN and "reason" in entry.values
    ]
    return (*known, *remembered(_read_topics, FILE_NAME, shop_folder))


def _read_topics(shop_folder: Path | None) -> tuple[RuleEntry, ...]:
    entries = load_rules(FILE_NAME, _KEYS, shop_folder)
    reasons = load_taxonomy("reasons", shop_folder).terms
    for entry in entries:
        entry.check_codes("reason", reasons)
        for key in ("words", "reason"):
            if not entry.values.get(key):
                raise entry.problem(key, _("is missing"), _("Give the rule words and a reason."))
    return entries


def find_topics(rules: Sequence[RuleEntry], comment: str) -> list[TopicHit]:
    """Return the rules that speak for a topic of this comment, in their order; longer words win over their parts."""
    facts = TriageFacts((comment,), kind="other", reason="", last_on=date.min)
    plain = _plain(comment)
    hits = [
        TopicHit(fired.suggests["reason"], fired.name, fired.words)
        for entry in rules
        # Most rules have nothing to say: looking for their words one by one takes fifty times as long.
        if any(_plain(word) in plain for word in entry.words("words"))
        for fired in suggest((entry,), facts).fired
    ]
    return [hit for hit in hits if not any(_covers(other, hit) for other in hits)]


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Return a text that holds a word whenever a rule finds the word in it."""
    return fold(text.replace("’", "'"))


def _covers(longer: TopicHit, shorter: TopicHit) -> bool:
    """Tell whether every word of a hit is only a part of another's: 退款太慢 says more than 太慢."""
    return all(
        any(word != whole and word.casefold() in whole.casefold() for whole in longer.words)
        for word in shorter.words
    )


def decide_topic(hits: Sequence[TopicHit]) -> str:
    """Return the topic all hits agree on; ``""`` if there is none or they disagree."""
    topics = {hit.topic for hit in hits}
    return topics.pop() if len(topics) == 1 else ""


def sort_new_comments(shop: Shop) -> SortedTopics:
    """Give comments nobody has looked at a topic where the rules agree on one. Only inside ``Shop.writing``.

    With a broken file of rules they stay as they are: no answer is lost over it, and ``surveys topics`` names it.
    """
    comments = list_comments(shop.database, unseen=True)
    try:
        return _sort(shop, comments)
    except (FileError, WrongUsageError):
        return SortedTopics(len(comments), 0, len(comments))


def sort_comments_again(shop: Shop) -> SortedTopics:
    """Sort all comments anew, after the rules were changed; what people have decided stays."""
    with shop.writing("surveys.topics") as writing:
        comments = [entry for entry in list_comments(shop.database) if entry.topic_by != "person"]
        done = _sort(shop, comments)
        writing.count(given=done.given, left=done.left)
    return done


def _sort(shop: Shop, comments: Sequence[SurveyComment]) -> SortedTopics:
    rules = load_topic_rules(shop.folder) if comments else ()
    given = 0
    for entry in comments:
        topic = decide_topic(find_topics(rules, entry.comment))
        given += bool(topic)
        if (topic, "rule") != (entry.topic, entry.topic_by):
            set_topic(shop.database, entry.id, topic=topic, by="rule")
    return SortedTopics(len(comments), given, len(comments) - given)


def list_topics(shop: Shop, *, everything: bool = False) -> list[ListedComment]:
    """Return the comments that wait for a person, or all; each with the rules that speak for a topic."""
    rules = load_topic_rules(shop.folder)
    return [
        ListedComment(
            answer=entry.id,
            type=entry.type,
            score=entry.score,
            comment=_masked(entry.comment),
            answered_on=entry.answered_on,
            case_number=entry.case_number,
            topic=entry.topic,
            topic_by=entry.topic_by,
            hits=find_topics(rules, entry.comment),
        )
        for entry in list_comments(shop.database, unsorted=not everything)
    ]


def _masked(text: str) -> str:
    shown, last = "", 0
    for first, past, word in find_contacts(text):
        shown += text[last:first] + word
        last = past
    return shown + text[last:]


def assign_topic(shop: Shop, answer_id: int, word: str) -> str:
    """Say what an answer is about; ``word`` is a code or name of the reasons, ``""`` for none of them.

    Returns the code. Raises NotFoundError for an answer without words, WrongUsageError for an unknown reason.
    """
    topic = shop.taxonomy("reasons").resolve(word) if word else ""
    with shop.writing("surveys.topics", f"answer:{answer_id}"):
        if get_comment(shop.database, answer_id) is None:
            raise missing_comment(answer_id)
        set_topic(shop.database, answer_id, topic=topic, by="person")
    return topic


def missing_comment(answer_id: int) -> NotFoundError:
    """Return the error for an answer that does not exist or has no words."""
    return NotFoundError(
        _("There is no comment {id}.", id=answer_id),
        remedy=_("“aftersales surveys topics --all” shows them."),
    )
