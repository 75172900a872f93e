"""The passes over a whole text file before its rows are trusted: its bytes, and its decoding."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.reading.opening import explain_os_error, open_binary

_BLOCK = 1 << 20
_LONGEST_LINE = 4 << 20
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class TextScan:
    """What a look at all bytes of a text file found."""

    ascii: bool
    """No byte above 127: every encoding but UTF-16 reads the file alike."""
    quotes: bool
    formulas: bool
    """``="`` occurs (or may, in UTF-16), so lines need mending."""
    lone_high_bytes: bool
    """High bytes mostly stand alone, as accents between Latin letters do, while Chinese comes in pairs."""


def _blocks(path: Path) -> Iterator[bytes]:
    with open_binary(path) as file:
        try:
            while block := file.read(_BLOCK):
                yield block
        except OSError as error:
            raise explain_os_error(path, error) from error


def _refuse_long_line(path: Path, line: int) -> FileError:
    return FileError(
        _("{file}, line {line} is longer than {size} MB.", file=path, line=line, size=_LONGEST_LINE >> 20),
        remedy=_("This is no table; check that it is the file you meant, and export it again."),
    )


def _refuse_nul(path: Path, line: int) -> FileError:
    return FileError(
        _("{file}, line {line} holds a NUL character, so the file is damaged.", file=path, line=line),
        remedy=_("Export it again; if it comes from another program, name its encoding with --encoding."),
    )


def scan_bytes(path: Path, *, wide: bool) -> TextScan:
    """Look at every byte in constant memory; FileError for NUL bytes and endless lines.

    ``wide`` says that the encoding uses two or four bytes for each character, where NUL bytes are ordinary.
    """
    ascii_only, quotes, formulas = True, wide, wide
    lone, paired, lines, open_line = 0, 0, 0, 0
    for block in _blocks(path):
        if not wide and (at := block.find(b"\0")) >= 0:
            raise _refuse_nul(path, lines + block.count(b"\n", 0, at) + 1)
        if not block.isascii():
            ascii_only = False
            for run in _HIGH_BYTES.findall(block):
                if len(run) % 2:
                    lone += 1
                else:
                    paired += 1
        quotes = quotes or b'"' in block
        formulas = formulas or b'="' in block
        last_end = max(block.rfind(b"\n"), block.rfind(b"\r"))
        open_line = len(block) - last_end if last_end >= 0 else open_line + len(block)
        lines += block.count(b"\n")
        if open_line > _LONGEST_LINE:
            raise _refuse_long_line(path, lines + 1)
    return TextScan(ascii_only, quotes, formulas, lone > paired)


def check_decoding(path: Path, encoding: str, *, guessed: bool) -> None:
    """Decode the whole file strictly in constant memory; FileError naming the line where it fails.

    A ``guessed`` gb18030 must not yield private-use characters: they are the mark of a wrong guess.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    suspicious = guessed and encoding == "gb18030"
    lines = 0
    for block in _blocks(path):
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            raise _refuse_decoding(
                path, encoding, lines + error.object.count(b"\n", 0, error.start) + 1
            ) from None
        if "\0" in text:
            raise _refuse_nul(path, lines + text.count("\n", 0, text.index("\0")) + 1)
        if suspicious and not block.isascii() and (match := _PRIVATE_USE.search(text)):
            raise _refuse_decoding(path, encoding, lines + text.count("\n", 0, match.start()) + 1)
        lines += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _refuse_decoding(path, encoding, lines + 1) from None


def _refuse_decoding(path: Path, encoding: str, line: int) -> FileError:
    return FileError(
        _("{file}, line {line} is not valid {encoding} text.", file=path, line=line, encoding=encoding),
        remedy=_("Export the file again, or name its encoding with --encoding."),
    )
