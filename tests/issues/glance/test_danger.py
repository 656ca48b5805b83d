"""What sounds like danger now: the same for the page that says so and for the queue that shows it first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from issues.glance.danger import sounds_like_danger
from issues.life.reports import dangers_first
from issues.models import Issue, Visibility
from tests.roles import owner

DANGEROUS = [
    "Cable caído frente al colegio", "CABLES CORTADOS en la vereda", "Hay un cable eléctrico en el suelo",
    "Fuerte olor a gas en la esquina", "Fuga de gas", "Cámara de agua abierta, pasan niños",
    "Alcantarilla sin tapa", "Hoyo abierto donde pasa gente", "El poste echa chispas",
    "Poste a punto de caer", "Un niño casi se electrocuta",
]  # fmt: skip
HARMLESS = [
    "Poste 3 sin luz desde el martes", "Bache en la calle", "Microbasural", "Falta un paso de cebra",
    "Se cayó el cartel de gasolina", "Faltan árboles. Tapan la vereda", "", "Cable. Se robaron el caño caído",
    "Escablecaid",
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_it_is_heard(text):
    assert sounds_like_danger("", text)
    assert sounds_like_danger(text.upper(), "")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_things_are_not(text):
    assert not sounds_like_danger(text)


@given(st.text(max_size=200))
def test_whatever_is_written_it_answers(text):
    assert sounds_like_danger(text) in (True, False)


@pytest.mark.django_db
def test_the_queue_hears_the_same(make_issue):
    for text in (*DANGEROUS, *HARMLESS):
        make_issue(title=text or "Nada", description=text)
    with owner():
        for issue in dangers_first(Issue.objects.all()):
            assert issue.is_dangerous == sounds_like_danger(issue.title, issue.description), issue.title


@pytest.mark.django_db
def test_what_sounds_like_danger_stands_first_whenever_it_came(client, facilitator, make_issue):
    for minutes, title in ((3, "Bache viejo"), (2, "Bache nuevo"), (1, "Cable caído")):
        issue = make_issue(title=title, visibility=Visibility.REVIEW)
        with owner():
            told_at = timezone.now() - dt.timedelta(minutes=minutes)
            Issue.objects.filter(pk=issue.pk).update(reported_at=told_at)
    client.force_login(facilitator)
    page = client.get(reverse("report-review")).content.decode()
    places = [page.index(title) for title in ("Cable caído", "Bache viejo", "Bache nuevo")]
    assert places == sorted(places)
    assert page.count("Suena a peligro") == 1
