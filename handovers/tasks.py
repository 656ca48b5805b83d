"""What the clock does for handovers: deadlines, bulk acts, files, the mails of the house."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.chores import chore
from core.clock import in_its_time
from handovers.acts.bulk_runs import carry_out_due
from handovers.acts.forwarding import tell_silent
from handovers.cabinet.gaps import tell_gaps
from handovers.followers.following import tell_followers
from handovers.followers.repair_questions import ask_followers, tell_doubts
from handovers.inbox_mail import mail_notifications
from handovers.life.delivery import hand_over_all_urgent
from handovers.life.verification import expire_verifications
from handovers.mail import escalate, send_digests, tell_disputes


def digests_of_the_day() -> int:
    """Write the offices' digests from their hour on."""
    return send_digests() if timezone.localtime().hour >= settings.DIGEST_HOUR else 0


chore("hand_over_urgent", _("urgentes enviados"), hand_over_all_urgent)
chore("carry_out_bulk", _("acciones en lote"), carry_out_due, cron="* * * * *")
chore("expire_verifications", _("sin verificar"), in_its_time(expire_verifications))
chore("escalate", _("avisos a jefaturas"), in_its_time(escalate))
chore("tell_disputes", _("reparaciones discutidas"), tell_disputes)
chore("tell_followers", _("correos a quienes siguen"), tell_followers)
chore("ask_followers", _("preguntas por la reparación"), in_its_time(ask_followers))
chore("tell_doubts", _("reparaciones puestas en duda"), tell_doubts)
chore("tell_silent", _("otros organismos sin respuesta"), tell_silent)
chore("tell_gaps", _("avisos de lo que falta configurar"), tell_gaps, cron="40 * * * *")
chore("mail_notifications", _("avisos por correo"), mail_notifications, cron="* * * * *")
chore("digests", _("resúmenes"), digests_of_the_day)
