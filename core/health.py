"""How the house is: readings, each with a limit past which somebody has to be told.

An app adds its own with `reading` in its `tasks.py`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Min
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from core.chores import DUTIES
from core.clock import CLOCK, doubted_since
from core.models import Chore, Letter

MIB = 1024 * 1024
BACKUP = "backup"
# What fails is told within a quarter of an hour: after two turns of this, or at once.
SOON = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Reading:
    """One figure: seconds, bytes or a count; None where there is nothing to measure yet."""

    name: str
    title: str | Promise
    value: float | None
    is_ill: bool
    # One sentence for a person, when it is ill.
    text: str = ""

    @property
    def shown(self) -> str:
        """The figure as a person reads it."""
        if self.value is None:
            return "—"
        if self.name.endswith("_bytes"):
            return filesizeformat(self.value)
        return _duration(self.value) if self.name.endswith("_seconds") else number_format(self.value, 0)


Look = Callable[[dt.datetime], Iterable[Reading]]
LOOKS: list[Look] = []


def reading(look: Look) -> Look:
    """Add a look at one part of the house; it is asked with the present moment."""
    LOOKS.append(look)
    return look


def readings(at: dt.datetime | None = None) -> list[Reading]:
    """All figures now; a look that raises is itself what is ill. Raises nothing but the database's end."""
    now = at or timezone.now()
    return [found for look in LOOKS for found in look(now)]


def age(moment: dt.datetime | None, now: dt.datetime) -> float | None:
    """Seconds since a moment; None without one."""
    return None if moment is None else (now - moment).total_seconds()


def _duration(seconds: float) -> str:
    for unit, text in ((86_400, _("%(n)s días")), (3_600, _("%(n)s h")), (60, _("%(n)s min"))):
        if seconds >= 2 * unit:
            return text % {"n": number_format(seconds / unit, 0)}
    return _("%(n)s s") % {"n": number_format(seconds, 0)}


@reading
def clock(now: dt.datetime) -> Iterable[Reading]:
    """How long ago each worker last did anything by the clock: the one that is silent longest counts."""
    found = [age(last, now) for last in _last_of_each_worker(now)]
    silent = None if None in found else max(filter(None, found), default=0.0)
    is_ill = silent is None or silent > settings.ALARM_CLOCK_MINUTES * 60
    text = _("El reloj está detenido: ninguna tarea se hizo en los últimos minutos. Revisa los procesos.")
    yield Reading("clock_age_seconds", gettext_lazy("Reloj"), silent, is_ill, text)


def _last_of_each_worker(now: dt.datetime) -> Iterable[dt.datetime | None]:
    noted = Chore.objects.filter(run_at__lte=now).values_list("name", "run_at")
    ran = {name: at for name, at in noted if at}
    for queue in {duty.queue for duty in DUTIES.values()}:
        turns = [ran[duty.name] for duty in DUTIES.values() if duty.queue == queue and duty.name in ran]
        # One that never did anything is silent since the house lives.
        yield max(turns, default=ran.get(CLOCK))


@reading
def clock_in_doubt(now: dt.datetime) -> Iterable[Reading]:
    """How far the clock jumped, until it is set right or somebody confirms the hour."""
    lived = doubted_since(now)
    words = {"lived": lived and date_format(timezone.localtime(lived), "d-m-Y H:i"),
             "now": date_format(timezone.localtime(now), "d-m-Y H:i")}  # fmt: skip
    text = _(
        "El reloj pasó de golpe del %(lived)s al %(now)s: lo que vence por fecha espera. Corrige la hora del "
        "servidor o, si es la correcta, confírmala en «Salud»."
    )
    yield Reading(
        "clock_jump_seconds", gettext_lazy("Salto del reloj"), age(lived, now) or 0, bool(lived), text % words
    )


@reading
def failing_chores(now: dt.datetime) -> Iterable[Reading]:
    """How many chores failed twice in a row; once is enough where the next time is far away."""
    noted = Chore.objects.filter(name__in=DUTIES, failures__gte=1).order_by("name")
    failing = [one for one in noted if one.failures > 1 or DUTIES[one.name].interval(now) > SOON]
    names = ", ".join(str(DUTIES[one.name].title) for one in failing)
    text = _("Hay tareas que fallan una y otra vez: %(names)s.") % {"names": names}
    title = gettext_lazy("Tareas que fallan")
    yield Reading("chores_failing", title, len(failing), bool(failing), text[:300])


@reading
def mail(now: dt.datetime) -> Iterable[Reading]:
    """How long the oldest letter waits, and how many leave only by a person's word."""
    oldest = Letter.objects.on_their_way().aggregate(oldest=Min("written_at"))["oldest"]
    waits, title = age(oldest, now) or 0, gettext_lazy("Correo que más espera")
    is_ill = waits > settings.ALARM_MAIL_MINUTES * 60
    text = _("Hay correos que no salen. Revisa el servidor de correo.")
    yield Reading("mail_queue_age_seconds", title, waits, is_ill, text)
    stranded = Letter.objects.stranded().count()
    title = gettext_lazy("Correos rechazados o dudosos")
    yield Reading("mail_stranded", title, stranded, False)


@reading
def failed_jobs(now: dt.datetime) -> Iterable[Reading]:
    """How many jobs were given up in the last day."""
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    text = _("Hay trabajos que fallaron para siempre: mira «Trabajos en cola».")
    yield Reading("jobs_failed", gettext_lazy("Trabajos fallidos"), failed, failed > 0, text)


@reading
def backup(now: dt.datetime) -> Iterable[Reading]:
    """How old the last backup is that said it was complete."""
    noted = Chore.objects.filter(name=BACKUP)
    last = age(noted.filter(success_at__lte=now).aggregate(last=Max("success_at"))["last"], now)
    hours, fault = settings.ALARM_BACKUP_HOURS, noted.filter(failures__gt=0).first()
    is_ill = hours > 0 and (fault is not None or last is None or last > hours * 3600)
    text = _("El último respaldo es viejo o no hay ninguno.")
    if fault:
        text = (_("El último respaldo falló: %(what)s") % {"what": fault.error})[:300]
    yield Reading("backup_age_seconds", gettext_lazy("Respaldo"), last, is_ill, text)


@reading
def disk(now: dt.datetime) -> Iterable[Reading]:
    """Bytes free where photos and files lie."""
    folders = [Path(folder) for folder in (settings.MEDIA_ROOT, settings.BASE_DIR) if Path(folder).exists()]
    free = min(shutil.disk_usage(folder).free for folder in folders)
    is_ill = free < settings.ALARM_DISK_MB * MIB
    text = _("Queda poco espacio en el disco: haz lugar antes de que se llene.")
    yield Reading("disk_free_bytes", gettext_lazy("Espacio libre"), free, is_ill, text)
