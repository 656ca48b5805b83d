"""The council's yearly coefficients: added, never changed."""

from __future__ import annotations

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.requests import signed_in
from rankings.forms import CoefficientTableForm
from rankings.models import CoefficientTable
from territories.models import Territory


@admin.register(CoefficientTable)
class CoefficientTableAdmin(admin.ModelAdmin):
    """One number for each neighbourhood, entered with the council's decision."""

    form = CoefficientTableForm
    list_display = ("year", "decision", "author", "since")

    def get_fieldsets(self, request: HttpRequest, obj: CoefficientTable | None = None) -> list:
        """To add: a field for each neighbourhood; to look at: the table as it was entered."""
        if obj is not None:
            return [(None, {"fields": ["year", "decision", "hundredths", "author", "since"]})]
        codes = Territory.objects.current().values_list("code", flat=True)
        return [(None, {"fields": ["year", "decision", *(f"c{code}" for code in codes)]})]

    def get_form(
        self,
        request: HttpRequest,
        obj: CoefficientTable | None = None,
        change: bool = False,
        **kwargs: object,
    ) -> type[ModelForm]:
        """The fields of neighbourhoods are the form's own, not the model's."""
        if obj is None:
            kwargs["fields"] = ["year", "decision"]
        return super().get_form(request, obj, change, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: CoefficientTable, form: CoefficientTableForm, change: bool
    ) -> None:
        """Note who entered it."""
        obj.author = signed_in(request)
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: CoefficientTable | None = None) -> bool:
        """A correction is a new table."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CoefficientTable | None = None) -> bool:
        """Lists were made with it."""
        return False
