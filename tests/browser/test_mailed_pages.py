"""From each delivered mail, over its own links in Chromium, to the thank-you or the done act.

One row of WAYS for each template of a mail: a template without its row fails.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import invitations
from accounts.models import User
from gatherings.calendar import planner
from gatherings.models import Gathering
from handovers import mail as notices
from handovers.acts import forwarding
from handovers.followers import following
from handovers.followers import invitations as invitations_of_rooms
from handovers.followers import repair_questions as repaired
from handovers.inbox_mail import mail_notifications
from handovers.life import inbox
from handovers.models import Follow, NotificationKind
from issues.models import Issue, Reporter
from issues.workflow import Status
from maps.persons import contact
from tests.gatherings.conftest import make_gathering  # noqa: F401
from tests.handovers.conftest import (  # noqa: F401
    bring_to,
    handed,
    item,
    photo_after,
    publish,
    validated,
)
from tests.town import judged

pytestmark = pytest.mark.django_db(transaction=True)
FOLLOWER = "vecina@example.cl"
MONDAY = dt.datetime(2026, 11, 23, 13, tzinfo=dt.UTC)
# A working day long after what a test told.
NEXT_MORNING = dt.datetime(2035, 11, 26, 15, tzinfo=dt.UTC)
# Words of pages, not of mails.
NOT_MAILED = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "usersessions/messages/sessions_logged_out.txt",
    "maps/persons/privacy_md.txt",
}


def link(mail: Message, path: str) -> str:
    """The one address in a mail that leads to a kind of page; Python's regular expression."""
    (found,) = set(re.findall(rf"http\S+{path}\S*", mail.get_content()))
    return found


class Reader:
    """Somebody with the mails and a browser: the fixtures that a way needs, by name."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.page: Page = request.getfixturevalue("page")
        self.get = request.getfixturevalue

    def mail(self) -> Message:
        """The last delivered mail."""
        return self.get("post").mails[-1]

    def opens(self, path: str, *, who: str = "") -> None:
        """Follow a link of the mail; staff sign in on the way and must land where the link leads."""
        address = link(self.mail(), path)
        self.page.goto(address)
        if who:
            self.page.get_by_label("Usuario").fill(self.get(who).username)
            self.page.get_by_label("Contraseña").fill("clave-de-prueba")
            self.page.get_by_role("button", name="Entrar").click()
            self.page.wait_for_url(address)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def late(self) -> None:
        """The problem's deadline passed."""
        Issue.objects.filter(pk=self.get("item").issue_id).update(due_date=dt.date(2026, 11, 20))

    def follows(self) -> None:
        """Somebody follows the problem by mail, up to the confirmation."""
        self.page.goto(f"/seguir/problema/{self.get('item').issue.reference}/")
        self.page.get_by_label("Tu correo").fill(FOLLOWER)
        self.press("Seguir")
        self.sees("Te mandamos un correo")

    def confirms(self) -> None:
        self.opens("/seguir/confirmar/")
        self.press("Sí, quiero recibir novedades")
        self.sees("te escribiremos cuando haya novedades")


def confirm(reader: Reader) -> None:
    reader.follows()
    reader.confirms()
    assert Follow.objects.get().confirmed_at


def news(reader: Reader) -> None:
    reader.follows()
    reader.confirms()
    reader.get("bring_to")(Status.ACKNOWLEDGED)
    assert following.tell_followers() == 1
    reader.opens("/problemas/")
    reader.sees("Hoyo grande")
    reader.opens("/seguir/salir/")
    reader.press("Dejar de recibir correos")
    reader.sees("Borramos tu correo.")
    assert not Follow.objects.exists()


def _asked(reader: Reader) -> None:
    reader.follows()
    reader.confirms()
    reader.get("bring_to")(Status.REPORTED_DONE)
    assert repaired.ask_followers() == 1


def repaired_well(reader: Reader) -> None:
    _asked(reader)
    reader.opens("/quedo-reparado/[^/]+/si/")
    reader.press("Sí, quedó bien")
    reader.sees("Gracias: recibimos tu respuesta.")


def repaired_badly(reader: Reader) -> None:
    _asked(reader)
    reader.opens("/quedo-reparado/[^/]+/no/")
    reader.page.get_by_label("Qué falta o qué quedó mal").fill("Sigue el hoyo.")
    reader.press("No quedó bien")
    reader.sees("Gracias: recibimos tu respuesta.")


def doubt(reader: Reader) -> None:
    reader.get("facilitator")
    repaired_badly(reader)
    assert repaired.tell_doubts() == 2
    reader.opens("/verificar/", who="facilitator")
    reader.sees("Sigue el hoyo.")
    reader.opens("/problemas/")
    reader.sees("responde que no quedó bien")


def forward(reader: Reader) -> None:
    words = {"body": "Metro", "email": "metro@example.cl", "message": "¿Pueden repararlo?"}
    forwarding.forward(reader.get("item"), reader.get("manager"), **words)
    reader.opens("/externo/")
    reader.page.get_by_label("Su respuesta, que será pública").fill("La cambiamos en marzo.")
    reader.press("Enviar respuesta")
    reader.sees("Recibimos su respuesta el")


def digest(reader: Reader) -> None:
    reader.late()
    assert notices.send_digests(MONDAY) == 1
    reader.opens(r"/gestion/\w", who="manager")
    reader.press("Dar acuse de recibo")
    reader.sees("Acuse de recibo dado.")


