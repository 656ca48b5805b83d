"""Every form of every page: nothing typed into it is lost. A template with a form and no row here fails.

The forms are then met on the pages themselves, as each role: each has its key, is sent by a session that
ended, waits for the person who typed it, and goes on for nobody else.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import resolve

from core.together.once import OUTSIDE
from tests.config.test_every_door import pages
from tests.config.test_every_url import world  # noqa: F401 (a fixture)
from tests.pages import PageForm, forms_of


class Kept(Enum):
    """What becomes of what is typed into a form."""

    # On the device until it is done; held by the server when the session ended.
    TEAM = "drafts"
    # In the tab until it is done.
    STRANGER = "tab"
    # Sent by a script that keeps its own wishes; what is not sent yet is a draft.
    ROOM = "room"
    # A tablet's own database: static/js/data/walk/drafts.js.
    TABLET = "tablet"
    # It is in the address.
    ADDRESS = "get"
    # Passwords, codes, what nobody may find on the device; or nothing is typed.
    NEVER = "never"


FORMS = {
    "_header.html": Kept.NEVER,
    "account/_single_sign_on.html": Kept.NEVER,
    "account/login.html": Kept.NEVER,
    "account/logout.html": Kept.NEVER,
    "account/password_change.html": Kept.NEVER,
    "account/reauthenticate.html": Kept.NEVER,
    "accounts/go_on.html": Kept.NEVER,
    "accounts/invitation.html": Kept.NEVER,
    "core/_clock.html": Kept.TEAM,
    "core/changed.html": Kept.NEVER,
    "gatherings/acta/acta.html": Kept.TEAM,
    "gatherings/acta/challenges.html": Kept.TEAM,
    "gatherings/calendar/calendar.html": Kept.TEAM,
    "gatherings/calendar/form.html": Kept.TEAM,
    "gatherings/room/_agreements.html": Kept.ROOM,
    "gatherings/room/_attendance.html": Kept.ROOM,
    "gatherings/room/_mapping.html": Kept.ROOM,
    "gatherings/room/_vote.html": Kept.ROOM,
    "gatherings/room/codes.html": Kept.NEVER,
    "gatherings/room/counter_codes.html": Kept.NEVER,
    "gatherings/room/room.html": Kept.ROOM,
    "gatherings/room/vote.html": Kept.NEVER,
    "gatherings/room/vote_code.html": Kept.ADDRESS,
    "handovers/cabinet/budget.html": Kept.TEAM,
    "handovers/cabinet/cabinet.html": Kept.TEAM,
    "handovers/cabinet/delivery.html": Kept.TEAM,
    "handovers/cabinet/preview.html": Kept.TEAM,
    "handovers/desk/_bulk_bar.html": Kept.NEVER,
    "handovers/desk/_filters.html": Kept.ADDRESS,
    "handovers/desk/_receipts.html": Kept.TEAM,
    "handovers/desk/_views.html": Kept.TEAM,
    "handovers/desk/bulk_preview.html": Kept.TEAM,
    "handovers/desk/bulk_report.html": Kept.TEAM,
    "handovers/desk/file_offer.html": Kept.TEAM,
    "handovers/desk/notification_choices.html": Kept.TEAM,
    "handovers/desk/notifications.html": Kept.TEAM,
    "handovers/desk/shortlist.html": Kept.TEAM,
    "handovers/followers/follow.html": Kept.STRANGER,
    "handovers/followers/follow_button.html": Kept.STRANGER,
    "handovers/followers/repaired.html": Kept.STRANGER,
    "handovers/indicators/_skips_filter.html": Kept.ADDRESS,
    "handovers/indicators/indicators.html": Kept.ADDRESS,
    "handovers/item/_action_form.html": Kept.TEAM,
    "handovers/item/_actions.html": Kept.TEAM,
    "handovers/item/outside.html": Kept.STRANGER,
    "issues/_level_to_confirm.html": Kept.TEAM,
    "issues/hiding/hide.html": Kept.TEAM,
    "issues/hiding/waiting.html": Kept.TEAM,
    "issues/photos/photo_review.html": Kept.TEAM,
    "issues/reports/_decision.html": Kept.TEAM,
    "maps/data/data.html": Kept.ADDRESS,
    "maps/duties/why.html": Kept.ADDRESS,
    "maps/home/_filters.html": Kept.ADDRESS,
    "maps/persons/request.html": Kept.TEAM,
    "maps/persons/requests.html": Kept.TEAM,
    "maps/persons/teller.html": Kept.TEAM,
    "maps/telling/_counter_what.html": Kept.TEAM,
    "maps/telling/_counter_where.html": Kept.ADDRESS,
    "maps/telling/join.html": Kept.NEVER,
    "maps/telling/told.html": Kept.STRANGER,
    "maps/telling/what.html": Kept.STRANGER,
    "maps/telling/where.html": Kept.ADDRESS,
    "mfa/authenticate.html": Kept.NEVER,
    "mfa/reauthenticate.html": Kept.NEVER,
    "mfa/recovery_codes/generate.html": Kept.NEVER,
    "mfa/totp/activate_form.html": Kept.NEVER,
    "mfa/totp/deactivate_form.html": Kept.NEVER,
    "mfa/webauthn/add_form.html": Kept.NEVER,
    "mfa/webauthn/authenticator_confirm_delete.html": Kept.NEVER,
    "mfa/webauthn/edit_form.html": Kept.NEVER,
    "mfa/webauthn/reauthenticate.html": Kept.NEVER,
    "rankings/_filter.html": Kept.ADDRESS,
    "rankings/moves.html": Kept.TEAM,
    "rankings/scenarios.html": Kept.TEAM,
    "socialaccount/login.html": Kept.NEVER,
    "territories/_actions.html": Kept.TEAM,
    "territories/upload.html": Kept.TEAM,
    "usersessions/usersession_list.html": Kept.NEVER,
    "walks/app/_form.html": Kept.TABLET,
    "walks/app/_known.html": Kept.TABLET,
    "walks/app/walk.html": Kept.TABLET,
    "walks/office/_decide.html": Kept.TEAM,
    "walks/office/inbox.html": Kept.TEAM,
    "walks/office/tablets.html": Kept.TEAM,
    "walks/sheets/typing.html": Kept.TEAM,
}
TEMPLATES = Path(settings.BASE_DIR, "templates")
TAG = re.compile(r"<form\b(?:\{%.*?%\}|[^>])*>", re.S)
PASSWORD = "clave-de-prueba"


def tags_of(name: str) -> list[str]:
    return TAG.findall((TEMPLATES / name).read_text(encoding="utf-8"))


def test_every_template_with_a_form_has_a_row():
    found = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert {name for name in found if tags_of(name)} == set(FORMS)


@pytest.mark.parametrize("name", [name for name, kept in FORMS.items() if kept in (Kept.TEAM, Kept.STRANGER)])
def test_what_is_kept_until_it_is_done_has_a_key_and_is_not_switched_off(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for tag in tags_of(name):
        assert 'method="post"' in tag
        assert 'data-draft="off"' not in tag
        assert "{% csrf_token %}" in text.split(tag, 1)[1].split("</form>")[0]


@pytest.mark.parametrize("name", [name for name, kept in FORMS.items() if kept == Kept.ROOM])
def test_a_form_of_the_room_names_itself_for_its_drafts(name):
    assert all("data-form" in tag or 'method="dialog"' in tag for tag in tags_of(name))


@pytest.mark.parametrize("name", [name for name, kept in FORMS.items() if kept == Kept.NEVER])
def test_what_is_never_kept_says_so_or_has_nothing_a_person_types(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    is_accounts = name.split("/")[0] in {"account", "accounts", "mfa", "socialaccount", "usersessions"}
    has_no_key = "vote" in name or is_accounts
    is_carried = name in {"_header.html", "core/changed.html"}
    assert has_no_key or is_carried or all('data-draft="off"' in tag for tag in tags_of(name)), text


# --- Met on the pages ---------------------------------------------------------------------------


def is_ours(form: PageForm) -> bool:
    """Whether it is about more than the own account."""
    return not (resolve(form.action.split("?")[0]).url_name or "").startswith(OUTSIDE)


def met(client, person, world) -> dict[str, PageForm]:  # noqa: F811
    """The forms a person meets, each view once."""
    found: dict[str, PageForm] = {}
    client.force_login(person)
    for path in pages(world):
        answer = client.get(path)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            for form in forms_of(answer.content.decode(), path):
                found.setdefault(resolve(form.action.split("?")[0]).view_name, form)
    return {name: form for name, form in found.items() if is_ours(form)}


@pytest.mark.parametrize("role", ["facilitator", "manager", "cabinet", "administrator"])
def test_each_form_a_person_meets_waits_when_the_session_ended(client, request, world, role):  # noqa: F811
    person = request.getfixturevalue(role)
    lost = {}
    forms = met(client, person, world)
    assert len(forms) >= 3
    for name, form in forms.items():
        Session.objects.all().delete()
        typed = dict.fromkeys(form.texts, "Veinte minutos") | form.values
        answer = client.post(form.action, typed)
        to = answer.get("Location", "")
        if not to.startswith("/entrar/?next=/por-enviar/") and not is_for_strangers(client, form):
            lost[name] = (answer.status_code, to)
        client.force_login(person)
        page = client.get(to.removeprefix("/entrar/?next="))
        if "/por-enviar/" in to and (
            page.status_code != 200 or form.values["act_key"] not in str(page.content)
        ):
            lost[name] = (page.status_code, "not shown")
    assert lost == {}


def is_for_strangers(client, form: PageForm) -> bool:
    """Whether its page is for everybody: there nobody has to sign in first."""
    client.logout()
    return client.get(form.action).status_code == 200
