"""Two people at the same moment on one waiting text or one proposed face: one decides, the other is told who.

Both forms are on their way before either is done: a third connection holds the row until both wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from issues.models import EntryKind, HistoryEntry, Photo, PhotoReview, Visibility
from issues.photos.intake import add_photo
from tests.browser.conftest import DESK, PHONE
from tests.conftest import NORTE
from tests.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = Path(settings.BASE_DIR) / "tests/issues/photos/people"
NAMED = "Don Zacarías bota escombros"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def two(make_page, sign_in, facilitator) -> tuple[Page, Page]:
    """A facilitator at a desk and a colleague on a phone."""
    User.objects.create_user(
        "colega", "c@example.cl", "clave-de-prueba", role=Role.FACILITATOR, territory_codes=[NORTE]
    )
    first, second = make_page(DESK), make_page(PHONE)
    sign_in(first, facilitator.username)
    sign_in(second, "colega")
    return first, second


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    """As the owner, whom no row is hidden from."""
    told = connection.settings_dict | connection.settings_dict["OWNER"]
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    with psycopg.connect(**{ours: told[name] for name, ours in names.items()}) as made:
        yield made


def at_once(query: str, key: object, *clicks: Callable[[], None]) -> None:
    """Do the clicks while the row is held, and let it go only when all of them wait in the database."""
    with another_connection() as holder, another_connection() as looker:
        holder.execute("SELECT set_config('app.role', '', true)")
        assert holder.execute(query, [key]).fetchone()
        for click in clicks:
            click()
        name = connection.settings_dict["NAME"]
        looker.autocommit = True
        wait_until(lambda: looker.execute(WAITING, [name]).fetchone()[0] >= len(clicks))
        holder.rollback()


def press(button: Locator) -> Callable[[], None]:
    return lambda: button.click(no_wait_after=True)


def test_of_two_on_one_waiting_text_one_decides_and_the_other_is_told_who(
    two, make_issue, administrator, facilitator
):
    issue = make_issue(title=NAMED, actor=administrator)
    assert issue.visibility == Visibility.REVIEW
    first, second = two
    for page in two:
        page.goto("/gestion/informes/")
    first.get_by_label("Problema", exact=True).fill("Botan escombros")
    second.get_by_label("Problema", exact=True).fill("Un vecino bota escombros")
    at_once(
        "SELECT 1 FROM issues_issue WHERE id = %s FOR UPDATE",
        issue.pk,
        *(press(page.get_by_role("button", name="Publicar")) for page in two),
    )
    for page in two:
        expect(page.get_by_text("No hay informes por revisar.")).to_be_visible()
    told = [page.locator("main, .messages").all_inner_texts() for page in two]
    done = ["Listo:" in " ".join(texts) for texts in told]
    late = two[done.index(False)]
    assert sorted(done) == [False, True]
    expect(late.get_by_text(f"{issue.reference} ya se revisó y está «público»")).to_be_visible()
    issue.refresh_from_db()
    lines = HistoryEntry.objects.filter(issue=issue, kind=EntryKind.VISIBILITY)
    assert (issue.visibility, lines.count()) == (Visibility.PUBLIC, 1)
    expect(late.get_by_text(lines.get().office)).to_be_visible()
    assert issue.title == ("Botan escombros", "Un vecino bota escombros")[done.index(True)]


def test_of_two_on_one_proposed_face_one_decides_and_the_other_is_told_who(two, issue):
    photo = add_photo(issue, (PEOPLE / "hopper.jpg").read_bytes(), actor=None, office="Caminata")
    first, second = two
    for page in two:
        page.goto(f"/gestion/fotos/{photo.pk}/")
        page.get_by_text("Falta responder por 1 cara.").wait_for()
    first.get_by_role("radio", name="Tapar").check()
    second.get_by_role("radio", name="No es una cara").check()
    at_once(
        "SELECT 1 FROM issues_photo WHERE id = %s FOR UPDATE",
        photo.pk,
        *(press(page.get_by_role("button", name="Aprobar y publicar")) for page in two),
    )
    wait_until(lambda: Photo.objects.get(pk=photo.pk).review == PhotoReview.APPROVED)
    wait_until(lambda: any(page.get_by_text("Mientras mirabas").count() for page in two))
    late = next(page for page in two if page.get_by_text("Mientras mirabas").count())
    done = two[1 - two.index(late)]
    expect(done.get_by_text("Listo: la foto quedó")).to_be_visible()
    expect(late.get_by_text("revisión")).to_be_visible()
    expect(late.get_by_text("aprobada")).to_be_visible()
    kept = Photo.objects.get(pk=photo.pk)
    assert len(kept.blurs) == (1 if done is first else 0)
    assert HistoryEntry.objects.filter(issue=issue, to_value=PhotoReview.APPROVED).count() == 1
