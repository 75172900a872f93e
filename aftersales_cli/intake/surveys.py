"""Take in survey answers: 问卷星 (wjx), Google Forms, or any table mapped by hand."""

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from aftersales_cli.clock import local_day
from aftersales_cli.customers.surveys.following import follow_up_low_scores
from aftersales_cli.customers.surveys.topics import sort_new_comments
from aftersales_cli.database.keyed_rows import NEW, OLDER, UNCHANGED, UPDATED, KeyedRows
from aftersales_cli.database.other_files import (
    SURVEY_ANSWERS,
    join_other_rows,
)
from aftersales_cli.database.survey_answers import look_again, settle_answered
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.contact_cells import order_number_in
from aftersales_cli.intake.converters import BAD_TIME, CellError
from aftersales_cli.intake.other_rows import OtherFile, OtherResult, OtherWarning, in_column, read_rows
from aftersales_cli.intake.scores import NO_SCORE, SCALES, is_skipped, parse_score
from aftersales_cli.intake.survey_links import find_links, is_only_code
from aftersales_cli.intake.survey_questions import Questions, find_questions, question_text
from aftersales_cli.intake.survey_times import moment_converter
from aftersales_cli.intake.vocabulary import normal
from aftersales_cli.language import N_
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.records.feedback import SurveyAnswer

if TYPE_CHECKING:
    from aftersales_cli.intake.formats import Format

NOTHING_ANSWERED = N_("no question was answered")

_PROBLEM = re.compile(r"描述|问题|诉求|problem|issue|describe|description|happened|wrong")
_TYPES = ("csat", "nps", "ces")


def take_surveys(file: OtherFile) -> OtherResult:
    """Store the answers of a survey file; its storefront is None where the user named none.

    A row is one respondent and gives an answer per scale (csat, nps, ces), or a comment alone. What it is
    about follows from the code of an invitation, a case number, an order number (also one that arrives later) or an
    exact contact. A low score opens a callback.
    """
    result, reader = OtherResult(), SurveyReader(file)
    with file.shop.writing("orders.import") as writing:
        rows = list(read_rows(file.table, reader.read, result, needed=reader.needed))
        as_of = max((row[0].answered_at for row in rows), default="")
        rows_of, older = KeyedRows(file.shop.database, file.import_id), 0
        for answers in rows:
            outcomes = {rows_of.store(SURVEY_ANSWERS, replace(answer, as_of=as_of)) for answer in answers}
            older += OLDER in outcomes
            result.count(_of_row(outcomes))
        join_other_rows(file.shop.database)
        settle_answered(file.shop.database)
        look_again(file.shop.database, file.import_id)
        sort_new_comments(file.shop)
        follow_ups = follow_up_low_scores(file.shop)
        writing.count(survey_new=result.new, survey_updated=result.updated, follow_ups=follow_ups)
    if rows and not reader.has_score_question:
        result.warnings.append(OtherWarning("no_score_question", "", "", 1))
    result.warn("unknown_word", reader.unknown)
    result.warnings += reader.numbers_only()
    result.warn_older(older)
    return result


def _of_row(outcomes: set[str]) -> str:
    if outcomes == {NEW}:
        return NEW
    return UPDATED if outcomes & {NEW, UPDATED} else UNCHANGED


