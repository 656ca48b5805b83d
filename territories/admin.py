"""Boundaries in the administration: upload, look at what was found, put in force, take back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.room import is_full
from core.together.once import in_pieces
from core.together.seen import Fact, signature, watched
from core.typing import Context, JsonObject
from territories.boundaries import activation, changes, loading, reports
from territories.boundaries.activation import ActivationRefused
from territories.boundaries.dependents import count_moves
from territories.boundaries.exports import KINDS
from territories.boundaries.forms import UploadForm, save_into
from territories.boundaries.sets import territory_features
from territories.boundaries.vanished import hanging
from territories.boundaries.views import as_file
from territories.geojson import feature_collection
from territories.importing import texts
from territories.importing.refusal import FileRefused
from territories.models import Activation, BoundaryAct, BoundaryChange, BoundarySet, Place, Territory

# What is written into the history: when it was done at once, and when it was asked for.
DONE = {
    BoundaryAct.ACTIVATE: (gettext_lazy("Puesto en uso."), gettext_lazy("Se pidió ponerlos en uso.")),
    BoundaryAct.UNDO: (
        gettext_lazy("Activación deshecha."),
        gettext_lazy("Se pidió deshacer la activación."),
    ),
}


def _outlines(boundary_set: BoundarySet) -> JsonObject:
    return json.loads(feature_collection(territory_features(boundary_set)))


def _in_force(request: HttpRequest, **_more: object) -> list[Fact]:
    """What activating and going back depend on: the set in force, and who changed it last."""
    boundary_set = BoundarySet.objects.in_force().first()
    last = Activation.objects.order_by("-pk").first()
    who = signature(_("Administración"), last.undone_at or last.at) if last else ""
    value = (boundary_set and boundary_set.pk, last and last.pk, bool(last and last.undone_at))
    return [Fact(gettext_lazy("límites en uso"), value, str(boundary_set or "—"), who)]


def _stopped(change: BoundaryChange | None) -> changes.State | None:
    """What became of the last change that was asked for, unless it was done: that shows by itself."""
    state = changes.state(change) if change else None
    return state if state and state.is_over and not state.is_done else None


class LookOnly(admin.ModelAdmin):
    """To look at; changes come through a boundary file."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(BoundarySet)
