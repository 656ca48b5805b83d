"""«¿Quedó reparado?»: asked by real mail, answered by a button, counted for the gathering that decides."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from core.postgis import identity
from gatherings.models import Gathering
from gatherings.room import commitments
from handovers.followers import following, repair_questions
from handovers.life import verification
from handovers.models import Follow, HandoverItem, Notice, RepairQuestion
from issues.life.duplicates import merge
from issues.models import Issue
from issues.workflow import Status
from tests.town import closed_room, judged

IN_28_DAYS = dt.timedelta(days=28, hours=1)


@pytest.fixture
def follow(post, item):
    """Makes somebody follow the problem, confirmed."""

    def make(email: str = "vecina@example.cl", issue: Issue | None = None) -> Follow:
        made = Follow(email=email, issue=issue or item.issue, confirmed_at=timezone.now())
        made.token_digest = identity.key_of(f"{email}-{made.issue_id}")
        made.save()
        return made

    return make


@pytest.fixture
def done(bring_to) -> HandoverItem:
    """A problem told as done."""
    return bring_to(Status.REPORTED_DONE)


def link(mail, said: str) -> str:
    return re.search(rf"http\S+(/quedo-reparado/\S+/{said}/)", mail.get_content())[1]


def test_those_who_follow_are_asked_once_when_it_is_told_as_done_and_once_28_days_later(post, follow, done):
    follow()
    assert repair_questions.ask_followers() == 1
    assert repair_questions.ask_followers() == 0
    assert repair_questions.ask_followers(timezone.now() + IN_28_DAYS) == 1
    assert repair_questions.ask_followers(timezone.now() + IN_28_DAYS) == 0
    assert [mail["To"] for mail in post.mails] == ["vecina@example.cl"] * 2
    assert "Hace 28 días" in post.mails[1].get_content()
    assert repair_questions.ask_followers(timezone.now() + dt.timedelta(days=61)) == 0


@pytest.mark.parametrize("end", [Status.VERIFIED, Status.DONE_UNVERIFIED])
def test_28_days_later_they_are_asked_whatever_became_of_it(post, follow, done, facilitator, end):
    follow()
    if end == Status.VERIFIED:
        judged(done.issue, is_done=True)
    else:
        soon = done.issue.status_since + dt.timedelta(days=1)
        closed_room(done.issue.territory, soon, soon + dt.timedelta(hours=2))
    assert repair_questions.ask_followers() == (end != Status.VERIFIED)
    later = timezone.now() + IN_28_DAYS
    verification.expire_verifications(later)
    assert Issue.objects.get(pk=done.issue_id).status == end
    assert repair_questions.ask_followers(later) == 1


def test_nobody_is_asked_who_did_not_confirm_or_about_what_is_hidden(post, follow, done):
    made = follow()
    Follow.objects.update(confirmed_at=None)
    assert repair_questions.ask_followers() == 0
    Follow.objects.filter(pk=made.pk).update(confirmed_at=timezone.now())
    Issue.objects.filter(pk=done.issue_id).update(visibility="staff")
    assert repair_questions.ask_followers() == 0
    assert post.mails == []


def test_who_followed_a_duplicate_is_asked_about_the_problem_that_stayed(post, follow, done, make_issue):
    twin = make_issue(1)
    follow(issue=twin)
    merge(twin, done.issue, actor=None, office="Oficina")
    assert repair_questions.ask_followers() == 1


def test_opening_the_links_answers_nothing_and_the_button_answers_once(post, follow, done, client):
    follow()
    repair_questions.ask_followers()
    (mail,) = post.mails
    for said in ("si", "no"):
        assert client.get(link(mail, said)).status_code == 200
    assert RepairQuestion.objects.get().said == ""
    assert "Gracias" in client.post(link(mail, "si")).content.decode()
    assert RepairQuestion.objects.get().said == "yes"
    again = client.post(link(mail, "no"), {"text": "Me arrepentí."})
    assert again.status_code == 400
    assert RepairQuestion.objects.get().said == "yes"


@pytest.mark.parametrize("text", ["", "   ", "x" * 501], ids=["empty", "blank", "long"])
def test_a_no_says_what_is_missing(post, follow, done, client, text):
    follow()
    repair_questions.ask_followers()
    answer = client.post(link(post.mails[0], "no"), {"text": text})
    assert answer.status_code == 400
    assert RepairQuestion.objects.get().said == ""


@pytest.mark.parametrize("address", ["/quedo-reparado/x/si/", "/quedo-reparado/x/quizas/"])
def test_a_wrong_link_says_so(client, db, address):
    assert client.get(address).status_code == 404


def test_a_link_ends_after_sixty_days(post, follow, done, client):
    follow()
    repair_questions.ask_followers()
    RepairQuestion.objects.update(asked_at=timezone.now() - dt.timedelta(days=61))
    assert client.get(link(post.mails[0], "si")).status_code == 404


def test_answers_are_counted_in_public_and_change_no_status(post, follow, done, client):
    for number in range(3):
        follow(f"vecina{number}@example.cl")
    repair_questions.ask_followers()
    for mail, said in zip(post.mails, ("si", "si", "no"), strict=True):
        client.post(link(mail, said), {"text": "Sigue el hoyo de doña Rosa."})
    assert Issue.objects.get(pk=done.issue_id).status == Status.REPORTED_DONE
    page = client.get(f"/problemas/{done.issue.reference}/").content.decode()
    assert "sí quedó bien 2, no 1" in page
    assert "responde que no quedó bien" in page
    assert "Rosa" not in page
    assert "Rosa" not in client.get(f"/api/v1/issues/{done.issue_id}/history/").content.decode()


def test_a_later_answer_takes_the_place_of_the_first(post, follow, done, client):
    follow()
    repair_questions.ask_followers()
    repair_questions.ask_followers(timezone.now() + IN_28_DAYS)
    client.post(link(post.mails[0], "si"))
    client.post(link(post.mails[1], "no"), {"text": "Volvió."})
    assert repair_questions.tally(HandoverItem.objects.get(pk=done.pk)) == repair_questions.Tally(yes=0, no=1)


def test_a_no_reaches_office_facilitator_and_gathering_once_a_day(post, follow, done, client, facilitator):
    follow()
    repair_questions.ask_followers()
    client.post(link(post.mails.pop(), "no"), {"text": "Quedó a medias."})
    assert repair_questions.tell_doubts() == 2
    assert repair_questions.tell_doubts() == 0
    assert {mail["To"] for mail in post.mails} == {"operaciones@example.cl", "facilitadora@example.cl"}
    assert "Quedó a medias." in post.mails[0].get_content()
    client.force_login(facilitator)
    page = client.get("/verificar/").content.decode()
    assert "Quedó a medias." in page
    assert "no tiene reunión en el calendario" in page
    assert '<form method="post" action="/gestion/' not in page


def test_what_was_verified_and_is_doubted_comes_back_to_the_gathering(
    post, follow, done, client, facilitator
):
    follow()
    judged(done.issue, is_done=True)
    client.force_login(facilitator)
    assert "Nada por verificar" in client.get("/verificar/").content.decode()
    repair_questions.ask_followers(timezone.now() + IN_28_DAYS)
    client.post(link(post.mails[0], "no"), {"text": "Se abrió de nuevo."})
    room = Gathering.objects.get()
    ((gathering, rows),) = client.get("/verificar/").context["agendas"]
    assert (gathering, [row["doubts"] for row in rows]) == (room, [["Se abrió de nuevo."]])
    assert [issue.pk for issue in commitments.of(room)] == [done.issue_id]
    judged(Issue.objects.get(pk=done.issue_id), is_done=False, text="Se abrió de nuevo.")
    assert repair_questions.tally(HandoverItem.objects.get(pk=done.pk)) == repair_questions.Tally()


def test_who_leaves_is_forgotten_and_the_answer_stays(post, follow, done, client):
    made = follow()
    repair_questions.ask_followers()
    client.post(link(post.mails[0], "si"))
    following.leave(made)
    assert repair_questions.tally(HandoverItem.objects.get(pk=done.pk)) == repair_questions.Tally(yes=1)
    assert not Notice.objects.filter(address="vecina@example.cl").exists()
    assert RepairQuestion.objects.get().follow is None
