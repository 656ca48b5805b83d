"""Addresses that programs try first: the icon by its old name, the root of the interface."""

from __future__ import annotations

import pytest


def test_the_icon_is_found_by_its_old_name(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<svg")


def test_the_root_of_the_interface_names_its_parts(client, town):
    parts = client.get("/api/v1/").json()
    assert parts["issues"] == "http://testserver/api/v1/issues/"
    assert {name: client.get(url).status_code for name, url in parts.items()} == dict.fromkeys(parts, 200)


@pytest.mark.parametrize(
    "address",
    [
        "/gestion/{}/",
        "/gestion/{}/lista-corta/",
        "/externo/{}/",
        "/votar/{}/",
        "/seguir/confirmar/{}/",
        "/seguir/salir/{}/",
        "/seguir/issue/{}/",
        "/problemas/{}/",
        "/barrios/{}/",
        "/ogc/collections/{}",
        "/open311/v2/requests/{}.json",
        "/open311/v2/services/{}.xml",
    ],
)
@pytest.mark.parametrize("piece", ["%00", "a%00b", "%FF", "%ED%A0%80", "x" * 5000, "..%2f..%2fetc%2fpasswd"])
def test_a_hostile_piece_of_an_address_is_no_server_error(client, cabinet, address, piece):
    client.force_login(cabinet)
    client.raise_request_exception = False
    assert client.get(address.format(piece)).status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        "",
        "territories/",
        "territories/at/?lat=-33.51&lng=-70.79",
        "map/",
        "map/orientation/",
        "search/?q=a",
        "issues/",
    ],
)
def test_head_answers_like_get(client, town, address):
    asked, looked = client.head(f"/api/v1/{address}"), client.get(f"/api/v1/{address}")
    assert (asked.status_code, asked.content) == (looked.status_code, b"")
