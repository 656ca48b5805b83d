"""`/avisos/`: what a person of the staff was told, and what of it comes by mail."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from handovers.models import Notification, NotificationChoice, NotificationKind

SHOWN = 100
WAYS = (
    ("at_once", gettext_lazy("Al momento")),
    ("daily", gettext_lazy("Una vez al día")),
    ("inside", gettext_lazy("Solo aquí")),
)
TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ChoiceForm(forms.Form):
    """The quiet hours and, added by `choice_form`, one way for each kind."""

    quiet_from = forms.TimeField(label=gettext_lazy("Sin correos desde las"), widget=TIME)
    quiet_until = forms.TimeField(label=gettext_lazy("hasta las"), widget=TIME)
    urgent_any_time = forms.BooleanField(
        label=gettext_lazy("Las urgencias, a cualquier hora"), required=False
    )

    def chosen(self, way: str) -> list[str]:
        """The kinds that come this way."""
        return [kind.value for kind in NotificationKind if self.cleaned_data[kind.value] == way]

    def kinds(self) -> list[forms.BoundField]:
        """The fields of the kinds, in order."""
        return [self[kind.value] for kind in NotificationKind]


def choice_form(data: QueryDict | None, choice: NotificationChoice) -> ChoiceForm:
    """The form of what a person chose, or sends now."""
    form = ChoiceForm(data, initial=_initial(choice))
    for kind in NotificationKind:
        form.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=WAYS, widget=forms.RadioSelect)
    return form


@require_safe
@never_cache
@login_required
def notifications(request: SignedInRequest) -> HttpResponse:
    """The newest first; the unread ones are marked."""
    told = list(Notification.objects.of(request.user)[: SHOWN + 1])
    words = {"told": told[:SHOWN], "is_cut": len(told) > SHOWN}
    return render(request, "handovers/desk/notifications.html", words)


@require_POST
@login_required
def open_one(request: SignedInRequest, pk: str) -> HttpResponse:
    """Mark one of one's own as read, and go where it leads."""
    told = get_object_or_404(Notification.objects.of(request.user), pk=pk)
    Notification.objects.unread().filter(pk=told.pk).update(read_at=timezone.now())
    return redirect(told.path)


@require_POST
@login_required
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark all of one's own as read."""
    Notification.objects.unread().filter(person=request.user).update(read_at=timezone.now())
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def choices(request: SignedInRequest) -> HttpResponse:
    """What comes by mail, and when not."""
    choice = NotificationChoice.of(request.user)
    form = choice_form(request.POST or None, choice)
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        messages.success(request, _("Guardamos qué te llega por correo."))
        return redirect("notifications")
    status = 400 if form.is_bound else 200
    return render(request, "handovers/desk/notification_choices.html", {"form": form}, status=status)


def _initial(choice: NotificationChoice) -> dict[str, object]:
    ways = dict.fromkeys(choice.at_once, "at_once") | dict.fromkeys(choice.daily, "daily")
    return {
        "quiet_from": choice.quiet_from,
        "quiet_until": choice.quiet_until,
        "urgent_any_time": choice.urgent_any_time,
    } | {kind.value: ways.get(kind.value, "inside") for kind in NotificationKind}


def _keep(request: SignedInRequest, form: ChoiceForm) -> None:
    times = {name: form.cleaned_data[name] for name in ("quiet_from", "quiet_until", "urgent_any_time")}
    kinds = {"at_once": form.chosen("at_once"), "daily": form.chosen("daily")}
    NotificationChoice.objects.update_or_create(person=request.user, defaults=times | kinds)
