"""The picture of a shared link: small, drawn here, only of what everyone may see."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from issues.models import Issue, Visibility
from issues.statuses import MARKS as SHOWN
from maps.outside.cards import HEIGHT, MARKS, WIDTH, Card, _font, as_png, wrapped
from tests.maps.conftest import gazetteer

__all__ = ["gazetteer"]
MOST_BYTES = 60 * 1024
SHARED = re.compile(r'<meta property="og:image" content="http://testserver([^"]+)">')


def picture(client, address: str) -> Image.Image:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert len(answer.content) <= MOST_BYTES
    return Image.open(io.BytesIO(answer.content))


def test_each_page_names_its_picture_and_the_picture_is_there(client, story, gazetteer):
    pages = [
        f"/problemas/{story.issue.reference}/",
        "/barrios/norte/",
        f"/listas/{story.ranked_list.number}/",
    ]
    for page in pages:
        (card,) = SHARED.findall(client.get(page).content.decode())
        assert picture(client, card).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.STAFF, Visibility.DRAFT])
@pytest.mark.parametrize("visitor", [None, "cabinet", "facilitator"])
def test_what_is_not_public_has_no_picture_for_anyone(client, request, issue, visibility, visitor):
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="other")
    if visitor:
        client.force_login(request.getfixturevalue(visitor))
    assert client.get(f"/problemas/{issue.reference}/tarjeta.png").status_code == 404


def test_its_page_names_none_for_who_may_still_see_it(client, issue, cabinet):
    Issue.objects.filter(pk=issue.pk).update(visibility=Visibility.STAFF)
    client.force_login(cabinet)
    page = client.get(f"/problemas/{issue.reference}/")
    assert page.status_code == 200
    assert not SHARED.search(page.content.decode())


@pytest.mark.parametrize("path", ["barrios/atlantis", "listas/99", "problemas/M-2026-999999"])
def test_what_never_was_has_no_picture(client, town, path):
    assert client.get(f"/{path}/tarjeta.png").status_code == 404


def test_a_hidden_picture_leaves_other_caches_with_the_page(client, issue):
    assert client.get(f"/problemas/{issue.reference}/tarjeta.png")["Cache-Control"] == "public, max-age=10"


@pytest.mark.parametrize(
    "title", ["", "x" * 300, "Hoyo 🕳️ en la calle", "مرحبا", "\u202eal revés", "a\n\tb", "ṉ ṯ ḻ"]
)
def test_any_title_is_drawn_and_stays_small(title):
    made = as_png(
        Card("Mapa", title, title, title, "new", (-70.8, -33.5, -70.79, -33.49), [], [(-70.795, -33.495)])
    )
    assert Image.open(io.BytesIO(made)).size == (WIDTH, HEIGHT)
    assert len(made) <= MOST_BYTES


@given(st.text(max_size=120))
def test_no_line_is_wider_than_its_place(text):
    pen, font = ImageDraw.Draw(Image.new("1", (1, 1))), _font(1, 50)
    for line in wrapped(pen, text, font, 500):
        assert pen.textlength(line, font) <= 500


def test_every_mark_has_its_colour():
    assert set(MARKS) == {mark.name for mark in SHOWN}
