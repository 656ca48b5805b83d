"""/readyz: one word, and 503 for database and migrations alone."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests.roles import owner

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_one_word(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready")


def test_a_migration_that_lacks_is_not_ready(client):
    last = MigrationRecorder.Migration.objects.filter(app="core").order_by("name").last()
    with owner():
        last.delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"unready")


def test_an_old_backup_and_a_full_disk_do_not_unplug_the_site(client, settings):
    settings.ALARM_BACKUP_HOURS, settings.ALARM_DISK_MB = 1, 10**12
    assert client.get("/readyz").status_code == 200


def test_it_asks_the_database_once_or_twice(client, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(2):
        client.get("/readyz")
