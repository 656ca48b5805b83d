"""Every address × every visitor × every method: who may look at what, and that nothing is written meanwhile.

An address that is not in the table fails the first test, so nothing is published without a decision.
"""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils import timezone
from PIL import Image
from uuid6 import uuid7

from accounts.models import User
from gatherings.models import Gathering
from handovers.life.delivery import hand_over
from issues.life.lifecycle import Change, move
from issues.models import Issue, Visibility
from issues.photos.intake import add_photo
from issues.workflow import Status
from rankings.publishing import publish
from tests.config.counted import Written
from walks.sync.devices import enrol, revoke

# In the rooms that do not name her the head is a stranger; what tablets sent is decided by her.
HEAD = dict.fromkeys(
    (
        "gathering-edit", "gathering-codes", "gathering-ballot", "gathering-room", "gathering-state",
        "gathering-pending",
    ),
    404,
) | {
    "inbox": 200, "held": 404, "tablets": 200,
}  # fmt: skip
# The control office reads problems, and decides where a second facilitator lacks; it is nowhere else.
NOT_OF_CONTROL = {
    404: ("photo", "photo-mini", "photo-original", "photo-decide", "hiding", "gathering-create",
          "gatherings-calendar", "counter-codes", "gathering-edit", "gathering-codes", "gathering-ballot",
          "gathering-room", "gathering-state", "gathering-pending"),
    403: ("counter", "counter-receipt", "report-review", "photo-review", "paper-sheets", "paper-sheet",
          "paper-typing", "to-verify"),
}  # fmt: skip
CONTROL = {name: status for status, names in NOT_OF_CONTROL.items() for name in names}
# A tablet that was revoked may still send, and what comes is held; it reads nothing of its people.
REVOKED = {
    "api:sync": 405, "api:sync-photo": 400, "api:sync-reconcile": 405, "api:sync-device": 403,
    "api:sync-reference": 200,
}  # fmt: skip
# Whoever else comes is like one of these, but at the addresses named. The last three are strangers: an
# account that was closed while signed in, a tablet that was revoked, and a key that nobody gave.
FURTHER: dict[str, tuple[str | None, dict[str, int]]] = {
    "facilitation_head": ("facilitator", HEAD),
    "department_head": ("manager", {}),
    "control": ("facilitator", CONTROL),
    "closed": (None, {}),
    "revoked": (None, REVOKED),
    "made_up": (None, {}),
}
ROLES = [None, "facilitator", "other_facilitator", "manager", "other_manager", "cabinet", "administrator"]
METHODS = ["post", "put", "patch", "delete"]
PUBLIC = [200] * 7
# Answers to GET for: stranger, facilitator of Norte, facilitator of Sur, Operaciones, DAOGA, cabinet,
# administration. The objects asked for lie in Norte and belong to Operaciones.
TABLE: dict[str, list[int]] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "favicon": PUBLIC,
    "account_login": [200, 302, 302, 302, 302, 302, 302],
    "account_logout": [302, 200, 200, 200, 200, 200, 200],
    "mfa_authenticate": [302, 302, 302, 302, 302, 302, 302],
    "account_change_password": [302, 200, 200, 200, 200, 200, 200],
    "account_reauthenticate": [302, 200, 200, 200, 200, 200, 200],
    "mfa_reauthenticate": [302, 302, 302, 302, 302, 302, 302],
    "mfa_index": [302, 200, 200, 200, 200, 200, 200],
    "mfa_activate_totp": [302, 302, 302, 302, 302, 302, 302],
    "mfa_deactivate_totp": [302, 404, 404, 404, 404, 404, 404],
    "mfa_view_recovery_codes": [302, 404, 404, 404, 404, 404, 404],
    "mfa_generate_recovery_codes": [302, 302, 302, 302, 302, 302, 302],
    "mfa_download_recovery_codes": [302, 404, 404, 404, 404, 404, 404],
    "mfa_login_webauthn": [302, 302, 302, 302, 302, 302, 302],
    "mfa_reauthenticate_webauthn": [302, 302, 302, 302, 302, 302, 302],
    "mfa_list_webauthn": [302, 200, 200, 200, 200, 200, 200],
    "mfa_add_webauthn": [302, 302, 302, 302, 302, 302, 302],
    "mfa_remove_webauthn": [302, 302, 302, 302, 302, 302, 302],
    "mfa_edit_webauthn": [302, 302, 302, 302, 302, 302, 302],
    "openid_connect_login": [404, 404, 404, 404, 404, 404, 404],
    "openid_connect_callback": [404, 404, 404, 404, 404, 404, 404],
    "usersessions_list": [302, 200, 200, 200, 200, 200, 200],
    "invitation": [404, 404, 404, 404, 404, 404, 404],
    "start": [302, 302, 302, 302, 302, 302, 302],
    "go-on": [302, 302, 302, 302, 302, 302, 302],
    "api:root": PUBLIC,
    "api:schema": PUBLIC,
    "api:territories": PUBLIC,
    "api:territories-at": [400, 400, 400, 400, 400, 400, 400],
    "api:sync": [401, 405, 405, 405, 405, 405, 405],
    "api:sync-photo": [401, 400, 400, 400, 400, 400, 400],
    "api:sync-reconcile": [401, 405, 405, 405, 405, 405, 405],
    "api:sync-session": PUBLIC,
    "api:sync-device": [401, 405, 405, 405, 405, 405, 405],
    "api:sync-reference": [401, 200, 200, 200, 200, 200, 200],
    "api:indicators": PUBLIC,
    "api:docs": PUBLIC,
    "api:map": PUBLIC,
    "api:map-orientation": PUBLIC,
    "api:search": PUBLIC,
    "api:category-list": PUBLIC,
    "api:category-detail": PUBLIC,
    "api:issue-list": PUBLIC,
    "api:issue-detail": PUBLIC,
    "api:issue-history": PUBLIC,
    "api:gathering-list": PUBLIC,
    "api:gathering-detail": PUBLIC,
    "api:list-list": PUBLIC,
    "api:list-detail": PUBLIC,
    "api:handover-list": PUBLIC,
    "api:handover-detail": PUBLIC,
    "robots": PUBLIC,
    "sitemap": PUBLIC,
    "sitemap-part": [404, 404, 404, 404, 404, 404, 404],
    "security-txt": [404, 404, 404, 404, 404, 404, 404],
    "problem-card": PUBLIC,
    "territory-card": PUBLIC,
    "list-card": PUBLIC,
    "open311": PUBLIC,
    "open311-discovery": PUBLIC,
    "open311-services": PUBLIC,
    "open311-service": PUBLIC,
    "open311-requests": PUBLIC,
    "open311-request": PUBLIC,
    "open311-token": [404, 404, 404, 404, 404, 404, 404],
    "open311-elsewhere": [404, 404, 404, 404, 404, 404, 404],
    "boundaries-download": [404, 404, 404, 404, 404, 404, 404],
    "basemap-file": [404, 404, 404, 404, 404, 404, 404],
    "photo": [404, 200, 404, 200, 404, 200, 200],
    "photo-mini": [404, 200, 404, 200, 404, 200, 200],
    "photo-original": [404, 200, 404, 200, 404, 200, 200],
    "report-review": [302, 200, 200, 403, 403, 200, 200],
    "report-decide": [302, 405, 405, 405, 405, 405, 405],
    "levels-confirm": [302, 200, 200, 403, 403, 403, 403],
    "hidings-counted": PUBLIC,
    "hidings": [302, 200, 200, 403, 403, 200, 200],
    "hiding": [302, 200, 404, 403, 404, 200, 403],
    "hiding-decide": [302, 405, 405, 405, 405, 405, 405],
    "photo-review": [302, 200, 200, 403, 403, 200, 200],
    "photo-decide": [302, 200, 404, 404, 404, 200, 200],
    "walk": PUBLIC,
    "walk-worker": PUBLIC,
    "paper-sheets": [302, 200, 200, 403, 403, 200, 200],
    "paper-sheet": [302, 200, 403, 403, 403, 200, 200],
    "paper-typing": [302, 200, 403, 403, 403, 200, 200],
    "inbox": [302, 403, 403, 403, 403, 200, 200],
    "inbox-import": [405, 405, 405, 405, 405, 405, 405],
    "held": [302, 403, 403, 403, 403, 404, 404],
    "tablets": [302, 403, 403, 403, 403, 200, 200],
    "gatherings": PUBLIC,
    "gathering-create": [302, 200, 200, 404, 404, 200, 404],
    "gathering-card": PUBLIC,
    "gathering-demo": PUBLIC,
    "gatherings-calendar": [302, 200, 200, 404, 404, 200, 404],
    "counter-codes": [302, 200, 200, 404, 404, 200, 404],
    "gathering-edit": [302, 200, 404, 404, 404, 200, 404],
    "gatherings-ics": PUBLIC,
    "gathering": PUBLIC,
    "gathering-json": [404, 404, 404, 404, 404, 404, 404],
    "gathering-pb": [404, 404, 404, 404, 404, 404, 404],
    "gathering-check": [404, 404, 404, 404, 404, 404, 404],
    "gathering-verifier": PUBLIC,
    "gathering-ballot": [302, 200, 404, 404, 404, 404, 404],
    "gathering-codes": [302, 200, 404, 404, 404, 404, 404],
    "gathering-acta": [404, 404, 404, 404, 404, 404, 404],
    "gathering-challenges": [404, 404, 404, 404, 404, 404, 404],
    "gathering-acta-pdf": [404, 404, 404, 404, 404, 404, 404],
    "vote-code": PUBLIC,
    "vote": [404, 404, 404, 404, 404, 404, 404],
    "gathering-room": [302, 200, 404, 404, 404, 404, 404],
    "gathering-state": [404, 200, 404, 404, 404, 404, 404],
    "gathering-pending": [404, 200, 404, 404, 404, 404, 404],
    "gathering-do": [405, 405, 405, 405, 405, 405, 405],
    "lists": PUBLIC,
    "verifier": PUBLIC,
    "list": PUBLIC,
    "list-json": PUBLIC,
    "list-csv": PUBLIC,
    "list-xlsx": PUBLIC,
    "list-pdf": PUBLIC,
    "list-verify": PUBLIC,
    "list-moves": [302, 403, 403, 403, 403, 200, 403],
    "list-move-take-back": [405, 405, 405, 405, 405, 405, 405],
    "scenarios": [302, 403, 403, 403, 403, 200, 200],
    "scenario": [302, 403, 403, 403, 403, 404, 404],
    "how-we-rank": PUBLIC,
    "desk": [302, 403, 403, 200, 200, 200, 200],
    "desk-map": [302, 403, 403, 200, 200, 200, 200],
    "desk-csv": [302, 403, 403, 200, 200, 200, 200],
    "desk-xlsx": [302, 403, 403, 200, 200, 200, 200],
    "desk-gpkg": [302, 403, 403, 200, 200, 200, 200],
    "desk-pdf": [302, 403, 403, 200, 200, 200, 200],
    "desk-facets": [302, 403, 403, 200, 200, 200, 200],
    "handover-receive": [405, 405, 405, 405, 405, 405, 405],
    "desk-view-save": [405, 405, 405, 405, 405, 405, 405],
    "desk-view-delete": [405, 405, 405, 405, 405, 405, 405],
    "bulk-preview": [405, 405, 405, 405, 405, 405, 405],
    "bulk-run": [405, 405, 405, 405, 405, 405, 405],
    "bulk-report": [302, 403, 403, 404, 404, 404, 404],
    "bulk-runs": [302, 403, 403, 200, 200, 200, 200],
    "bulk-now": [405, 405, 405, 405, 405, 405, 405],
    "bulk-undo": [405, 405, 405, 405, 405, 405, 405],
    "desk-files": [302, 403, 403, 200, 200, 200, 200],
    "desk-file-ask": [405, 405, 405, 405, 405, 405, 405],
    "desk-file-state": [302, 403, 403, 404, 404, 404, 404],
    "desk-file-fetch": [302, 403, 403, 404, 404, 404, 404],
    "today": [302, 403, 403, 200, 200, 200, 200],
    "today-add": [405, 405, 405, 405, 405, 405, 405],
    "today-way": [405, 405, 405, 405, 405, 405, 405],
    "today-change": [405, 405, 405, 405, 405, 405, 405],
    "outside": [404, 404, 404, 404, 404, 404, 404],
    "desk-item": [302, 403, 403, 200, 404, 200, 200],
    "forward-withdraw": [405, 405, 405, 405, 405, 405, 405],
    "desk-act": [405, 405, 405, 405, 405, 405, 405],
    "notifications": [302, 200, 200, 200, 200, 200, 200],
    "notifications-read": [405, 405, 405, 405, 405, 405, 405],
    "notification-choices": [302, 200, 200, 200, 200, 200, 200],
    "notification-open": [405, 405, 405, 405, 405, 405, 405],
    "setup-gaps": [302, 403, 403, 403, 403, 200, 200],
    "indicators": PUBLIC,
    "skips": PUBLIC,
    "tell": PUBLIC,
    "counter": [302, 200, 200, 403, 403, 403, 403],
    "counter-receipt": [302, 200, 200, 403, 403, 403, 403],
    "join": PUBLIC,
    "told": [404, 404, 404, 404, 404, 404, 404],
    "follow-confirm": [404, 404, 404, 404, 404, 404, 404],
    "follow-leave": PUBLIC,
    "follow": [404, 404, 404, 404, 404, 404, 404],
    "repaired": [404, 404, 404, 404, 404, 404, 404],
    "to-verify": [302, 200, 200, 403, 403, 200, 200],
    "cabinet": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-projector": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-report": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-preview": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-publish": [405, 405, 405, 405, 405, 405, 405],
    "budget": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-delivery": [302, 403, 403, 403, 403, 200, 200],
    "cabinet-urgent": [405, 405, 405, 405, 405, 405, 405],
    "home": PUBLIC,
    "problem": PUBLIC,
    "territories": PUBLIC,
    "territory": PUBLIC,
    "data": PUBLIC,
    "data-csv": PUBLIC,
    "data-xlsx": PUBLIC,
    "data-geojson": PUBLIC,
    "data-gpkg": PUBLIC,
    "data-territories": PUBLIC,
    "data-seals": PUBLIC,
    "why": [302, 403, 403, 403, 403, 403, 200],
    "posts": PUBLIC,
    "persons": [302, 403, 403, 403, 403, 403, 200],
    "person-request": [302, 403, 403, 403, 403, 403, 404],
    "teller": [302, 403, 403, 200, 404, 403, 403],
    "privacy": PUBLIC,
    "privacy-register": [404, 404, 404, 404, 404, 404, 404],
    "feeds": PUBLIC,
    "feed": PUBLIC,
    "tile": PUBLIC,
    "ogc": PUBLIC,
    "ogc-api": PUBLIC,
    "ogc-conformance": PUBLIC,
    "ogc-collections": PUBLIC,
    "ogc-collection": PUBLIC,
    "ogc-items": PUBLIC,
    "ogc-item": PUBLIC,
}


