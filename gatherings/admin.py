"""What the administration keeps: organisations. Gatherings are conducted in the room, not here."""

from django.contrib import admin

from gatherings.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Bodies that may take part by name."""

    list_display = ["name", "kind", "territory_code", "is_active"]
    list_filter = ["kind", "territory_code", "is_active"]
    search_fields = ["name"]
