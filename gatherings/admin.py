"""What the administration keeps: organisations. Gatherings are conducted in the room, not here."""

from django.contrib import admin

from gatherings.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Bodies that may take part by name."""

    list_display = ["name", "kind", "territory_code", "is_active", "is_provisional"]
    list_filter = ["is_provisional", "is_active", "kind", "territory_code"]
    search_fields = ["name"]
