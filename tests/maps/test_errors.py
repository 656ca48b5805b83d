"""Errors say what to do, as a page for people and as JSON for programs."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from psycopg.errors import DiskFull

from maps import error_views


@pytest.mark.parametrize("address", ["/nada/", "/problemas/M-2026-999999/", "/barrios/atlantis/"])
def test_a_missing_page_is_a_designed_page(client, town, address):
    answer = client.get(address)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "No encontramos esta página" in text
    assert "<nav" in text


@pytest.mark.parametrize("address", ["/api/v1/nada/", "/ogc/nada", "/tiles/nada"])
def test_a_missing_address_for_programs_is_json(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert list(answer.json()) == ["detail"]


def test_a_program_says_what_it_reads(client, db):
    assert client.get("/nada/", headers={"Accept": "application/json"}).json()["detail"]


def test_an_expired_form_is_explained(user_client_with_checks, facilitator):
    answer = user_client_with_checks.post("/entrar/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "Esta página venció" in answer.content.decode()


@pytest.mark.parametrize("address", ["/gestion/lote/", "/gestion/vistas/"])
def test_the_address_of_a_form_tells_how_to_reach_it(client, manager, address):
    client.force_login(manager)
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Aquí solo llegan formularios" in answer.content.decode()
    program = client.get(address, headers={"Accept": "application/json"})
    assert (program.status_code, list(program.json())) == (405, ["detail"])


@pytest.fixture
def user_client_with_checks(db) -> Client:
    """A client that is asked for the form's token like a browser."""
    return Client(enforce_csrf_checks=True)


def answer_to(error: Exception, path: str = "/"):
    """What the 500 handler says while an error is being handled."""
    try:
        raise error
    except type(error):
        return error_views.server_error(RequestFactory().get(path))


def test_a_failure_is_a_page_that_asks_the_database_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = answer_to(RuntimeError("secreto interno"))
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in answer.content.decode()
    assert "secreto" not in answer.content.decode()


def test_a_silent_database_is_a_503_with_when_to_come_back():
    answer = answer_to(OperationalError("no route"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Volvemos en un momento" in answer.content.decode()


def test_a_database_without_room_is_told_as_a_full_disk():
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull()
    answer = answer_to(error)
    assert answer.status_code == 507
    assert "El disco del municipio está lleno" in answer.content.decode()


def test_a_silent_database_is_json_for_programs():
    answer = answer_to(OperationalError("no route"), "/api/v1/issues/")
    assert answer.status_code == 503
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize(("form", "kind"), [("xml", "text/xml"), ("json", "application/json")])
def test_a_silent_database_is_told_to_open311_in_the_asked_format(form, kind):
    answer = answer_to(OperationalError("no route"), f"/open311/v2/requests.{form}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    text = answer.content.decode()
    assert "La base de datos no responde." in text
    assert ("<errors><error><code>503</code>" if form == "xml" else '[{"code": "503"') in text


def silent(*_query: object) -> None:
    raise OperationalError("no route")


@pytest.mark.parametrize("kind", ["csv", "geojson", "xlsx", "gpkg"])
def test_a_silent_database_gives_no_half_of_a_file(db, kind):
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(silent):
        answer = client.get(f"/datos/problemas.{kind}")
    assert (answer.status_code, list(answer.json())) == (503, ["detail"])


@pytest.mark.parametrize(("view", "status"), [(error_views.bad_request, 400), (error_views.forbidden, 403)])
def test_refusals_have_their_page(rf, db, view, status):
    answer = view(rf.get("/"))
    assert answer.status_code == status
    assert "Ir al mapa" in answer.content.decode()
