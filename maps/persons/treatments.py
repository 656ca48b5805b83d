"""The register of treatments: what of persons is kept, why, on which basis, who sees it, until when.

Every field of every model stands in `maps/persons/fields.py` under one of these codes, or as not personal.
From this table come docs/privacy.md, `/privacidad/`, the register as a file and the work of the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import expiry as accounts
from core import logs, outbox
from core.together import drafts, once
from gatherings import expiry as gatherings
from gatherings.room import counters
from handovers.followers import following
from handovers.life import inbox
from handovers.query import export_jobs
from issues.life import expiry as issues
from issues.photos import left
from maps.models import PersonRequest
from maps.open311.posting import KEEP_REPORTER
from walks import expiry as walks
from walks.models import TRACK_DAYS

Text = str | Promise
RIGHTS_DAYS = 730


class Ends(StrEnum):
    """What ends a treatment."""

    CLOCK = "clock"
    # With the record it belongs to, which is public and stays.
    RECORD = "record"
    # Not by this site's clock: by the nightly backup, or by who uses a tablet.
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Treatment:
    """One row; `forget(at)` does what the term says and returns how much it did."""

    code: str
    what: Text
    whose: Text
    source: Text
    why: Text
    basis: Text
    seen_by: Text
    until: Text
    then: Text
    forget: Callable[[dt.datetime], int] | None = None
    ends: Ends = Ends.CLOCK
    stores: tuple[str, ...] = ()


# Articles of the law on personal data as it stands from 2026-12-01.
FUNCTION = _("Función legal del municipio (artículo 20)")
CONSENT = _("Consentimiento (artículo 12)")
SAFETY = _("Deber de seguridad (artículo 14 quinquies)")
RECORD = _("Función legal y registro público (artículos 20 y 21)")

NOBODY, OFFICE, ALL = _("Nadie por el sitio"), _("La administración"), _("Todas las personas")
RESIDENTS, TEAM = _("Vecinas y vecinos"), _("Equipo municipal")
THEMSELVES, MACHINE = _("La propia persona"), _("El sitio, al usarlo")
ON_THE_WALK = _("Una persona del equipo, en la caminata")
DELETED, EMPTIED = _("Se borra"), _("Se vacía y queda su huella")
WITH_RECORD, STAYS = _("Mientras exista el registro público"), _("Queda; se puede ocultar o corregir")


def _forget_requests(at: dt.datetime) -> int:
    over = PersonRequest.objects.filter(answered_at__lte=at - dt.timedelta(days=RIGHTS_DAYS))
    return over.filter(is_emptied=False).update(person="", answer="", is_emptied=True)


def _forget_orphans(at: dt.datetime) -> int:
    return walks.forget_orphans(at) + walks.forget_left_files(at) + left.forget_left_files(at)


def _forget_logs(at: dt.datetime) -> int:
    return logs.forget_old(settings.LOG_FILE, at)


REGISTER = (
    Treatment(
        "reporters", _("Nombre, correo y teléfono de quien informó un problema"), RESIDENTS, THEMSELVES,
        _("Responder a quien informó"), FUNCTION,
        _("La oficina que responde y la administración, y queda anotado; nunca en público"),
        format_lazy(_("{days} días después de informar"), days=KEEP_REPORTER.days), DELETED,
        issues.forget_reporters,
    ),
    Treatment(
        "followers", _("Correo de quien sigue un problema, un barrio o una categoría"), RESIDENTS,
        THEMSELVES, _("Enviar las novedades que pidió"), CONSENT, _("Nadie: los correos salen solos"),
        format_lazy(
            _("Hasta que se sale; 2 días si no confirma; {days} días después de terminado el problema"),
            days=following.OVER_DAYS,
        ),
        DELETED, following.forget_followers,
    ),
    Treatment(
        "follower_words", _("Lo que escribe quien responde «¿quedó reparado?»"), RESIDENTS, THEMSELVES,
        _("Saber qué falta en una reparación"), CONSENT, TEAM,
        format_lazy(_("{days} días después de responder"), days=following.WORDS_DAYS),
        _("Se vacía; queda el sí o el no, sin persona"), following.forget_words,
    ),
    Treatment(
        "supports", _("Huella con clave de quien se suma a un problema"), RESIDENTS, THEMSELVES,
        _("Contar a cada persona una vez"), FUNCTION, NOBODY, WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "problems", _("Textos, dirección y lugar de un problema, por si nombran a alguien"), RESIDENTS,
        _("Quien informa, el equipo u otro sistema"), _("Atender los problemas de cada barrio en orden"),
        RECORD, ALL, WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "photos", _("Fotos de problemas y reparaciones, sin datos de la cámara"),
        _("Quien aparezca en la foto"), _("Quien informa, el equipo u otro sistema"),
        _("Mostrar el problema y su reparación"), RECORD,
        _("El equipo; en público solo después de revisarlas"), WITH_RECORD, STAYS, ends=Ends.RECORD,
        stores=("MEDIA_ROOT/photos",),
    ),
    Treatment(
        "originals", _("Fotos tal como las envió la tableta, con hora y lugar de la cámara"),
        _("Quien aparezca en la foto"), ON_THE_WALK, _("Probar qué se recibió"), FUNCTION,
        _("Alcaldía y administración, mientras esperan una decisión"),
        format_lazy(_("{days} días después de recibidas"), days=walks.ORIGINAL_DAYS),
        _("Se borra el archivo y queda su huella"), walks.forget_originals, stores=("MEDIA_ROOT/inbox",),
    ),
    Treatment(
        "inbox", _("Lo que envió la tableta, letra por letra"),
        _("Equipo municipal y quien esté nombrado"), ON_THE_WALK,
        _("Probar qué se recibió y resolver dudas"), FUNCTION, _("Alcaldía y administración"),
        format_lazy(_("{days} días después de recibido"), days=walks.BODY_DAYS), EMPTIED,
        walks.forget_bodies,
    ),
    Treatment(
        "parts", _("Partes de fotos que no terminaron de llegar"), _("Quien aparezca en la foto"),
        ON_THE_WALK, _("Seguir el envío cuando vuelve la red"), FUNCTION, NOBODY,
        format_lazy(_("{days} días sin que llegue otra parte"), days=walks.PART_DAYS), DELETED,
        walks.forget_parts,
    ),
    Treatment(
        "orphans", _("Fotos cuyo problema nunca llegó, y archivos que quedaron de un envío cortado"),
        _("Quien aparezca en la foto"), ON_THE_WALK, _("Esperar el problema, que puede llegar después"),
        FUNCTION, NOBODY,
        format_lazy(
            _("{days} días después de recibidas; los archivos cortados, {left} días"),
            days=walks.ORPHAN_DAYS, left=walks.LEFT_DAYS,
        ),
        DELETED, _forget_orphans, stores=("MEDIA_ROOT/inbox", "MEDIA_ROOT/photos"),
    ),
    Treatment(
        "tracks", _("Recorrido de una caminata"), TEAM, _("La tableta"), _("Mostrar dónde se caminó"),
        FUNCTION, NOBODY, format_lazy(_("{days} días después de recibido"), days=TRACK_DAYS),
        DELETED, walks.forget_tracks,
    ),
    Treatment(
        "tablets", _("Quién entró en qué tableta"), TEAM, MACHINE, _("Saber de quién es lo que llega"),
        SAFETY, _("Alcaldía y administración"),
        format_lazy(_("{days} días después de vencida la tableta"), days=walks.SIGN_IN_DAYS), DELETED,
        walks.forget_sign_ins,
    ),
    Treatment(
        "letters", _("Correos en camino: dirección, asunto y texto"), _("Quien recibe un correo"), MACHINE,
        _("Enviar el correo una sola vez"), FUNCTION, _("La administración, sin el texto"),
        format_lazy(_("El texto, hasta que sale; el resto, {days} días"), days=settings.LETTER_DAYS),
        DELETED, outbox.forget_old,
    ),
    Treatment(
        "exports", _("Planillas y archivos largos que pidió una oficina"), _("Quien esté nombrado"),
        MACHINE, _("Entregar el archivo a quien lo pidió"), FUNCTION, _("Solo quien lo pidió"),
        format_lazy(_("{hours} horas"), hours=settings.EXPORT_HOURS), DELETED, export_jobs.throw_away_old,
        stores=("EXPORTS_ROOT",),
    ),
    Treatment(
        "told", _("Avisos a cada persona del equipo: qué le llegó y cuándo lo abrió"), TEAM, MACHINE,
        _("Que cada persona sepa lo que debe responder"), FUNCTION, _("Solo la propia persona"),
        format_lazy(_("{days} días después de escrito"), days=inbox.KEEP_DAYS), DELETED, inbox.forget_old,
    ),
    Treatment(
        "sessions",
        _(
            "Sesiones: dirección de red y navegador; cifrado, lo que alguien envió cuando su sesión ya había"
            " terminado"
        ),
        TEAM, MACHINE,
        _("Mantener abierta la sesión y que cada persona vea las suyas"), SAFETY,
        _("La propia persona y la administración"),
        format_lazy(_("{hours} horas sin uso, o al salir"), hours=settings.SESSION_COOKIE_AGE // 3600),
        DELETED, accounts.forget_sessions,
    ),
    Treatment(
        "drafts",
        _("Lo escrito en un formulario y todavía no enviado, sin claves, códigos, correos ni teléfonos"),
        _("Quien escribe"), THEMSELVES, _("Que no se pierda lo escrito si algo falla"), FUNCTION,
        _("Solo quien lo escribió: queda en su navegador, cifrado si entró con su cuenta"),
        format_lazy(
            _("Hasta que se envía o sale de su cuenta; {hours} horas a lo más, {few} sin cuenta"),
            hours=drafts.HOURS, few=drafts.STRANGERS_HOURS,
        ),
        DELETED, ends=Ends.ELSEWHERE, stores=("localStorage",),
    ),
    Treatment(
        "tries", _("Intentos de entrar, como huellas con clave"), _("Quien intenta entrar"), MACHINE,
        _("Frenar a quien adivina claves"), SAFETY, NOBODY, _("15 minutos después del último intento"),
        DELETED, accounts.forget_tries,
    ),
    Treatment(
        "pressed", _("Lo que la administración cambió, según su propio registro"), TEAM, MACHINE,
        _("Revisar cambios de configuración"), SAFETY, OFFICE,
        format_lazy(_("{days} días"), days=accounts.PRESSED_DAYS), DELETED, accounts.forget_pressed,
    ),
    Treatment(
        "bodies", _("Nombres de organizaciones escritos en una reunión que no están en el registro"),
        _("Quien se nombre ahí"), _("Quien asiste a la reunión"), _("Contar la asistencia"), FUNCTION, ALL,
        format_lazy(_("{days} días después de su última reunión"), days=gatherings.NAME_DAYS),
        _("Se cambia el nombre por un número"), gatherings.forget_typed_names,
    ),
    Treatment(
        "gatherings", _("Acuerdos y actas de reuniones; testigos del conteo, por su organización"),
        _("Quien esté nombrado"), _("La reunión"), _("Dejar constancia de lo que decidió el barrio"),
        RECORD, ALL, WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "counters", _("Nombre de quien hizo el segundo conteo con el código de su organización"), RESIDENTS,
        THEMSELVES, _("Saber quién contó, si alguien objeta"), FUNCTION, OFFICE,
        format_lazy(_("{days} días después del conteo"), days=counters.NAME_DAYS), DELETED,
        counters.forget_names,
    ),
    Treatment(
        "forms",
        _(
            "Qué cuenta envió qué formulario, para no hacerlo dos veces; sin cuenta, una huella con clave"
            " y la respuesta cifrada"
        ),
        TEAM, MACHINE,
        _("Que un envío repetido no se haga de nuevo"), FUNCTION, NOBODY,
        format_lazy(_("{days} días"), days=once.KEEP.days), DELETED, once.forget_old,
    ),
    Treatment(
        "votes", _("Papeletas sin nombre y códigos para votar, como huellas"), RESIDENTS, _("Quien vota"),
        _("Contar y volver a contar"), RECORD, _("Las papeletas, todas las personas; los códigos, nadie"),
        WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "asked", _("Nombre y cargo de quien pidió mover o entregar algo fuera de orden"),
        _("Autoridades y organizaciones"), _("La alcaldía"), _("Que se sepa quién pidió qué"), RECORD, ALL,
        WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "answers", _("Respuestas, textos de trabajo y correos de oficinas y otros organismos"),
        _("Equipo municipal y otros organismos"), _("Cada oficina"), _("Responder al barrio"), RECORD,
        _("Lo público, todas las personas; lo demás, la oficina"), WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "history", _("Historia de cada problema: quién actuó, cuándo y por qué"), TEAM, MACHINE,
        _("Que nadie cambie lo que pasó"), RECORD,
        _("En público, la oficina y el texto público; persona y motivo, el equipo"), WITH_RECORD,
        _("Queda; un motivo interno que nombra a alguien se borra y el sello sigue valiendo"),
        ends=Ends.RECORD,
    ),
    Treatment(
        "acts", _("Qué persona del equipo hizo qué"), TEAM, MACHINE, _("Responder por lo que se hizo"),
        RECORD, _("El equipo; en público aparece solo la oficina"), WITH_RECORD, STAYS, ends=Ends.RECORD,
    ),
    Treatment(
        "staff", _("Cuentas del equipo: nombre, correo, rol, clave y segundo paso cifrados"), TEAM,
        _("La administración"), _("Entrar y trabajar"), FUNCTION, OFFICE, _("Mientras la cuenta exista"),
        _("La cuenta se cierra; sus actos quedan"), ends=Ends.RECORD,
    ),
    Treatment(
        "programs", _("Nombre de otros sistemas y huella de sus claves"), _("Otros organismos"), OFFICE,
        _("Recibir informes de otros sistemas"), FUNCTION, OFFICE, _("Mientras la clave exista"), STAYS,
        ends=Ends.RECORD,
    ),
    Treatment(
        "rights", _("Solicitudes de personas sobre sus datos, y vulneraciones"), _("Quien pide"), THEMSELVES,
        _("Responder en 30 días y poder probarlo"), FUNCTION, OFFICE,
        format_lazy(_("{days} días después de responder"), days=RIGHTS_DAYS),
        _("Se vacía; queda qué se pidió y cuándo"), _forget_requests,
    ),
    Treatment(
        "logs", _("Bitácora técnica, sin correos, teléfonos ni direcciones de red"),
        _("Quien usa el sitio"), MACHINE, _("Encontrar fallas"), SAFETY, _("Quien opera el sitio"),
        format_lazy(_("{days} días después de llenarse el archivo"), days=logs.DAYS), DELETED,
        _forget_logs, stores=("LOG_FILE",),
    ),
    Treatment(
        "backups", _("Copias de seguridad de todo lo anterior"), _("Todas las personas nombradas arriba"),
        MACHINE, _("Recuperar el sitio después de una falla"), SAFETY, _("Quien opera el sitio"),
        format_lazy(_("{days} días"), days=settings.BACKUP_DAYS), DELETED, ends=Ends.ELSEWHERE,
        stores=("BACKUP_DIR",),
    ),
    Treatment(
        "ledger",
        _("Lista de lo borrado, con claves que no nombran a nadie; correcciones cifradas, hasta borrarse"),
        RESIDENTS, MACHINE,
        _("Que una copia restaurada no devuelva lo borrado"), SAFETY, NOBODY, WITH_RECORD, STAYS,
        ends=Ends.RECORD, stores=("ERASURES_FILE",),
    ),
)  # fmt: skip
BY_CODE = {row.code: row for row in REGISTER}


def forget(at: dt.datetime | None = None) -> dict[str, int]:
    """Do what each term says; returns how much of each row. Raises ExceptionGroup after doing the others."""
    now, done, faults = at or timezone.now(), {}, []
    for row in REGISTER:
        try:
            with transaction.atomic():
                done[row.code] = row.forget(now) if row.forget else 0
        except Exception as error:
            faults.append(error)
    if faults:
        raise ExceptionGroup("some terms were not kept", faults)
    return done
