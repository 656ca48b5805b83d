"""Residents who follow, and the notices that were sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handovers.models.delivery import HandoverItem
from issues.models import Category, Issue


class FollowQuerySet(models.QuerySet["Follow"]):
    """Questions about followers."""

    def confirmed(self) -> FollowQuerySet:
        """Those who said yes by e-mail."""
        return self.filter(confirmed_at__isnull=False)

    def of(self, issue: Issue) -> FollowQuerySet:
        """Confirmed followers of a problem, of its neighbourhood or of its category."""
        code = issue.territory.code if issue.territory else None
        return self.confirmed().filter(
            Q(issue=issue)
            | Q(territory_code=code, territory_code__isnull=False)
            | Q(category=issue.category_id)
        )


class Follow(models.Model):
    """An e-mail address that wants to hear of a problem, a neighbourhood or a category.

    Kept only for that, apart from every public answer; unconfirmed ones are erased after two days.
    """

    email = models.EmailField(_("correo"))
    issue = models.ForeignKey(
        Issue, models.CASCADE, null=True, blank=True, related_name="followers", verbose_name=_("problema")
    )
    territory_code = models.PositiveIntegerField(_("número del barrio"), null=True, blank=True)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("categoría")
    )
    # SHA-256 of the secret in the links of its mails.
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("pedido"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmado"), null=True, blank=True)
    # The last line of history this address was notified of.
    told_until = models.PositiveBigIntegerField(default=0)
    told_at = models.DateTimeField(_("último correo"), null=True, blank=True, editable=False)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("seguimiento por correo")
        verbose_name_plural = _("seguimientos por correo")
        constraints = [
            models.CheckConstraint(
                name="follow_exactly_one",
                condition=Q(issue__isnull=False, territory_code__isnull=True, category__isnull=True)
                | Q(issue__isnull=True, territory_code__isnull=False, category__isnull=True)
                | Q(issue__isnull=True, territory_code__isnull=True, category__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["email", "issue", "territory_code", "category"],
                nulls_distinct=False,
                name="follow_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    DIGEST = "digest", _("resumen diario")
    ESCALATION = "escalation", _("aviso a la jefatura")
    DISPUTE = "dispute", _("reparación discutida")
    DOUBT = "doubt", _("alguien dice que no quedó bien")
    SILENT = "silent", _("otro organismo no responde")


class Notice(models.Model):
    """A sent mail, stored so that none goes twice: to a department's day, or about an item's deadline."""

    kind = models.CharField(_("tipo"), max_length=12, choices=NoticeKind)
    address = models.EmailField(_("a"))
    item = models.ForeignKey(
        HandoverItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("problema"),
    )
    # The day of a digest, or the deadline that was missed.
    day = models.DateField(_("día"))
    sent_at = models.DateTimeField(_("enviado"), default=timezone.now)

    class Meta:
        verbose_name = _("aviso")
        verbose_name_plural = _("avisos")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "address", "item", "day"], nulls_distinct=False, name="notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class RepairRound(models.TextChoices):
    """When a follower is asked whether it was repaired."""

    DONE = "done", _("al informarse listo")
    LATER = "later", _("28 días después")


class RepairSaid(models.TextChoices):
    """What a follower can answer."""

    YES = "yes", _("quedó bien")
    NO = "no", _("no quedó bien")


class RepairQuestionQuerySet(models.QuerySet["RepairQuestion"]):
    """Questions about «¿quedó reparado?»."""

    def answered(self) -> RepairQuestionQuerySet:
        """Those with a yes or a no."""
        return self.exclude(said="")

    def about(self, item: HandoverItem) -> RepairQuestionQuerySet:
        """Those on the repair that stands now: a disputed repair done again is asked about again."""
        return self.filter(item=item, finished_at=item.finished_at)


class RepairQuestion(models.Model):
    """«¿Quedó reparado?», asked by e-mail of somebody who follows, answered once without an account.

    Only the SHA-256 of the link's token is kept. When the follower leaves, the answer stays without author.
    """

    follow = models.ForeignKey(
        Follow, models.SET_NULL, null=True, related_name="questions", verbose_name=_("quien sigue")
    )
    item = models.ForeignKey(
        HandoverItem, models.CASCADE, related_name="questions", verbose_name=_("problema")
    )
    # Of which report of being done.
    finished_at = models.DateTimeField(_("terminado"))
    round = models.CharField(_("ronda"), max_length=5, choices=RepairRound)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("preguntado"), default=timezone.now)
    said = models.CharField(_("respuesta"), max_length=3, choices=RepairSaid, blank=True)
    said_at = models.DateTimeField(_("respondido"), null=True, blank=True)
    text = models.TextField(_("qué falta"), max_length=500, blank=True)

    objects = RepairQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("pregunta por la reparación")
        verbose_name_plural = _("preguntas por la reparación")
        constraints = [
            models.UniqueConstraint(
                fields=["follow", "item", "finished_at", "round"], name="repair_asked_once_each_round"
            ),
            models.CheckConstraint(
                name="repair_said_has_moment", condition=Q(said="") | Q(said_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.round} {self.said}"
