"""How texts and questions become words of the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales_cli.database.search_text import (
    BOUNDARY,
    MOST_PHRASES,
    find_hits,
    index_text,
    match_expression,
    read_query,
    split_words,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("退款，破损", "退 款 | 破 损"),
        ("退款 破损", "退 款 | 破 损"),
        ("退款！！！……破损", "退 款 | 破 损"),
        ("iPhone13手机壳 OK", "iphone13 手 机 壳 ok"),
        ("Café ÉTÉ Straße", "cafe ete strasse"),
        ("cafe\u0301", "cafe"),
        ("ＡＢＣ１２", "abc12"),
        ("don't", "don | t"),
        ("SO-2026-001", "so | 2026 | 001"),
        ("not\nworking", "not working"),
        ("  ", ""),
        ("😀", "|"),
    ],
)
def test_a_text_becomes_folded_words_and_single_characters(text: str, words: str) -> None:
    assert " ".join(word.text for word in split_words(text)).replace(BOUNDARY, "|") == words


def test_every_word_knows_the_characters_it_stands_for() -> None:
    text = "Café坏了，ＡＢ"
    shown = [text[word.start : word.end] for word in split_words(text) if word.text != BOUNDARY]
    assert shown == ["Café", "坏", "了", "ＡＢ"]


@pytest.mark.parametrize(
    ("question", "expression"),
    [
        ("退", '"退"'),
        ("退款 refund", '"退 款" AND "refund" *'),
        ('"not working"', '"not working"'),
        ("“退款”", '"退 款"'),
        ("退款 -破损 -late", '("退 款") NOT ("破 损" OR "late" *)'),
        ('退款 -"too late', '("退 款") NOT ("too late")'),
        ("退款 AND NOT OR", '"退 款" AND "and" * AND "not" * AND "or" *'),
        ("NEAR(a b)", f'"near {BOUNDARY} a" * AND "b" *'),
        ("words:x^2*", f'"words {BOUNDARY} x {BOUNDARY} 2" *'),
        ("退款。", '"退 款"'),
        ("退款 退款", '"退 款"'),
        ("* ' ; --", ""),
        ('"', ""),
        ("-破损", ' NOT ("破 损")'),
    ],
)
def test_a_question_has_no_syntax_but_quotes_and_minus(question: str, expression: str) -> None:
    query = read_query(question)
    assert (match_expression(query) if query.wanted else "") == (expression if query.wanted else "")
    assert bool(query.wanted) is (expression not in {"", ' NOT ("破 损")'})


def test_words_beyond_the_first_do_not_count() -> None:
    assert len(read_query(" ".join(map(str, range(1000)))).wanted) == MOST_PHRASES


def test_texts_of_a_case_are_kept_apart() -> None:
    assert index_text(["退", "款。", "。", ""]).replace(BOUNDARY, "|") == "退 | 款 |"


MIXED = st.text(
    alphabet=st.one_of(st.sampled_from("退款，a1 \n\u3000\u200b\u0301-"), st.characters()), max_size=60
)


@given(MIXED)
def test_the_quick_way_of_writing_finds_the_same_words(text: str) -> None:
    assert index_text([text]) == " ".join(word.text for word in split_words(text))


def test_hits_are_places_in_the_text() -> None:
    text = "要退款！Refunded? 退款"
    split = split_words(text)
    query = read_query("退款 refund")
    found = [text[start:end] for phrase in query.wanted for start, end in find_hits(split, phrase)]
    assert found == ["退款", "退款", "Refunded"]
