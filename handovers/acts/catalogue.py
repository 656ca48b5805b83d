"""What a person may do with a problem now: the one list that page, buttons and tests read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.duties import Act
from handovers.acts import forms as desk_forms
from handovers.acts import forwarding
from handovers.life import answers, progress
from handovers.models import HandoverItem, RefusalKind
from issues.models import EntryKind, HistoryEntry, PhotoKind
from issues.photos.intake import add_photo
from issues.workflow import MAX_REDIRECTS, WITH_DEPARTMENT, Status

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

S = Status
UNANSWERED = frozenset({S.HANDED_OVER, S.ACKNOWLEDGED})
Perform = Callable[[HandoverItem, User, dict], object]


@dataclass(frozen=True)
class Action:
    """One thing to do: where it may be done (statuses), its form, and the function that does it."""

    name: str
    label: StrPromise
    done: StrPromise
    statuses: frozenset[Status]
    form: type[desk_forms.PlainForm]
    perform: Perform
    # Whose duty it is. The neighbourhood verifies, in its room.
    duty: Act = Act.ANSWER
    is_main: bool = False
    # The same to many in a few statements; returns why not, by the key of the items left out.
    perform_many: Callable[[Sequence[HandoverItem], User, dict], dict[int, str]] | None = None

    def is_open(self, item: HandoverItem, user: User) -> bool:
        """Whether it may be done by this person to this item, as both stand now."""
        return item.issue.status in self.statuses and _is_theirs(self.duty, item, user) and _fits(self, item)


def _is_theirs(duty: Act, item: HandoverItem, user: User) -> bool:
    answers = duty == Act.DECIDE_OFFICE or user.department_id == item.department_id
    return user.may(duty) and answers


def _fits(action: Action, item: HandoverItem) -> bool:
    if action.name == "decide":
        return item.issue.status in UNANSWERED or not item.department.is_open
    return action.name != "redirect" or item.issue.redirects < MAX_REDIRECTS


def _refuse(item: HandoverItem, user: User, data: dict) -> object:
    refusal = answers.Refusal(data["kind"], data["public_text"], data["duplicate_of"])
    return answers.refuse(item, user, refusal)


def _merge(item: HandoverItem, user: User, data: dict) -> object:
    kept = data["into"]
    text = data["public_text"] or _("Es el mismo problema que %(reference)s.") % {"reference": kept.reference}
    return answers.refuse(item, user, answers.Refusal(RefusalKind.DUPLICATE, str(text), kept))


def _report_done(item: HandoverItem, user: User, data: dict) -> object:
    photos = [
        add_photo(item.issue, file.read(), actor=user, office=user.office, kind=PhotoKind.AFTER)
        for file in data.pop("photos")
    ]
    return progress.report_done(item, user, photos=photos, **data)


def _add_photo(item: HandoverItem, user: User, data: dict) -> object:
    return [
        add_photo(item.issue, file.read(), actor=user, office=user.office, kind=PhotoKind(data["kind"]))
        for file in data["photos"]
    ]


ACTIONS: tuple[Action, ...] = (
    Action(
        "acknowledge", _("Dar acuse de recibo"), _("Acuse de recibo dado."), frozenset({S.HANDED_OVER}),
        desk_forms.PlainForm, lambda item, user, data: answers.acknowledge(item, user), is_main=True,
    ),
    Action(
        "accept", _("Comprometer una fecha"), _("Fecha comprometida."),
        frozenset({S.HANDED_OVER, S.ACKNOWLEDGED}), desk_forms.AcceptForm,
        lambda item, user, data: answers.accept(item, user, **data), is_main=True,
    ),
    Action(
        "start", _("Empezar el trabajo"), _("El trabajo empezó."), frozenset({S.SCHEDULED}),
        desk_forms.TextForm, lambda item, user, data: progress.start(item, user, **data), is_main=True,
    ),
    Action(
        "done", _("Informar que está listo"), _("Quedó informado como listo: ahora verifica el barrio."),
        frozenset({S.IN_PROGRESS}), desk_forms.DoneForm, _report_done, duty=Act.REPORT_DONE, is_main=True,
    ),
    Action(
        "resume", _("Retomar"), _("Se retomó."), frozenset({S.ON_HOLD}), desk_forms.TextForm,
        lambda item, user, data: progress.resume(item, user, **data), is_main=True,
    ),
    Action(
        "note", _("Contar un avance"), _("Avance guardado."), WITH_DEPARTMENT | {S.REPORTED_DONE},
        desk_forms.NoteForm, lambda item, user, data: progress.note(item, user, **data),
    ),
    Action(
        "photo", _("Agregar fotos"), _("Fotos guardadas: se publican después de revisarlas."),
        WITH_DEPARTMENT | {S.REPORTED_DONE}, desk_forms.PhotoForm, _add_photo,
    ),
    Action(
        "assign", _("Poner a cargo"), _("Quedó a cargo."), WITH_DEPARTMENT, desk_forms.AssignForm,
        lambda item, user, data: progress.assign(item, user, **data),
        perform_many=lambda items, user, data: progress.assign_many(
            items, user, dict.fromkeys((item.pk for item in items), data["person"])
        ),
    ),
    Action(
        "hold", _("Poner en pausa"), _("Quedó en pausa."),
        frozenset({S.ACKNOWLEDGED, S.SCHEDULED, S.IN_PROGRESS}), desk_forms.HoldForm,
        lambda item, user, data: progress.hold(item, user, **data),
    ),
    Action(
        "reschedule", _("Cambiar la fecha comprometida"), _("Fecha cambiada."),
        frozenset({S.SCHEDULED, S.IN_PROGRESS}), desk_forms.RescheduleForm,
        lambda item, user, data: answers.reschedule(item, user, **data),
    ),
    Action(
        "redirect", _("Derivar a otra dirección"), _("Derivado."), frozenset({S.HANDED_OVER}),
        desk_forms.RedirectForm, lambda item, user, data: answers.redirect(item, user, **data),
    ),
    Action(
        "decide", _("Decidir quién responde"), _("Decidido."), WITH_DEPARTMENT,
        desk_forms.RedirectForm, lambda item, user, data: answers.decide(item, user, **data),
        duty=Act.DECIDE_OFFICE,
    ),
    Action(
        "join", _("Es parte de otro problema"), _("Guardado."), WITH_DEPARTMENT, desk_forms.JoinForm,
        lambda item, user, data: progress.join(item, user, **data),
    ),
    Action(
        "forward", _("Pedir respuesta a otro organismo"),
        _("Correo enviado: responderán en su propia página."), WITH_DEPARTMENT, desk_forms.ForwardForm,
        lambda item, user, data: forwarding.forward(item, user, **data),
    ),
    Action(
        "merge", _("Unir a otro problema"), _("Quedó unido al otro problema."), WITH_DEPARTMENT,
        desk_forms.MergeForm, _merge,
    ),
    Action(
        "refuse", _("Responder que no se hará"), _("Respuesta publicada."), WITH_DEPARTMENT,
        desk_forms.RefuseForm, _refuse,
    ),
)  # fmt: skip
BY_NAME = {action.name: action for action in ACTIONS}


def actions_for(item: HandoverItem, user: User) -> list[Action]:
    """What this person may do with the item now, the most likely first."""
    return [action for action in ACTIONS if action.is_open(item, user)]


def changes_since(item: HandoverItem, seen: int) -> list[HistoryEntry]:
    """What others wrote into the history after the line a person saw last."""
    return list(item.issue.history.filter(pk__gt=seen).exclude(kind=EntryKind.PHOTO).order_by("pk"))
