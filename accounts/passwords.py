"""Which passwords may be: long, in no list of common ones, and not made of the words of this house.

As NIST SP 800-63B asks: no rules about kinds of letters, no expiry, any letter, spaces too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from accounts.models import Department, Role, User
from territories.models import Territory

# Guesses, as a power of ten, that a program needs which knows common passwords, names, years and our words.
LEAST_GUESSES_LOG10 = 10
# More is not looked at: the time grows with the square, and so much is strong anyway.
LOOKED_AT = 72
# What people here think of first.
# fmt: off
HOUSE_WORDS = [
    "mapa", "barrial", "contraseña", "clave", "secreto", "usuario", "municipalidad", "municipio",
    "alcaldia", "alcalde", "comuna", "barrio", "vecino", "vecina", "vecinos", "vecinas", "caminata",
    "reunion", "direccion", "gestion", "administrador", "administradora", "equipo", "facilitador",
    "facilitadora", "facilitacion", "enero", "febrero", "marzo", "abril", "mayo",
    "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "lunes", "martes",
    "miercoles", "jueves", "viernes", "hola", "bienvenido", "bienvenida",
]
# fmt: on


class NotGuessable:
    """Django's password validator of the house."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that a program would guess."""
        if guesses_log10(password, [*house_words(), *_own_words(user)]) < LEAST_GUESSES_LOG10:
            raise ValidationError(
                _(
                    "Esta contraseña se adivina fácil: es común, o lleva palabras de aquí y un año. Prueba "
                    "con cuatro palabras que no tengan que ver entre sí."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What a person should do."""
        return _("Lo más fácil: cuatro palabras que no tengan que ver entre sí. No hacen falta signos raros.")


def guesses_log10(password: str, known: Iterable[str]) -> float:
    """How many guesses a program needs that knows such words, as a power of ten."""
    words = {_plain(word) for word in known if word}
    joined = {word.replace(" ", "") for word in words}
    parts = {part for word in words for part in word.split() if len(part) > 2}
    looked_at = _plain(password[:LOOKED_AT])
    if not looked_at:
        return 0.0
    return float(zxcvbn(looked_at, user_inputs=sorted(words | joined | parts))["guesses_log10"])


def house_words() -> list[str]:
    """The commune, its neighbourhoods and offices, the roles, and what people here think of first."""
    return [
        settings.COMMUNE_NAME,
        *settings.TIME_ZONE.split("/"),
        *HOUSE_WORDS,
        *map(str, Role.labels),
        *Territory.objects.current().values_list("name", flat=True),
        *Department.objects.values_list("name", flat=True),
    ]


def _own_words(user: User | None) -> list[str]:
    if user is None:
        return []
    return [user.username, user.first_name, user.last_name, *user.email.split("@")]


def _plain(text: str) -> str:
    """Without capitals and accents, which people add last."""
    taken_apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
