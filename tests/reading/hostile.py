"""Hostile archives, made cheaply: a packed block is repeated, so that gigabytes cost kilobytes to write."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
WORKSHEET = (b"<worksheet><sheetData>", b"</sheetData></worksheet>")
STRING_TABLE = (b"<sst>", b"</sst>")
MEGABYTE = 1 << 20
_MOST_SUMMED = 300 * MEGABYTE


@dataclass(frozen=True)
class Part:
    """A member as its headers state it, and the packed bytes: ``head``, then ``block`` so many ``times``, ``tail``."""

    name: str
    head: bytes
    block: bytes = b""
    times: int = 0
    tail: bytes = b""
    size: int = 0
    crc: int = 0
    """0 for the greatest giants: whoever comes to compare it has read too much already."""
    flags: int = 0
    at: int | None = None
    """Offset in the file that the directory claims instead of the true one."""

    @property
    def packed_size(self) -> int:
        return len(self.head) + len(self.block) * self.times + len(self.tail)

    def header(self, mark: bytes, more: bytes = b"") -> bytes:
        fixed = struct.pack("<4H3L2H", self.flags, 8, 0, 0x5000, self.crc, self.packed_size, self.size,
                            len(self.name.encode()), 0)  # fmt: skip
        return mark + struct.pack("<H", 20) + fixed + more + self.name.encode()


def pack(data: bytes, *, last: bool = True) -> bytes:
    """Deflate on its own, so that packed pieces can follow each other."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def plain(name: str, data: bytes, **forged: int) -> Part:
    """Return an ordinary member, with some of its figures forged."""
    figures = {"size": len(data), "crc": zlib.crc32(data), **forged}
    return Part(name, pack(data), **figures)  # type: ignore[arg-type] # the figures are Part's own fields


def giant(name: str, ends: tuple[bytes, bytes], block: bytes, times: int) -> Part:
    """Return a member that unpacks to ``times`` times the block."""
    size = len(ends[0]) + len(block) * times + len(ends[1])
    crc = 0
    if size <= _MOST_SUMMED:
        crc = zlib.crc32(ends[0])
        for _ in range(times):
            crc = zlib.crc32(block, crc)
        crc = zlib.crc32(ends[1], crc)
    return Part(name, pack(ends[0], last=False), pack(block, last=False), times, pack(ends[1]), size, crc)


def write(path: Path, *parts: Part, count: int | None = None) -> Path:
    """Write an archive of exactly these parts; ``count`` forges the number of members."""
    directory = io.BytesIO()
    with path.open("wb") as file:
        for part in parts:
            at = file.tell() if part.at is None else part.at
            if part.at is None:
                file.write(part.header(b"PK\x03\x04") + part.head)
                for _ in range(part.times):
                    file.write(part.block)
                file.write(part.tail)
            directory.write(part.header(b"PK\x01\x02\x14\x00", struct.pack("<3H2L", 0, 0, 0, 0, at)))
        start, number = file.tell(), len(parts) if count is None else count
        file.write(directory.getvalue())
        number = min(number, 0xFFFF)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, directory.tell(), start, 0))
    return path