def named_patterns(resolver: URLResolver) -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLResolver):
            name = f"{resolver.namespace}:{pattern.name}" if resolver.namespace else pattern.name
            found[name] = pattern
        elif not str(pattern.pattern).startswith("admin/"):
            found |= {
                f"{pattern.namespace}:{name.split(':')[-1]}" if pattern.namespace else name: one
                for name, one in named_patterns(pattern).items()
            }
    return found


@pytest.fixture
def world(make_issue, norte, facilitator, cabinet, settings, tmp_path) -> dict:
    """One of each thing, in Norte and for Operaciones, and a draft that only its office may see."""
    settings.MEDIA_ROOT = tmp_path
    issue = make_issue(severity=1, reach=1, duration=1, vulnerability=1)
    move(issue, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    ranked_list = publish("gestion", actor=cabinet)
    (handover,) = hand_over(ranked_list, cabinet)
    draft = make_issue(title="Borrador")
    Issue.objects.filter(pk=draft.pk).update(visibility=Visibility.STAFF)
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    return {
        "issue": issue,
        "draft": draft,
        "photo": add_photo(issue, out.getvalue(), actor=facilitator, office="Caminata"),
        "gathering": gathering_of(norte, facilitator),
        "handover": handover,
        "list": ranked_list,
    }


def gathering_of(territory, facilitator) -> Gathering:
    starts = timezone.now() + dt.timedelta(hours=1)
    return Gathering.objects.create(
        number=1,
        territory=territory,
        place="Sede vecinal",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        facilitator=facilitator,
    )


def words(world: dict) -> dict[str, object]:
    """What stands for each part of an address."""
    return {
        "id": world["issue"].pk,
        "pk": world["gathering"].pk,
        "code": "PAV-01",
        "number": 1,
        "photo_id": world["photo"].pk,
        "gathering_id": world["gathering"].pk,
        "reference": world["issue"].reference,
        "slug": "norte",
        "track": "gestion",
        "layer": "issues",
        "name": "issues",
        "identifier": str(world["issue"].pk),
        "form": "json",
        "action": "open",
        "uidb64": "x",
        "provider_id": "none",
        "token": "no-such-token",
        "kind": "issue",
        "said": "si",
        "rest": "nothing",
        "written": "AAAA-AAAA",
        "move_id": 1,
        "scenario_id": 1,
        "z": 12,
        "x": 1242,
        "y": 2454,
    }


def path_of(name: str, world: dict) -> str:
    pattern = named_patterns(get_resolver())[name].pattern
    wanted = getattr(pattern, "converters", None) or dict.fromkeys(pattern.regex.groupindex)
    given = words(world)
    return reverse(
        name, kwargs={key: 1 if type(kind) is IntConverter else given[key] for key, kind in wanted.items()}
    )


VISITORS = [*ROLES, *FURTHER]


def expected(name: str, visitor: str | None) -> int:
    """The answer to GET."""
    like, otherwise = FURTHER.get(visitor, (visitor, {}))
    return otherwise.get(name, TABLE[name][ROLES.index(like)])


@pytest.fixture
def come_in(request, client):
    """Gives a visitor's own client."""

    def come(visitor: str | None) -> Client:
        client.logout()
        client.cookies.clear()
        if visitor in DISTRUSTED:
            DISTRUSTED[visitor](client, request.getfixturevalue)
        elif visitor:
            client.force_login(request.getfixturevalue(visitor))
        return client

    return come


def _closed(client: Client, fixture) -> None:
    person = fixture("cabinet")
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)


