"""Mails over a real SMTP conversation: digests, warnings, disputes, and residents who follow."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from core import outbox
from core.models import Letter
from handovers import mail
from handovers.followers import following
from handovers.life import answers, progress
from handovers.life.delivery import hand_over
from handovers.models import Follow
from issues.life.duplicates import merge
from issues.models import Issue
from issues.workflow import Status
from tests.town import judged

MONDAY = dt.datetime(2026, 11, 23, 13, tzinfo=dt.UTC)
SATURDAY = dt.datetime(2026, 11, 21, 13, tzinfo=dt.UTC)


@pytest.fixture
def due(item):
    """The problem's next deadline falls on a day."""

    def on(day: dt.date) -> None:
        Issue.objects.filter(pk=item.issue_id).update(due_date=day)

    return on


def text(message) -> str:
    return message.get_content()


def test_the_digest_of_the_day_goes_once_and_says_what_waits(post, item, due):
    due(dt.date(2026, 11, 20))
    assert mail.send_digests(MONDAY) == 1
    assert mail.send_digests(MONDAY) == 0
    (posted,) = post.mails
    assert posted["To"] == "operaciones@example.cl"
    assert "Plazo vencido, 1 problema:" in text(posted)
    assert f"/gestion/{item.issue.reference}/" in text(posted)


def test_a_digest_counts_all_and_names_the_first(post, validated, publish, cabinet):
    count = mail.MAX_LISTED + 2
    hand_over(publish(*[validated(title=f"Hoyo {number}") for number in range(count)]), cabinet)
    Issue.objects.update(due_date=dt.date(2026, 11, 20))
    mail.send_digests(MONDAY)
    (posted,) = post.mails
    assert f"{count} problemas esperan" in str(posted["Subject"])
    assert f"Plazo vencido, {count} problemas:" in text(posted)
    assert text(posted).count("/gestion/M-") == mail.MAX_LISTED
    assert "… y 2 más." in text(posted)


def test_nobody_is_written_to_on_a_saturday(post, item, due):
    due(dt.date(2026, 11, 20))
    assert mail.send_digests(SATURDAY) == 0


def test_what_is_answered_is_in_no_further_mail(post, item, due, manager):
    answers.accept(item, manager, committed_date=timezone.localdate() + dt.timedelta(days=60))
    assert mail.send_digests(MONDAY) == 0
    assert mail.escalate(MONDAY) == 0
    assert post.mails == []


def test_a_mail_that_could_not_go_waits_and_is_not_written_twice(post, item, due):
    due(dt.date(2026, 11, 20))
    post.refuses = True
    assert mail.send_digests(MONDAY) == 1
    assert post.mails == []
    assert mail.send_digests(MONDAY) == 0
    post.refuses = False
    assert outbox.deliver(Letter.objects.get().pk)
    assert len(post.mails) == 1


def test_silence_reaches_the_head_of_the_office_once_and_the_public_history(post, item, due, streets):
    streets.escalation_name, streets.escalation_email = "Jefatura de Operaciones", "jefatura@example.cl"
    streets.save()
    due(dt.date(2026, 11, 20))
    assert mail.escalate(MONDAY) == 1
    assert mail.escalate(MONDAY) == 0
    (posted,) = post.mails
    assert posted["To"] == "jefatura@example.cl"
    assert "Jefatura de Operaciones" in text(posted)
    assert "20-11-2026" in item.issue.history.last().public_text


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.HANDED_OVER, "acuse de recibo"),
        (Status.ACKNOWLEDGED, "sin respuesta"),
        (Status.SCHEDULED, "fecha comprometida"),
        (Status.IN_PROGRESS, "fecha comprometida"),
        (Status.ON_HOLD, "pausa"),
    ],
)
def test_a_missed_day_is_told_in_true_words(status, said):
    assert said in mail.missed(status)
    assert ("sin respuesta" in mail.missed(status)) == (status == Status.ACKNOWLEDGED)


def test_a_new_missed_deadline_is_told_again(post, item, due, streets):
    streets.escalation_email = "jefatura@example.cl"
    streets.save()
    due(dt.date(2026, 11, 19))
    mail.escalate(MONDAY)
    due(dt.date(2026, 11, 20))
    assert mail.escalate(MONDAY) == 1


def test_a_disputed_repair_reaches_its_department(post, bring_to, facilitator):
    item = bring_to(Status.REPORTED_DONE)
    judged(item.issue, is_done=False, text="Quedó a medias.")
    assert mail.tell_disputes() == 1
    assert mail.tell_disputes() == 0
    assert "Quedó a medias." in text(post.mails[0])


# --- Residents who follow -----------------------------------------------------------------------


def link(posted, name: str) -> str:
    return re.search(rf"http\S+(/seguir/{name}/[0-9a-f]+/)", text(posted))[1]


@pytest.fixture
def follow(post, client, item):
    """Somebody asks to follow the problem and confirms by the mail."""
    client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "Vecina@Example.cl"})
    address = link(post.mails.pop(), "confirmar")
    client.post(address)
    return Follow.objects.get()


