"""A real backup, put back: what was erased or is due goes again before anything is served."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from handovers.followers.following import leave
from handovers.models import Follow
from issues.life.hiding import hide
from issues.models import Reporter
from scripts import backup, restore
from tests.test_project.test_backup_and_restore import ask, url  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)
COUNTS = (
    "SELECT (SELECT count(*) FROM handovers_follow), (SELECT count(*) FROM issues_reporter),"
    " (SELECT count(*) FROM issues_issue WHERE visibility = 'public')"
)


def of_the_test() -> str:
    own = connection.settings_dict
    return f"postgis://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


def test_a_restored_backup_forgets_again(url, tmp_path, settings, issue, cabinet):  # noqa: F811
    media = tmp_path / "media"
    media.mkdir()
    Follow.objects.create(email="r@example.cl", issue=issue, token_digest="f", confirmed_at=timezone.now())
    Reporter.objects.create(issue=issue, name="Rosa", expires_on=timezone.localdate() - dt.timedelta(days=1))
    made = backup.make(of_the_test(), media, tmp_path / "backups")
    leave(Follow.objects.get())
    hide(issue, "minor", actor=cabinet)
    restore.put_back(made, url, media)
    assert ask(url, COUNTS) == [(1, 1, 1)]
    subprocess.run(
        [sys.executable, "manage.py", "forget_persons"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DATABASE_ROLE": "", "ERASURES_FILE": settings.ERASURES_FILE},
        check=True,
    )
    assert ask(url, COUNTS) == [(0, 0, 0)]