_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SKELETON = {
    "_rels/.rels": f'<Relationships><Relationship Id="rId1" Type="{_TYPES}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns:r="{_TYPES}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{_TYPES}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(path: Path, *parts: Part) -> Path:
    """Write a workbook of one sheet, sound but for the parts given."""
    return write(path, *(plain(name, text.encode()) for name, text in _SKELETON.items()), *parts)


def sheet(inside: bytes, before: bytes = b"") -> Part:
    return plain(SHEET, b'<?xml version="1.0"?>' + before + inside.join(WORKSHEET))


def noise(size: int) -> bytes:
    """Return text that packs badly, so that no ratio gives the file away; the same every time."""
    return random.Random(7).randbytes(size // 2).hex().encode()[:size]


def two_cells(last: bytes) -> Callable[[Path], Path]:
    row = last.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    inside = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%s"><c r="%s"><v>1</v></c></row>' % (row, last)
    return lambda folder: workbook(folder / "orders.xlsx", sheet(inside))


def one_text(folder: Path) -> Path:
    part = giant(STRINGS, (b"<sst><si><t>", b"</t></si></sst>"), b"a" * MEGABYTE, 4090)
    return workbook(folder / "orders.xlsx", sheet(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), part)


def shared_strings(folder: Path) -> Path:
    part = giant(STRINGS, STRING_TABLE, b"<si><t>orders and such</t></si>" * 40_000, 1500)
    return workbook(folder / "orders.xlsx", sheet(b""), part)


def many_cells(folder: Path) -> Path:
    block = b"<row>" + b'<c t="n"><v>1234567890</v></c>' * 500 + b"</row>"
    return workbook(folder / "orders.xlsx", giant(SHEET, WORKSHEET, block * 100, 1000))


def one_row(folder: Path) -> Path:
    ends = (WORKSHEET[0] + b'<row r="1">', b"</row>" + WORKSHEET[1])
    return workbook(folder / "orders.xlsx", giant(SHEET, ends, b"<c><v>1</v></c>" * 50_000, 340))


def one_row_hardly_packed(folder: Path) -> Path:
    """17 million cells again, but with enough noise between them that neither size nor ratio tells."""
    ends = (WORKSHEET[0] + b'<row r="1">', b"</row>" + WORKSHEET[1])
    block = b"<c><v>1</v></c>" * 50_000 + b"<!--" + noise(12_000) + b"-->"
    return workbook(folder / "orders.xlsx", giant(SHEET, ends, block, 340))


def laughs(folder: Path) -> Path:
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    return workbook(
        folder / "orders.xlsx", sheet(b"<row><c><v>&a9;</v></c></row>", b"<!DOCTYPE w [" + entities + b"]>")
    )


def quadratic(folder: Path) -> Path:
    entity = b'<!DOCTYPE w [<!ENTITY a "' + noise(100_000) + b'">]>'
    return workbook(
        folder / "orders.xlsx", sheet(b"<row><c><v>" + b"&a;" * 20_000 + b"</v></c></row>", entity)
    )


def foreign_file(folder: Path) -> Path:
    entity = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return workbook(folder / "orders.xlsx", sheet(b"<row><c><v>&a;</v></c></row>", entity))


def deep_xml(folder: Path) -> Path:
    block = b"".join(b'<a b="%s">' % noise(20_000)[at : at + 20] for at in range(0, 20_000, 20))
    return workbook(folder / "orders.xlsx", giant(SHEET, (WORKSHEET[0], b""), block, 200))


def repeated_text(folder: Path) -> Path:
    """One text of a megabyte that thousands of cells below a header refer to."""
    strings = plain(STRINGS, b"<sst><si><t>" + noise(MEGABYTE) + b"</t></si><si><t>order</t></si></sst>")
    header = b'<row><c t="s"><v>1</v></c></row>' * 20
    cells = b"<row>" + b'<c t="s"><v>0</v></c>' * 100 + b"</row>"
    return workbook(folder / "orders.xlsx", sheet(header + cells * 50), strings)


def overlapped(folder: Path, name: str = "orders.zip") -> Path:
    """Members that all unpack the same packed bytes."""
    data = b"order,paid\n" * 90_000
    inner = [plain(f"orders-{number}.csv", data, at=0) for number in range(1, 400)]
    return write(folder / name, plain("orders-0.csv", data), *inner)


def forged_small(folder: Path) -> Path:
    data = b"order,paid\n" + noise(3 * MEGABYTE)
    return write(folder / "orders.zip", plain("orders.csv", data, size=500))


def forged_giant(folder: Path) -> Path:
    """Half a gigabyte behind a directory that admits a megabyte."""
    part = giant("orders.csv", (b"order,paid\n", b""), b"1,2\n" * (MEGABYTE // 4), 500)
    return write(
        folder / "orders.zip", Part(part.name, part.head, part.block, part.times, part.tail, MEGABYTE)
    )


def many_members(folder: Path, count: int | None = None) -> Path:
    return write(
        folder / "orders.zip", *(plain(f"{number}.csv", b"") for number in range(100_000)), count=count
    )


def many_members_denied(folder: Path) -> Path:
    return many_members(folder, count=3)


def nested(folder: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("orders.csv", "order,paid\n1,2\n")
    return write(folder / "orders.zip", plain("more.zip", inner.getvalue()))


def big_zip(folder: Path) -> Path:
    return write(folder / "orders.zip", giant("orders.csv", (b"order,paid\n", b""), noise(MEGABYTE), 401))


def well_packed_zip(folder: Path) -> Path:
    return write(folder / "orders.zip", giant("orders.csv", (b"order,paid\n", b""), b" " * MEGABYTE, 300))


def many_columns(folder: Path) -> Path:
    path = folder / "orders.csv"
    path.write_bytes((b"," * 4_000_000 + b"x\n") * 10)
    return path


def many_fields(folder: Path) -> Path:
    """One csv record over a hundred lines, each ending inside quotes: no line and no field is long by itself."""
    path = folder / "orders.csv"
    path.write_bytes(b"order,paid\n" + (b"a," * 150_000 + b'"\n",') * 490)
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "two cells, the last one there is": (two_cells(b"XFD1048576"), "beyond column ZZ"),
    "two cells, a million rows apart": (two_cells(b"CV1048576"), "far below"),
    "one text of 4 GB": (one_text, "400 MB"),
    "60 million shared strings": (shared_strings, "400 MB"),
    "50 million cells": (many_cells, "400 MB"),
    "one row of 17 million cells": (one_row, "200 times"),
    "the same row, hardly packed": (one_row_hardly_packed, "beyond column ZZ"),
    "billion laughs": (laughs, "entities"),
    "quadratic blow-up": (quadratic, "entities"),
    "an entity that reads a file": (foreign_file, "entities"),
    "deep xml": (deep_xml, "damaged or hostile|no table"),
    "one long text in many cells": (repeated_text, "damaged or hostile|no table"),
    "overlapping members": (overlapped, "damaged"),
    "forged small size": (forged_small, "damaged"),
    "forged size of a giant": (forged_giant, "damaged"),
    "100,000 members": (many_members, "2000 parts"),
    "100,000 members, three admitted": (many_members_denied, "2000 parts"),
    "an archive within an archive": (nested, "archive itself"),
    "an archive of 401 MB": (big_zip, "400 MB"),
    "an archive packed 1000 times": (well_packed_zip, "200 times"),
    "a csv line of four million commas": (many_columns, "200000 columns"),
    "a csv record of seventy million fields": (many_fields, "do not balance"),
}
"""Shape → what makes it in a folder, and what the refusal says."""
