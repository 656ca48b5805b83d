"""Enrolled tablets, the append-only inbox of what they send, and walks.

`SyncRecord`, `ConflictingBody`, `SyncPhoto`, `Held` and `Decision` are append-only: the database
refuses changes (walks/migrations). What became of a record is written in further rows. The one change
that it takes: a body is emptied when its time is over (walks/expiry.py).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from issues.models import Issue

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DEVICE_DAYS = 90
# How long the way of a walk is kept.
TRACK_DAYS = 90
# Unused for so long, a tablet reads nothing until a person signs in on it again.
IDLE_AFTER = dt.timedelta(days=14)


class DeviceQuerySet(models.QuerySet["Device"]):
    """Questions about tablets."""

    def alive(self, now: dt.datetime) -> DeviceQuerySet:
        """Tablets whose cookie has not expired, revoked ones too: what they deliver waits for a person."""
        return self.filter(expires_at__gt=now)


class Device(models.Model):
    """A tablet that may append records: it holds a random token, here only as SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    label = models.CharField(_("nombre"), max_length=80, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    people = models.ManyToManyField(User, through="DeviceSignIn", related_name="devices")
    enrolled_at = models.DateTimeField(_("inscrita"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("vista por última vez"), default=timezone.now)
    expires_at = models.DateTimeField(_("vence"))
    revoked_at = models.DateTimeField(_("revocada"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    # The last time that an administrator gave it back: it was found.
    lifted_at = models.DateTimeField(_("devuelta"), null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("tableta")
        verbose_name_plural = _("tabletas")
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return self.label or str(self.id)

    @property
    def is_revoked(self) -> bool:
        """Stolen or retired: its records wait for a person."""
        return self.revoked_at is not None

    @property
    def is_idle(self) -> bool:
        """Lay about too long: it reads nothing, and what it sends waits, until somebody signs in on it."""
        return self.last_seen_at < timezone.now() - IDLE_AFTER

    @property
    def is_trusted(self) -> bool:
        """Whether it reads for its people and its records go in by themselves."""
        return not (self.is_revoked or self.is_idle)


class DeviceSignIn(models.Model):
    """A person who signed in on a tablet, and so may be the author of what it sends."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="sign_ins")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    first_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "user"], name="sign_in_once_per_device")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.device_id}"


class DeviceSession(models.Model):
    """A web session that was open on a tablet: it ends when the tablet is revoked."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return f"{self.device_id}"


class RecordKind(models.TextChoices):
    """The kinds of record."""

    ISSUE = "issue", _("problema nuevo")
    REMARK = "remark", _("observación")
    STILL_THERE = "still_there", _("sigue ahí")
    SUPPORT = "support", _("me sumo")
    CHANGE = "change", _("cambio propuesto")
    WITHDRAW = "withdraw", _("deshacer")
    WALK_START = "walk_start", _("inicio de caminata")
    TRACK = "track", _("recorrido")
    WALK_END = "walk_end", _("fin de caminata")


class SyncRecord(models.Model):
    """One immutable record made on a tablet, byte for byte as it came."""

    # Made on the tablet (UUIDv7); for a new problem it is also the problem's id.
    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(_("tipo"), max_length=20)
    # The canonical JSON text over which `sha256` was made; empty once its time was over.
    body = models.TextField(_("contenido"))
    sha256 = models.CharField(max_length=64)
    walk_id = models.UUIDField(null=True, blank=True, db_index=True)
    # The problem a record is about, other than a new one.
    subject_id = models.UUIDField(null=True, blank=True)
    photo_ids = models.JSONField(default=list)
    # Who made it, as the tablet says; NULL when no such person exists.
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("autor"))
    # Who was signed in when it was sent: another person's login never changes the author.
    sender = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("envió"))
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", verbose_name=_("tableta"))
    captured_at = models.DateTimeField(_("capturado"), null=True)
    received_at = models.DateTimeField(_("recibido"), default=timezone.now)

    class Meta:
        verbose_name = _("registro recibido")
        verbose_name_plural = _("registros recibidos")
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(
                fields=["subject_id"],
                name="sync_record_subject",
                condition=Q(subject_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def kind_label(self) -> str:
        """The kind in the reader's words; an unknown kind of a later version as it came."""
        return str(RecordKind(self.kind).label) if self.kind in RecordKind else self.kind

    @property
    def title(self) -> str:
        """The line somebody wrote, of the problem or about it; empty when there is none."""
        content = json.loads(self.body or "{}")
        text = content.get("title") or content.get("text") or ""
        return text[:140] if isinstance(text, str) else ""


class ConflictingBody(models.Model):
    """Another body that came under an id already used; both are kept."""

    record = models.ForeignKey(SyncRecord, models.PROTECT, related_name="variants")
    body = models.TextField(_("contenido"))
    sha256 = models.CharField(max_length=64)
    sender = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("versión en conflicto")
        verbose_name_plural = _("versiones en conflicto")
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="conflicting_body_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.sha256[:12]}"


class SyncPhoto(models.Model):
    """The bytes of a photo as they came; the file below MEDIA_ROOT/inbox is named by its SHA-256."""

    photo_id = models.UUIDField()
    record_id = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    sender = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("foto recibida")
        verbose_name_plural = _("fotos recibidas")
        constraints = [
            # Two records may name one photo: a person decides, so no unique index.
            models.UniqueConstraint(fields=["photo_id", "sha256", "record_id"], name="sync_photo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.sha256[:12]}"

    @property
    def stored_name(self) -> str:
        """Where the bytes lie, below MEDIA_ROOT."""
        return f"inbox/{self.sha256[:2]}/{self.sha256}.bin"


class PhotoPart(models.Model):
    """A piece of a photo on its way; dropped once the whole photo is stored."""

    photo_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    data = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo_id", "sha256", "number"], name="photo_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.number}"


class HoldReason(models.TextChoices):
    """Why a record, body or photo waits for a person."""

    CONFLICT = "conflict", _("el mismo identificador llegó con otro contenido")
    OUTSIDE = "outside", _("el punto queda fuera de los barrios de la comuna")
    TERRITORY = "territory", _("el punto queda en un barrio que no es de quien lo registró")
    BOUNDARIES = "boundaries", _("los límites cambiaron y el punto quedó en otro barrio")
    CATEGORY = "category", _("la categoría está cerrada o no existe")
    TEXT = "text", _("el texto no se puede guardar como está")
    LEVELS = "levels", _("los niveles del puntaje no valen")
    AUTHOR = "author", _("quien figura como autor no ha entrado en esa tableta")
    ROLE = "role", _("quien lo registró ya no tiene ese rol")
    DEVICE = "device", _("la tableta fue revocada")
    IDLE = "idle", _("la tableta estuvo más de 14 días sin uso")
    TIME = "time", _("la hora no puede ser")
    WALK = "walk", _("la caminata ya estaba cerrada")
    SUBJECT = "subject", _("el problema al que se refiere no está")
    STALE = "stale", _("el problema cambió mientras la tableta estaba sin red")
    PROPOSAL = "proposal", _("propone un cambio")
    KIND = "kind", _("es de un tipo que esta versión no conoce")
    PHOTO = "photo", _("la foto no se puede abrir")
    FOREIGN_PHOTO = "foreign", _("la foto no es de ese registro")
    UNEXPECTED = "unexpected", _("falló algo de nuestro lado al guardarlo")


class HeldQuerySet(models.QuerySet["Held"]):
    """Questions about what waits for a person."""

    def open(self) -> HeldQuerySet:
        """Not decided yet."""
        return self.filter(decision__isnull=True)

    def decided(self) -> HeldQuerySet:
        """Already looked at by a person."""
        return self.filter(decision__isnull=False)

    def visible_to(self, user: User | AnonymousUser) -> HeldQuerySet:
        """The office (who decides, and administration) sees all; facilitators what they made themselves."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_everything or user.facilitates_everywhere:
            return self
        return self.filter(record__author_id=user.pk) if user.is_facilitator else self.none()


class Held(models.Model):
    """A received item that a person has to review: exactly one of record, variant and photo."""

    record = models.ForeignKey(SyncRecord, models.PROTECT, null=True, related_name="holds")
    variant = models.ForeignKey(ConflictingBody, models.PROTECT, null=True, related_name="holds")
    photo = models.ForeignKey(SyncPhoto, models.PROTECT, null=True, related_name="holds")
    reason = models.CharField(_("motivo"), max_length=12, choices=HoldReason)
    sentence = models.TextField(_("explicación"), blank=True)
    held_at = models.DateTimeField(_("retenido"), default=timezone.now)

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("pendiente de la bandeja")
        verbose_name_plural = _("bandeja")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="held_has_a_record_or_photo",
                condition=Q(record__isnull=False) | Q(photo__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.record_id or self.photo_id}"


class DecisionKind(models.TextChoices):
    """What the office decided."""

    ACCEPT = "accept", _("aceptado")
    CORRECT = "correct", _("corregido y aceptado")
    REJECT = "reject", _("rechazado")
    # Not by a person: what it waited for arrived.
    RESOLVED = "resolved", _("se resolvió solo")


class Decision(models.Model):
    """How something held was settled; what came stays as it came."""

    held = models.OneToOneField(Held, models.PROTECT, related_name="decision")
    kind = models.CharField(_("decisión"), max_length=10, choices=DecisionKind)
    reason = models.TextField(_("motivo"), blank=True)
    correction = models.JSONField(_("corrección"), default=dict, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("quién"))
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    class Meta:
        verbose_name = _("decisión")
        verbose_name_plural = _("decisiones")
        constraints = [
            models.CheckConstraint(
                name="rejection_has_reason", condition=~Q(kind=DecisionKind.REJECT) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.held_id}"


class WalkQuerySet(models.QuerySet["Walk"]):
    """Questions about walks."""

    def visible_to(self, user: User | AnonymousUser) -> WalkQuerySet:
        """The office sees all walks, a facilitator the own ones."""
        if not user.is_authenticated:
            return self.none()
        return self if user.sees_everything else self.filter(author_id=user.pk)


class Walk(models.Model):
    """A walk through a neighbourhood, put together from its records."""

    id = models.UUIDField(primary_key=True, editable=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="walks", verbose_name=_("facilita"))
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="walks")
    territory_code = models.PositiveIntegerField(_("número del barrio"), null=True)
    started_at = models.DateTimeField(_("empezó"))
    ended_at = models.DateTimeField(_("terminó"), null=True)
    # How many records the tablet says it made, sent at the end.
    captured = models.PositiveIntegerField(_("capturados"), null=True)

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("caminata")
        verbose_name_plural = _("caminatas")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.author_id}"


class TrackSegment(models.Model):
    """A piece of the way walked; EPSG:4326."""

    record = models.OneToOneField(SyncRecord, models.PROTECT, primary_key=True, related_name="+")
    walk_id = models.UUIDField(db_index=True)
    path = models.LineStringField(_("recorrido"), srid=4326)

    class Meta:
        verbose_name = _("tramo del recorrido")
        verbose_name_plural = _("tramos del recorrido")

    def __str__(self) -> str:
        return f"{self.walk_id}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Questions about who stood there."""

    def most_at(self, issue: Issue) -> int:
        """The most people on one walk at a problem, or at one that was merged into it."""
        told = self.filter(Q(issue=issue) | Q(issue__duplicate_of=issue))
        return told.aggregate(most=models.Max("people"))["most"] or 0


class Presence(models.Model):
    """How many people stood at a problem on one walk: one number, which a later one replaces.

    Apart from the supports of residents, and never part of the order.
    """

    walk_id = models.UUIDField()
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    people = models.PositiveSmallIntegerField(_("personas"))
    told_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presentes")
        verbose_name_plural = _("presentes")
        constraints = [
            models.UniqueConstraint(fields=["walk_id", "issue"], name="presence_once_per_walk"),
            models.CheckConstraint(name="presence_of_some", condition=Q(people__gte=1, people__lte=200)),
        ]

    def __str__(self) -> str:
        return f"{self.people}"
