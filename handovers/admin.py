"""What the administration keeps for the desk: holidays, budgets and answer templates."""

from django.contrib import admin

from handovers.models import Budget, Holiday, ResponseTemplate


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    """Days on which the municipality does not work."""

    list_display = ["day", "name"]


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin):
    """What each department may commit."""

    list_display = ["year", "department", "track", "amount"]
    list_filter = ["year", "department"]


@admin.register(ResponseTemplate)
class ResponseTemplateAdmin(admin.ModelAdmin):
    """Texts with placeholders."""

    list_display = ["name", "department", "category", "status"]
    list_filter = ["department", "status"]