def test_nobody_is_written_to_who_did_not_confirm(post, client, item, manager):
    client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "vecina@example.cl"})
    answers.acknowledge(item, manager)
    assert following.tell_followers() == 0
    assert len(post.mails) == 1


def test_opening_the_link_alone_confirms_nothing(post, client, item):
    client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "vecina@example.cl"})
    assert client.get(link(post.mails[0], "confirmar")).status_code == 200
    assert Follow.objects.get().confirmed_at is None


def test_news_go_out_once_with_a_way_out(post, follow, item, manager):
    answers.acknowledge(item, manager)
    assert following.tell_followers() == 1
    assert following.tell_followers() == 0
    (posted,) = post.mails
    assert posted["To"] == "vecina@example.cl"
    assert "con acuse" in text(posted)
    assert posted["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_erases_the_address(post, follow, item, manager, client):
    answers.acknowledge(item, manager)
    following.tell_followers()
    out = re.search(r"(/seguir/salir/[0-9a-f]+/)", post.mails[0]["List-Unsubscribe"])[1]
    assert client.post(out).status_code == 200
    assert not Follow.objects.exists()
    assert client.post(out).status_code == 200


def test_who_followed_a_duplicate_hears_of_the_problem_that_stayed(post, client, item, make_issue, manager):
    twin = make_issue(1)
    client.post(f"/seguir/problema/{twin.reference}/", {"email": "vecina@example.cl"})
    client.post(link(post.mails.pop(), "confirmar"))
    merge(twin, item.issue, actor=None, office="Oficina")
    assert following.tell_followers() == 1
    answers.acknowledge(item, manager)
    assert following.tell_followers(timezone.now() + following.EVERY) == 1
    assert item.issue.reference in text(post.mails[1])


def test_who_follows_gets_one_mail_a_week_with_all_that_happened(post, follow, item, manager):
    answers.acknowledge(item, manager)
    assert following.tell_followers() == 1
    for word in ("Uno", "Dos"):
        progress.note(item, manager, public_text=word)
    nearly = timezone.now() + following.EVERY - dt.timedelta(minutes=5)
    assert following.tell_followers(nearly) == 0
    assert following.tell_followers(timezone.now() + following.EVERY) == 1
    assert "Uno" in text(post.mails[1])
    assert "Dos" in text(post.mails[1])


def test_news_beyond_a_mail_are_counted_and_do_not_lag_for_weeks(post, follow, item, manager):
    for number in range(following.MAX_LINES + 3):
        progress.note(item, manager, public_text=f"Avance {number}")
    assert following.tell_followers() == 1
    assert "… y 3 novedades más" in text(post.mails[0])
    assert following.tell_followers(timezone.now() + following.EVERY) == 0


def test_internal_notes_are_not_told(post, follow, item, manager):
    from_office = {"issue": item.issue, "kind": "note", "office": "x", "at": timezone.now()}
    item.issue.history.create(**(from_office | {"reason": "secreto"}))
    assert following.tell_followers() == 0


def test_a_problem_that_is_hidden_sends_nothing(post, follow, item, manager):
    answers.acknowledge(item, manager)
    Issue.objects.filter(pk=item.issue_id).update(visibility="staff")
    assert following.tell_followers() == 0


@pytest.mark.parametrize(("kind", "name"), [("barrio", "norte"), ("categoria", "PAV-01")])
def test_a_neighbourhood_or_a_category_is_followed_too(post, client, item, manager, kind, name):
    client.post(f"/seguir/{kind}/{name}/", {"email": "vecina@example.cl"})
    client.post(link(post.mails.pop(), "confirmar"))
    answers.acknowledge(item, manager)
    assert following.tell_followers() == 1


def test_asking_again_sends_no_second_mail(post, client, item):
    for _time in range(3):
        client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "vecina@example.cl"})
    assert len(post.mails) == 1


def test_unconfirmed_addresses_are_erased_after_two_days(post, client, item):
    client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "vecina@example.cl"})
    assert following.forget_followers(timezone.now() + dt.timedelta(days=3)) == 1


@pytest.mark.parametrize(
    ("address", "email", "status"),
    [
        ("problema/{ref}", "no-es-correo", 400),
        ("problema/{ref}", "a@b\nBcc: c@d.cl", 400),
        ("problema/{ref}", "", 400),
        ("problema/M-2020-000001", "vecina@example.cl", 404),
        ("persona/juan", "vecina@example.cl", 404),
        ("barrio/atlantis", "vecina@example.cl", 404),
        ("confirmar/0000", "", 404),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_a_sentence(post, client, item, address, email, status):
    where = address.format(ref=item.issue.reference)
    assert client.post(f"/seguir/{where}/", {"email": email}).status_code == status
    assert post.mails == []


def test_a_mail_server_that_is_away_keeps_nobody_waiting(post, client, item):
    post.refuses = True
    answer = client.post(f"/seguir/problema/{item.issue.reference}/", {"email": "vecina@example.cl"})
    assert answer.status_code == 200
    assert Follow.objects.get().confirmed_at is None
    assert Letter.objects.on_their_way().count() == 1
