"""A report that tells what is known already is joined to it from the page of review."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from issues.life import reports
from issues.life.duplicates import merge, support
from issues.life.registration import IssueRefused
from issues.models import Issue, Visibility
from issues.workflow import ClosingKind, Status

pytestmark = pytest.mark.django_db
QUEUE = "/gestion/informes/"


@pytest.fixture
def known(make_issue) -> Issue:
    return make_issue(title="Hoyo conocido")


@pytest.fixture
def waiting(make_issue, other_facilitator) -> Issue:
    return make_issue(title="Hoyo otra vez", visibility=Visibility.REVIEW, actor=other_facilitator)


@pytest.fixture
def team(client, facilitator):
    client.force_login(facilitator)
    return client


def decide(client, issue: Issue, **words: str):
    answer = client.post(reverse("report-decide", args=[issue.reference]), words, follow=True)
    issue.refresh_from_db()
    return answer.content.decode()


def test_what_is_known_a_few_steps_away_is_offered_and_joined(team, known, waiting):
    support(waiting, "una vecina")
    assert f'<option value="{known.reference}">' in team.get(QUEUE).content.decode()
    assert "Listo" in decide(team, waiting, verdict="join", known=known.reference)
    known.refresh_from_db()
    assert (waiting.status, waiting.closing_kind) == (Status.CLOSED, ClosingKind.DUPLICATE)
    assert (waiting.duplicate_of_id, waiting.visibility) == (known.pk, Visibility.REVIEW)
    assert known.support_count == 1
    assert waiting.title not in team.get(QUEUE).content.decode()
    team.logout()
    assert waiting.title not in team.get(f"/problemas/{known.reference}/").content.decode()


def test_sent_by_two_it_is_joined_once(team, known, waiting):
    decide(team, waiting, verdict="join", known=known.reference)
    decide(team, waiting, verdict="publish")
    assert waiting.visibility == Visibility.REVIEW
    assert known.duplicates.count() == 1


@pytest.mark.parametrize("chosen", ["", "M-2026-999999", "own", "hidden", "closed"])
def test_what_is_none_of_the_list_is_refused(team, known, waiting, make_issue, chosen):
    hidden = make_issue(visibility=Visibility.REVIEW)
    closed = make_issue()
    merge(closed, known, actor=None, office="X")
    named = {"own": waiting, "hidden": hidden, "closed": closed}
    reference = named[chosen].reference if chosen in named else chosen
    assert "Elige de la lista el que ya se sabe." in decide(team, waiting, verdict="join", known=reference)
    assert waiting.status == Status.REGISTERED


def test_who_wrote_it_does_not_join_it(known, waiting, other_facilitator):
    with pytest.raises(PermissionDenied):
        reports.join(waiting, known.reference, actor=other_facilitator)


def test_what_is_far_is_not_offered(facilitator, known, waiting, make_issue):
    far = make_issue(location=Point(-70.791, -33.51, srid=4326))
    assert far not in reports.known_near(waiting)
    assert list(reports.known_near(waiting)) == [known]


def test_a_decision_that_was_taken_stays(known, waiting, facilitator):
    reports.join(waiting, known.reference, actor=facilitator)
    with pytest.raises(IssueRefused):
        reports.join(waiting, known.reference, actor=facilitator)
