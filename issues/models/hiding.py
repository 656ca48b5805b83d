"""What was taken out of the public, by whom and why, until a second person said so too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models.history import HistoryEntry
from issues.models.issue import Issue
from issues.models.photo import Photo

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

CONFIRM_WITHIN = dt.timedelta(hours=72)


class HidingReason(models.TextChoices):
    """Why something is hidden; public."""

    PERSONAL = "personal", _("muestra datos de una persona")
    MINOR = "minor", _("muestra a una niña, un niño o adolescente")
    INSULT = "insult", _("insulta a alguien")
    ADVERT = "advert", _("es publicidad o no es un problema del barrio")
    MISTAKE = "mistake", _("se publicó por error")


# These stay hidden, whatever the clock says.
DELICATE = (HidingReason.PERSONAL, HidingReason.MINOR)


class HidingQuerySet(models.QuerySet):
    """Questions about what was hidden."""

    def waiting(self) -> HidingQuerySet:
        """No second person has said anything."""
        return self.filter(decided_at__isnull=True)

    def late(self, now: dt.datetime) -> HidingQuerySet:
        """Waiting for 72 hours or more."""
        return self.waiting().filter(hidden_at__lte=now - CONFIRM_WITHIN)

    def delicate(self) -> HidingQuerySet:
        """Of persons and minors."""
        return self.filter(reason__in=DELICATE)

    def in_force(self) -> HidingQuerySet:
        """Waiting or confirmed: it hides."""
        return self.filter(is_shown_again=False)

    def decidable_by(self, user: User | AnonymousUser) -> HidingQuerySet:
        """On problems this person may hide or show."""
        return self.filter(issue__in=Issue.objects.hidden_or_shown_by(user))


class Hiding(models.Model):
    """One problem, one of its photos or one text about it, taken out of the public in one act."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="hidings", verbose_name=_("problema"))
    # NULL: the whole problem.
    photo = models.ForeignKey(
        Photo, models.CASCADE, null=True, blank=True, related_name="hidings", verbose_name=_("foto")
    )
    # The answer, note or verdict whose text it is; the line itself never changes.
    line = models.ForeignKey(
        HistoryEntry, models.PROTECT, null=True, blank=True, related_name="hidings", verbose_name=_("texto")
    )
    reason = models.CharField(_("motivo"), max_length=8, choices=HidingReason)
    # NULL: hidden anew after a backup was restored.
    hidden_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ocultó")
    )
    hidden_at = models.DateTimeField(_("cuándo"), default=timezone.now)
    # The second person; NULL with a moment: the clock.
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("segunda persona")
    )
    decided_at = models.DateTimeField(_("decidido"), null=True, blank=True)
    is_shown_again = models.BooleanField(_("se muestra otra vez"), default=False)

    objects = HidingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ocultamiento")
        verbose_name_plural = _("ocultamientos")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "photo", "line"],
                nulls_distinct=False,
                condition=Q(decided_at__isnull=True),
                name="hiding_waits_once",
            ),
            models.CheckConstraint(
                name="hiding_needs_two_persons",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("hidden_by")),
            ),
            models.CheckConstraint(
                name="hiding_by_clock_only_ends",
                condition=Q(decided_at__isnull=True)
                | Q(decided_by__isnull=False)
                | (Q(is_shown_again=True) & ~Q(reason__in=["personal", "minor"])),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue.reference} {self.get_reason_display()}"

    @property
    def shows_again_at(self) -> dt.datetime | None:
        """When the clock shows it again; None for what stays hidden."""
        return None if self.reason in DELICATE else self.hidden_at + CONFIRM_WITHIN


def line_as_shown() -> Case:
    """Of lines of the history: the public text, «» while it is hidden."""
    return _unless(Hiding.objects.in_force().filter(line=OuterRef("pk")))


def answer_as_shown() -> Case:
    """Of what has an issue and repeats the text of one of its lines: the same."""
    same = Hiding.objects.in_force().filter(
        issue=OuterRef("issue"), line__public_text__contains=OuterRef("public_text")
    )
    return _unless(same)


def _unless(hidden: HidingQuerySet) -> Case:
    return Case(When(Exists(hidden), then=Value("", models.TextField())), default=F("public_text"))
