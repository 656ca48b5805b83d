"""A manager who left: the form says who holds it, «nadie» and the name both lead to it."""

from __future__ import annotations

import json
import re

import pytest

from accounts.models import User
from handovers.life import progress
from handovers.life.answers import AnswerRefused


@pytest.fixture
def mate(streets) -> User:
    return User.objects.create_user("colega", "c@example.cl", role="manager", department=streets)


@pytest.fixture(params=["closed account", "other office"])
def left(request, item, manager, mate, parks):
    """A problem whose person left."""
    progress.assign(item, manager, person=mate)
    changes = {"is_active": False} if request.param == "closed account" else {"department": parks}
    User.objects.filter(pk=mate.pk).update(**changes)
    mate.refresh_from_db()
    return item


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)

    def page(path: str = "/gestion/", **query: str) -> str:
        return client.get(path, query).content.decode()

    return page


def test_the_form_says_who_holds_it(desk, left, mate):
    form = re.search(r'<select name="person".*?</select>', desk(f"/gestion/{left.issue.reference}/"), re.S)[0]
    assert re.search(rf'<option value="{mate.pk}" selected>{re.escape(mate.known_as)}<', form)


def test_who_left_is_named_as_such(mate):
    assert mate.known_as == "colega"
    mate.is_active = False
    assert mate.known_as == "colega (ya no está)"


@pytest.mark.parametrize("who", ["none", "colega", "none,colega"])
def test_nobody_and_the_name_both_lead_to_it(desk, left, who):
    assert left.issue.reference in desk(assigned=who)


def test_whoever_is_there_is_not_nobody(desk, item, manager, mate):
    progress.assign(item, manager, person=mate)
    assert item.issue.reference not in desk(assigned="none")


def test_the_name_is_offered_as_a_filter_while_something_hangs_on_it(desk, left, manager):
    assert 'value="colega"' in desk()
    progress.assign(left, manager, person=manager)
    assert 'value="colega"' not in desk()


def test_the_numbers_beside_the_filters_say_the_same(desk, left):
    counted = json.loads(desk("/gestion/facetas.json"))["assigned"]
    assert counted == {"colega": 1, "none": 1}


def test_it_cannot_be_given_to_who_left(left, manager, mate):
    with pytest.raises(AnswerRefused, match="no trabaja en la dirección"):
        progress.assign(left, manager, person=mate)
