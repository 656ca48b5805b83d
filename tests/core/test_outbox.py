"""The outbox against a real conversation: what leaves, how often, and what nobody waits for."""

from __future__ import annotations

import datetime as dt
import logging
import socket
from contextlib import suppress

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.jobs import Queue
from core.models import Letter, LetterState
from core.outbox import deliver, forget_old, post_again
from tests.network import TalksInTransaction
from tests.workers import a_worker, wait_until, work_off

pytestmark = pytest.mark.django_db


def write(**more: str) -> Letter:
    return outbox.post("vecina@example.cl", "Novedades", "Hola", **more)


def state_of(letter: Letter) -> LetterState:
    letter.refresh_from_db()
    return LetterState(letter.state)


def attempt(letter: Letter) -> str:
    """One attempt; the kind of what it raised."""
    try:
        deliver(letter.pk)
    except Exception as error:
        return type(error).__name__
    return ""


def test_a_letter_leaves_once_with_its_own_message_id_and_its_text_is_erased(post):
    letter = write(headers={"List-Unsubscribe": "<https://x.cl/salir>"})
    (mail,) = post.mails
    assert state_of(letter) == LetterState.SENT
    assert (mail["Message-ID"], mail["List-Unsubscribe"]) == (letter.message_id, "<https://x.cl/salir>")
    assert (letter.body, letter.headers, letter.last_error) == ("", {}, "")
    assert letter.sent_at
    assert not deliver(letter.pk)
    assert len(post.mails) == 1


def test_what_was_rolled_back_is_never_mailed(post):
    with suppress(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert post.mails == []
    assert not Letter.objects.exists()


def test_a_subject_is_one_line(post):
    assert outbox.post("a@b.cl", "uno\r\nBcc: x@y.cl", "Hola").subject == "uno Bcc: x@y.cl"


# What the server does; the kind of fault, the state after one attempt, and after two.
FAULTS = {
    "asks to come later": ({"MAIL": "421 later"}, "NotSent", "waiting", "waiting"),
    "does not know the person now": ({"RCPT": "450 busy"}, "NotSent", "waiting", "waiting"),
    "does not know the person": ({"RCPT": "550 nobody"}, "", "refused", "refused"),
    "does not like the text": ({"END": "554 spam"}, "", "refused", "refused"),
    "is full at the end": ({"END": "452 full"}, "NotSent", "waiting", "waiting"),
    "hangs up before its answer": ({"END": ""}, "SMTPServerDisconnected", "sending", "sending"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_becomes_of_a_letter_when_the_server(post, fault):
    post.says, raised, after_one, after_two = FAULTS[fault]
    letter = write()
    assert (attempt(letter), state_of(letter)) == (raised, after_one)
    assert (attempt(letter), state_of(letter)) == (raised, after_two)
    assert "vecina@" not in letter.last_error
    assert bool(letter.last_error)


def test_a_server_that_took_it_and_died_before_saying_so_gets_it_once_more_with_the_same_id(post):
    post.says = {"END": ""}
    letter = write()
    faults = [attempt(letter) for _time in range(4)]
    assert faults == ["SMTPServerDisconnected"] * 2 + [""] * 2
    assert state_of(letter) == LetterState.DOUBTFUL
    assert [mail["Message-ID"] for mail in post.taken] == [letter.message_id] * 2


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_250_and_our_note_it_goes_once_more_and_never_a_third_time(post):
    letter = write()
    with a_worker(Queue.MAIL, EMAIL_URL=post.url) as worker:
        post.on_taking = worker.kill
        wait_until(lambda: worker.poll() is not None)
    assert state_of(letter) == LetterState.SENDING
    # The second life ends the same way.
    post.says = {"END": ""}
    post.on_taking = lambda: None
    assert attempt(letter) == "SMTPServerDisconnected"
    assert attempt(letter) == ""
    assert state_of(letter) == LetterState.DOUBTFUL
    assert [mail["Message-ID"] for mail in post.taken] == [letter.message_id] * 2


def test_nobody_listening_is_tried_again_and_given_up_in_the_end(post):
    post.server_close()
    letter = write()
    assert attempt(letter) == "NotSent"
    Letter.objects.update(attempts=outbox.PATIENCE.attempts - 1)
    assert attempt(letter) == ""
    assert state_of(letter) == LetterState.GIVEN_UP


def test_a_stranded_letter_leaves_again_when_a_person_says_so_and_no_other(post):
    post.says = {"RCPT": "550 nobody"}
    letter = write()
    assert not post_again(letter)
    work_off(Queue.MAIL)
    post.says = {}
    assert post_again(letter)
    assert len(post.mails) == 1


def test_the_waits_double_up_to_three_hours_and_cover_a_day():
    waits = [outbox.PATIENCE.wait(attempts) for attempts in range(outbox.PATIENCE.attempts - 1)]
    assert waits[:3] == [30, 60, 120]
    assert max(waits) == 3 * 60 * 60
    assert sum(waits) > 18 * 60 * 60


def test_sent_letters_are_forgotten_after_their_days_and_waiting_ones_never(settings):
    sent, waiting = write(), write()
    Letter.objects.filter(pk=sent.pk).update(state=LetterState.SENT)
    at = timezone.now() + dt.timedelta(days=settings.LETTER_DAYS, hours=1)
    assert forget_old(at) == 1
    assert Letter.objects.get() == waiting


def test_the_guard_of_these_tests_finds_a_letter_sent_within_a_transaction():
    with transaction.atomic(), pytest.raises(TalksInTransaction):
        django_mail.send_mail("a", "b", "c@d.cl", ["e@f.cl"])


def test_the_guard_of_these_tests_finds_a_socket_within_a_transaction(post):
    with transaction.atomic(), pytest.raises(TalksInTransaction):
        socket.create_connection(("127.0.0.1", post.port))


@pytest.mark.django_db(transaction=True)
def test_sixteen_letters_to_a_silent_server_hold_up_no_page_that_writes_another(post, client, make_issue):
    post.is_silent = True
    for _number in range(16):
        write()
    issue = make_issue()
    with a_worker(Queue.MAIL, EMAIL_URL=post.url, EMAIL_TIMEOUT="60"):
        wait_until(lambda: Letter.objects.filter(state=LetterState.SENDING).exists())
        asked = client.post(f"/seguir/problema/{issue.reference}/", {"email": "vecina@example.cl"})
        assert asked.status_code == 200
        assert Letter.objects.on_their_way().count() == 17


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_was_written_while_none_was_there(post):
    letter = write()
    with a_worker(Queue.MAIL, EMAIL_URL=post.url):
        wait_until(lambda: state_of(letter) == LetterState.SENT)
    assert [mail["Message-ID"] for mail in post.taken] == [letter.message_id]


def test_no_address_stands_in_a_log_or_a_note(post, caplog):
    post.says = {"RCPT": "550 <vecina@example.cl> nobody"}
    letter = write()
    with caplog.at_level(logging.DEBUG):
        work_off(Queue.MAIL)
    assert "vecina@" not in caplog.text
    assert state_of(letter) == LetterState.REFUSED
    assert "vecina@" not in letter.last_error
