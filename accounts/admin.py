"""People and departments in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User


@admin.register(User)
class StaffAdmin(UserAdmin):
    """People, their one role and where they may act."""

    list_display = ["username", "first_name", "last_name", "role", "department", "is_active"]
    list_filter = ["role", "department", "is_active"]
    list_select_related = ["department"]
    fieldsets = [
        *UserAdmin.fieldsets[:2],
        (_("Rol y territorio"), {"fields": ["role", "department", "territory_codes"]}),
        *UserAdmin.fieldsets[2:],
    ]
    add_fieldsets = [
        *UserAdmin.add_fieldsets,
        (_("Rol y territorio"), {"fields": ["email", "role", "department", "territory_codes"]}),
    ]


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """Departments and who answers when they stay silent."""

    list_display = ["name", "code", "email", "escalation_name", "is_open"]
    search_fields = ["name", "code"]
