"""The frame of every page: menus by role, words of caution."""

from __future__ import annotations

import pytest

from territories.models import BoundarySet


def frame(client, address: str = "/barrios/") -> str:
    return client.get(address).content.decode()


def test_strangers_see_the_public_menu_and_the_way_in(client, town):
    text = frame(client)
    for words in ("Mapa", "Barrios", "Datos", 'href="/entrar/"', "Saltar al contenido"):
        assert words in text
    for path in ("/gestion/", "/alcaldia/", "/admin/", "/caminata/"):
        assert f'href="{path}"' not in text


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("facilitator", ["/caminata/"], ["/gestion/", "/alcaldia/", "/admin/"]),
        ("manager", ["/gestion/"], ["/caminata/", "/alcaldia/", "/admin/"]),
        ("cabinet", ["/alcaldia/", "/gestion/"], ["/caminata/", "/admin/"]),
        ("administrator", ["/admin/"], []),
    ],
)
def test_each_role_sees_its_work(client, request, town, who, seen, unseen):
    client.force_login(request.getfixturevalue(who))
    text = frame(client)
    assert all(f'href="{path}"' in text for path in seen)
    assert not any(f'href="{path}"' in text for path in unseen)


@pytest.mark.parametrize("is_approximate", [True, False])
@pytest.mark.parametrize("address", ["/", "/barrios/"])
def test_approximate_boundaries_are_said_to_be_so(client, town, address, is_approximate):
    BoundarySet.objects.update(is_approximate=is_approximate)
    assert ("límites aproximados, no oficiales" in frame(client, address)) == is_approximate


@pytest.mark.parametrize("is_demo", [True, False])
@pytest.mark.parametrize("address", ["/", "/barrios/"])
def test_a_demo_says_that_it_is_one(client, town, settings, address, is_demo):
    settings.DEMO = is_demo
    assert ("Datos de demostración" in frame(client, address)) == is_demo


def test_where_one_stands_is_marked(client, town):
    assert 'href="/barrios/" aria-current="page"' in frame(client, "/barrios/norte/")
