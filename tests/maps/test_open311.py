"""Open311 GeoReport v2, point by point of the conformance checklist."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from issues.life.lifecycle import Change, move
from issues.models import Category, Issue, Photo, PhotoReview, Reporter, Visibility
from issues.photos.intake import add_photo
from issues.workflow import ClosingKind, Status
from maps.models import ClientKey, SentReport, issue_key
from territories.models import Place

BASE = "/open311/v2"
HERE = {"lat": "-33.51", "long": "-70.79"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def key(db) -> str:
    return issue_key("Otro sistema", publishes_at_once=True)


@pytest.fixture
def send(client, key, pothole, town):
    def post(form: str = "json", **words):
        data = {"api_key": key, "service_code": pothole.code, "description": "Hoyo grande"} | HERE | words
        return client.post(f"{BASE}/requests.{form}", {k: v for k, v in data.items() if v is not None})

    return post


def xml(client, path: str) -> ET.Element:
    answer = client.get(f"{BASE}/{path}")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(answer.content)


def jpeg() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    out.seek(0)
    out.name = "foto.jpg"
    return out


def ids(client, query: str = "") -> list[str]:
    return [row["service_request_id"] for row in client.get(f"{BASE}/requests.json?{query}").json()]


def test_discovery_is_an_object_with_two_endpoints(client, db):
    body = client.get(f"{BASE}/discovery.json").json()
    assert set(body) == {"changeset", "contact", "key_service", "endpoints"}
    assert [each["type"] for each in body["endpoints"]] == ["production", "test"]
    assert xml(client, "discovery.xml").find("endpoints/endpoint/formats/format").text == "text/xml"


def test_services_are_a_bare_array_even_of_one(client, pothole, insecurity):
    (body,) = client.get(f"{BASE}/services.json").json()
    assert (body["service_code"], body["metadata"], body["type"]) == ("PAV-01", False, "realtime")
    assert xml(client, "services.xml").find("service/metadata").text == "false"


def test_a_service_without_attributes_answers_with_an_empty_list(client, pothole):
    assert client.get(f"{BASE}/services/PAV-01.json").json() == {"service_code": "PAV-01", "attributes": []}
    assert xml(client, "services/PAV-01.xml").find("attributes") is not None


def test_a_request_tells_every_field_and_nobody(client, issue):
    (body,) = client.get(f"{BASE}/requests.json").json()
    (alone,) = client.get(f"{BASE}/requests/{issue.reference}.json").json()
    assert body == alone
    assert list(body) == [
        "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
        "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
        "address", "address_id", "zipcode", "lat", "long", "media_url",
    ]  # fmt: skip
    assert (body["status"], body["lat"], body["long"]) == ("open", -33.51, -70.79)
    assert dt.datetime.fromisoformat(body["requested_datetime"]).tzinfo is not None
    assert xml(client, "requests.xml").find("request/zipcode").text is None


def test_closing_is_told_with_its_moment(client, issue):
    change = Change(to=Status.CLOSED, closing_kind=ClosingKind.NOT_FEASIBLE, public_text="No se puede.")
    closed = move(issue, change, actor=None, office="x")
    (body,) = client.get(f"{BASE}/requests.json?status=closed").json()
    assert "No se puede." in body["status_notes"]
    assert dt.datetime.fromisoformat(body["updated_datetime"]) == closed.status_since.replace(microsecond=0)


def test_characters_that_xml_cannot_hold_do_not_break_it(client, make_issue):
    make_issue(title="Hoyo \x0b <b>&</b>")
    assert "<b>&</b>" in xml(client, "requests.xml").find("request/description").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2), ("status=", 2), ("status=open", 2), ("status=closed", 0), ("status=open,closed", 2),
        ("service_code=PAV-01", 2), ("service_code=PAV-01,X", 2), ("service_code=X", 0),
        ("start_date=2001-01-01T00:00:00Z", 0), ("end_date=2001-01-01T00:00:00Z", 0),
        ("bbox=-70.80,-33.52,-70.78,-33.50", 1), ("lat=-33.51&long=-70.79&radius=100", 1),
        ("detailed_status=registered", 2), ("updated_after=2001-01-01", 2), ("updated_before=2001-01-01", 0),
        ("page_size=1", 1), ("page_size=1&page=2", 1), ("page=3&page_size=1", 0), ("unknown=1", 2),
        ("jurisdiction_id=maipu.cl", 2), ("jurisdiction_id=", 2), ("page_size=5000", 2),
    ],
)  # fmt: skip
def test_requests_are_searched(client, make_issue, query, found):
    make_issue(1)
    make_issue(2)
    assert len(ids(client, query)) == found


def test_numbers_asked_for_override_everything_else(client, make_issue):
    first, second = make_issue(1), make_issue(2)
    query = f"service_request_id={first.reference},{second.reference}&status=closed&start_date=2001-01-01"
    assert set(ids(client, query)) == {first.reference, second.reference}


def test_without_dates_only_the_last_90_days_are_told(client, issue):
    Issue.objects.update(reported_at=timezone.now() - dt.timedelta(days=91))
    assert ids(client) == []


@pytest.mark.parametrize(
    "query",
    [
        "status=gone", "start_date=ayer", "end_date=2026-02-30", "start_date=2026-01-01&end_date=2026-06-01",
        "start_date=2026-02-01&end_date=2026-01-01", "page=0", "page_size=0", "page_size=x",
        "bbox=nan,0,1,1", "lat=-33.5", "lat=x&long=y", "lat=-33.5&long=-70.7&radius=far",
        "lat=-33.5&long=-70.7&radius=-1", "service_request_id=%00", "updated_after=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_cannot_be_read_gets_a_400_in_the_asked_format(client, db, query, form):
    answer = client.get(f"{BASE}/requests.{form}?{query}")
    assert answer.status_code == 400
    if form == "json":
        (error,) = answer.json()
        assert error["code"] == "400" and error["description"].endswith(".")
    else:
        assert ET.fromstring(answer.content).find("error/description").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/NO.json", 404), ("services/NO.xml", 404), ("requests/M-2026-999999.json", 404),
        ("requests/M-2026-999999.xml", 404), ("requests/%00.json", 404), ("tokens/abc.json", 404),
        ("nothing.json", 404), ("nothing/at/all.xml", 404), ("requests.txt", 400),
        ("requests.json?jurisdiction_id=santiago.cl", 404),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_told_in_the_asked_format(client, db, path, status):
    answer = client.get(f"{BASE}/{path}")
    assert answer.status_code == status
    assert b"Traceback" not in answer.content
    assert answer["Content-Type"].startswith("application/json" if ".json" in path else "text/xml")


@pytest.mark.parametrize("visibility", [v for v in Visibility if v != Visibility.PUBLIC])
def test_what_is_not_public_looks_like_what_never_was(client, issue, visibility):
    Issue.objects.update(visibility=visibility, hidden_reason="x")
    hidden = client.get(f"{BASE}/requests/{issue.reference}.json")
    assert (ids(client), hidden.status_code) == ([], 404)
    assert hidden.content == client.get(f"{BASE}/requests/M-2026-999999.json").content


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_get_a_405(client, db, method):
    answer = getattr(client, method)(f"{BASE}/requests.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_reading_is_open_to_every_site_and_sets_no_cookie(client, issue):
    answer = client.get(f"{BASE}/requests.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    again = client.get(f"{BASE}/requests.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_extensions_come_only_on_demand(client, issue):
    (plain,) = client.get(f"{BASE}/requests.json").json()
    (more,) = client.get(f"{BASE}/requests.json?extensions=true").json()
    assert set(more) - set(plain) == {"extended_attributes", "notes", "attributes"}
    assert more["notes"][0]["type"] == "registered"


def test_a_list_takes_as_many_queries_for_20_rows_as_for_2(client, make_issue, django_assert_num_queries):
    for n in range(2):
        make_issue(1 + n)
    with django_assert_num_queries(3):
        client.get(f"{BASE}/requests.xml")
    for _ in range(18):
        make_issue()
    with django_assert_num_queries(3):
        client.get(f"{BASE}/requests.xml")


def test_a_report_is_answered_with_its_number(client, send):
    answer = send(email="vecina@example.cl", first_name="Rosa", phone="+56 9 1111")
    (body,) = answer.json()
    issue = Issue.objects.get(reference=body["service_request_id"])
    assert answer.status_code == 200
    assert (issue.origin, issue.territory.code, issue.title) == ("open311", 1, "Hoyo grande")
    assert Reporter.objects.get().name == "Rosa"
    text = client.get(f"{BASE}/requests.xml?extensions=true").content.decode()
    assert not [secret for secret in ("vecina@", "Rosa", "1111") if secret in text]


def test_a_report_in_xml_is_answered_in_xml(send):
    answer = send("xml")
    assert (
        ET.fromstring(answer.content).find("request/service_request_id").text == Issue.objects.get().reference
    )


@pytest.mark.parametrize("field", ["media", "media[]", "photo1"])
def test_photos_come_with_the_form_and_wait_for_review(send, field):
    send(**{field: jpeg()})
    photo = Photo.objects.get()
    assert photo.review == PhotoReview.PENDING


def test_a_linked_photo_is_never_fetched(send):
    (body,) = send(media_url="http://169.254.169.254/latest/").json()
    assert "no se copian" in body["service_notice"]
    assert Photo.objects.count() == 0


def test_a_known_crossing_stands_for_coordinates(send, town):
    from_name = "Pajaritos con 5 de Abril"
    Place.objects.create(
        kind="crossing", name=from_name, search_name="pajaritos con 5 de abril",
        location="POINT(-70.79 -33.51)", source="prueba",
    )  # fmt: skip
    assert send(lat=None, long=None, address_string="PAJARITOS con 5 de abril").status_code == 200


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"api_key": None}, 403), ({"api_key": "wrong"}, 403),
        ({"api_key": "wrong", "service_code": None}, 403),
        ({"service_code": None}, 400), ({"service_code": "NO"}, 404), ({"service_code": "\x00"}, 400),
        ({"lat": None}, 400), ({"long": None}, 400), ({"lat": None, "long": None}, 400),
        ({"lat": None, "long": None, "address_string": "calle que no existe"}, 400),
        ({"lat": None, "long": None, "address_id": "7"}, 400), ({"lat": "x"}, 400), ({"lat": "nan"}, 400),
        ({"lat": "-70.79", "long": "-33.51"}, 400), ({"lat": "-33.51", "long": "-70.70"}, 400),
        ({"description": "x" * 4001}, 400), ({"description": "\x00"}, 400), ({"email": "no"}, 400),
        ({"jurisdiction_id": "santiago.cl"}, 404), ({"media": io.BytesIO(b"no")}, 400),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_taken_leaves_nothing(send, words, status):
    answer = send(**words)
    assert (answer.status_code, Issue.objects.count(), Reporter.objects.count()) == (status, 0, 0)
    assert json.loads(answer.content)[0]["description"]


def test_the_key_is_asked_for_before_the_type_of_the_form(client, key, db):
    answer = client.post(f"{BASE}/requests.json", "{}", content_type="application/json")
    assert answer.status_code == 403
    answer = client.post(f"{BASE}/requests.json?api_key={key}", "{}", content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{{"api_key": "{key}", "service_code": "PAV-01"}}'),
        ("text/plain", "service_code=PAV-01&api_key={key}"),
        ("application/xml", "<request><api_key>{key}</api_key></request>"),
    ],
)
def test_who_holds_a_key_is_told_that_the_type_is_wrong(client, key, kind, body):
    answer = client.post(f"{BASE}/requests.json", body.format(key=key), content_type=kind)
    assert answer.status_code == 400
    assert "application/x-www-form-urlencoded" in answer.json()[0]["description"]
    answer = client.post(f"{BASE}/requests.json", body.format(key="wrong"), content_type=kind)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["first_name", "last_name", "phone"])
@pytest.mark.parametrize("odd", ["Rosa\x00", "R" * 121, "Ros\ufffd"])
def test_who_told_it_is_refused_where_the_letters_cannot_be_kept(send, name, odd):
    answer = send(**{name: odd})
    assert (answer.status_code, Reporter.objects.count(), Issue.objects.count()) == (400, 0, 0)
    assert answer.json()[0]["description"].endswith(".")


@pytest.mark.parametrize(
    ("name", "most"),
    [("address_string", 200), ("first_name", 60), ("last_name", 59), ("phone", 40), ("description", 4000)],
)
def test_the_longest_text_is_kept_whole_and_one_letter_more_is_refused(send, name, most):
    assert send(**{name: "x" * (most + 1)}).status_code == 400
    assert send(**{name: "x" * most}).status_code == 200


@pytest.mark.parametrize("charset", ["", "; charset=x-desconocido", "; charset=utf-8", "; charset=latin1"])
def test_letters_that_are_no_utf8_are_refused(client, key, pothole, town, charset):
    body = f"api_key={key}&service_code=PAV-01&lat=-33.51&long=-70.79&description=Se%F1al+ca%EDda"
    kind = f"application/x-www-form-urlencoded{charset}"
    answer = client.generic("POST", f"{BASE}/requests.json", body.encode(), content_type=kind)
    assert (answer.status_code, Issue.objects.count()) == (400, 0)
    assert "UTF-8" in answer.json()[0]["description"]


@pytest.mark.parametrize("text", ["\u200b\u2060\u200b", "\u3164", "\u2800 ", "\u202e"])
def test_a_description_nobody_sees_counts_as_none(send, pothole, text):
    assert send(description=text).status_code == 200
    assert Issue.objects.get().title == pothole.name


# --- The same report again ---------------------------------------------------------------------
def numbers(*answers) -> set[str]:
    return {answer.json()[0]["service_request_id"] for answer in answers}


def test_the_same_report_again_is_the_same_problem_with_the_same_number(send):
    told = {"description": "Semáforo apagado", "email": "ana@example.cl", "first_name": "Ana"}
    assert len(numbers(*(send(**told) for _ in range(3)))) == 1
    assert (Issue.objects.count(), Reporter.objects.count()) == (1, 1)


def test_the_same_report_with_its_photo_again_is_the_same_problem(send):
    assert len(numbers(send(media=jpeg()), send(media=jpeg()))) == 1
    assert (Issue.objects.count(), Photo.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"description": "Hoyo grande."}, {"lat": "-33.511"}, {"first_name": "Ana"}, {"phone": "2"},
        {"address_string": "Pasaje 2"}, {"device_id": "7"}, {"media": "jpeg"},
    ],
)  # fmt: skip
def test_what_differs_in_anything_is_another_problem(send, other):
    other = {name: jpeg() if value == "jpeg" else value for name, value in other.items()}
    assert len(numbers(send(), send(**other))) == 2


def test_the_same_words_of_another_system_are_another_problem(send):
    assert len(numbers(send(), send(api_key=issue_key("Tercero")))) == 2


def test_after_a_day_the_same_words_tell_of_a_new_problem(send):
    first = send()
    SentReport.objects.update(received_at=timezone.now() - dt.timedelta(hours=25))
    assert len(numbers(first, send())) == 2
    assert SentReport.objects.count() == 1


def test_a_refused_report_may_be_sent_again_once_it_can_be_taken(send, pothole):
    Category.objects.update(is_open=False)
    assert send().status_code == 404
    Category.objects.update(is_open=True)
    assert send().status_code == 200


def test_nobody_is_recognised_by_what_is_kept_of_a_report(send):
    send(first_name="Ana", phone="912345678")
    kept = str(SentReport.objects.values())
    assert "Ana" not in kept and "912345678" not in kept


@pytest.mark.django_db(transaction=True)
def test_the_same_report_five_times_at_once_is_one_problem(key, pothole, town):
    told = {"api_key": key, "service_code": pothole.code, "description": "Hoyo grande"} | HERE
    start, answers = threading.Barrier(5), []

    def once() -> None:
        start.wait()
        answers.append(Client().post(f"{BASE}/requests.json", told))
        connection.close()

    threads = [threading.Thread(target=once) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ([answer.status_code for answer in answers], len(numbers(*answers))) == ([200] * 5, 1)
    assert Issue.objects.count() == 1


@pytest.mark.parametrize("text", ["Hoyo", "Hoyo\nAl lado de la plaza", "Hoyo " * 200, "Hoyo\n\nHoyo"])
def test_a_report_is_told_back_as_it_was_sent(client, send, text):
    (body,) = send(description=text).json()
    (back,) = client.get(f"{BASE}/requests/{body['service_request_id']}.json").json()
    assert back["description"] == text.strip()


@pytest.mark.parametrize(
    ("query", "count"), [("lat=-33.51&long=-70.79", 1), ("lat=40&long=2", 0), ("lat=&long=", 1)]
)
def test_services_are_offered_where_they_are(client, town, pothole, query, count):
    assert len(client.get(f"{BASE}/services.json?{query}").json()) == count
    assert len(xml(client, f"services.xml?{query}")) == count


@pytest.mark.parametrize("query", ["lat=-33.5", "lat=nan&long=nan", "lat=-70.79&long=-33.51"])
def test_services_of_half_a_place_are_refused(client, town, query):
    answer = client.get(f"{BASE}/services.json?{query}")
    assert (answer.status_code, list(answer.json()[0])) == (400, ["code", "description"])


def test_a_key_that_was_switched_off_opens_nothing(send):
    ClientKey.objects.update(is_active=False)
    assert send().status_code == 403


def test_a_key_that_sent_its_day_s_photos_is_told_when_it_goes_on(send, settings):
    settings.PHOTO_QUOTA_MB = 0
    answer = send(media=jpeg())
    assert (answer.status_code, answer.json()[0]["code"]) == (429, "429")
    assert "Sigue en 24 horas." in answer.json()[0]["description"]
    assert not Issue.objects.exists()
    assert send().status_code == 200


def test_only_the_digest_of_a_key_is_kept(key):
    assert key not in str(ClientKey.objects.values())


def test_a_report_waits_for_a_person_unless_its_sender_is_trusted(
    client, send, facilitator, other_facilitator
):
    ClientKey.objects.update(publishes_at_once=False)
    (body,) = send().json()
    reference = body["service_request_id"]
    assert client.get(f"{BASE}/requests/{reference}.json").status_code == 404
    client.force_login(other_facilitator)
    assert client.post(f"/gestion/informes/{reference}/", {"verdict": "publish"}).status_code == 404
    client.force_login(facilitator)
    assert reference in client.get("/gestion/informes/").content.decode()
    client.post(f"/gestion/informes/{reference}/", {"verdict": "hide", "reason": " "})
    assert Issue.objects.get().visibility == Visibility.REVIEW
    client.post(f"/gestion/informes/{reference}/", {"verdict": "publish"})
    client.logout()
    assert client.get(f"{BASE}/requests/{reference}.json").status_code == 200


def test_an_approved_photo_is_the_media_url(client, issue, administrator):
    photo = add_photo(issue, jpeg().read(), actor=None, office="x")
    assert client.get(f"{BASE}/requests.json").json()[0]["media_url"] is None
    Photo.objects.filter(pk=photo.pk).update(review=PhotoReview.APPROVED)
    url = client.get(f"{BASE}/requests.json").json()[0]["media_url"]
    assert client.get(url).status_code == 200
