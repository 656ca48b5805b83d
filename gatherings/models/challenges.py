"""What organisations object to in writing, and what facilitators who did not count say of it."""

from __future__ import annotations

import datetime as dt

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering
from gatherings.models.organisations import Organisation

# Afterwards an objection that nobody decided has changed nothing; the verifiers and the database know it too.
DECISION_DAYS = 15


class Outcome(models.TextChoices):
    """What becomes of a count that an organisation objected to."""

    STANDS = "stands", _("el conteo vale")
    SET_ASIDE = "set_aside", _("el conteo no vale")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    """Questions about objections."""

    def open(self, at: dt.datetime | None = None) -> ChallengeQuerySet:
        """Not decided, and their time is not over."""
        since = (at or timezone.now()) - dt.timedelta(days=DECISION_DAYS)
        return self.filter(outcome="", at__gt=since)

    def in_the_way(self, at: dt.datetime | None = None) -> ChallengeQuerySet:
        """Those for which a new list leaves the count out: open ones, and what was decided against it."""
        return self.open(at) | self.filter(outcome=Outcome.SET_ASIDE)


class Challenge(models.Model):
    """A written objection of an organisation that was present; only its text can be taken away."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="challenges", verbose_name=_("reunión")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="challenges", verbose_name=_("organización")
    )
    # As it stood in the attendance that was sealed.
    name = models.CharField(_("nombre"), max_length=160)
    at = models.DateTimeField(_("cuándo"))
    text = models.CharField(_("objeción"), max_length=1000, blank=True)
    # Empty together with the text; what is told of it otherwise is the commitment.
    salt = models.CharField(_("sal"), max_length=32, blank=True)
    commitment = models.CharField(_("huella del texto"), max_length=64)
    received_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("quién la recibió")
    )
    # Set by the word that decides.
    outcome = models.CharField(_("decisión"), max_length=9, choices=Outcome, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("objeción")
        verbose_name_plural = _("objeciones")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "organisation"], name="organisation_objects_once"),
            models.CheckConstraint(
                name="challenge_text_with_salt", condition=Q(text="", salt="") | (~Q(text="") & ~Q(salt=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.name}"

    @property
    def due_at(self) -> dt.datetime:
        """Until when it can be decided."""
        return self.at + dt.timedelta(days=DECISION_DAYS)


class ChallengeWord(models.Model):
    """What one facilitator who did not count says of an objection; two that say the same decide it."""

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="words", verbose_name=_("objeción"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    office = models.CharField(_("oficina"), max_length=120)
    outcome = models.CharField(_("decisión"), max_length=9, choices=Outcome)
    at = models.DateTimeField(_("cuándo"))
    text = models.CharField(_("motivo"), max_length=1000, blank=True)
    salt = models.CharField(_("sal"), max_length=32, blank=True)
    commitment = models.CharField(_("huella del texto"), max_length=64)

    class Meta:
        verbose_name = _("palabra sobre una objeción")
        verbose_name_plural = _("palabras sobre objeciones")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "user"], name="one_word_each_on_a_challenge"),
            models.CheckConstraint(
                name="challenge_word_with_salt", condition=Q(text="", salt="") | (~Q(text="") & ~Q(salt=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.get_outcome_display()}"
