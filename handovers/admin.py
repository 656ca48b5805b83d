"""What the administration keeps for the desk: holidays, budgets and answer templates."""

from django.contrib import admin
from django.http import HttpRequest

from handovers.models import Budget, Holiday, ResponseTemplate


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    """Days on which the municipality does not work."""

    list_display = ["day", "name"]


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin):
    """What each department may commit, to look at."""

    list_display = ["year", "department", "track", "amount"]
    list_filter = ["year", "department"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The mayor's cabinet enters them, on its own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Budget | None = None) -> bool:
        """Nor are they changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Budget | None = None) -> bool:
        """Nor taken away."""
        return False


@admin.register(ResponseTemplate)
class ResponseTemplateAdmin(admin.ModelAdmin):
    """Texts with placeholders."""

    list_display = ["name", "department", "category", "status"]
    list_filter = ["department", "status"]
