"""What the law has told about personal data (article 14 ter), and the register as a page and as files."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from issues.query.files import harmless
from maps.persons.fields import fields_of
from maps.persons.treatments import REGISTER, Text, Treatment

# A text that changed is another version: tests/maps/persons/test_policy.py knows the digest of each.
VERSION, SINCE = "1", dt.date(2026, 12, 1)
COLUMNS = ("code", "what", "whose", "source", "why", "basis", "seen_by", "until", "then")
TABLED = ("d", "i", "j")


@dataclass(frozen=True)
class Sentence:
    """What is told; one with a name is a promise: tests/maps/persons/test_promises.py says what holds it."""

    text: Text
    promise: str = ""


@dataclass(frozen=True)
class Item:
    """One of the twelve letters of article 14 ter."""

    letter: str
    title: Text
    sentences: tuple[Sentence, ...]

    @property
    def has_table(self) -> bool:
        """Whether the register itself is the answer."""
        return self.letter in TABLED


def _item(letter: str, title: Text, *sentences: tuple[Text, str] | Text) -> Item:
    pairs = [one if isinstance(one, tuple) else (one, "") for one in sentences]
    return Item(letter, title, tuple(Sentence(*pair) for pair in pairs))


ITEMS = (
    _item(
        "a",
        _("Política, fecha y versión"),
        (_("Guardamos lo menos posible de las personas, y el sitio cumple solo cada plazo."), "terms"),
        (_("Si este texto cambia, cambia también su versión."), "version"),
    ),
    _item("b", _("Quién responde por los datos")),
    _item("c", _("Dónde pedir o reclamar")),
    _item(
        "d",
        _("Qué datos, de quiénes, para qué y quién los ve"),
        (_("No hay ningún dato guardado fuera de este registro."), "complete"),
        _("No se venden ni se ceden a nadie."),
    ),
    _item(
        "e",
        _("Cómo se protegen"),
        (_("Quien informó se guarda aparte y no aparece en ninguna página ni archivo público."), "apart"),
        (_("El nombre, el correo y el teléfono de quien informó se guardan cifrados."), "sealed"),
        (_("Las fotos se guardan sin los datos de la cámara."), "camera"),
        (_("Una foto se publica solo si una persona del equipo la revisó."), "reviewed"),
        (_("Un problema oculto deja de estar al tiro en páginas, mapas y archivos públicos."), "hidden"),
        (_("Lo oculto por mostrar a una persona sigue oculto hasta que decide otra persona."), "delicate"),
        (_("El equipo entra con una clave y un segundo paso."), "second_step"),
        (_("La bitácora técnica no lleva correos, teléfonos ni direcciones de red."), "logs"),
        (_("Lo que se borró no vuelve con una copia de seguridad."), "ledger"),
        (_("Lo que escribes y no alcanzas a enviar no lo lee nadie más que use el mismo equipo."), "drafts"),
    ),
    _item(
        "f",
        _("Tus derechos"),
        _("Puedes pedir ver tus datos, llevártelos, corregirlos o borrarlos."),
        _("También puedes pedir que se bloqueen u oponerte a que se usen."),
        (_("Te respondemos en 30 días; el sitio cuenta los días y avisa si se pasan."), "thirty_days"),
        (_("Queda anotado quién vio tus datos y para qué solicitud."), "who_read"),
    ),
    _item(
        "g",
        _("Si no te respondemos bien o a tiempo"),
        _("Puedes reclamar ante la Agencia de Protección de Datos Personales."),
    ),
    _item(
        "h",
        _("Envío de datos a otros países"),
        (_("No se envían. Ninguna página pide nada a otros sitios."), "nobody_outside"),
    ),
    _item(
        "i",
        _("Por cuánto tiempo"),
        (
            format_lazy(
                _("Las copias de seguridad duran {days} días: después, lo borrado no está en ninguna parte."),
                days=settings.BACKUP_DAYS,
            ),
            "backups",
        ),
    ),
    _item("j", _("De dónde vienen los datos"), _("No juntamos datos de fuentes de acceso público.")),
    _item(
        "k",
        _("Cómo retirar tu consentimiento"),
        (_("Cada correo con novedades trae un enlace: con un clic se borra tu correo."), "leave"),
    ),
    _item(
        "l",
        _("Decisiones automáticas"),
        _("Ninguna decisión sobre personas es automática."),
        (_("El orden de los problemas sale de reglas públicas, sin mirar quién informó."), "order"),
    ),
)


def told() -> list[dict[str, str]]:
    """The register as plain words, in Spanish."""
    with translation.override("es"):
        return [{name: str(getattr(row, name)) for name in COLUMNS} | _places(row) for row in REGISTER]


def as_json() -> str:
    """The register of treatments with its version."""
    head = {"version": VERSION, "since": SINCE.isoformat(), "controller": settings.DATA_CONTROLLER}
    return json.dumps(head | {"treatments": told()}, ensure_ascii=False, indent=1)


def as_csv() -> str:
    """The same as a table for people: BOM, semicolons, CRLF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, "fields", "stores"], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: harmless(text) for name, text in row.items()} for row in told())
    return "\ufeff" + out.getvalue()


def as_markdown() -> str:
    """docs/privacy.md."""
    return render_to_string("maps/persons/privacy_md.txt", {"rows": told(), "days": settings.BACKUP_DAYS})


def digest() -> str:
    """SHA-256 of all that the page tells, fields and the municipality's own words apart."""
    with translation.override("es"):
        return hashlib.sha256("\n".join(_all_words()).encode()).hexdigest()


def promises() -> set[str]:
    """The names of all promises."""
    return {one.promise for item in ITEMS for one in item.sentences} - {""}


def _all_words() -> Iterator[str]:
    for item in ITEMS:
        yield from (item.letter, str(item.title), *(str(one.text) for one in item.sentences))
    for row in REGISTER:
        yield from (str(getattr(row, name)) for name in COLUMNS)


def _places(row: Treatment) -> dict[str, str]:
    return {"fields": "; ".join(fields_of(row.code)), "stores": ", ".join(row.stores)}
