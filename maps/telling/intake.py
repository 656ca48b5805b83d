"""What somebody tells: through the one door; what residents send is reviewed first, and can be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import User
from core.postgis import identity
from issues.life.expiry import forget_reporter
from issues.life.lifecycle import Change, move
from issues.life.registration import NewIssue, as_kept, register
from issues.models import Category, Issue, Origin, Visibility
from issues.photos.intake import add_photos
from issues.workflow import ClosingKind, Status, TransitionRefused
from maps.open311.posting import keep_reporter

TAKE_BACK = dt.timedelta(minutes=5)
# Nobody reads the page, chooses and writes faster.
FASTEST = dt.timedelta(seconds=3)
LATEST = dt.timedelta(days=1)
MOST_PHOTOS = 3
# How often the same words may come within a day, from anywhere.
MOST_ALIKE = 3
# Problems that have a private page: who told them holds its address.
TOLD_HERE = (Origin.RESIDENT, Origin.COUNTER, Origin.TELEPHONE)
LINKS = ("http://", "https://", "www.")
_numbers = Signer(salt="maps.telling.number")


class TellingRefused(ValueError):
    """A report that is not taken; the text is one sentence for the person, `status` the answer's."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def new_number() -> str:
    """The signed number of a report that is about to be written: sent twice, it is one report."""
    return _numbers.sign(str(uuid7()))


def kept_number(signed: str) -> str:
    """The number of a form that is shown again: its own while it is good and unused, else a new one."""
    try:
        number = _unsigned(signed)
    except TellingRefused:
        return new_number()
    with identity.holding(str(number)):
        is_good = _age_of(number) <= LATEST and not Issue.objects.filter(pk=number).exists()
    return signed if is_good else new_number()


def number_of(signed: str) -> uuid.UUID:
    """The number of a form; raises TellingRefused for one that we did not give, too young or too old."""
    number = _unsigned(signed)
    age = _age_of(number)
    if age < FASTEST:
        raise TellingRefused(_("Eso fue muy rápido: revisa lo que escribiste y envía de nuevo."))
    if age > LATEST:
        raise TellingRefused(_("El formulario lleva más de un día abierto: revísalo y envía de nuevo."))
    return number


@dataclass(frozen=True)
class Teller:
    """Through which door a report comes, and who writes it down: the person, or somebody of the team."""

    origin: Origin
    office: str
    actor: User | None = None
    visibility: Visibility = Visibility.REVIEW


def resident() -> Teller:
    """Who tells it alone, at `/informar/`."""
    return Teller(Origin.RESIDENT, _("Vecina o vecino"))


@transaction.atomic
def take(
    number: uuid.UUID,
    report: dict[str, object],
    spot: tuple[Point, str],
    photos: Sequence[UploadedFile],
    teller: Teller,
) -> Issue:
    """Register a report once; the same number again is the same problem.

    `report` is what TellingForm gives, `spot` a point in EPSG:4326 with its name. Raises TellingRefused,
    IssueRefused and PhotoRefused; then nothing is stored.
    """
    new = as_kept(_new(number, report, spot, teller))
    if len(photos) > MOST_PHOTOS:
        raise TellingRefused(_("Caben %s fotos a lo más.") % MOST_PHOTOS)
    with identity.holding(str(number)):
        return _taken(new, report, photos, teller)


def _taken(new: NewIssue, report: dict[str, object], photos: Sequence[UploadedFile], teller: Teller) -> Issue:
    known = Issue.objects.filter(pk=new.id, origin__in=TOLD_HERE).first()
    if known and (known.title, known.category_id) != (new.title, new.category.pk):
        raise TellingRefused(
            _("Con este formulario ya enviaste otro aviso. Si este es distinto, envíalo de nuevo.")
        )
    return known or _registered(new, report, photos, teller)


def token_of(number: uuid.UUID) -> str:
    """What opens the private page of a report: 40 hexadecimal digits that only this house can make."""
    return salted_hmac("maps.telling.page", str(number), algorithm="sha256").hexdigest()[:40]


def opens(number: uuid.UUID, token: str) -> bool:
    """Whether the second half of a private address belongs to the first."""
    return constant_time_compare(token_of(number), token)


def can_be_taken_back(issue: Issue, now: dt.datetime | None = None) -> bool:
    """Within five minutes, while nobody has looked at it."""
    is_new = issue.status == Status.REGISTERED and issue.visibility == Visibility.REVIEW
    return is_new and (now or timezone.now()) <= issue.reported_at + TAKE_BACK


@transaction.atomic
def take_back(number: uuid.UUID) -> None:
    """Close it as withdrawn and forget who told it; raises TellingRefused when it is too late."""
    with identity.holding(str(number)):
        _taken_back(Issue.objects.locked(number))


def _taken_back(issue: Issue) -> None:
    if not can_be_taken_back(issue):
        raise TellingRefused(_("Ya pasaron los cinco minutos o alguien lo revisó: no se puede retirar."))
    change = Change(
        to=Status.CLOSED,
        closing_kind=ClosingKind.WITHDRAWN,
        public_text=_("Retirado por quien lo informó, a los pocos minutos."),
    )
    try:
        move(issue, change, actor=None, office=_("Vecina o vecino"))
    except TransitionRefused as refused:
        raise TellingRefused(str(refused)) from refused
    forget_reporter(str(issue.pk))


def _unsigned(signed: str) -> uuid.UUID:
    try:
        return uuid.UUID(_numbers.unsign(signed))
    except (BadSignature, ValueError) as error:
        raise TellingRefused(_("El formulario no está completo: envíalo de nuevo.")) from error


def _age_of(number: uuid.UUID) -> dt.timedelta:
    """The first 48 bits of a UUID version 7 are its milliseconds (RFC 9562)."""
    return timezone.now() - dt.datetime.fromtimestamp((number.int >> 80) / 1000, tz=dt.UTC)


def _new(number: uuid.UUID, report: dict[str, object], spot: tuple[Point, str], teller: Teller) -> NewIssue:
    category = report["category"]
    assert isinstance(category, Category)
    return NewIssue(
        id=number,
        title=str(report["title"]),
        description=str(report["description"]),
        category=category,
        location=spot[0],
        address=spot[1],
        origin=teller.origin,
        moved_by_hand=True,
        visibility=teller.visibility,
    )


def _registered(
    new: NewIssue, report: dict[str, object], photos: Sequence[UploadedFile], teller: Teller
) -> Issue:
    if teller.actor is None:
        _check_words(new)
    issue = register(new, actor=teller.actor, office=teller.office)
    keep_reporter(issue, {name: str(report[name]) for name in ("first_name", "email", "phone")})
    add_photos(issue, (file.read() for file in photos), actor=teller.actor, office=teller.office)
    return issue


def _check_words(new: NewIssue) -> None:
    """No advertising: no links, and not the same words again and again. Raises TellingRefused."""
    words = f"{new.title} {new.description}".lower()
    if any(link in words for link in LINKS):
        raise TellingRefused(_("Escribe sin enlaces a otras páginas: cuenta qué pasa y dónde."))
    since = timezone.now() - dt.timedelta(days=1)
    alike = Issue.objects.filter(origin=Origin.RESIDENT, reported_at__gte=since, title__iexact=new.title)
    with identity.behind("counts"):
        many = alike.count()
    if many >= MOST_ALIKE:
        raise TellingRefused(_("Ese mismo texto ya llegó varias veces hoy: cuéntalo con tus palabras."))
