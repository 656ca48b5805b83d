"""Saved views: an address with a name, own, shared, or where the desk starts."""

from __future__ import annotations

import pytest

from handovers.models import SavedView
from handovers.query.saved_filters import ViewRefused, save_view
from issues.query.filters import BadFilter


def test_a_view_keeps_what_the_desk_understands(manager, town):
    made = save_view(manager, "Lo mío", "?territory=1&cursor=abc&q=&evil=1&sort=-index")
    assert made.query == "territory=1&sort=-index"


def test_the_same_name_again_replaces_it(manager, town):
    save_view(manager, "Lo mío", "territory=1")
    save_view(manager, " Lo  mío ", "territory=2")
    assert list(SavedView.objects.values_list("query", flat=True)) == ["territory=2"]


def test_one_view_is_home_and_the_desk_starts_there(manager, client, town):
    save_view(manager, "Una", "territory=1", is_home=True)
    save_view(manager, "Otra", "territory=2", is_home=True)
    client.force_login(manager)
    assert client.get("/gestion/").url == "/gestion/?territory=2"
    assert client.get("/gestion/?stage=desk").status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "error"),
    [
        ("", "territory=1", ViewRefused),
        ("x" * 61, "", ViewRefused),
        ("Mala", "territory=99", BadFilter),
        ("Larga", "q=" + "x" * 350 + "&area=" + "1,1;" * 500, ViewRefused),
    ],
)
def test_what_cannot_be_a_view_is_refused(manager, town, name, query, error):
    with pytest.raises(error):
        save_view(manager, name, query)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("owner", "is_shared", "person", "seen"),
    [
        ("manager", False, "manager", True),
        ("manager", False, "other_manager", False),
        ("manager", True, "other_manager", False),
        ("manager", True, "cabinet", False),
        ("cabinet", True, "manager", True),
        ("cabinet", False, "manager", False),
    ],
)
def test_who_sees_a_view(request, town, owner, is_shared, person, seen):
    save_view(request.getfixturevalue(owner), "Vista", "", is_shared=is_shared)
    assert SavedView.objects.visible_to(request.getfixturevalue(person)).exists() == seen


def test_only_its_owner_deletes_a_view(manager, cabinet, client, town):
    made = save_view(cabinet, "Vista", "", is_shared=True)
    client.force_login(manager)
    assert client.post(f"/gestion/vistas/{made.pk}/borrar/").status_code == 404
    client.force_login(cabinet)
    assert client.post(f"/gestion/vistas/{made.pk}/borrar/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_bad_view_comes_back_with_a_sentence(manager, client, town):
    client.force_login(manager)
    answer = client.post("/gestion/vistas/", {"name": "", "query": "?a=1"}, follow=True)
    assert "Ponle un nombre" in answer.content.decode()
