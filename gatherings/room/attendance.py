"""Who came: organisations by name, persons only as a number."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from gatherings import groups
from gatherings.models import Attendance, Gathering, GatheringState, Organisation
from gatherings.refusals import RoomRefused, not_now
from gatherings.tokens import VOTERS_PER_ORGANISATION

PEOPLE_MAX = 5_000


def record(
    gathering: Gathering,
    organisation: Organisation | None,
    people: int,
    voters: int | None,
    before: int | None = None,
) -> None:
    """Note how many came for an organisation, or on their own (None); 0 people takes the line away.

    Without `voters` everyone who may vote does. `before` is how many the screen showed, None for no line.
    Raises RoomRefused when more vote than came, more than two for one organisation, anyone for one that
    the register does not have, somebody else noted another number meanwhile, or the vote has begun.
    """
    if gathering.state != GatheringState.OPEN:
        raise not_now(_("La asistencia se anota antes de la votación."))
    _check_unchanged(gathering, organisation, people, before)
    if not people:
        Attendance.objects.filter(gathering=gathering, organisation=organisation).delete()
        return
    voters = _most_voters(organisation, people) if voters is None else voters
    _check(organisation, people, voters)
    Attendance.objects.update_or_create(
        gathering=gathering, organisation=organisation, defaults={"people": people, "voters": voters}
    )


def _check_unchanged(
    gathering: Gathering, organisation: Organisation | None, people: int, before: int | None
) -> None:
    line = gathering.attendance.filter(organisation=organisation).first()
    known = line.people if line else None
    if known not in (before, people) and not (known is None and not people):
        sentence = _("Otra persona anotó %(people)s aquí mientras tanto. Revisa y guarda de nuevo.")
        raise RoomRefused("conflict", sentence % {"people": known or 0})


def note_groups(gathering: Gathering, said: dict[str, int], before: dict[str, int]) -> None:
    """Note how many said of their own will that they are of each group; `before` is what the screen showed.

    Raises RoomRefused outside the open room, when more answered than came, and where somebody else noted
    other figures meanwhile.
    """
    if not gathering.is_under_way:
        raise not_now(_("La asistencia por grupos se anota mientras la reunión está abierta."))
    if gathering.groups not in (before, said):
        raise RoomRefused("conflict", _("Otra persona anotó otros grupos. Míralos y guarda de nuevo."))
    if groups.too_many(came(gathering), said):
        raise RoomRefused("groups", _("Una de estas preguntas suma más personas de las que vinieron."))
    gathering.groups = said


def came(gathering: Gathering) -> int:
    """How many people came: as noted so far, or as the vote fixed it."""
    is_fixed = gathering.state == GatheringState.VOTING
    return gathering.people_present if is_fixed else totals(gathering)[0]


def totals(gathering: Gathering) -> tuple[int, int]:
    """How many people came and how many of them vote."""
    sums = gathering.attendance.aggregate(people=Sum("people", default=0), voters=Sum("voters", default=0))
    return sums["people"], sums["voters"]


def _most_voters(organisation: Organisation | None, people: int) -> int:
    if organisation is None:
        return people
    return min(people, VOTERS_PER_ORGANISATION) if organisation.may_vote else 0


def _check(organisation: Organisation | None, people: int, voters: int) -> None:
    if people > PEOPLE_MAX:
        raise RoomRefused("too_many", _("Son demasiadas personas para una reunión: revisa el número."))
    if voters > people:
        raise RoomRefused("voters", _("No pueden votar más personas de las que vinieron."))
    if voters and organisation and not organisation.may_vote:
        sentence = _("«%(name)s» todavía no está en el registro: se anota quiénes vinieron, y no vota.")
        raise RoomRefused("register", sentence % {"name": organisation.name})
    if voters > _most_voters(organisation, people):
        raise RoomRefused("voters", _("Votan a lo más dos personas por organización."))
