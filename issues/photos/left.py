"""Files of photos that no row names: left by a form that broke off, or by a problem that is gone."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from issues.models import Photo

# A file that is being written has no row yet.
LEFT_DAYS = 2
# The id, and what of it: the kept picture, the public one, the small one.
NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-[a-z]+)?\.jpg")


def forget_left_files(at: dt.datetime | None = None) -> int:
    """Delete them LEFT_DAYS after they were written; returns how many."""
    since = ((at or timezone.now()) - dt.timedelta(days=LEFT_DAYS)).timestamp()
    folders = (Path(settings.MEDIA_ROOT) / "photos").glob("*")
    return sum(_forget_in(folder, since) for folder in folders)


def _forget_in(folder: Path, since: float) -> int:
    ours = {path: found[1] for path in folder.glob("*") if (found := NAME.fullmatch(path.name))}
    old = {path: name for path, name in ours.items() if path.stat().st_mtime <= since}
    known = {str(pk) for pk in Photo.objects.filter(pk__in=set(old.values())).values_list("pk", flat=True)}
    left = [path for path, name in old.items() if name not in known]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
