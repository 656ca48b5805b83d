"""What may not stand in a log does not."""

from __future__ import annotations

import logging

import pytest

from core.discretion import Discreet, masked, told_of

HIDDEN = [
    ("para vecina.perez+mapa@correo.maipu.cl hoy", "para …@… hoy"),
    ("GET /seguir/salir/" + "a1" * 32 + "/ 500", "GET /seguir/salir/…/ 500"),
    ("GET /externo/Xk3_9-abcdefghijklmnopqrs/ 404", "GET /externo/…/ 404"),
    ("GET /quedo-reparado/Xk3_9-abcdefghijklmnopqrs/no/?x=1", "GET /quedo-reparado/…/no/?x=1"),
    ("?token=abcdefghijklmnopqrstuvwx&page=2", "?token=…&page=2"),
    ("from 192.168.7.21:4000", "from …:4000"),
    ("from 2800:3f0:4001:802::200e", "from …"),
    ("RUT 12.345.678-5 y 7654321-K", "RUT … y …"),
    ("llamar al +56 9 8765 4321", "llamar al …"),
    ("duplicate key\nDETAIL:  Key (email)=(a b) already exists.", "duplicate key\nDETAIL: …"),
    ("Failing row contains (1, Ana, Los Pinos 12).", "Failing row contains(…)"),
]
KEPT = [
    "GET /problemas/M-2026-000123/ 200",
    "chore seal_history",
    "/api/v1/issues/?territory=7&status=handed_over",
    "2026-11-30 14:05:06,120 INFO core.chores done in 0.120 s",
    "PostgreSQL 15.14 at 99%",
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_names_or_opens_is_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize("text", KEPT)
def test_what_helps_to_find_a_fault_stays(text):
    assert masked(text) == text


def test_arguments_and_tracebacks_are_masked_too():
    try:
        raise ValueError("vecina@example.cl")
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "to %s", ("vecina@example.cl",), told)
    assert Discreet().filter(record)
    text = logging.Formatter().format(record)
    assert "vecina" not in text
    assert "ValueError: …@…" in text


def test_a_fault_is_told_by_its_kind_and_its_first_line():
    assert told_of(ValueError("uno\ndos")) == "ValueError: uno"
    assert told_of(ValueError()) == "ValueError"
    assert len(told_of(ValueError("x" * 1000))) == 300
