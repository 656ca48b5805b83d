"""Letters on their way, chores and their last runs, alarms that stand, forms that were done."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob


class LetterState(models.TextChoices):
    """Where a letter is on its way."""

    WAITING = "waiting", _("por enviar")
    # Also what it stays when nobody knows whether the server took it.
    SENDING = "sending", _("enviándose")
    SENT = "sent", _("enviado")
    REFUSED = "refused", _("rechazado")
    GIVEN_UP = "given_up", _("sin respuesta")
    DOUBTFUL = "doubtful", _("quizás enviado")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters."""

    def on_their_way(self) -> LetterQuerySet:
        """Those that should still leave by themselves."""
        return self.filter(state__in=[LetterState.WAITING, LetterState.SENDING])

    def as_pages_read(self) -> LetterQuerySet:
        """Without what they say, which the database gives to no page: core/postgis/rights.py."""
        return self.defer("body", "headers")

    def stranded(self) -> LetterQuerySet:
        """Those that leave only when a person says so."""
        return self.filter(state__in=[LetterState.REFUSED, LetterState.GIVEN_UP, LetterState.DOUBTFUL])


class Letter(models.Model):
    """One mail, written in the transaction that wants it and sent after it: docs/decisions/jobs.md."""

    address = models.EmailField(_("a"), max_length=254)
    subject = models.CharField(_("asunto"), max_length=300)
    # Erased once it is sent: it may hold links that open something.
    body = models.TextField(_("texto"), blank=True)
    headers = models.JSONField(_("encabezados"), default=dict, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    state = models.CharField(
        _("estado"), max_length=10, choices=LetterState, default=LetterState.WAITING, db_index=True
    )
    attempts = models.PositiveIntegerField(_("intentos"), default=0)
    # Attempts that ended without anybody knowing whether the server took it.
    doubts = models.PositiveIntegerField(_("intentos sin respuesta"), default=0)
    last_error = models.CharField(_("última falla"), max_length=300, blank=True)
    written_at = models.DateTimeField(_("escrito"), default=timezone.now, db_index=True)
    tried_at = models.DateTimeField(_("último intento"), null=True, blank=True)
    sent_at = models.DateTimeField(_("salió"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("correo")
        verbose_name_plural = _("correos")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"


class Chore(models.Model):
    """When something that nobody presses a button for was last done, and what went wrong."""

    name = models.CharField(_("nombre"), max_length=60, primary_key=True)
    run_at = models.DateTimeField(_("última vez"), null=True)
    success_at = models.DateTimeField(_("última vez bien"), null=True)
    # What the last success said it had done.
    count = models.BigIntegerField(_("hizo"), null=True)
    error_at = models.DateTimeField(_("última falla"), null=True)
    error = models.CharField(_("falla"), max_length=300, blank=True)
    # In a row, up to the last run.
    failures = models.PositiveIntegerField(_("fallas seguidas"), default=0)

    class Meta:
        verbose_name = _("tarea")
        verbose_name_plural = _("tareas")

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """Something that is ill now; the row goes when it is well again."""

    name = models.CharField(_("nombre"), max_length=60, primary_key=True)
    text = models.CharField(_("qué pasa"), max_length=300)
    since = models.DateTimeField(_("desde"), default=timezone.now)
    told_at = models.DateTimeField(_("avisado"), null=True)

    class Meta:
        verbose_name = _("alarma")
        verbose_name_plural = _("alarmas")
        ordering = ["since", "name"]

    def __str__(self) -> str:
        return self.text


class DoneAct(models.Model):
    """A form that was sent, and the answer it got: the same one sent again gets it too.

    Accounts stand right of this app: `person` is the number of one, without a link.
    """

    key = models.UUIDField(_("clave"))
    person = models.BigIntegerField(_("cuenta"))
    # In whose name it was sent, as the public sees it.
    office = models.CharField(_("oficina"), max_length=120, blank=True)
    path = models.CharField(_("formulario"), max_length=300)
    # SHA-256 of all that was sent; the content itself is not kept.
    digest = models.CharField(_("huella"), max_length=64)
    # Where the person was led and what was said there; empty while it is being done.
    answer = models.JSONField(_("respuesta"), default=dict)
    at = models.DateTimeField(_("enviado"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("acto enviado")
        verbose_name_plural = _("actos enviados")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="act_done_once")]
        indexes = [models.Index(fields=["path", "-at"], name="act_by_path")]

    def __str__(self) -> str:
        return f"{self.path} ({self.key})"


class WaitingJob(ProcrastinateJob):
    """A job of the queue under a name that the administration shows."""

    class Meta:
        proxy = True
        verbose_name = _("trabajo en cola")
        verbose_name_plural = _("trabajos en cola")


class KeptPaper(models.Model):
    """A paper as it was rendered, and what it said then: territories/kept_papers.py."""

    name = models.CharField(_("nombre"), max_length=80, primary_key=True)
    fingerprint = models.CharField(_("huella de lo que dice"), max_length=64)
    content = models.BinaryField(_("contenido"))
    made_at = models.DateTimeField(_("hecho"), auto_now=True)

    class Meta:
        verbose_name = _("documento hecho")
        verbose_name_plural = _("documentos hechos")

    def __str__(self) -> str:
        return self.name
