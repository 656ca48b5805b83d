"""The forms of the desk: they read the input; whether the act is allowed is decided by the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from handovers.life.answers import MAX_COST, MAX_TEXT
from handovers.models import CostClass, HandoverItem, HoldKind, RefusalKind
from issues.models import Issue, PhotoKind
from issues.photos.develop import MAX_PIXELS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

MAX_PHOTOS = 6
NO_CHOICE = [("", _("Elige…"))]
ACCEPT_FILES = ",".join(f"image/{name.lower()}" for name in MAX_PIXELS)
TEXT_AREA = forms.Textarea(attrs={"rows": 3})


def text_field(label: StrPromise, *, needed: bool = False, help_text: StrOrPromise = "") -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label, required=needed, max_length=MAX_TEXT, help_text=help_text, widget=TEXT_AREA
    )


class DateField(forms.DateField):
    """A day, picked or typed."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ManyFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """One to six pictures; what each really is, issues.photos.intake looks at."""

    widget = ManyFiles(attrs={"accept": ACCEPT_FILES})

    def clean(self, data: list, initial: object = None) -> list:
        """The uploaded files as a list; raises ValidationError beyond MAX_PHOTOS."""
        files = [super(PhotosField, self).clean(file, initial) for file in data or [None]]
        if len(files) > MAX_PHOTOS:
            raise forms.ValidationError(_("Seis fotos a la vez, a lo más."))
        return [file for file in files if file]


def seen_issue(user: User, typed: str) -> Issue | None:
    """The problem of a typed reference, or None for an empty one; raises ValidationError if not visible."""
    reference = typed.strip().upper()
    if not reference:
        return None
    found = Issue.objects.visible_to(user).filter(reference=reference).first()
    if not found:
        raise forms.ValidationError(_("No existe un problema con ese folio."))
    return found


def _offer(field: forms.Field, rows: QuerySet) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class PlainForm(forms.Form):
    """A bare confirmation. Every form has the item and the person it is for."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        item: HandoverItem,
        user: User,
    ) -> None:
        super().__init__(data, files, auto_id=f"{type(self).__name__.lower()}-%s")
        self.item, self.user = item, user
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the item."""


class TextForm(PlainForm):
    """An optional public text."""

    public_text = text_field(_("Texto público (opcional)"))


class AcceptForm(PlainForm):
    """A date and, if known, the cost class."""

    committed_date = DateField(label=_("Fecha comprometida"))
    cost_class = forms.ChoiceField(
        label=_("Clase de costo"), choices=NO_CHOICE + CostClass.choices, required=False
    )
    cost_estimate = forms.IntegerField(
        label=_("Costo estimado en pesos (opcional)"), required=False, min_value=0, max_value=MAX_COST
    )
    public_text = text_field(_("Texto público (opcional)"))
    over_budget_reason = text_field(
        _("Motivo si no alcanza el presupuesto"), help_text=_("Es público. Solo hace falta si no alcanza.")
    )


class RescheduleForm(PlainForm):
    """Another date, with its reason."""

    committed_date = DateField(label=_("Nueva fecha comprometida"))
    public_text = text_field(_("Por qué cambia la fecha"), needed=True)


class HoldForm(PlainForm):
    """A review date and a reason of the closed list."""

    review_date = DateField(label=_("Se revisa el"), help_text=_("Dentro de 90 días, a más tardar."))
    kind = forms.ChoiceField(label=_("Motivo"), choices=NO_CHOICE + HoldKind.choices)
    public_text = text_field(_("Texto público (opcional)"))


class NoteForm(PlainForm):
    """Progress for the public, a note for the staff, or both."""

    public_text = text_field(_("Avance para el barrio"))
    internal_text = text_field(_("Nota interna"), help_text=_("La lee solo el equipo municipal."))


class RedirectForm(PlainForm):
    """Another department, with the reason."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Dirección"))
    public_text = text_field(_("Por qué le corresponde"), needed=True)

    def prepare(self) -> None:
        """Offer the departments in office, but the one that has it."""
        others = Department.objects.filter(is_open=True).exclude(pk=self.item.department_id)
        _offer(self.fields["department"], others)


