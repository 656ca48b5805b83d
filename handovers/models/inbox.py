"""What a person of the staff is told inside the application, and how much of it by mail."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from handovers.models.delivery import Handover, HandoverItem


class NotificationKind(models.TextChoices):
    """What a person is told of."""

    URGENT = "urgent", _("Llegó una urgencia")
    DELIVERY = "delivery", _("Llegó una entrega")
    CHARGE = "charge", _("Quedaste a cargo")
    MENTION = "mention", _("Te nombraron en una nota")
    REDIRECTED = "redirected", _("Llegó derivado")
    OUTSIDE = "outside", _("Respondió otro organismo")
    SILENT = "silent", _("Otro organismo no responde")
    ESCALATED = "escalated", _("Venció un plazo")
    SETUP = "setup", _("Falta configurar algo")


AT_ONCE = (NotificationKind.URGENT, NotificationKind.CHARGE, NotificationKind.MENTION)
DAILY = tuple(kind for kind in NotificationKind if kind not in AT_ONCE)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Questions about what people were told."""

    def of(self, user: User) -> NotificationQuerySet:
        """The own ones, newest first, with what they are about."""
        about = ("item__issue__territory", "handover__department")
        return (
            self.filter(person=user)
            .select_related(*about)
            .defer(
                "item__issue__territory__boundary", "item__issue__territory__outline", "item__issue__shape"
            )
            .order_by("-at", "-pk")
        )

    def unread(self) -> NotificationQuerySet:
        """Those nobody opened yet."""
        return self.filter(read_at__isnull=True)

    def to_mail(self) -> NotificationQuerySet:
        """Those that no mail told and nobody read, of people who work here still and have an address."""
        reachable = Q(person__is_active=True) & ~Q(person__email="")
        return self.unread().filter(reachable, mailed_at__isnull=True)


class Notification(models.Model):
    """One thing that one person is told, written with the act that it tells of."""

    # Made here: the database need not show a page the row that it wrote for somebody else.
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("a"))
    kind = models.CharField(_("qué"), max_length=10, choices=NotificationKind)
    item = models.ForeignKey(
        HandoverItem, models.CASCADE, null=True, related_name="+", verbose_name=_("problema")
    )
    handover = models.ForeignKey(
        Handover, models.CASCADE, null=True, related_name="+", verbose_name=_("entrega")
    )
    at = models.DateTimeField(_("cuándo"), default=timezone.now)
    read_at = models.DateTimeField(_("leído"), null=True)
    mailed_at = models.DateTimeField(_("enviado por correo"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("aviso a una persona")
        verbose_name_plural = _("avisos a personas")
        indexes = [
            models.Index("person", models.F("at").desc(), name="notification_newest"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(
                fields=["at"],
                condition=Q(read_at__isnull=True, mailed_at__isnull=True),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def about(self) -> str:
        """What it is about, in the words of a list."""
        if self.item:
            return f"{self.item.issue.title} ({self.item.issue.reference})"
        return str(_("Entrega N.º %(number)s") % {"number": self.handover.number}) if self.handover else ""

    @property
    def path(self) -> str:
        """The page on which one goes on."""
        if self.item:
            return reverse("desk-item", args=[self.item.issue.reference])
        return reverse("setup-gaps") if self.kind == NotificationKind.SETUP else reverse("desk")


class NotificationChoice(models.Model):
    """What one person wants by mail: at once, once a day, or (in neither) only inside."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name=_("de"))
    at_once = ArrayField(
        models.CharField(max_length=10, choices=NotificationKind), default=list, verbose_name=_("al momento")
    )
    daily = ArrayField(
        models.CharField(max_length=10, choices=NotificationKind),
        default=list,
        verbose_name=_("una vez al día"),
    )
    # Between the two, over midnight too, no mail goes.
    quiet_from = models.TimeField(_("silencio desde"), default=dt.time(20))
    quiet_until = models.TimeField(_("silencio hasta"), default=dt.time(8))
    urgent_any_time = models.BooleanField(_("las urgencias, a cualquier hora"), default=True)

    class Meta:
        verbose_name = _("preferencia de avisos")
        verbose_name_plural = _("preferencias de avisos")

    def __str__(self) -> str:
        return str(self.person)

    @classmethod
    def of(cls, person: User) -> NotificationChoice:
        """What this person chose, else what everybody begins with."""
        chosen = cls.objects.filter(person=person).first()
        return chosen or cls(person=person, at_once=list(AT_ONCE), daily=list(DAILY))

    def is_quiet(self, now: dt.time) -> bool:
        """Whether a time of the day lies in the quiet hours; equal ends mean none."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until
