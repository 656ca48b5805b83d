"""The gate before every view: bytes and letters of addresses, forms and JSON."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.urls import path
from django.utils.crypto import get_random_string
from rest_framework.decorators import api_view
from rest_framework.response import Response

from core.gate import read_query
from core.text import TextRefused, entered, one_line


def echo(request: HttpRequest, name: str = "") -> HttpResponse:
    return HttpResponse(repr([name, dict(request.GET.lists()), dict(request.POST.lists())]))


@api_view(["POST"])
def echo_json(request) -> Response:
    return Response(repr(request.data))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=400)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [path("echo/", echo), path("echo/<str:name>/", echo), path("json/", echo_json)]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def post(client, settings, db):
    settings.ROOT_URLCONF = __name__

    def posting(body: bytes | str, kind: str = FORM, to: str = "/echo/"):
        raw = body if isinstance(body, bytes) else body.encode()
        return client.generic("POST", to, raw, content_type=kind)

    return posting


@pytest.mark.parametrize(
    ("body", "kind", "read"),
    [
        ("a=Se%C3%B1al", FORM, "Señal"),
        ("a=Sen%CC%83al", FORM, "Señal"),
        ("a=Se%C3%B1al", f"{FORM}; charset=UTF8", "Señal"),
        ("a=Senal", f"{FORM}; charset=us-ascii", "Senal"),
        ("a=x%E2%80%8B", FORM, "x\u200b"),
        ("a=%E2%80%8B%E2%81%A0", FORM, ""),
        ("a=1%0D%0A2", FORM, "1\n2"),
    ],
)
def test_a_form_is_read_as_it_was_meant(post, body, kind, read):
    assert post(body, kind).content.decode() == repr(["", {}, {"a": [read]}])


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        ("a=Se%F1al", FORM, "se perdieron"),
        ("a=Se%F1al", f"{FORM}; charset=iso-8859-1", "Envía el texto en UTF-8"),
        ("a=Se%F1al", f"{FORM}; charset=x-desconocido", "Envía el texto en UTF-8"),
        ("a=Senal", f"{FORM}; charset=rot13", "Envía el texto en UTF-8"),
        ("a=Senal", f"{FORM}; charset=utf-16", "Envía el texto en UTF-8"),
        ("a=%ED%A0%80", FORM, "se perdieron"),
        ("a=Rosa%00", FORM, "(U+0000)"),
        ("Rosa%00=1", FORM, "(U+0000)"),
        ("a=%EF%BF%BE", FORM, "(U+FFFE)"),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nSe\xf1al\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            "En «Se�al» hay letras que se perdieron",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(post, body, kind, sentence):
    answer = post(body, kind)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(("query", "status"), [("a=Se%F1al", 400), ("a=%00", 400), ("a=Sen%CC%83al", 200)])
def test_addresses_are_read_alike(client, settings, db, query, status):
    settings.ROOT_URLCONF = __name__
    answer = client.get(f"/echo/?{query}")
    assert answer.status_code == status
    assert status == 400 or "Señal" in answer.content.decode()


def test_an_address_with_a_nul_names_nothing(client, settings, db):
    settings.ROOT_URLCONF = __name__
    assert client.get("/echo/a%00b/").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"a": ["Sen\\u0303al"]}', 200),
        ('{"a": [{"b": "x\\u0000"}]}', 400),
        ('{"a\\ud800": 1}', 400),
        ('{"a": "\\ufffd"}', 400),
        ("[" * 100_000, 400),
    ],
)
def test_json_is_read_alike(post, body, status):
    answer = post(body, "application/json", "/json/")
    assert answer.status_code == status
    assert status == 400 or "Señal" in answer.json()


def test_files_pass_untouched(client, settings, db, tmp_path):
    settings.ROOT_URLCONF = __name__
    file = tmp_path / "foto.bin"
    file.write_bytes(b"\x00\xff")
    with file.open("rb") as opened:
        assert client.post("/echo/", {"a": "1", "f": opened}).status_code == 200


def test_a_form_with_a_file_is_whole_after_its_token_was_read(settings, db, tmp_path):
    """As a browser sends it: the token is looked for first, and such a body can be read only once."""
    settings.ROOT_URLCONF = __name__
    client, token = Client(enforce_csrf_checks=True), get_random_string(CSRF_SECRET_LENGTH)
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    file = tmp_path / "foto.bin"
    file.write_bytes(b"\x00\xff")
    with file.open("rb") as opened:
        answer = client.post("/echo/", {"csrfmiddlewaretoken": token, "a": "Sen\u0303al", "f": opened})
    assert (answer.status_code, "'a': ['Señal']" in answer.content.decode()) == (200, True)


def test_an_address_inside_a_field_is_looked_at_too():
    assert read_query("?q=Sen%CC%83al")["q"] == "Señal"
    with pytest.raises(TextRefused):
        read_query("q=%00")


@pytest.mark.parametrize(("text", "kept"), [(" a \n b ", "a b"), ("\u200b\u3164", ""), ("a\tb", "a b")])
def test_a_name_is_one_line(text, kept):
    assert one_line(text) == kept


def test_the_sentence_shows_where_the_letter_stands():
    with pytest.raises(TextRefused, match="«una letra aquí · y más texto d»") as refused:
        entered("Hay una letra aquí \x00 y más texto detrás")
    assert "(U+0000)" in str(refused.value)
