"""What one person may ask about the own data: by whom it is done, what is left, what is written down."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.health import readings
from core.models import Letter, LetterState
from handovers.models import Follow
from issues.models import Issue, Reporter
from maps.models import Breach, PersonAct, PersonRequest
from maps.persons import rights
from maps.persons.rights import RightRefused

ROSA = {"name": "Rosa Ñáñez Pérez", "email": "rosa@example.cl", "phone": "+56 9 1234 5678"}


@pytest.fixture
def asked(administrator) -> PersonRequest:
    return rights.take("access", "Rosa, rosa@example.cl", actor=administrator)


@pytest.fixture
def rosa(issue, make_issue) -> Reporter:
    """Rosa told a problem, follows it and got a letter; so did Ana, who must never be found with her."""
    Letter.objects.create(address=ROSA["email"], subject="x", message_id="<1>", state=LetterState.SENT)
    Follow.objects.create(email=ROSA["email"], issue=issue, token_digest="r", confirmed_at=timezone.now())
    other = make_issue()
    Follow.objects.create(email="ana@example.cl", issue=other, token_digest="a", confirmed_at=timezone.now())
    Reporter.objects.create(issue=other, name="Ana Soto", email="ana@example.cl", expires_on="2099-01-01")
    return Reporter.objects.create(issue=issue, expires_on="2099-01-01", **ROSA)


def ill(name: str) -> bool:
    return next(each.is_ill for each in readings() if each.name == name)


# --- Finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("rosa@example.cl", 3),
        (" ROSA@example.cl ", 3),
        ("912345678", 1),
        ("+56 9 1234 5678", 1),
        ("Rosa Nanez", 1),
        ("ñáñez", 1),
        ("nadie@example.cl", 0),
        ("example.cl", 0),
    ],
)
def test_it_is_found_by_whatever_the_person_says(asked, rosa, administrator, words, count):
    assert len(rights.find(asked, words, actor=administrator)) == count


def test_it_is_found_by_the_reference(asked, rosa, administrator):
    (found,) = rights.find(asked, rosa.issue.reference.lower(), actor=administrator)
    assert found.row == rosa


@pytest.mark.parametrize("words", ["", "a", "   ", "%%%", "123", "ro"])
def test_words_that_mean_nobody_in_particular_show_nobody(asked, rosa, administrator, words):
    with pytest.raises(RightRefused):
        rights.find(asked, words, actor=administrator)
    assert not PersonAct.objects.exists()


@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
def test_nobody_but_the_administration_looks_or_acts(request, asked, rosa, who):
    person, key = request.getfixturevalue(who), rights.key_of(rosa)
    for attempt in (
        lambda: rights.take("access", "x", actor=person),
        lambda: rights.find(asked, "rosa@example.cl", actor=person),
        lambda: rights.erase(asked, key, actor=person),
        lambda: rights.block(asked, key, actor=person),
        lambda: rights.correct(asked, key, {}, actor=person),
        lambda: rights.answer(asked, "x", actor=person),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert Reporter.objects.filter(pk=rosa.pk, is_blocked=False).exists()


def test_who_read_is_written_down_naming_nobody(asked, rosa, administrator):
    rights.find(asked, "rosa@example.cl", actor=administrator)
    acts = list(PersonAct.objects.values_list("act", "actor", "what"))
    assert acts[0] == ("read", administrator.pk, f"issues.Reporter {rosa.issue.reference}")
    assert len(acts) == 3
    assert not [what for _, _, what in acts if "rosa" in what.lower()]


@pytest.mark.parametrize("change", [{"what": "nada"}, {"actor": None}])
def test_what_was_written_down_stays(asked, rosa, administrator, change):
    rights.find(asked, "rosa@example.cl", actor=administrator)
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonAct.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonAct.objects.all().delete()


# --- Acting -------------------------------------------------------------------------------------


def test_all_of_it_is_taken_along(asked, rosa, administrator):
    rows = rights.export(asked, "rosa@example.cl", actor=administrator)
    assert [row["email"] for row in rows] == [ROSA["email"]] * 3
    assert rows[0]["phone"] == ROSA["phone"]


def test_it_is_corrected(asked, rosa, administrator):
    changed = ROSA | {"name": "Rosa Núñez"}
    rights.correct(asked, rights.key_of(rosa), changed, actor=administrator)
    rosa.refresh_from_db()
    assert (rosa.name, rosa.email) == ("Rosa Núñez", ROSA["email"])


def test_too_long_a_correction_changes_nothing(asked, rosa, administrator):
    with pytest.raises(RightRefused):
        rights.correct(asked, rights.key_of(rosa), {"name": "x" * 121}, actor=administrator)
    rosa.refresh_from_db()
    assert rosa.name == ROSA["name"]


def test_it_is_blocked_and_freed_again(asked, rosa, administrator):
    for is_blocked in (True, False):
        rights.block(asked, rights.key_of(rosa), actor=administrator, is_blocked=is_blocked)
        rosa.refresh_from_db()
        assert rosa.is_blocked == is_blocked


def test_it_is_erased_and_the_public_record_stays(asked, rosa, administrator):
    for found in rights.find(asked, "rosa@example.cl", actor=administrator):
        rights.erase(asked, found.key, actor=administrator)
    assert rights.find(asked, "rosa@example.cl", actor=administrator) == []
    assert Issue.objects.public().filter(pk=rosa.issue_id).exists()
    assert Reporter.objects.get().name == "Ana Soto"
    assert Follow.objects.get().email == "ana@example.cl"


@pytest.mark.parametrize("key", ["", "issues.Reporter", "issues.Reporter 999", "accounts.User 1", "²"])
def test_what_is_not_there_is_refused(asked, rosa, administrator, key):
    with pytest.raises(RightRefused):
        rights.erase(asked, key, actor=administrator)
    assert Reporter.objects.count() == 2


def test_an_address_that_follows_is_only_erased(asked, rosa, administrator):
    with pytest.raises(RightRefused):
        rights.block(asked, rights.key_of(Follow.objects.first()), actor=administrator)


# --- The clock ----------------------------------------------------------------------------------


def test_the_answer_is_due_in_thirty_days_and_missed_aloud(administrator):
    today = timezone.localdate()
    late = rights.take("erasure", "Rosa", actor=administrator, asked_on=today - dt.timedelta(days=31))
    assert late.due_on == today - dt.timedelta(days=1)
    assert ill("person_requests_late")
    rights.answer(late, "Se borró todo.", actor=administrator)
    assert not ill("person_requests_late")
    on_time = rights.take("erasure", "Rosa", actor=administrator, asked_on=today - dt.timedelta(days=30))
    assert on_time.due_on == today
    assert not ill("person_requests_late")


def test_it_is_answered_once(asked, administrator):
    rights.answer(asked, "Va adjunto.", actor=administrator)
    with pytest.raises(RightRefused):
        rights.answer(asked, "Otra cosa.", actor=administrator)


@pytest.mark.parametrize(
    ("kind", "person", "days"), [("nada", "Rosa", 0), ("access", " ", 0), ("access", "Rosa", 1)]
)
def test_a_request_says_what_who_and_when(administrator, kind, person, days):
    day = timezone.localdate() + dt.timedelta(days=days)
    with pytest.raises(RightRefused):
        rights.take(kind, person, actor=administrator, asked_on=day)


@pytest.mark.parametrize(
    ("hours", "is_told", "is_ill"), [(71, False, False), (73, False, True), (73, True, False)]
)
def test_a_breach_nobody_told_the_agency_of_is_ill_after_72_hours(db, hours, is_told, is_ill):
    told = timezone.now() if is_told else None
    found = timezone.now() - dt.timedelta(hours=hours)
    Breach.objects.create(what="x", found_at=found, agency_told_at=told)
    assert ill("breaches_untold") == is_ill


# --- The page -----------------------------------------------------------------------------------


def test_the_whole_way_by_the_page(client, rosa, administrator):
    client.force_login(administrator)
    sent = {"kind": "erasure", "person": "Rosa, rosa@example.cl"}
    page = client.post("/oficina/personas/", sent)["Location"]
    assert "Rosa, rosa@example.cl" in client.get("/oficina/personas/").content.decode()
    shown = client.post(page, {"act": "find", "words": "rosa@example.cl"}).content.decode()
    assert ROSA["phone"] in shown
    assert "Ana Soto" not in shown
    saved = client.post(page, {"act": "export", "words": "rosa@example.cl"})
    assert len(json.loads(saved.content)) == 3
    assert "no-store" in saved["Cache-Control"]
    client.post(page, {"act": "erase", "key": rights.key_of(rosa)})
    assert not Reporter.objects.filter(pk=rosa.pk).exists()
    assert client.post(page, {"act": "answer", "answer": "Borrado."}).status_code == 302
    assert "Borrado." in client.get(page).content.decode()


@pytest.mark.parametrize("sent", [{}, {"act": "nada"}, {"act": "erase"}, {"act": "find", "words": "a"}])
def test_a_form_that_says_nothing_changes_nothing(client, asked, rosa, administrator, sent):
    client.force_login(administrator)
    assert client.post(f"/oficina/personas/{asked.pk}/", sent).status_code == 400
    assert Reporter.objects.count() == 2


def test_who_asked_is_sealed_too(asked):
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM maps_personrequest")
        assert "Rosa" not in cursor.fetchone()[0]
    assert "Rosa" in PersonRequest.objects.get().person
