"""The picture of how it was and the one of how it was left: a pair, public once somebody looked at both."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from issues.models import Photo, PhotoKind
from issues.photos.intake import add_photo
from issues.workflow import Status


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG")
    return out.getvalue()


def pair(client, reference: str) -> list[str]:
    """The kinds of the public pair, as a stranger sees it."""
    return [photo.kind for photo in client.get(f"/problemas/{reference}/").context["photo_pair"]]


def test_the_pair_is_public_after_each_picture_was_reviewed(bring_to, client, manager, facilitator):
    item = bring_to(Status.IN_PROGRESS)
    reference = item.issue.reference
    add_photo(item.issue, picture("red"), actor=None, office="Caminata")
    client.force_login(manager)
    evidence = SimpleUploadedFile("d.jpg", picture("green"), "image/jpeg")
    client.post(f"/gestion/{reference}/done/", {"photos": evidence, "public_text": "Se tapó."})
    item.issue.refresh_from_db()
    assert item.issue.status == Status.REPORTED_DONE
    photos = {photo.kind: photo for photo in Photo.objects.filter(issue=item.issue)}
    shown = []
    for kind in (PhotoKind.BEFORE, PhotoKind.AFTER):
        client.logout()
        shown.append(pair(client, reference))
        assert client.get(f"/fotos/{photos[kind].pk}.jpg").status_code == 404
        client.force_login(facilitator)
        client.post(f"/gestion/fotos/{photos[kind].pk}/", {"verdict": "approve", "blurs": "[]"})
    client.logout()
    assert shown == [[], []]
    assert pair(client, reference) == ["before", "after"]
    assert client.get(f"/fotos/{photos[PhotoKind.AFTER].pk}.jpg").status_code == 200
    page = client.get(f"/problemas/{reference}/").content.decode()
    assert "Antes y después" in page
    assert 'width="1600"' in page


def test_a_refused_picture_makes_no_pair(bring_to, client, facilitator):
    item = bring_to(Status.IN_PROGRESS)
    for colour, kind in (("red", PhotoKind.BEFORE), ("green", PhotoKind.AFTER)):
        add_photo(item.issue, picture(colour), actor=None, office="Caminata", kind=kind)
    client.force_login(facilitator)
    for photo in Photo.objects.all():
        verdict = "approve" if photo.kind == PhotoKind.BEFORE else "refuse"
        client.post(f"/gestion/fotos/{photo.pk}/", {"verdict": verdict, "blurs": "[]"})
    client.logout()
    assert pair(client, item.issue.reference) == []


def test_of_many_pictures_the_first_and_the_last_make_the_pair(bring_to, client):
    item = bring_to(Status.IN_PROGRESS)
    made = [
        add_photo(item.issue, picture(colour), actor=None, office="Caminata", kind=kind)
        for colour, kind in (("red", "before"), ("blue", "before"), ("gray", "after"), ("green", "after"))
    ]
    Photo.objects.update(review="approved")
    context = client.get(f"/problemas/{item.issue.reference}/").context
    assert [photo.pk for photo in context["photo_pair"]] == [made[0].pk, made[3].pk]
    assert [photo.pk for photo in context["photos_before"] + context["photos_later"]] == [
        made[1].pk,
        made[2].pk,
    ]
