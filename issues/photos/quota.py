"""How much one person, tablet or key may send in photos within a day: counted before anything is opened.

What is refused counts too: it was carried here, and looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import limits
from issues.photos.darkroom import PhotoRefused

DAY_SECONDS = 24 * 3600
KILOBYTE = 1024
# The smallest file costs as much: opening it takes as long.
LEAST_KB = 128


class QuotaUsed(PhotoRefused):
    """So much came today already; in `seconds` it is taken."""

    def __init__(self, seconds: int) -> None:
        hours = -(-seconds // 3600)
        words = _("Hoy ya llegaron desde aquí %(most)s MB de fotos, que es lo que cabe en un día.")
        wait = _("Sigue en %(hours)s horas.") if hours > 1 else _("Sigue en una hora.")
        super().__init__(f"{words} {wait}" % {"most": settings.PHOTO_QUOTA_MB, "hours": hours}, 429)
        self.seconds = seconds


def charge(who: str, sizes: Iterable[int]) -> None:
    """Count files of these sizes in bytes for «person:7», «tablet:…» or «key:3». Raises QuotaUsed."""
    amount = sum(max(LEAST_KB, -(-size // KILOBYTE)) for size in sizes)
    if not amount:
        return
    used, left = limits.spend_as(who, "photos", DAY_SECONDS, amount)
    if used > settings.PHOTO_QUOTA_MB * KILOBYTE:
        raise QuotaUsed(left)