def _revoked(client: Client, fixture) -> None:
    made = enrol(fixture("other_facilitator"), uuid7(), None)
    revoke(made.device, fixture("administrator"))
    client.cookies["mapa_tableta"] = made.token


def _made_up(client: Client, fixture) -> None:
    client.cookies["mapa_tableta"] = client.cookies["mapa_session"] = "made-up-by-nobody"
    client.defaults["HTTP_AUTHORIZATION"] = "Bearer made-up-by-nobody"


DISTRUSTED = {"closed": _closed, "revoked": _revoked, "made_up": _made_up}
# What an empty form or none writes all the same, for whom: nothing else may write anything.
WRITING: dict[tuple[str, str], set[str | None]] = {
    # The receipt of what was handed over needs nothing but the button.
    ("handover-receive", "post"): {"manager", "department_head"},
    # Joining is one button for everybody; another time by the same browser or account counts nothing.
    ("join", "post"): set(VISITORS),
    ("today-change", "post"): {"manager", "department_head", "cabinet", "administrator"},
}


# What is made once for the first who looks: a paper laid out, faces looked for in a photo.
MADE_ON_THE_WAY = {
    "list-pdf": {"core_keptpaper"},
    "gathering-card": {"core_keptpaper"},
    "photo-decide": {"issues_photo"},
}


