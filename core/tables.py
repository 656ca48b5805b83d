"""Tables that people keep in spreadsheets and save as CSV: which letters they are, which rows count."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from core import letters
from core.text import AROUND, TextRefused, one_line

MAX_BYTES = 5_000_000
# What spreadsheets write beside UTF-8: on Windows, on a Mac, as «CSV (MS-DOS)».
OLD_CODECS = ("cp1252", "mac_roman", "cp850")
SMALL, CAPITAL = "áéíóúüñ", "ÁÉÍÓÚÜÑ"
OPENING, CLOSING, DASHES = "“‘«¿¡", "”’»", "–—"


class TableRefused(ValueError):
    """A file that cannot be taken as it is; the text is one sentence that names the line or the letter."""


class Table:
    """The rows of a CSV file under its heading, «;» or «,»; rows of empty cells are none."""

    def __init__(self, path: Path) -> None:
        text = decoded(_bytes_of(path))
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") >= first.count(",") else ","
        self._reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self.columns = tuple(self._kept(name) for name in self._heading())
        self._reader.fieldnames = self.columns

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The number of each row's line in the file, and its cells by column. Raises TableRefused."""
        try:
            for row in self._reader:
                cells = self._cells(row)
                if any(cells.values()):
                    yield self._reader.line_num, cells
        except csv.Error as error:
            raise self._refused(_("mal escrita, revisa las comillas.")) from error

    def _cells(self, row: dict[str | None, str | None]) -> dict[str, str]:
        if any(map(str.strip, row.pop(None, None) or ())):
            raise self._refused(_("tiene más celdas que columnas."))
        return {str(name): self._kept(value or "") for name, value in row.items()}

    def _heading(self) -> Sequence[str]:
        try:
            return self._reader.fieldnames or ()
        except csv.Error as error:
            raise self._refused(_("mal escrita, revisa las comillas.")) from error

    def _kept(self, cell: str) -> str:
        try:
            return one_line(cell)
        except TextRefused as refused:
            raise self._refused(str(refused)) from refused

    def _refused(self, why: str) -> TableRefused:
        return TableRefused(_("Línea %(line)s: %(why)s") % {"line": self._reader.line_num, "why": why})


def decoded(raw: bytes) -> str:
    """The letters of a file, which does not say how it writes them. Raises TableRefused when unsure."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(raw, "utf-16") or _no_text()
    if b"\x00" in raw:
        return _no_text()
    text = _strictly(raw, "utf-8-sig")
    return _old(raw) if text is None else text


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableRefused(_("El archivo pesa más de 5 MB: no parece el correcto."))
        return path.read_bytes()
    except OSError as error:
        raise TableRefused(_("No se puede leer %(path)s.") % {"path": path}) from error


def _no_text() -> str:
    raise TableRefused(_("El archivo no es texto: guárdalo como CSV."))


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _old(raw: bytes) -> str:
    """The one old codec in which every letter stands where Spanish puts it."""
    read = {codec: raw.decode(codec, "replace") for codec in OLD_CODECS}
    odd = {codec: _first_odd(text) for codec, text in read.items()}
    fitting = {read[codec] for codec in OLD_CODECS if odd[codec] is None}
    if len(fitting) == 1:
        return fitting.pop()
    at = _first_differing(fitting) if fitting else max(place for place in odd.values() if place is not None)
    raise TableRefused(
        _("Línea %(line)s: en «%(near)s» no se sabe qué letra es (%(readings)s). Guarda el archivo en UTF-8.")
        % _told(read, raw, at)
    )


def _told(read: dict[str, str], raw: bytes, at: int) -> dict[str, object]:
    readings = dict.fromkeys(text[at] for text in read.values())
    start = max(raw.rfind(b"\n", 0, at) + 1, at - AROUND)
    return {
        "line": raw[:at].count(b"\n") + 1,
        "near": read["cp1252"][start : at + AROUND].partition("\n")[0].strip(),
        "readings": ", ".join(letters.name_of(letter) for letter in readings),
    }


def _first_odd(text: str) -> int | None:
    places = (at for at, letter in enumerate(text) if not letter.isascii())
    return next((at for at in places if not _stands_well(text, at)), None)


def _first_differing(texts: set[str]) -> int:
    return next(at for at, here in enumerate(zip(*texts, strict=True)) if len(set(here)) > 1)


def _stands_well(text: str, at: int) -> bool:
    """Whether Spanish writes this letter between these two neighbours."""
    before, letter, after = text[at - 1 : at] or " ", text[at], text[at + 1 : at + 2] or " "
    if letter in SMALL:
        return not after.isupper() and (before.isalpha() or after.isalpha())
    if letter in CAPITAL:
        return not before.islower() and (before.isalpha() or after.isalpha())
    if letter in "’–" and before.isalpha() and after.isalpha():
        return True
    if letter in OPENING:
        return not before.isalnum() and after.isalnum()
    if letter in CLOSING:
        return not before.isspace() and not after.isalnum()
    if letter in DASHES:
        return before.isspace() == after.isspace() and not after.isalpha()
    return letter in "º°ª" and (before.isalnum() or before == ".") and not after.isalpha()
