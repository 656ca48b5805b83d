"""manage.py tend: what nobody has to press a button for; run it every few minutes, or with --every."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings.calendar.planner import remind
from handovers.acts.bulk_runs import carry_out_due
from handovers.followers.following import forget_unconfirmed, tell_followers
from handovers.followers.repair_questions import ask_followers, tell_doubts
from handovers.life.delivery import hand_over_all_urgent
from handovers.life.verification import expire_verifications
from handovers.mail import escalate, send_digests, tell_disputes
from handovers.query.export_jobs import resume_abandoned, throw_away_old
from issues.life.seal import seal_history
from territories.boundaries.dependents import catch_up


class Command(BaseCommand):
    help = _("Envía lo urgente, cierra plazos, sella el día y manda los correos que tocan.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--every N repeats until it is stopped."""
        parser.add_argument("--every", type=int, default=0, metavar=_("SEGUNDOS"))

    def handle(self, *args: object, every: int, **options: object) -> None:
        """One round, or one round after the other."""
        self.stdout.write(_round())
        while every > 0:
            time.sleep(every)
            close_old_connections()
            self.stdout.write(_round())


def _round() -> str:
    counts = {
        _("urgentes enviados"): hand_over_all_urgent(),
        _("acciones en lote"): carry_out_due(),
        _("archivos retomados"): resume_abandoned(),
        _("archivos viejos borrados"): throw_away_old(),
        _("sin verificar"): expire_verifications(),
        _("avisos a jefaturas"): escalate(),
        _("reparaciones discutidas"): tell_disputes(),
        _("correos a quienes siguen"): tell_followers(),
        _("preguntas por la reparación"): ask_followers(),
        _("reparaciones puestas en duda"): tell_doubts(),
        _("seguimientos sin confirmar borrados"): forget_unconfirmed(),
        _("problemas que alcanzan los límites nuevos"): catch_up(),
        _("recordatorios de reuniones"): remind(),
        _("sellos del día"): int(seal_history() is not None),
        _("resúmenes"): send_digests() if timezone.localtime().hour >= settings.DIGEST_HOUR else 0,
    }
    return ", ".join(f"{name}: {count}" for name, count in counts.items())
