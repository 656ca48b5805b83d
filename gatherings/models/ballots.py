"""The ballot, whole ballots and the codes that open them."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import can_be_seen
from gatherings.models.gathering import Gathering
from issues.models import Issue


class BallotItem(models.Model):
    """One problem on a gathering's ballot, and what it got once the count was closed."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="ballot", verbose_name=_("reunión"))
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="ballots", verbose_name=_("problema"))
    # Order on the screen, from the seed.
    shown_at = models.PositiveSmallIntegerField(_("orden en pantalla"))
    tokens = models.PositiveIntegerField(_("fichas"), null=True, blank=True)
    people = models.PositiveIntegerField(_("personas"), null=True, blank=True)
    # The same once more, typed by the second count without seeing the first.
    tokens_again = models.PositiveIntegerField(_("fichas, segundo conteo"), null=True, blank=True)
    people_again = models.PositiveIntegerField(_("personas, segundo conteo"), null=True, blank=True)
    # 1 is first; set when the gathering closes, with the index the problem had then.
    place = models.PositiveSmallIntegerField(_("lugar"), null=True, blank=True)
    index_then = models.PositiveSmallIntegerField(_("puntaje × 3 ese día"), null=True, blank=True)

    class Meta:
        verbose_name = _("problema en votación")
        verbose_name_plural = _("papeleta")
        ordering = ["shown_at"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "issue"], name="issue_once_per_ballot"),
            models.UniqueConstraint(fields=["gathering", "place"], name="ballot_place_once"),
            models.CheckConstraint(
                name="ballot_people_at_most_tokens",
                condition=Q(tokens__isnull=True) | Q(people__isnull=True) | Q(people__lte=F("tokens")),
            ),
        ]
        indexes = [models.Index(fields=["issue"], name="ballot_of_issue")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.place or '—'}"


class CastBallot(models.Model):
    """One ballot, of paper (numbered, typed by the conductor) or from a phone (no number).

    Nothing here identifies the voter: no person, no code, no time, and an id that does not grow.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="cast", verbose_name=_("reunión"))
    number = models.PositiveIntegerField(_("número de la papeleta"), null=True, blank=True)
    # Issue id → tokens.
    choices = models.JSONField(_("fichas"), default=dict)
    # What another tablet typed under the same number, until the room says which paper says what.
    rival = models.JSONField(_("otra versión"), null=True, blank=True)

    class Meta:
        verbose_name = _("papeleta emitida")
        verbose_name_plural = _("papeletas emitidas")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="paper_ballot_once"),
            models.CheckConstraint(
                name="only_paper_is_disputed", condition=Q(rival__isnull=True) | Q(number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.number or '·'}"


class AnnulledCount(models.Model):
    """A count that was thrown away, as it stood then; append-only, so that no count disappears."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="annulled", verbose_name=_("reunión")
    )
    # Of the room in the moment before: each vote is annulled once.
    revision = models.PositiveIntegerField(_("revisión"))
    at = models.DateTimeField(_("cuándo"))
    reason = models.CharField(_("motivo"), max_length=300)
    # Beside the reason; the digest of the result holds only both together, hashed.
    salt = models.CharField(_("sal"), max_length=32)
    mode = models.CharField(_("modo de conteo"), max_length=7)
    voters = models.PositiveIntegerField(_("personas que votan"))
    seed = models.CharField(_("semilla del orden"), max_length=32)
    # Only where whole ballots are counted.
    ballots = models.PositiveIntegerField(_("papeletas contadas"), null=True, blank=True)
    # Reference, tokens and people of each problem; null for what was not counted yet.
    lines = models.JSONField(_("conteo"), default=list)

    class Meta:
        verbose_name = _("conteo anulado")
        verbose_name_plural = _("conteos anulados")
        ordering = ["gathering", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "revision"], name="count_annulled_once"),
            can_be_seen("reason", "annulled_reason_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.at:%H:%M} {self.reason}"


class VoteCode(models.Model):
    """A printed code for one ballot from a phone; drawn from a bag, never handed out by name.

    Kept only as a digest. `receipt` is the digest of a random word the phone made, so that a phone
    whose answer was lost learns that its ballot had arrived; it does not lead to the ballot.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="codes", verbose_name=_("reunión"))
    digest = models.CharField(max_length=64)
    # Printed on the paper: only as many as there are voters open a ballot, so that who holds two papers shuts
    # nobody out. It says nothing of the ballot that it opened.
    number = models.PositiveIntegerField(_("número del papel"), default=1)
    receipt = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("código de votación")
        verbose_name_plural = _("códigos de votación")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "digest"], name="vote_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {'✓' if self.receipt else '·'}"