class SurveyReader:
    """Reads the respondents of one file."""

    def __init__(self, file: OtherFile) -> None:
        columns, self._header = Columns(file.format, file.header), file.header
        self._shop, self._source, self._storefront, self._own = (
            file.shop,
            file.format.code,
            file.storefront,
            file.own_words,
        )
        given, found = _ask(columns)
        taken = {place for places in given.values() for place in places}
        self._questions = _merged(found, given)
        self.has_score_question = bool(self._questions.scores)
        self._comment = given.get("comment") or list(found.words)
        self.needed = frozenset(self._questions.places() | taken)
        self._time_column = next(iter(given.get("answered_at", ())), 0)
        self._moment = in_column(
            self._header[self._time_column], moment_converter(file.zone, file.format.slashes)
        )
        self._respondent = columns.text("survey", "respondent")
        self._seen: Counter[str] = Counter()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._only_numbers = file.format.code == "survey.wjx"
        self._answered = 0

    def read(self, row_number: int, cells: Cells) -> list[SurveyAnswer]:
        """Return a respondent's answers; raises RowError."""
        del row_number
        answered_at = self._moment(cells[self._time_column])
        if answered_at is None:
            raise RowError(self._header[self._time_column], BAD_TIME)
        scores, unread = self._scores(cells)
        comment = self._words(cells, unread)
        if not scores and not comment:
            raise RowError("", NOTHING_ANSWERED)
        self._answered += 1
        order_number = self._order_number(cells)
        linked = find_links(self._shop.database, self._questions, cells, answered_at)
        key = self._row_key(cells, answered_at)
        answers: list[SurveyAnswer] = []
        given: dict[str, int | None] = {**scores} or {"comment": None}
        for kind, score in given.items():
            place = self._questions.scores.get(kind)
            answers.append(
                SurveyAnswer(
                    type=kind,
                    score=score,
                    # Said once, whatever the number of scores.
                    comment="" if answers else comment,
                    source=self._source,
                    answered_at=answered_at,
                    answered_on=local_day(answered_at, self._shop.zone).isoformat(),
                    storefront_id=self._storefront.id if self._storefront else None,
                    order_external_id=order_number,
                    case_number=linked.case_number,
                    customer_id=linked.customer_id,
                    agent_id=linked.agent_id,
                    question="" if place is None else question_text(self._header[place]),
                    row_key=key,
                    linked_by=linked.how,
                    as_of="",
                    invite_id=linked.invite_id,
                )
            )
        return answers

    def numbers_only(self) -> list[OtherWarning]:
        """Return a warning if every answer of the whole file was a bare number, maybe that of an option."""
        place = self._questions.scores.get("csat")
        if not self._only_numbers or not self._answered or place is None:
            return []
        return [OtherWarning("option_numbers", "survey.csat", self._header[place].strip(), 1)]

    def _scores(self, cells: Cells) -> tuple[dict[str, int], list[int]]:
        """Return the scores given, and the places whose words are no score."""
        scores, unread = {}, []
        for kind, place in self._questions.scores.items():
            self._look_for_text(cells[place])
            try:
                score = self._own_score(kind, cells[place])
                if score is None:
                    score = parse_score(kind, cells[place])
            except CellError as error:
                if error.reason != NO_SCORE:
                    raise RowError(self._header[place], error.reason) from error
                self.unknown[f"survey.{kind}", clean_cell(cells[place])] += 1
                unread.append(place)
                continue
            if score is not None:
                scores[kind] = score
        return scores, unread

    def _own_score(self, kind: str, cell: str) -> int | None:
        words = self._own.get(f"survey.{kind}", {})
        found = next((code for word, code in words.items() if normal(word) == normal(cell)), None)
        lowest, highest = SCALES[kind]
        return int(found) if found and found.isdigit() and lowest <= int(found) <= highest else None

    def _words(self, cells: Cells, unread: list[int]) -> str:
        """Return what was said in words: a single answer as it is, several with their questions."""
        said = []
        for place in sorted({*self._comment, *unread}):
            text = clean_cell(cells[place]).replace("┋", ", ")
            if not is_skipped(text) and not is_only_code(text):
                self._look_for_text(text)
                said.append((question_text(self._header[place]), text))
        if len(self._comment) == 1 and len(said) == 1 and not unread:
            return said[0][1]
        return "\n".join(f"{question}: {text}" for question, text in said)

    def _look_for_text(self, cell: str) -> None:
        text = clean_cell(cell)
        if not is_skipped(text) and not text.replace(", ", "").isdigit():
            self._only_numbers = False

    def _order_number(self, cells: Cells) -> str:
        if self._questions.order is None or is_skipped(cells[self._questions.order]):
            return ""
        try:
            return order_number_in(cells[self._questions.order])
        except CellError as error:
            raise RowError(self._header[self._questions.order], error.reason) from error

    def _row_key(self, cells: Cells, answered_at: str) -> str:
        key = f"{self._source}|{self._respondent(cells) or ''}|{answered_at}"
        self._seen[key] += 1
        # Forms without numbers: people who answered in the same second.
        return f"{key}|{self._seen[key]}"


def names_orders(fmt: "Format", header: list[str]) -> bool:
    """Tell whether a survey asks for the number of order, case or invitation, so that its answers find their storefront."""
    given, found = _ask(Columns(fmt, header))
    asked = _merged(found, given)
    return asked.order is not None or asked.case is not None or asked.code is not None


def asks_for_help(fmt: "Format", header: list[str]) -> bool:
    """Tell whether what a shipped format takes for a survey asks for an order and a problem, but for no score."""
    if not fmt.code.startswith("survey."):
        return False
    given, found = _ask(Columns(fmt, header))
    asked = _merged(found, given)
    return (
        not asked.scores
        and asked.order is not None
        and any(_PROBLEM.search(normalise_header(header[place])) for place in asked.words)
    )


def _ask(columns: Columns) -> tuple[dict[str, list[int]], Questions]:
    """Return the columns the format names, and those found by their words."""
    given = {field: columns.places("survey", field) for field in columns.format.columns["survey"]}
    taken = {place for places in given.values() for place in places}
    return given, find_questions(columns.header, taken, {field for field, places in given.items() if places})


def _merged(found: Questions, given: dict[str, list[int]]) -> Questions:
    """Put the columns that the format names over those found by their words."""

    def place(field: str, otherwise: int | None) -> int | None:
        return next(iter(given.get(field, ())), otherwise)

    scores = {kind: at for kind in _TYPES if (at := place(kind, found.scores.get(kind))) is not None}
    return Questions(
        scores=scores,
        order=place("order_number", found.order),
        case=place("case_number", found.case),
        code=place("code", found.code),
        phone=place("phone", found.phone),
        email=place("email", found.email),
        words=found.words,
    )
