"""Mend the ``="…"`` that Taobao and Excel tricks leave in csv files, before the csv reader sees them."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

MARK = '="'
"""Only lines that contain this can need mending."""


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark = re.escape(delimiter)
    # Without delimiter or quote inside, this spelling is never part of valid csv: quick and safe anywhere.
    plain = rf'(?:(?<={mark})|^)(?:="([^"\r\n{mark}]+)"|"="([^"\r\n{mark}]+)"")(?=[{mark}\r\n]|\Z)'
    # Field by field, for the rest: ="1,2" | "="1,2"" (no delimiter first) | a quoted field | a bare field.
    field = (
        rf'="([^"\r\n]+)"(?=[{mark}\r\n]|\Z)|"="([^"\r\n{mark}][^"\r\n]*)""(?=[{mark}\r\n]|\Z)'
        rf'|("(?:[^"]|"")*(?:"|\Z))|([^{mark}\r\n]+)'
    )
    return re.compile(plain), re.compile(field)


def _quote_field(match: re.Match[str]) -> str:
    bare, wrapped = match[1], match[2]
    return f'"{bare or wrapped}"' if bare or wrapped else match[0]


def repair_line(line: str, delimiter: str, *, inside: bool = False) -> str:
    """Turn each field ``="123"`` or ``"="123""`` of one line into ``"123"``; leave valid csv as it is.

    ``inside`` says that the line begins within a quoted field of an earlier line.
    """
    plain, field = _patterns(delimiter)
    line = plain.sub(r'"\1\2"', line)
    if MARK not in line:
        return line
    start = 0
    if inside:
        end = re.match(r'(?:[^"]|"")*"?', line)
        start = end.end() if end else 0
    return line[:start] + field.sub(_quote_field, line[start:])


def repair_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Yield the lines of a csv file mended, keeping track of quoted fields that span lines."""
    inside = False
    for line in lines:
        mended = repair_line(line, delimiter, inside=inside) if MARK in line else line
        if mended.count('"') & 1:
            inside = not inside
        yield mended
