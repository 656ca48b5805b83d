"""Addresses that programs try first: the icon by its old name, the root of the interface."""

from __future__ import annotations


def test_the_icon_is_found_by_its_old_name(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<svg")


def test_the_root_of_the_interface_names_its_parts(client, town):
    parts = client.get("/api/v1/").json()
    assert parts["issues"] == "http://testserver/api/v1/issues/"
    assert {name: client.get(url).status_code for name, url in parts.items()} == dict.fromkeys(parts, 200)
