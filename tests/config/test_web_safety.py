"""What every kind of answer says of itself, and whose word about the caller counts."""

from __future__ import annotations

import io

import pytest
from django.conf import settings as project
from django.test import Client, RequestFactory
from PIL import Image

from config.web_safety import FORWARDED, believe_only_the_proxy
from issues.models import Issue, Photo, PhotoReview
from issues.photos.intake import add_photo
from tests.config.observatory import score

SESSION = project.SESSION_COOKIE_NAME
# Kind of page: its address, and whether pages of other sites may embed it.
KINDS = {
    "the map": ("/", False),
    "a problem": ("/problemas/{reference}/", False),
    "signing in": ("/entrar/", False),
    "an error": ("/no-hay/", False),
    "a link of a mail": ("/quedo-reparado/x/si/", False),
    "health": ("/healthz", False),
    "the JSON interface": ("/api/v1/issues/", True),
    "a refusal of it": ("/api/v1/issues/{missing}/", True),
    "the outbox": ("/api/v1/sync/session/", False),
    "OGC API": ("/ogc/collections", True),
    "Open311": ("/open311/v2/services.json", True),
    "open data": ("/datos/problemas.csv", True),
    "the calendar": ("/reuniones.ics", True),
    "a public photo": ("/fotos/{photo}-mini.jpg", True),
}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "olive").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo(issue, settings, tmp_path) -> Photo:
    settings.MEDIA_ROOT = str(tmp_path)
    made = add_photo(issue, picture(), actor=None, office="Caminata")
    Photo.objects.filter(pk=made.pk).update(review=PhotoReview.APPROVED)
    return made


@pytest.fixture
def address(issue, photo):
    missing = "0190a000-0000-7000-8000-000000000000"

    def of(kind: str) -> str:
        return KINDS[kind][0].format(reference=issue.reference, photo=photo.pk, missing=missing)

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_careful(client, address, kind):
    answer = client.get(address(kind))
    policy = "cross-origin" if KINDS[kind][1] else "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("strict-origin", "strict-origin-when-cross-origin")
    assert ("Access-Control-Allow-Origin" in answer) == (KINDS[kind][1] and kind != "a public photo")
    rules = answer["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_told_to_a_signed_in_person_is_kept(client, address, kind, facilitator):
    client.force_login(facilitator)
    answer = client.get(address(kind))
    assert answer["Cache-Control"] in ("private, no-store", "no-store")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_answer_that_signs_in_is_kept_by_nobody(client, facilitator):
    answer = client.post("/entrar/", {"login": "facilitadora", "password": "clave-de-prueba"})
    assert SESSION in answer.cookies
    assert answer["Cache-Control"] == "private, no-store"


def test_scripts_and_styles_are_nobody_s_secret(client, facilitator):
    client.force_login(facilitator)
    assert "no-store" not in client.get("/static/css/base.css").headers.get("Cache-Control", "")


@pytest.mark.parametrize("visibility", ["staff", "hidden"])
def test_no_cache_keeps_the_photo_of_a_hidden_problem(photo, facilitator, visibility, rf):
    Issue.objects.filter(pk=photo.issue_id).update(visibility=visibility, hidden_reason="Nombra a alguien.")
    path = f"/fotos/{photo.pk}-mini.jpg"
    assert Client().get(path).status_code == 404
    staff = Client()
    staff.force_login(facilitator)
    answer = staff.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize(
    ("is_behind", "caller", "believed"),
    [
        (False, "127.0.0.1", False),
        (False, "10.0.0.4", False),
        (True, "127.0.0.1", True),
        (True, "172.18.0.5", True),
        (True, "::1", True),
        (True, "", True),
        (True, "203.0.113.9", False),
        (True, "2001:db8::1", False),
        (True, "nonsense", False),
    ],
)
def test_only_the_proxy_is_believed_about_the_caller(settings, is_behind, caller, believed):
    settings.BEHIND_PROXY = is_behind
    request = RequestFactory().get("/", REMOTE_ADDR=caller, **dict.fromkeys(FORWARDED, "198.51.100.1"))
    left = believe_only_the_proxy(lambda asked: [name for name in FORWARDED if name in asked.META])(request)
    assert left == (list(FORWARDED) if believed else [])


def test_a_forged_address_escapes_no_limit(client, facilitator, settings):
    settings.BEHIND_PROXY, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    wrong = {"login": "facilitadora", "password": "mala"}
    # Five are free, then each waits twice as long as the one before: no machine is slow enough for twelve.
    answers = [
        client.post("/entrar/", wrong, headers={"X-Forwarded-For": f"198.51.100.{number}"}, **stranger)
        for number in range(12)
    ]
    assert "Demasiados intentos" in answers[-1].content.decode() + answers[-2].content.decode()


# Pages of people: what programs read may be embedded elsewhere, and gets no points for that.
SIX = ("the map", "a problem", "signing in", "an error", "a link of a mail", "health")


@pytest.fixture
def over_https(settings, address):
    """Gives the answer of a site behind HTTPS, which tests are not."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return lambda kind: Client().get(address(kind), secure=True)


@pytest.mark.parametrize("kind", SIX)
def test_the_observatory_gives_125_to_each_kind_of_page(over_https, kind):
    assert score(over_https(kind)) >= 125


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", "default-src *"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("Strict-Transport-Security", "max-age=60"),
        ("Referrer-Policy", "unsafe-url"),
    ],
)
def test_planted_a_careless_answer_gets_less(over_https, header, value):
    answer = over_https("a problem")
    answer.headers[header] = value
    assert score(answer) < 125
