"""New weights are a new version, and every stored index follows it; old versions stay."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from issues.models import HistoryEntry, IndexWeights
from issues.weights.versions import put_in_force

LEVELS = {"severity": 2, "reach": 1, "duration": 3, "vulnerability": 2}


def weights(*parts: int) -> IndexWeights:
    names = ("severity", "reach", "duration", "vulnerability")
    return IndexWeights(**dict(zip(names, parts, strict=True)), reason="Acuerdo del concejo")


@pytest.mark.parametrize(
    ("parts", "index"), [((40, 30, 20, 10), 190), ((70, 10, 10, 10), 200), ((0, 0, 100, 0), 300)]
)
def test_the_stored_index_follows_the_weights_in_force(make_issue, parts, index):
    weighed, unweighed = make_issue(**LEVELS), make_issue()
    put_in_force(weights(*parts))
    weighed.refresh_from_db()
    unweighed.refresh_from_db()
    assert (weighed.index, unweighed.index) == (index, None)


def test_only_what_changed_is_written(make_issue):
    make_issue(**LEVELS)
    assert put_in_force(weights(40, 30, 20, 10)) == 0
    assert put_in_force(weights(30, 40, 20, 10)) == 1


def test_weights_that_do_not_make_100_change_nothing(make_issue):
    issue = make_issue(**LEVELS)
    with pytest.raises(IntegrityError), transaction.atomic():
        put_in_force(weights(50, 50, 50, 50))
    issue.refresh_from_db()
    assert (issue.index, IndexWeights.objects.count()) == (190, 0)


def test_the_administration_puts_new_weights_in_force(client, administrator, make_issue):
    issue = make_issue(**LEVELS)
    client.force_login(administrator)
    form = {"severity": 70, "reach": 10, "duration": 10, "vulnerability": 10, "reason": "Acuerdo N.º 7"}
    assert client.post(reverse("admin:issues_indexweights_add"), form).status_code == 302
    issue.refresh_from_db()
    assert (issue.index, IndexWeights.objects.get().author) == (200, administrator)
    assert HistoryEntry.objects.filter(kind="config", to_value__startswith="issues.IndexWeights").exists()


def test_the_administration_says_in_one_sentence_why_weights_do_not_hold(client, administrator):
    client.force_login(administrator)
    form = {"severity": 70, "reach": 30, "duration": 10, "vulnerability": 10, "reason": "Acuerdo N.º 7"}
    answer = client.post(reverse("admin:issues_indexweights_add"), form)
    assert answer.context["errors"] == [["Los cuatro pesos deben sumar 100; suman 120."]]
    assert not IndexWeights.objects.exists()


@pytest.mark.usefixtures("by_owner")
@pytest.mark.parametrize(
    "statement", ["UPDATE issues_indexweights SET reason = 'otro'", "DELETE FROM issues_indexweights"]
)
def test_a_version_of_the_weights_is_never_changed(db, statement):
    put_in_force(weights(30, 40, 20, 10))
    with (
        pytest.raises((IntegrityError, InternalError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
