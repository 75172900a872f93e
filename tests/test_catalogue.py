"""Both languages are complete: every text has an idiomatic Chinese one, with the same names to fill in."""

import re
import string

import click
import pytest

from aftersales_cli.language import use_language
from tests.catalogue import MO, compiled, needed_messages, read_catalogue, walk_commands

HAN = re.compile("[㐀-鿿]")


def _names(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_text_is_translated_and_nothing_is_left_over() -> None:
    found = {entry.id for entry in read_catalogue() if entry.id}
    assert found == needed_messages()


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _is_right(source: tuple[str, ...], translation: tuple[str, ...]) -> bool:
    """Tell whether all forms are there, with the names of the source and no others."""
    wanted = _names(source[-1])
    return all(target and (_names(target) == wanted or len(source) > 1) for target in translation) and not (
        set().union(*map(_names, translation)) - set().union(*map(_names, source))
    )


def test_every_translation_is_there_and_keeps_the_names_to_fill_in() -> None:
    wrong = [
        entry.id
        for entry in read_catalogue()
        if entry.id and not _is_right(_forms(entry.id), _forms(entry.string))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_in_step() -> None:
    assert compiled(read_catalogue()) == MO.read_bytes()


def test_no_translation_is_just_the_english_text() -> None:
    same = [
        entry.id
        for entry in read_catalogue()
        if isinstance(entry.id, str) and entry.id == entry.string and re.search("[a-z]{4}", entry.id)
    ]
    assert same == []


@pytest.mark.parametrize(("path", "command"), list(walk_commands()), ids=lambda value: str(value)[:40])
def test_every_command_explains_itself_in_both_languages(path: str, command: click.Command) -> None:
    pages = {}
    for language in ("en", "zh"):
        use_language(language)
        with click.Context(command, info_name=path or "aftersales") as context:
            pages[language] = command.get_help(context)
    assert command.help
    assert not HAN.search(pages["en"].split("Example")[0].replace("中文", "")) or "例" in pages["zh"]
    assert len(HAN.findall(pages["zh"])) > 12
    if not isinstance(command, click.Group):
        assert "aftersales " + path.split(maxsplit=1)[0] in pages["en"], "no example"
        assert "aftersales " + path.split(maxsplit=1)[0] in pages["zh"], "no example"