class RefuseForm(PlainForm):
    """A reason of the closed list and its public words."""

    kind = forms.ChoiceField(label=_("Motivo"), choices=NO_CHOICE + RefusalKind.choices)
    duplicate_of = forms.CharField(
        label=_("Folio del original"),
        max_length=16,
        required=False,
        help_text=_("Solo si es un duplicado, por ejemplo M-2026-000123."),
    )
    public_text = text_field(_("Respuesta para el barrio"), needed=True)

    def clean_duplicate_of(self) -> Issue | None:
        """The other problem, which the person must be able to see."""
        return seen_issue(self.user, self.cleaned_data["duplicate_of"])


class MergeForm(PlainForm):
    """The problem that stays; this one is closed as its duplicate."""

    into = forms.CharField(
        label=_("Folio del problema que queda"),
        max_length=16,
        help_text=_("Los apoyos pasan a ese problema y cada persona cuenta una vez."),
        widget=forms.TextInput(attrs={"list": "selected", "autocomplete": "off"}),
    )
    public_text = text_field(_("Texto público (opcional)"))

    def clean_into(self) -> Issue | None:
        """The other problem, which the person must be able to see."""
        return seen_issue(self.user, self.cleaned_data["into"])


class PersonField(forms.ModelChoiceField):
    """A person of the team; who left is named as such."""

    def label_from_instance(self, obj: User) -> str:
        """As the team reads it."""
        return obj.known_as


class AssignForm(PlainForm):
    """Who of the department takes care of it."""

    person = PersonField(
        User.objects.none(), label=_("A cargo de"), required=False, empty_label=_("nadie todavía")
    )

    def prepare(self) -> None:
        """Offer the people of the department, and show who has it even where that person left."""
        working = Q(department_id=self.item.department_id, is_active=True)
        people = User.objects.filter(working | Q(pk=self.item.assigned_to_id))
        _offer(self.fields["person"], people.order_by("username"))
        self.fields["person"].initial = self.item.assigned_to_id


class PhotoForm(PlainForm):
    """Pictures and when they were taken."""

    kind = forms.ChoiceField(label=_("Momento"), choices=PhotoKind.choices, initial=PhotoKind.DURING)
    photos = PhotosField(label=_("Fotos"))


class DoneForm(PlainForm):
    """The evidence, what was done, and what it cost."""

    photos = PhotosField(label=_("Fotos de cómo quedó"))
    public_text = text_field(_("Qué se hizo"))
    cost_spent = forms.IntegerField(
        label=_("Gasto en pesos (opcional)"), required=False, min_value=0, max_value=MAX_COST
    )
    cost_class = forms.ChoiceField(
        label=_("Clase de costo"), choices=NO_CHOICE + CostClass.choices, required=False
    )


class JoinForm(PlainForm):
    """The larger problem, by its reference; empty to stand alone."""

    whole = forms.CharField(
        label=_("Folio del problema mayor"),
        max_length=16,
        required=False,
        help_text=_("Vacío: deja de ser parte de otro."),
    )

    def clean_whole(self) -> HandoverItem | None:
        """The running item of the larger problem; raises ValidationError if it is not this person's."""
        reference = self.cleaned_data["whole"].strip().upper()
        if not reference:
            return None
        found = HandoverItem.objects.editable_by(self.user).filter(issue__reference=reference).first()
        if not found:
            raise forms.ValidationError(_("No existe un problema con ese folio en tu escritorio."))
        return found


class ForwardForm(PlainForm):
    """Whom to write to and what is asked."""

    body = forms.CharField(label=_("Organismo"), max_length=120)
    email = forms.EmailField(label=_("Correo del organismo"), max_length=254)
    message = text_field(_("Qué se les pide"), needed=True)

    def prepare(self) -> None:
        """Propose the body the category names."""
        self.fields["body"].initial = self.item.issue.category.outside_body[:120]