class BoundarySetAdmin(admin.ModelAdmin):
    """Sets of boundaries: adding is uploading, changing is putting in force."""

    list_display = ["name", "source", "is_approximate", "valid", "loaded_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BoundarySet]:
        return super().get_queryset(request).defer("report", "picture")

    def has_delete_permission(self, request: HttpRequest, obj: BoundarySet | None = None) -> bool:
        """A set that was ever in force is part of the record."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.is_active or obj.activations.exists()))

    def get_actions(self, request: HttpRequest) -> dict:
        """No deleting in bulk: each set is looked at on its own."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    def get_urls(self) -> list:
        """The pages of one set, before Django's own."""
        pages: list[tuple[str, str, Callable]] = [
            ("<int:pk>/imagen.svg", "picture", self.picture_view),
            ("<int:pk>/limites.<str:kind>", "export", self.export_view),
            ("<int:pk>/activar/", "activate", require_POST(self.activate_view)),
            ("<int:pk>/deshacer/", "undo", require_POST(self.undo_view)),
            ("cambios/<int:pk>/", "progress", require_safe(never_cache(self.progress_view))),
            ("cambios/<int:pk>.json", "progress_state", require_safe(never_cache(self.state_view))),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"territories_boundaryset_{name}")
            for route, name, view in pages
        ]
        return own + super().get_urls()

    # A file is examined for up to a minute.
    @in_pieces
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Context | None = None
    ) -> HttpResponse:
        """Examine and store an uploaded file without putting it in force; 403 without permission."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            made = self._load(request, form)
            if made is not None:
                return redirect("admin:territories_boundaryset_change", made.pk)
        return self._page(request, "upload", {"form": form, "title": _("Cargar límites")})

    @watched(_in_force)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context | None = None
    ) -> HttpResponse:
        """What a set holds and what was found in its file, on a map and as a list."""
        boundary_set = self._found(request, object_id)
        problems = reports.with_texts(boundary_set.report) if boundary_set.report else []
        context = {
            "title": boundary_set.name,
            "set": boundary_set,
            "problems": problems,
            "territories": boundary_set.territories.without_boundary(),
            "preview": {"outlines": _outlines(boundary_set), "problems": problems},
            "moves": None if boundary_set.is_active else count_moves(boundary_set),
            "can_undo": self._can_undo(boundary_set),
            "under_way": changes.under_way(),
            "last_change": _stopped(boundary_set.changes.first()),
            "kinds": list(KINDS),
            "left_behind": hanging(),
        }
        return self._page(request, "boundary_set", context)

    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The report's picture; 404 without one."""
        picture = self._found(request, pk).picture
        if not picture:
            raise Http404
        return HttpResponse(picture, "image/svg+xml; charset=utf-8")

    def export_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The set as a file, in force or not; 404 for an unknown kind."""
        if kind not in KINDS:
            raise Http404
        return as_file(self._found(request, pk), kind)

    @watched(_in_force)
    def activate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the set in force from today on."""
        return self._change(request, pk, BoundaryAct.ACTIVATE)

    @watched(_in_force)
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go back to the set before."""
        return self._change(request, pk, BoundaryAct.UNDO)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a change of the boundaries is; the page asks again by itself until it is over."""
        change = self._asked(request, pk)
        context = {"title": _("Cambio de límites"), "change": change, "state": changes.state(change)}
        return self._page(request, "progress", context)

    def state_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The same for the page's script."""
        return JsonResponse(asdict(changes.state(self._asked(request, pk))))

    def _change(self, request: HttpRequest, pk: int, act: BoundaryAct) -> HttpResponse:
        """At once, or in the background where many problems are affected."""
        boundary_set = self._found(request, pk, change=True)
        try:
            if changes.takes_a_while():
                asked = changes.ask(boundary_set, act, actor=str(request.user))
                self.log_change(request, boundary_set, str(DONE[act][1]))
                return redirect("admin:territories_boundaryset_progress", asked.pk)
            messages.success(request, changes.act_now(boundary_set, act, actor=str(request.user)))
            self.log_change(request, boundary_set, str(DONE[act][0]))
        except ActivationRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:territories_boundaryset_change", pk)

    def _asked(self, request: HttpRequest, pk: int) -> BoundaryChange:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if len(str(pk)) > 18:
            raise Http404
        return get_object_or_404(BoundaryChange.objects.select_related("boundary_set"), pk=pk)

    def _load(self, request: HttpRequest, form: UploadForm) -> BoundarySet | None:
        files = form.cleaned_data["files"]
        try:
            with tempfile.TemporaryDirectory(prefix="limites-") as folder:
                name = " + ".join(one.name for one in files)
                loaded = loading.load(
                    save_into(Path(folder), files), form.options(), form.metadata(), file_name=name
                )
        except FileRefused as refused:
            form.add_error("files", texts.refusal(refused.code, refused.details))
            return None
        except OSError as error:
            if not is_full(error):
                raise
            form.add_error("files", texts.refusal("no_room", {}))
            return None
        if loaded.is_new and loaded.boundary_set:
            self.log_addition(request, loaded.boundary_set, _("Cargado desde un archivo."))
        else:
            messages.info(request, _("Ese archivo ya estaba cargado."))
        return loaded.boundary_set

    def _found(self, request: HttpRequest, pk: str | int, *, change: bool = False) -> BoundarySet:
        allowed = self.has_change_permission if change else self.has_view_or_change_permission
        if not allowed(request):
            raise PermissionDenied
        if not str(pk).isascii() or not str(pk).isdigit() or len(str(pk)) > 18:
            raise Http404
        return get_object_or_404(BoundarySet, pk=pk)

    @staticmethod
    def _can_undo(boundary_set: BoundarySet) -> bool:
        last = activation.last_activation()
        return last is not None and last.boundary_set_id == boundary_set.pk and last.previous_id is not None

    def _page(self, request: HttpRequest, name: str, context: Context) -> HttpResponse:
        whole = self.admin_site.each_context(request) | {
            "opts": self.model._meta,
            "list_url": reverse("admin:territories_boundaryset_changelist"),
            "can_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, f"territories/{name}.html", whole | context)


@admin.register(Territory)
class TerritoryAdmin(LookOnly):
    """Neighbourhoods of every set."""

    list_display = ["code", "name", "boundary_set", "population", "population_source"]
    list_filter = ["boundary_set"]
    list_select_related = ["boundary_set"]
    search_fields = ["name"]
    fields = ["boundary_set", "code", "name", "slug", "area_m2", "population", "population_source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Territory]:
        heavy = ("boundary", "outline", "boundary_set__report", "boundary_set__picture")
        return super().get_queryset(request).defer(*heavy)


@admin.register(Activation)
class ActivationAdmin(LookOnly):
    """Which set came into force when, by whom."""

    list_display = ["at", "boundary_set", "previous", "actor", "undone_at", "undone_by"]
    list_select_related = ["boundary_set", "previous"]


@admin.register(Place)
class PlaceAdmin(LookOnly):
    """Places; they come from files (`load_places`)."""

    list_display = ["name", "kind", "rank", "source", "certainty"]
    list_filter = ["kind"]
    search_fields = ["name", "search_name"]
    fields = ["kind", "name", "rank", "source", "certainty"]
