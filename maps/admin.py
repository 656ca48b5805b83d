"""Other systems in the administration: switched on and off here; keys are made by command."""

from django.contrib import admin
from django.http import HttpRequest

from maps.models import Breach, ClientKey


@admin.register(ClientKey)
class ClientKeyAdmin(admin.ModelAdmin):
    """Who may send problems by Open311."""

    list_display = ["name", "publishes_at_once", "is_active", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Breach)
class BreachAdmin(admin.ModelAdmin):
    """The register of breaches: nothing is taken out of it."""

    list_display = ["found_at", "agency_told_at", "people_told_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Breach | None = None) -> bool:
        return False
