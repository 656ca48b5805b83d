"""Photos reach the public through a person's eyes; nobody approves the pictures of the own work."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from issues.models import Issue, PhotoReview
from issues.photos.intake import add_photo
from tests.conftest import SUR


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo(issue):
    out = io.BytesIO()
    Image.new("RGB", (800, 600)).save(out, "JPEG")
    return add_photo(issue, out.getvalue(), actor=None, office="Caminata")


@pytest.mark.parametrize(
    ("who", "queue", "one"),
    [
        (None, 302, 302),
        ("facilitator", 200, 200),
        ("other_facilitator", 200, 404),
        ("manager", 403, 404),
        ("other_manager", 403, 404),
        ("cabinet", 200, 200),
        ("administrator", 200, 200),
    ],
)
def test_who_may_review(client, request, photo, who, queue, one):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get("/gestion/fotos/").status_code == queue
    assert client.get(f"/gestion/fotos/{photo.pk}/").status_code == one
    assert client.post(f"/gestion/fotos/{photo.pk}/", {"verdict": "x"}).status_code in (302, 400, 404)


def test_approving_with_a_blur_is_told_in_the_history(client, facilitator, photo):
    client.force_login(facilitator)
    answer = client.post(
        f"/gestion/fotos/{photo.pk}/", {"verdict": "approve", "blurs": json.dumps([[10, 10, 50, 50]])}
    )
    photo.refresh_from_db()
    assert (answer.status_code, photo.review, photo.blurs) == (302, PhotoReview.APPROVED, [[10, 10, 50, 50]])
    values = list(photo.issue.history.filter(kind="photo").values_list("to_value", flat=True))
    assert values == ["before", "1", "approved"]


@pytest.mark.parametrize(
    ("verdict", "blurs"),
    [("", "[]"), ("publish", "[]"), ("approve", "{"), ("approve", '"x"'), ("approve", "[[1,2,3]]"),
     ("approve", "[[9999,0,5,5]]"), ("approve", "[" * 5000), ("approve", json.dumps([[0, 0, 1, 1]] * 41))],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_changes_nothing(client, facilitator, photo, verdict, blurs):
    client.force_login(facilitator)
    answer = client.post(f"/gestion/fotos/{photo.pk}/", {"verdict": verdict, "blurs": blurs})
    photo.refresh_from_db()
    assert (answer.status_code, photo.review, photo.blurs) == (400, PhotoReview.PENDING, [])
    assert "error" in answer.content.decode()


def test_the_queue_shows_only_the_own_neighbourhoods(client, make_issue, other_facilitator, photo):
    client.force_login(other_facilitator)
    assert str(photo.pk) not in client.get("/gestion/fotos/").content.decode()
    Issue.objects.filter(pk=photo.issue_id).update(territory=make_issue(SUR).territory)
    assert str(photo.pk) in client.get("/gestion/fotos/").content.decode()
