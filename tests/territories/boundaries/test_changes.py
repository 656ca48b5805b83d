"""Boundaries that many problems follow are changed by a worker: watched, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.jobs import Queue
from issues.models import HistoryEntry
from territories.boundaries import activation, changes, dependents
from territories.boundaries.activation import ActivationRefused
from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.models import BoundaryAct, BoundaryChange, BoundarySet
from tests.conftest import CENTRO, NORTE, SUR
from tests.roles import owner
from tests.territories.importing import files
from tests.workers import a_worker, wait_until

ADMIN = "/admin/territories/boundaryset"


@pytest.fixture
def renumbered(town, tmp_path) -> BoundarySet:
    """The same three neighbourhoods counted from the other side: every problem gets another number."""
    frame = files.town({1: "Sur", 2: "Centro", 3: "Norte"}, shape=lambda code: files.square(4 - code))
    path = files.geojson(tmp_path / "barrios.geojson", frame)
    made = load(path, Options(expect=3), Metadata(name="Renumerados")).boundary_set
    assert made is not None
    return made


@pytest.fixture
def three(make_issue) -> list:
    """One problem in each neighbourhood."""
    return [make_issue(code) for code in (NORTE, CENTRO, SUR)]


@pytest.fixture
def many(settings, three) -> list:
    """Three problems are already many."""
    settings.BOUNDARIES_AT_ONCE = 2
    return three


@pytest.fixture
def desk(client, administrator) -> Client:
    """The administration."""
    client.force_login(administrator)
    return client


@pytest.fixture
def elsewhere() -> Iterator[psycopg.Connection]:
    """A connection of somebody else to the same database."""
    database = {key.lower(): connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(**database, dbname=connection.settings_dict["NAME"], autocommit=True) as other:
        yield other


def asked(desk: Client, boundary_set: BoundarySet, act: str = "activar") -> BoundaryChange:
    answer = desk.post(f"{ADMIN}/{boundary_set.pk}/{act}/")
    change = BoundaryChange.objects.first()
    assert change is not None
    assert answer["Location"] == f"{ADMIN}/cambios/{change.pk}/"
    return change


def state(desk: Client, change: BoundaryChange) -> dict:
    return desk.get(f"{ADMIN}/cambios/{change.pk}.json").json()


def page(desk: Client, address: str) -> str:
    return desk.get(f"{ADMIN}/{address}").content.decode()


def test_with_few_problems_it_is_done_when_the_page_answers(town, renumbered, three, desk):
    answer = desk.post(f"{ADMIN}/{renumbered.pk}/activar/", follow=True)
    assert "Estos límites están en uso desde hoy." in answer.content.decode()
    assert BoundarySet.objects.in_force().get() == renumbered
    assert not BoundaryChange.objects.exists()


def test_with_many_it_is_asked_for_then_done_and_the_page_says_so(town, renumbered, many, desk):
    change = asked(desk, renumbered)
    assert BoundarySet.objects.in_force().get() == town
    assert "Empezando…" in page(desk, f"cambios/{change.pk}/")
    assert changes.carry_out(change)
    assert BoundarySet.objects.in_force().get() == renumbered
    assert state(desk, change) == {
        "followed": 3,
        "total": 3,
        "is_over": True,
        "is_done": True,
        "text": "Estos límites están en uso desde hoy.",
    }
    assert "Estos límites están en uso desde hoy." in page(desk, f"cambios/{change.pk}/")


def test_taking_back_goes_the_same_way(town, renumbered, many, desk):
    activation.activate(renumbered)
    change = asked(desk, renumbered, "deshacer")
    assert changes.carry_out(change)
    assert BoundarySet.objects.in_force().get() == town
    assert state(desk, change)["text"] == "Volvieron los límites anteriores."


def test_asking_for_it_is_written_into_the_history(town, renumbered, many, desk):
    asked(desk, renumbered)
    assert HistoryEntry.objects.filter(kind="config", from_value="changed").count() == 1


def test_how_far_it_is_survives_a_reload(town, renumbered, many, desk, elsewhere):
    change = asked(desk, renumbered)
    BoundaryChange.objects.update(begun_at=timezone.now(), followed=1_234, total=1_000_000)
    elsewhere.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [changes.LOCK, change.pk])
    for _time in range(2):
        text = page(desk, f"cambios/{change.pk}/")
        assert "1.234 de 1.000.000 problemas." in text
        assert f'data-state="{ADMIN}/cambios/{change.pk}.json"' in text
    assert f"{ADMIN}/cambios/{change.pk}/" in page(desk, f"{town.pk}/change/")


def test_one_at_a_time(town, renumbered, many, desk, settings):
    asked(desk, renumbered)
    again = desk.post(f"{ADMIN}/{renumbered.pk}/activar/", follow=True).content.decode()
    settings.BOUNDARIES_AT_ONCE = 10
    at_once = desk.post(f"{ADMIN}/{renumbered.pk}/activar/", follow=True).content.decode()
    assert BoundaryChange.objects.count() == 1
    assert BoundarySet.objects.in_force().get() == town
    for text in (again, at_once):
        assert "Los límites se están cambiando en este momento" in text
        assert "Poner en uso desde hoy" not in text


def test_the_command_does_not_wait_for_another_change(town, renumbered, elsewhere):
    elsewhere.execute("SELECT pg_advisory_lock(hashtext('territories.boundaries.activation'))")
    with pytest.raises(ActivationRefused, match="espera a que termine"):
        activation.activate(renumbered)


def test_a_change_has_one_process(town, renumbered, many, desk, elsewhere):
    change = asked(desk, renumbered)
    elsewhere.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [changes.LOCK, change.pk])
    assert not changes.carry_out(change)
    elsewhere.execute("SELECT pg_advisory_unlock_all()")
    assert changes.carry_out(change)
    assert not changes.carry_out(change)


def test_what_nobody_is_at_any_more_is_told_and_can_be_asked_for_again(town, renumbered, many, desk):
    change = asked(desk, renumbered)
    BoundaryChange.objects.update(begun_at=timezone.now(), followed=2)
    assert state(desk, change)["text"].startswith("Se interrumpió y no cambió nada")
    assert "Se interrumpió y no cambió nada" in page(desk, f"{renumbered.pk}/change/")
    assert changes.carry_out(asked(desk, renumbered))
    assert "Se interrumpió" not in page(desk, f"{renumbered.pk}/change/")


def test_a_process_that_never_began_no_longer_may(town, renumbered, many, desk):
    change = asked(desk, renumbered)
    BoundaryChange.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=6))
    change.refresh_from_db()
    assert state(desk, change)["text"].startswith("Se interrumpió y no cambió nada")
    assert not changes.carry_out(change)
    assert BoundarySet.objects.in_force().get() == town


@pytest.mark.parametrize(
    ("act", "sentence"),
    [(BoundaryAct.ACTIVATE, "ya estaban en uso"), (BoundaryAct.UNDO, "no son los últimos")],
)
def test_what_is_refused_says_why(town, three, desk, act, sentence):
    change = changes.ask(town, act, actor="ana")
    assert not changes.carry_out(change)
    assert sentence in state(desk, change)["text"]
    assert sentence in page(desk, f"cambios/{change.pk}/")


def test_a_dependent_that_fails_leaves_all_as_it_was_and_says_so(town, renumbered, many, desk, settings):
    change = asked(desk, renumbered)
    settings.BOUNDARY_DEPENDENTS = ["tests.territories.boundaries.failing_dependent"]
    with pytest.raises(RuntimeError, match="a dependent that fails"):
        changes.carry_out(change)
    assert state(desk, change)["text"].startswith("Se interrumpió y no cambió nada")
    assert BoundarySet.objects.in_force().get() == town


@pytest.mark.parametrize("pk", ["999", "9" * 18, "9" * 30])
@pytest.mark.parametrize("ending", ["/", ".json"])
def test_a_change_that_does_not_exist_is_not_found(desk, pk, ending):
    assert desk.get(f"{ADMIN}/cambios/{pk}{ending}").status_code == 404


def test_who_registered_by_the_earlier_boundaries_meanwhile_is_brought_in_line(town, renumbered, three):
    late, moved = three[0], three[1]
    activation.activate(renumbered)
    for issue, code in ((late, NORTE), (moved, SUR)):
        issue.territory = town.territories.get(code=code)
        issue.save()
    assert dependents.catch_up() == 2
    late.refresh_from_db()
    moved.refresh_from_db()
    assert (late.territory.name, late.territory.boundary_set) == ("Norte", renumbered)
    assert (moved.territory.name, moved.territory.boundary_set) == ("Centro", renumbered)
    assert dependents.catch_up() == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it(town, renumbered, three):
    change = changes.ask(renumbered, BoundaryAct.ACTIVATE, actor="ana")
    with a_worker(Queue.LONG):
        wait_until(lambda: changes.state(change).is_over)
    assert changes.state(change).is_done
    assert BoundarySet.objects.in_force().get() == renumbered
    assert HistoryEntry.objects.filter(kind="territory").count() == 2


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_changed_and_it_says_so(town, renumbered, three, elsewhere):
    change = changes.ask(renumbered, BoundaryAct.ACTIVATE, actor="ana")
    elsewhere.autocommit = False
    elsewhere.execute("SELECT FROM issues_issue WHERE id = %s FOR UPDATE", [three[2].pk])
    with a_worker(Queue.LONG):
        wait_until(_waits_for_the_row)
        assert not changes.state(change).is_over
    # The server notices although it still waits for the row.
    wait_until(lambda: changes.state(change).is_over)
    elsewhere.rollback()
    assert changes.state(change).text.startswith("Se interrumpió y no cambió nada")
    assert BoundarySet.objects.in_force().get() == town
    assert not HistoryEntry.objects.filter(kind="territory").exists()
    assert changes.under_way() is None


def _waits_for_the_row() -> bool:
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE '%%found AS MATERIALIZED%%')"
        )
        return cursor.fetchone()[0]
