"""Who may append: enrolled tablets and signed-in staff; nobody else, and no foreign page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from uuid6 import uuid7

from issues.models import Issue
from tests.walks.conftest import HEADERS, as_item
from walks.models import Device, Held, SyncRecord
from walks.sync.devices import enrol, revoke

pytestmark = pytest.mark.django_db
SYNC = "/api/v1/sync/"


def test_a_stranger_is_told_to_sign_in_with_a_401(tablet):
    answer = Client().post(
        SYNC, {"records": [as_item(tablet.record())]}, content_type="application/json", headers=HEADERS
    )
    assert (answer.status_code, SyncRecord.objects.count()) == (401, 0)


def test_the_web_session_may_expire_and_the_outbox_still_goes(tablet):
    assert "mapa_session" not in tablet.client.cookies
    assert tablet.say(tablet.record())[0]["result"] == "stored"


@pytest.mark.parametrize("header", [{"X-Mapa-Sync": ""}, {"Origin": "https://otra.example"}])
def test_a_page_of_another_site_is_refused(tablet, header):
    payload = {"records": [as_item(tablet.record())]}
    if "Origin" in header:
        assert tablet.post(payload, **header).status_code == 403
    else:
        answer = tablet.client.post(SYNC, payload, content_type="application/json")
        assert answer.status_code == 403
    assert SyncRecord.objects.count() == 0


def test_the_cookie_opens_nothing_but_the_outbox(tablet):
    answer = tablet.client.get("/api/v1/sync/session/")
    assert answer.json()["person"] is None
    cookie = tablet_cookie(tablet)
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == (SYNC, True, "Strict")


def tablet_cookie(tablet):
    client = Client()
    client.force_login(tablet.author)
    payload = {"device": str(tablet.device.pk)}
    client.post(f"{SYNC}device/", payload, content_type="application/json", headers=HEADERS)
    return client.cookies["mapa_tableta"]


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_secure_only_under_https(tablet, settings, https):
    settings.HTTPS = https
    assert bool(tablet_cookie(tablet)["secure"]) is https


def test_the_token_is_kept_only_as_a_digest(tablet):
    assert tablet.enrolment.token not in Device.objects.values_list("token_sha256", flat=True)


def test_an_expired_cookie_is_a_stranger(tablet):
    Device.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert tablet.post({"records": [as_item(tablet.record())]}).status_code == 401


def idle(tablet, days: float = 15) -> None:
    Device.objects.update(last_seen_at=timezone.now() - dt.timedelta(days=days))


def test_a_cookie_slides_when_the_tablet_speaks_after_13_days(tablet):
    soon = timezone.now() + dt.timedelta(days=30)
    Device.objects.update(expires_at=soon)
    idle(tablet, days=13)
    answer = tablet.post({"records": [as_item(tablet.record())]})
    assert answer.cookies["mapa_tableta"].value == tablet.enrolment.token
    assert Device.objects.get().expires_at > soon + dt.timedelta(days=50)


def test_after_14_days_without_use_it_reads_nothing_and_what_it_sends_is_held(tablet, make_issue):
    make_issue(1)
    idle(tablet)
    for _again in range(2):
        assert tablet.client.get(f"{SYNC}reference/").json()["issues"] == []
        assert tablet.say(tablet.record())[0]["result"] == "held"
    assert set(Held.objects.values_list("reason", flat=True)) == {"idle"}


def test_who_signs_in_on_an_idle_tablet_wakes_it(tablet, facilitator, make_issue):
    known = make_issue(1)
    idle(tablet)
    tablet.client.force_login(facilitator)
    tablet.client.post(
        f"{SYNC}device/", {"device": str(tablet.device.pk)}, content_type="application/json", headers=HEADERS
    )
    tablet.client.logout()
    tablet.client.cookies["mapa_tableta"] = tablet.enrolment.token
    assert [row[0] for row in tablet.client.get(f"{SYNC}reference/").json()["issues"]] == [str(known.pk)]
    assert tablet.say(tablet.record())[0]["result"] == "stored"


def test_a_person_gets_the_own_tablet_back_after_cookies_were_cleared(tablet, facilitator):
    again = enrol(facilitator, tablet.device.pk, None)
    assert (again.device.pk, again.token == tablet.enrolment.token) == (tablet.device.pk, False)


def test_nobody_takes_over_the_tablet_of_another(tablet, other_facilitator):
    other = enrol(other_facilitator, tablet.device.pk, None)
    assert other.device.pk != tablet.device.pk
    assert tablet.say(tablet.record())[0]["result"] == "stored"


def test_a_second_person_on_the_same_tablet_may_be_an_author_too(tablet, other_facilitator):
    enrol(other_facilitator, tablet.device.pk, tablet.enrolment.token)
    lng = -70.75
    tablet.say(tablet.record(), tablet.record(author=other_facilitator.pk, lng=lng))
    assert Issue.objects.count() == 2


def enrol_again(client, claimed) -> int:
    words = {"device": str(claimed)}
    return client.post(f"{SYNC}device/", words, content_type="application/json", headers=HEADERS).status_code


def test_a_revoked_tablet_is_told_so_and_may_not_enrol_itself_back(tablet, administrator, facilitator):
    revoke(tablet.device, administrator)
    assert tablet.client.get(f"{SYNC}session/").json()["revoked"] is True
    tablet.client.force_login(facilitator)
    cookieless = Client()
    cookieless.force_login(facilitator)
    # With its cookie under any name, and without the cookie under its own name.
    assert enrol_again(tablet.client, tablet.device.pk) == 403
    assert enrol_again(tablet.client, uuid7()) == 403
    assert enrol_again(cookieless, tablet.device.pk) == 403
    assert Device.objects.count() == 1


def test_revoking_ends_the_sessions_that_were_opened_on_the_tablet_and_no_other(
    tablet, administrator, facilitator
):
    tablet.client.force_login(facilitator)
    tablet.client.get(f"{SYNC}session/")
    elsewhere = Client()
    elsewhere.force_login(facilitator)
    revoke(tablet.device, administrator)
    assert tablet.client.get("/inicio/")["Location"].startswith("/entrar/")
    assert elsewhere.get("/inicio/")["Location"] == "/caminata/"


def test_only_an_administrator_gives_a_tablet_back(tablet, administrator, cabinet, facilitator):
    revoke(tablet.device, cabinet)
    words = {"device": str(tablet.device.pk), "act": "lift"}
    for person, status in ((facilitator, 403), (cabinet, 403), (administrator, 302)):
        client = Client()
        client.force_login(person)
        assert client.post("/gestion/tabletas/", words).status_code == status
        assert Device.objects.get().is_revoked is (status == 403)
    assert Device.objects.get().lifted_by == administrator
    tablet.client.force_login(facilitator)
    assert enrol_again(tablet.client, tablet.device.pk) == 201


def test_the_tablet_of_who_left_reads_nothing(tablet, facilitator, make_issue):
    make_issue(1)
    facilitator.is_active = False
    facilitator.save()
    told = tablet.client.get(f"{SYNC}reference/").json()
    assert (told["issues"], told["territories"]) == ([], [])


@pytest.mark.parametrize("visibility", ["draft", "review", "staff", "hidden"])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_tablet_reads_nothing_hidden(tablet, facilitator, make_issue, visibility, is_signed_in):
    hidden = make_issue(1)
    Issue.objects.filter(pk=hidden.pk).update(visibility=visibility, hidden_reason="Nombra a alguien.")
    if is_signed_in:
        tablet.client.force_login(facilitator)
    assert tablet.client.get(f"{SYNC}reference/").json()["issues"] == []


def test_the_session_answer_is_never_cached_and_tells_who_and_when(tablet, facilitator):
    tablet.client.force_login(facilitator)
    answer = tablet.client.get(f"{SYNC}session/")
    assert answer["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert (body["person"]["id"], body["device"]) == (facilitator.pk, str(tablet.device.pk))
    assert body["csrf"]
    assert body["server_now"]


@pytest.mark.parametrize("body", ["{}", "[]", '{"device": "x"}', '{"device": 3}', "nada"])
def test_enrolling_without_a_proper_id_is_a_400(facilitator, body):
    client = Client()
    client.force_login(facilitator)
    answer = client.post(f"{SYNC}device/", body, content_type="application/json", headers=HEADERS)
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)


def test_a_stranger_may_not_enrol_nor_read_the_reference(db):
    payload = {"device": str(uuid7())}
    client = Client()
    assert (
        client.post(f"{SYNC}device/", payload, content_type="application/json", headers=HEADERS).status_code
        == 401
    )
    assert client.get(f"{SYNC}reference/").status_code == 401


def test_the_reference_names_the_own_neighbourhoods_and_their_problems(tablet, make_issue):
    near, far = make_issue(1), make_issue(3)
    body = tablet.client.get(f"{SYNC}reference/").json()
    assert body["territories"] == [1]
    assert [row[0] for row in body["issues"]] == [str(near.pk)]
    assert str(far.pk) not in str(body)
    assert [t["code"] for t in body["boundaries"]["territories"]] == [1, 2, 3]


def test_a_stolen_tablet_that_was_revoked_reads_nothing_of_its_people(tablet, administrator, make_issue):
    make_issue(1)
    revoke(tablet.device, administrator)
    body = tablet.client.get(f"{SYNC}reference/").json()
    assert (body["issues"], body["territories"]) == ([], [])
    assert body["categories"]


def test_the_reference_costs_the_same_for_two_and_for_twenty_problems(
    tablet, make_issue, django_assert_max_num_queries
):
    for _ in range(20):
        make_issue(1)
    with django_assert_max_num_queries(14):
        tablet.client.get(f"{SYNC}reference/")


def test_facilitators_see_only_their_own_held_records(
    tablet, facilitator, other_facilitator, cabinet, manager
):
    tablet.say(tablet.record(category="NO-99"))
    counts = [Held.objects.visible_to(u).count() for u in (facilitator, other_facilitator, cabinet, manager)]
    assert counts == [1, 0, 1, 0]
