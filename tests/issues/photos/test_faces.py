"""Faces are proposed by a program and answered by a person before a photo is public."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from PIL import Image, ImageFilter, ImageStat

from core.jobs import Queue
from issues.models import FaceProposal, Photo, PhotoReview
from issues.photos import darkroom as rooms
from issues.photos.darkroom import PhotoRefused
from issues.photos.faces import answer, look
from issues.photos.intake import add_photo, blur, review
from tests.issues.photos import recall
from tests.workers import work_off

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def portrait(issue) -> Photo:
    data = (HERE / "people" / "astronaut.jpg").read_bytes()
    return add_photo(issue, data, actor=None, office="Caminata")


@pytest.fixture
def pair(issue) -> Photo:
    """Two people on one photo."""
    both = Image.new("RGB", (1024, 600))
    for place, name in enumerate(("astronaut", "hopper")):
        both.paste(Image.open(HERE / "people" / f"{name}.jpg"), (512 * place, 0))
    out = io.BytesIO()
    both.save(out, "JPEG", quality=90)
    return add_photo(issue, out.getvalue(), actor=None, office="Caminata")


@pytest.fixture
def street(issue) -> Photo:
    out = io.BytesIO()
    recall.street("pothole").save(out, "JPEG")
    return add_photo(issue, out.getvalue(), actor=None, office="Caminata")


def decided(client, photo: Photo, verdict: str = "approve", blurs: str = "[]", **answers: str):
    return client.post(f"/gestion/fotos/{photo.pk}/", {"verdict": verdict, "blurs": blurs} | answers)


def edges(data: bytes, box: tuple[int, int, int, int]) -> float:
    """How much there is to recognise within a box."""
    part = Image.open(io.BytesIO(data)).convert("L").crop(box).filter(ImageFilter.FIND_EDGES)
    return ImageStat.Stat(part).mean[0]


def numbers(photo: Photo) -> list[str]:
    return [f"face-{face.pk}" for face in photo.faces.all()]


# --- Proposing ----------------------------------------------------------------------------------


def test_a_face_is_proposed_by_a_job_with_room_around_it(portrait):
    assert portrait.looked_at is None
    assert work_off(Queue.CHORES) == []
    portrait.refresh_from_db()
    (face,) = portrait.faces.all()
    x, y, width, height = face.rectangle
    assert (portrait.looked_by, face.answer) == ("yunet", "")
    assert x < 190 < 260 < x + width
    assert y < 75 < 170 < y + height


def test_on_a_street_without_people_nothing_is_proposed(street):
    look(street)
    assert street.looked_at is not None
    assert not street.faces.exists()


def test_it_is_looked_for_once_whoever_comes_first(portrait):
    same = Photo.objects.get(pk=portrait.pk)
    look(portrait)
    look(same)
    assert FaceProposal.objects.count() == 1


def test_where_no_program_runs_nothing_is_proposed_and_the_page_says_so(client, facilitator, portrait):
    Path(portrait.file.path).write_bytes(b"what no program can read")
    client.force_login(facilitator)
    page = client.get(f"/gestion/fotos/{portrait.pk}/").content.decode()
    assert "En esta foto nadie buscó caras por ti" in page
    assert decided(client, portrait).status_code == 302


def test_no_process_that_serves_pages_loads_the_program(portrait):
    look(portrait)
    maps = Path("/proc/self/maps").read_text()
    assert "libfacedetection" not in maps
    assert rooms.face_room._child is not rooms.darkroom._child


SEVENTY_TWO = list(recall.tries(sizes=(72,)))


@pytest.mark.parametrize("one", SEVENTY_TWO, ids=lambda one: f"{one.person} {one.angle}")
def test_a_head_of_72_pixels_is_found_however_it_is_turned(one):
    facts, _made = rooms.face_room.ask("faces", one.data)
    assert one.is_found(facts["faces"])


def test_the_decision_tells_what_was_measured():
    told = (Path(settings.BASE_DIR) / "docs/decisions/faces.md").read_text()
    found = re.findall(r"^\| .* \| (\d+) of (\d+) \|$", told, re.MULTILINE)
    counts = [(int(hits), int(of)) for hits, of in found]
    *sizes, whole = counts
    assert whole == tuple(map(sum, zip(*sizes, strict=True)))
    assert whole[1] == len(recall.HEADS) * len(recall.SIZES) * len(recall.ANGLES)


# --- Answering ----------------------------------------------------------------------------------


def test_nothing_is_approved_before_each_face_has_its_answer(client, facilitator, pair):
    client.force_login(facilitator)
    page = client.get(f"/gestion/fotos/{pair.pk}/").content.decode()
    first, second = numbers(pair)
    assert "Hay 2 posibles caras" in page
    refused = decided(client, pair, **{first: "cover"})
    pair.refresh_from_db()
    assert (refused.status_code, pair.review, pair.blurs) == (400, "pending", [])
    told = refused.content.decode()
    assert "Falta responder por 1 cara propuesta" in told
    assert f'name="{first}" value="cover" checked' in told
    assert pair.faces.unanswered().count() == 2
    assert decided(client, pair, **{first: "cover", second: "none"}).status_code == 302
    pair.refresh_from_db()
    assert (pair.review, pair.blurs) == ("approved", [pair.faces.first().rectangle])
    assert [face.answered_by for face in pair.faces.all()] == [facilitator, facilitator]


def test_a_covered_face_is_gone_from_what_people_see(client, facilitator, portrait):
    client.force_login(facilitator)
    look(portrait)
    (number,) = numbers(portrait)
    decided(client, portrait, blurs="[[0, 0, 20, 20]]", **{number: "cover"})
    portrait.refresh_from_db()
    assert portrait.blurs == [[0, 0, 20, 20], portrait.faces.get().rectangle]
    seen = b"".join(client.get(f"/fotos/{portrait.pk}.jpg"))
    x, y, width, height = portrait.faces.get().rectangle
    box = (x, y, x + width, y + height)
    before, after = (edges(data, box) for data in (Path(portrait.file.path).read_bytes(), seen))
    assert after < before / 4


@pytest.mark.parametrize("said", ["", "maybe", "COVER", "no"])
def test_an_answer_that_is_none_is_not_given(client, facilitator, portrait, said):
    client.force_login(facilitator)
    look(portrait)
    (number,) = numbers(portrait)
    assert decided(client, portrait, **{number: said}).status_code == 400
    assert portrait.faces.unanswered().exists()


def test_an_answer_to_a_face_of_another_photo_counts_for_nothing(facilitator, portrait, pair):
    look(portrait)
    look(pair)
    answer(portrait, dict.fromkeys(pair.faces.values_list("pk", flat=True), "none"), facilitator)
    assert pair.faces.unanswered().count() == 2


def test_a_photo_may_be_refused_without_answers(client, facilitator, portrait):
    client.force_login(facilitator)
    assert decided(client, portrait, verdict="refuse").status_code == 302
    portrait.refresh_from_db()
    assert portrait.review == "refused"


def test_no_other_way_approves_it_either(portrait, facilitator):
    with pytest.raises(PhotoRefused, match="Falta responder"):
        review(portrait, PhotoReview.APPROVED, actor=facilitator, office="Territorio")
    assert Photo.objects.get().review == "pending"


# --- The database holds it, whoever comes first -------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE issues_photo SET review = 'approved'",
        "UPDATE issues_faceproposal SET answer = 'cover', answered_by_id = %(who)s;"
        "UPDATE issues_photo SET review = 'approved'",
    ],
    ids=["not answered", "not covered"],
)
def test_the_database_refuses_it_too(portrait, facilitator, change):
    look(portrait)
    refused = pytest.raises(DatabaseError, match="not answered or not covered")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, {"who": facilitator.pk})


def test_a_reviewer_who_uncovers_what_another_covered_is_refused(portrait, facilitator, administrator):
    look(portrait)
    face = portrait.faces.get()
    blur(portrait, answer(portrait, {face.pk: "cover"}, facilitator), actor=facilitator, office="x")
    review(portrait, PhotoReview.APPROVED, actor=facilitator, office="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        blur(portrait, [], actor=administrator, office="x")


def test_what_is_public_gets_no_open_face_from_a_late_job(portrait):
    Photo.objects.update(review=PhotoReview.APPROVED)
    with pytest.raises(DatabaseError, match="is public"), transaction.atomic():
        FaceProposal.objects.create(photo=portrait, x=1, y=1, width=5, height=5, sure=90)


def test_the_second_reviewer_who_looked_before_the_first_answered_decides_nothing(
    client, facilitator, administrator, pair
):
    client.force_login(facilitator)
    client.get(f"/gestion/fotos/{pair.pk}/")
    first, second = numbers(pair)
    assert decided(client, pair, **{first: "cover", second: "cover"}).status_code == 302
    client.force_login(administrator)
    late = decided(client, pair, **{first: "none"})
    pair.refresh_from_db()
    assert late.status_code in (302, 409)
    assert len(pair.blurs) == (2 if late.status_code == 409 else 1)
    assert pair.faces.unanswered().count() == 0
