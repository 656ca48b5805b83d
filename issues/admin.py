"""Categories, routing, weights and issues in the administration; histories are read only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.requests import signed_in
from issues.models import (
    Category,
    CategoryGroup,
    DailyHead,
    HistoryEntry,
    IndexWeights,
    Issue,
    RoutingRule,
)
from issues.weights.forms import WeighsToHundred
from issues.weights.versions import put_in_force


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at; what is here changes only through its own pages."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(CategoryGroup)
class CategoryGroupAdmin(admin.ModelAdmin):
    """Families of categories."""

    list_display = ["name", "code", "icon", "position"]


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """Kinds of problems."""

    list_display = [
        "code",
        "name",
        "group",
        "department",
        "track",
        "usual_cost",
        "response_days",
        "privacy",
        "is_open",
    ]
    list_filter = ["group", "track", "privacy", "is_open", "department"]
    list_select_related = ["group", "department"]
    search_fields = ["code", "name", "example"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(admin.ModelAdmin):
    """Which department gets what, where."""

    list_display = ["position", "category", "territory_code", "department"]
    list_select_related = ["category", "department"]
    autocomplete_fields = ["category"]


@admin.register(IndexWeights)
class IndexWeightsAdmin(admin.ModelAdmin):
    """Versions of the weights: a change is a new version, with its author; old ones stay."""

    form = WeighsToHundred
    list_display = ["severity", "reach", "duration", "vulnerability", "author", "since"]
    fields = ["severity", "reach", "duration", "vulnerability", "reason"]

    def save_model(self, request: HttpRequest, obj: IndexWeights, form: ModelForm, change: bool) -> None:
        obj.author = signed_in(request)
        put_in_force(obj)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Issue)
class IssueAdmin(ReadOnlyAdmin):
    """Problems, to find and look at."""

    list_display = ["reference", "title", "category", "territory", "status", "visibility", "reported_at"]
    list_filter = ["status", "visibility", "category__group", "origin"]
    search_fields = ["reference", "title"]
    list_select_related = ["category", "territory"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return super().get_queryset(request).defer("territory__boundary", "territory__outline")


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin):
    """The sealed history."""

    list_display = ["at", "kind", "issue", "from_value", "to_value", "office", "actor"]
    list_filter = ["kind"]
    list_select_related = ["issue", "actor"]
    show_full_result_count = False


@admin.register(DailyHead)
class DailyHeadAdmin(ReadOnlyAdmin):
    """The public seals."""

    list_display = ["number", "day", "entries", "digest"]
