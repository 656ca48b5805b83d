"""What is measured, when it is ill, who is told and how often."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connection
from django.utils import timezone

from core import alarms, health
from core.chores import DUTIES
from core.jobs import Queue
from core.metrics import on_its_port
from core.models import Alarm, Chore, Letter, LetterState
from core.outbox import post as write
from issues.models import DailyHead
from tests.roles import owner
from tests.workers import delivered, work_off

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(**words: float) -> dt.datetime:
    return NOW - dt.timedelta(**words)


@pytest.fixture(autouse=True)
def ran(settings):
    """Everything was done a minute ago; nobody asks for a backup."""
    settings.ALARM_BACKUP_HOURS = 0
    for name in DUTIES:
        Chore.objects.create(name=name, run_at=ago(minutes=1), success_at=ago(minutes=1), count=0)


def ill() -> set[str]:
    return {one.name for one in health.readings(NOW) if one.is_ill}


def test_a_house_that_was_tended_is_well():
    assert ill() == set()


def make_clock_stop():
    Chore.objects.update(run_at=ago(minutes=11))


def make_worker_of_chores_die():
    """The worker of the mail goes on, and notes its own turns."""
    Chore.objects.exclude(name="watch_from_mail").update(run_at=ago(minutes=11))


def make_worker_of_mail_die():
    Chore.objects.filter(name="watch_from_mail").update(run_at=ago(minutes=11))


def make_worker_of_mail_never_begin():
    Chore.objects.filter(name="watch_from_mail").delete()
    Chore.objects.create(name="clock", run_at=ago(minutes=11), success_at=NOW)


def make_hourly_chore_fail_once():
    Chore.objects.filter(name="forget").update(failures=1)


def make_chore_fail():
    Chore.objects.filter(name="digests").update(failures=2)


def make_mail_wait():
    Letter.objects.filter(pk=write("a@b.cl", "x", "y").pk).update(written_at=ago(minutes=16))


def make_seal_old():
    DailyHead.objects.create(
        number=1, day=ago(days=2).date(), entries=0, last_entry=0, previous_digest="", digest="x" * 64
    )


ILLS = [
    (make_clock_stop, "clock_age_seconds"),
    (make_worker_of_chores_die, "clock_age_seconds"),
    (make_worker_of_mail_die, "clock_age_seconds"),
    (make_worker_of_mail_never_begin, "clock_age_seconds"),
    (make_chore_fail, "chores_failing"),
    (make_hourly_chore_fail_once, "chores_failing"),
    (make_mail_wait, "mail_queue_age_seconds"),
    (make_seal_old, "seal_age_seconds"),
]


@pytest.mark.parametrize(("fault", "name"), ILLS)
def test_each_fault_makes_its_own_reading_ill(fault, name):
    fault()
    assert ill() == {name}


def test_a_house_that_just_began_is_given_its_first_minutes():
    Chore.objects.filter(name="watch_from_mail").delete()
    Chore.objects.create(name="clock", run_at=ago(minutes=9), success_at=NOW)
    assert ill() == set()


def test_a_chore_of_every_five_minutes_may_fail_once():
    Chore.objects.filter(name="digests").update(failures=1)
    assert ill() == set()


@pytest.mark.parametrize(
    ("hours", "age", "is_ill"),
    [(36, None, True), (36, 37, True), (36, 35, False), (0, None, False), (0, 99, False)],
)
def test_a_backup_is_asked_for_where_the_settings_say_so(settings, hours, age, is_ill):
    settings.ALARM_BACKUP_HOURS = hours
    if age is not None:
        Chore.objects.create(name=health.BACKUP, success_at=ago(hours=age))
    assert ("backup_age_seconds" in ill()) == is_ill


def test_a_failed_backup_is_an_alarm_with_its_reason(settings):
    settings.ALARM_BACKUP_HOURS = 36

    def told(*statement: object) -> str:
        with owner(), connection.cursor() as cursor:
            cursor.execute(*statement)
        return "".join(one.text for one in health.readings() if one.is_ill and one.name.startswith("backup"))

    assert told("SELECT backup_noted()") == ""
    for _ in range(2):
        assert "No room for a backup" in told(
            "SELECT backup_failed(%s)", ["No room for a backup" + "." * 900]
        )
    assert Chore.objects.get(name=health.BACKUP).failures == 2
    assert told("SELECT backup_noted()") == ""


def test_little_room_is_ill(settings):
    settings.ALARM_DISK_MB = 10**12
    assert ill() == {"disk_free_bytes"}


@pytest.mark.parametrize("state", [LetterState.REFUSED, LetterState.DOUBTFUL, LetterState.GIVEN_UP])
def test_a_stranded_letter_is_counted_and_waits_for_a_person_without_an_alarm(state):
    Letter.objects.filter(pk=write("a@b.cl", "x", "y").pk).update(state=state, written_at=ago(days=1))
    assert ill() == set()
    assert [one.value for one in health.readings(NOW) if one.name == "mail_stranded"] == [1]


def test_an_alarm_is_told_when_it_begins_once_a_day_and_when_it_is_over(settings):
    settings.ALARM_EMAIL = ["guardia@example.cl"]
    make_chore_fail()

    def told(**after: float) -> list[str]:
        before, at = len(delivered()), NOW + dt.timedelta(**after)
        Chore.objects.update(run_at=at)
        alarms.watch(at)
        return [letter.subject for letter in delivered()[before:]]

    sentence = "Mapa Barrial: Hay tareas que fallan una y otra vez: resúmenes."
    assert told(minutes=0) == [sentence]
    assert told(minutes=5) == []
    assert told(hours=25) == [sentence]
    Chore.objects.update(failures=0)
    assert told(hours=26) == ["Mapa Barrial: Ya está bien: Hay tareas que fallan una y otra vez: resúmenes."]
    assert not Alarm.objects.exists()


def test_an_alarm_calls_the_webhook_with_json_and_tries_again(settings):
    heard = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if len(heard) == 1 else 204)
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.ALARM_WEBHOOK = f"http://127.0.0.1:{server.server_port}/"
        make_chore_fail()
        alarms.watch(NOW)
        assert work_off(Queue.MAIL) == ["HTTPError"]
        alarms.call_webhook("otra vez")
        server.shutdown()
    assert "resúmenes" in heard[0]["text"]


# --- The pages of the administration ------------------------------------------------------------


def test_the_first_page_and_health_tell_what_is_ill(client, administrator):
    client.force_login(administrator)
    Chore.objects.update(run_at=timezone.now(), failures=0)
    assert "messagelist" in client.get("/admin/").content.decode()
    assert "El reloj está detenido" not in client.get("/admin/").content.decode()
    Chore.objects.update(run_at=ago(days=900))
    for page in ("/admin/", "/admin/salud/"):
        assert "El reloj está detenido" in client.get(page).content.decode()


def test_health_shows_every_chore_with_its_last_fault(client, administrator):
    Chore.objects.filter(name="digests").update(error_at=NOW, error="ValueError: nada", failures=3)
    client.force_login(administrator)
    page = client.get("/admin/salud/").content.decode()
    assert all(str(duty.title) in page for duty in DUTIES.values())
    assert "ValueError: nada (3 seguidas)" in page


@pytest.mark.parametrize("who", [None, "facilitator", "manager", "cabinet"])
def test_health_is_for_the_administration_only(client, request, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/salud/").status_code == 302


def test_letters_are_shown_without_their_text_and_sent_again_by_an_action(client, administrator):
    letter = write("vecina@example.cl", "Novedades", "abre https://x.cl/secreto")
    Letter.objects.update(state=LetterState.DOUBTFUL)
    client.force_login(administrator)
    page = client.get(f"/admin/core/letter/{letter.pk}/change/").content.decode()
    assert "vecina@example.cl" in page
    assert "secreto" not in page
    client.post("/admin/core/letter/", {"action": "send_again", "_selected_action": [letter.pk]})
    assert [mail.to for mail in delivered()] == [["vecina@example.cl"]]


@pytest.mark.parametrize("model", ["letter", "waitingjob"])
@pytest.mark.parametrize("act", ["add/", "1/delete/"])
def test_nobody_adds_or_deletes_letters_and_jobs(client, administrator, model, act):
    client.force_login(administrator)
    assert client.get(f"/admin/core/{model}/{act}").status_code in (302, 403)


# --- /metrics -----------------------------------------------------------------------------------


def asked(port: str, path: str) -> tuple[str, str]:
    """Status and text that a request by a port gets; the site itself says «site»."""
    environ = {"SERVER_PORT": port, "PATH_INFO": path}
    setup_testing_defaults(environ)
    said: list[str] = []

    def site(environ, start):
        start("200 OK", [])
        return [b"site"]

    body = b"".join(on_its_port(site)(environ, lambda status, headers, *rest: said.append(status)))
    return said[0], body.decode()


def test_metrics_answer_on_their_own_port_and_nothing_else_does(settings, transactional_db):
    settings.METRICS_PORT = "9464"
    status, text = asked("9464", "/metrics")
    assert status.startswith("200")
    for name in (
        "clock_age_seconds",
        "mail_queue_age_seconds",
        "disk_free_bytes",
        "chores_failing",
        "jobs_failed",
    ):
        assert f"\nmapa_{name} " in text
    assert 'mapa_ill{reading="backup_age_seconds"}' in text
    assert "mapa_database_up 1.0" in text
    assert "mapa_errors_total" in text
    assert asked("9464", "/") == ("404 Not Found", "/metrics\n")


@pytest.mark.parametrize(("port", "metrics_port"), [("8000", "9464"), ("8000", "")])
def test_metrics_are_not_on_the_port_of_the_site(settings, port, metrics_port):
    settings.METRICS_PORT = metrics_port
    assert asked(port, "/metrics") == ("200 OK", "site")
