"""So much in photos within a day for each tablet, person and key: counted before anything is opened."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from accounts.models import Attempt
from issues.photos.quota import QuotaUsed, charge

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


@pytest.fixture(autouse=True)
def two_megabytes(settings):
    settings.PHOTO_QUOTA_MB = 2


def test_what_fits_is_taken_and_what_does_not_is_told_with_its_hour():
    charge("tablet:1", [MB, MB])
    with pytest.raises(QuotaUsed, match=r"2 MB de fotos.*Sigue en 24 horas\.") as refusal:
        charge("tablet:1", [1])
    assert refusal.value.status == 429
    assert 86_000 < refusal.value.seconds <= 86_400


def test_a_small_file_counts_as_128_kb():
    charge("tablet:1", [1] * 16)
    with pytest.raises(QuotaUsed):
        charge("tablet:1", [1])


@pytest.mark.parametrize("other", ["tablet:2", "person:1", "key:1"])
def test_nobody_uses_the_quota_of_another(other):
    charge("tablet:1", [2 * MB])
    charge(other, [2 * MB])


def test_nothing_sent_is_nothing_counted():
    charge("person:1", [])
    assert not Attempt.objects.exists()


def test_after_a_day_it_begins_again():
    charge("tablet:1", [2 * MB])
    # The clock that counts is the database's.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_attempt SET forget_at = forget_at - %s", [dt.timedelta(hours=25)])
    charge("tablet:1", [2 * MB])


def test_neither_tablet_nor_person_can_be_read_from_the_count():
    charge("person:7", [MB])
    assert Attempt.objects.get().key != "7"
    assert len(Attempt.objects.get().key) == 64
