"""Other systems in the administration: switched on and off here; keys are made by command."""

from django.contrib import admin
from django.http import HttpRequest

from maps.models import ClientKey


@admin.register(ClientKey)
class ClientKeyAdmin(admin.ModelAdmin):
    """Who may send problems by Open311."""

    list_display = ["name", "publishes_at_once", "is_active", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