def escalation(reader: Reader) -> None:
    streets = reader.get("streets")
    streets.escalation_email = "jefatura@example.cl"
    streets.save()
    reader.late()
    assert notices.escalate(MONDAY) == 1
    reader.opens("/problemas/")
    reader.sees("se avisó a la jefatura")


def told_inside(reader: Reader) -> None:
    reader.get("item")
    reader.get("manager")
    inbox.tell(NotificationKind.DELIVERY, [_addressed(reader)])
    assert mail_notifications(NEXT_MORNING) == 1
    reader.opens("/avisos/opciones/", who="manager")
    reader.page.get_by_role("group", name="Llegó una entrega").get_by_label("Solo aquí").check()
    reader.press("Guardar")
    reader.sees("Guardamos qué te llega por correo.")
    reader.page.get_by_role("button", name="Abrir").first.click()
    reader.page.wait_for_url("**/gestion/**")


def _addressed(reader: Reader) -> User:
    manager = reader.get("manager")
    manager.email = "jefa@example.cl"
    manager.save()
    return manager


def dispute(reader: Reader) -> None:
    told = reader.get("bring_to")(Status.REPORTED_DONE)
    judged(told.issue, is_done=False, text="Quedó a medias.")
    assert notices.tell_disputes() == 1
    reader.opens(r"/gestion/\w", who="manager")
    reader.sees("Quedó a medias.")


def _invited(reader: Reader) -> Gathering:
    norte = reader.get("norte")
    following.ask(following.Target(territory=norte), FOLLOWER)
    following.confirm(Follow.objects.get())
    planned = reader.get("make_gathering")(starts_at=timezone.now() + dt.timedelta(days=1), place="Sede")
    assert invitations_of_rooms.invite_followers() == 1
    return planned


def invited(reader: Reader) -> None:
    _invited(reader)
    reader.opens("/reuniones/")
    reader.sees("Sede")
    reader.opens("/seguir/salir/")
    reader.press("Dejar de recibir correos")
    reader.sees("Borramos tu correo.")


def called_off(reader: Reader) -> None:
    planner.cancel(_invited(reader), "Llueve a cántaros")
    assert invitations_of_rooms.tell_called_off() == 1
    reader.opens("/reuniones/")
    reader.sees("Llueve a cántaros")


def office_answers(reader: Reader) -> None:
    issue, expires = reader.get("item").issue, timezone.localdate() + dt.timedelta(days=9)
    Reporter.objects.create(issue=issue, name="Rosa", email=FOLLOWER, expires_on=expires)
    contact.answer(issue, "Vamos el martes.", actor=reader.get("manager"))
    assert "Vamos el martes." in reader.mail().get_content()
    reader.opens("/privacidad/")
    reader.sees("Datos personales")


def reminder(reader: Reader) -> None:
    reader.get("make_gathering")(starts_at=timezone.now() + dt.timedelta(minutes=30))
    assert planner.remind() == 1
    reader.opens("/reuniones/", who="facilitator")
    reader.press("Abrir la reunión")
    expect(reader.page.get_by_label("Personas sin organización")).to_be_visible()


def invitation(reader: Reader) -> None:
    invitations.invite(reader.get("manager"))
    reader.opens("/invitacion/")
    for label in ("Contraseña nueva", "Otra vez"):
        reader.page.get_by_label(label).fill("tres gatos miran la lluvia")
    reader.press("Guardar y entrar")
    reader.sees("Listo: entra con tu contraseña nueva.")
    reader.page.get_by_label("Usuario").fill("direccion")
    reader.page.get_by_label("Contraseña").fill("tres gatos miran la lluvia")
    reader.press("Entrar")
    reader.sees("Escritorio de gestión")


WAYS: dict[str, list[Callable[[Reader], None]]] = {
    "handovers/mail/confirm.txt": [confirm],
    "handovers/mail/news.txt": [news],
    "handovers/mail/repaired.txt": [repaired_well, repaired_badly],
    "handovers/mail/doubt.txt": [doubt],
    "handovers/mail/forward.txt": [forward],
    "handovers/mail/digest.txt": [digest],
    "handovers/mail/escalation.txt": [escalation],
    "handovers/mail/dispute.txt": [dispute],
    "handovers/mail/inbox.txt": [told_inside],
    "gatherings/mail/reminder.txt": [reminder],
    "handovers/mail/invitation.txt": [invited],
    "handovers/mail/called_off.txt": [called_off],
    "maps/persons/answer.txt": [office_answers],
    "accounts/mail/invitation.txt": [invitation],
}


@pytest.fixture
def reader(request, settings, live_server, post, tmp_path) -> Iterator[Reader]:
    settings.SITE_URL = live_server.url
    settings.MEDIA_ROOT = tmp_path / "media"
    reader = Reader(request)
    yield reader
    # Nothing of the page may still be asked for when the database is gone.
    reader.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("way", [way for ways in WAYS.values() for way in ways], ids=lambda way: way.__name__)
def test_from_the_delivered_mail_to_the_thank_you(reader, way):
    way(reader)


def test_every_template_of_a_mail_has_its_way():
    root = Path(project.BASE_DIR) / "templates"
    mails = {path.relative_to(root).as_posix() for path in root.rglob("[!_]*.txt")} - NOT_MAILED
    assert mails == set(WAYS)