def written_but_what_is_made(name: str, tables: dict[str, int]) -> dict[str, int]:
    return {table: n for table, n in tables.items() if table not in MADE_ON_THE_WAY.get(name, ())}


def test_every_address_is_in_the_table():
    assert set(named_patterns(get_resolver())) == set(TABLE)


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_gets_what_the_table_says_and_looking_writes_nothing(come_in, world, visitor):
    client = come_in(visitor)
    answers, written = {}, {}
    for name in TABLE:
        path = path_of(name, world)
        with Written() as found:
            answers[name] = client.get(path).status_code
        meant = written_but_what_is_made(name, found.tables)
        written |= {name: meant} if meant else {}
    wrong = {name: told for name, told in answers.items() if told != expected(name, visitor)}
    assert (wrong, written) == ({}, {})


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", METHODS)
def test_no_method_with_an_empty_body_breaks_or_writes(come_in, world, visitor, method):
    paths = {name: path_of(name, world) for name in TABLE}
    client = come_in(visitor)
    client.raise_request_exception = False
    broken, written = {}, {}
    for name, path in paths.items():
        with Written() as found:
            status = getattr(client, method)(path).status_code
        if status >= 500:
            broken[name] = status
        meant = written_but_what_is_made(name, found.tables)
        if meant and visitor not in WRITING.get((name, method), ()):
            written[name] = (status, meant)
        if name == "account_logout":
            come_in(visitor)
    assert (broken, written) == ({}, {})


@pytest.mark.parametrize(
    "visitor", [None, "other_facilitator", "other_manager", "closed", "revoked", "made_up"]
)
@pytest.mark.parametrize("name", ["problem", "api:issue-detail", "api:issue-history", "desk-item"])
def test_a_draft_of_others_is_not_found(come_in, world, visitor, name):
    shown = world | {"issue": world["draft"]}
    assert come_in(visitor).get(path_of(name, shown)).status_code in (302, 403, 404)
