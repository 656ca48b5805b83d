"""The two counts of a vote: who types on which side, and who may not."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from gatherings.models import (
    Counter,
    CounterCode,
    CounterName,
    Gathering,
    GatheringState,
    Organisation,
    Side,
)
from gatherings.refusals import RoomRefused, ask_why, not_now
from gatherings.room import again
from gatherings.room.ballots import ALPHABET, CODE_LENGTH, code_digest, not_a_code, plain

# A code that nobody used by then opens nothing; a name is kept as long as somebody may ask who counted.
CODE_DAYS, NAME_DAYS = 90, 120


def give_code(organisation: Organisation, giver: User) -> str:
    """A new code for one second count by a witness of an organisation; it can be read only now.

    Raises PermissionDenied for those whose duty it is not, RoomRefused for one outside the register.
    """
    require(giver.post, Act.GIVE_CODE)
    if not organisation.may_vote:
        sentence = _("«%(name)s» todavía no está en el registro: no puede contar.")
        raise RoomRefused("register", sentence % {"name": organisation.name})
    code = "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))
    CounterCode.objects.create(organisation=organisation, digest=code_digest(code), given_by=giver)
    return code


def side_of(gathering: Gathering, user: User, written: str = "") -> Side | None:
    """On which side who asks counts: by the code in hand, else by the account; None: on neither."""
    mine = Q(code__digest=code_digest(plain(written))) if written else Q(user=user)
    side = gathering.counters.filter(mine, is_replaced=False).values_list("side", flat=True).first()
    return None if side is None else Side(side)


def check_side(gathering: Gathering, side: Side | None, wanted: object) -> None:
    """Raise RoomRefused during a vote for who is on no side, or not on the one that the screen shows."""
    if gathering.state != GatheringState.VOTING:
        return
    if wanted == Side.SECOND and side != Side.SECOND:
        raise RoomRefused("code", _("Escribe de nuevo el código del segundo conteo: lo anotado sigue aquí."))
    if side is None:
        raise RoomRefused("side", _("Elige primero en qué conteo anotas: el primero o el segundo."))


def count_first(gathering: Gathering, user: User) -> None:
    """Put an account on the first side, where it stays; raises RoomRefused for who counts the second time."""
    if side_of(gathering, user) == Side.SECOND:
        raise RoomRefused("side", _("Quien hace el segundo conteo no anota en el primero."))
    second = second_of(gathering)
    if second and second.code and second.code.given_by_id == user.pk:
        raise RoomRefused("side", _("Entregaste el código del segundo conteo: no puedes contar primero."))
    Counter.objects.get_or_create(gathering=gathering, user=user, defaults={"side": Side.FIRST})


def count_again(gathering: Gathering, user: User, written: str, name: str, reason: str = "") -> None:
    """Name who counts the second time: the witness who holds a code or, without one, the account that asks.

    Another one takes the place of the first with a reason, and types it all again. Raises RoomRefused
    without it, for who counts already, and for a code that opens nothing here.
    """
    if gathering.state != GatheringState.VOTING:
        raise not_now(_("El segundo conteo se hace durante la votación."))
    if side_of(gathering, user, written) == Side.SECOND:
        return
    if not written:
        _check_free(gathering, user)
    code = _usable(gathering, plain(written)) if written else None
    _replace(gathering, reason)
    counter = Counter.objects.create(
        gathering=gathering, side=Side.SECOND, user=None if code else user, code=code
    )
    if code:
        _keep_name(counter, name)


def forget_names(at: dt.datetime | None = None) -> int:
    """Delete the names of witnesses whose term is over; returns of how many."""
    today = timezone.localdate(at or timezone.now())
    return CounterName.objects.filter(expires_on__lte=today).delete()[0]


def second_of(gathering: Gathering) -> Counter | None:
    """Who counts the second time now."""
    here = gathering.counters.filter(side=Side.SECOND, is_replaced=False)
    return here.select_related("code__organisation", "user").first()


def named(gathering: Gathering) -> list[str]:
    """Both sides as everyone may read them: an office or an organisation, never a person."""
    here = gathering.counters.filter(is_replaced=False).select_related(
        "code__organisation", "user__department"
    )
    return list(dict.fromkeys(str(counter) for counter in here if counter.side == Side.FIRST)) + [
        str(counter) for counter in here if counter.side == Side.SECOND
    ]


def _replace(gathering: Gathering, reason: str) -> None:
    before = gathering.counters.filter(side=Side.SECOND, is_replaced=False)
    if not before.exists():
        return
    if not reason:
        raise ask_why(
            _("Ya hay quien hace el segundo conteo. ¿Por qué se cambia? Habrá que anotar todo de nuevo.")
        )
    before.update(is_replaced=True)
    again.forget(gathering)


def _check_free(gathering: Gathering, user: User) -> None:
    if gathering.counters.filter(user=user).exists():
        raise RoomRefused("side", _("Quien anotó el primer conteo no puede hacer el segundo."))


def _usable(gathering: Gathering, written: str) -> CounterCode:
    if strange := not_a_code(written):
        raise RoomRefused("code", strange)
    since = timezone.now() - dt.timedelta(days=CODE_DAYS)
    unused = CounterCode.objects.filter(counter__isnull=True, given_at__gte=since)
    code = unused.select_related("organisation").filter(digest=code_digest(written)).first()
    if code is None:
        raise RoomRefused("code", _("Ese código no existe, venció o ya se usó. Pide otro a la oficina."))
    if not gathering.attendance.filter(organisation=code.organisation).exists():
        facts = {"name": code.organisation.name}
        raise RoomRefused("code", _("Ese código es de «%(name)s», que no está en la asistencia.") % facts)
    if gathering.counters.filter(side=Side.FIRST, user=code.given_by_id).exists():
        raise RoomRefused("code", _("Ese código lo entregó quien cuenta primero: debe darlo otra persona."))
    return code


def _keep_name(counter: Counter, name: str) -> None:
    until = timezone.localdate() + dt.timedelta(days=NAME_DAYS)
    CounterName.objects.create(counter=counter, name=name, expires_on=until)
