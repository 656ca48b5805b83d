"""How a command ends that could not be done: in one sentence, never in the program's own words.

`--traceback`, Django's own option, shows these too.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, execute_from_command_line
from django.db import Error, ProgrammingError
from django.utils.translation import gettext as _
from procrastinate.exceptions import ConnectorException

from core.discretion import told_of

INTERRUPTED = 130
AWAY = (Error, psycopg.Error, ConnectorException)


def run(words: Sequence[str], execute: Callable[[list[str]], None] = execute_from_command_line) -> None:
    """Do what a command line says; what goes wrong leaves one sentence and its exit status."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        execute(list(words))
    except KeyboardInterrupt:
        _end(_("Interrumpido: lo que ya estaba guardado queda."), INTERRUPTED)
    except Exception as error:
        if "--traceback" in words:
            raise
        _end(sentence_of(error), 1)


def sentence_of(error: Exception) -> str:
    """What a person is told of a fault, without what people wrote and without passwords."""
    if isinstance(error, ImproperlyConfigured | CommandError):
        return str(error)
    return _told(error) % {"what": told_of(error)}


def _told(error: Exception) -> str:
    if isinstance(error, ProgrammingError):
        return _("A esta base de datos le falta algo: ejecuta «manage.py migrate». (%(what)s)")
    if isinstance(error, AWAY):
        return _("La base de datos no responde o no aceptó el cambio: no se guardó nada. (%(what)s)")
    if isinstance(error, OSError):
        return _("No se pudo leer o escribir un archivo. (%(what)s)")
    return _("Se detuvo por una falla del programa; con --traceback se ve dónde. (%(what)s)")


def _end(sentence: str, status: int) -> None:
    sys.stderr.write(f"✗ {sentence}\n")
    sys.exit(status)
