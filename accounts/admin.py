"""People and departments in the administration."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.invitations import InvitationRefused, invite
from accounts.models import Department, User

# Roles are not groups, e-mail addresses are fields of the person, a second factor can only be removed.
for unused in (Group, EmailAddress, Authenticator, UserSession, SocialApp, SocialAccount, SocialToken):
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)


# What makes a post, and what opens the administration.
OWN_POST = ("role", "is_head", "department", "territory_codes", "is_active", "is_staff", "is_superuser")


@admin.register(User)
class StaffAdmin(UserAdmin):
    """People, their one role and where they may act."""

    list_display = ["username", "first_name", "last_name", "role", "department", "is_active"]
    list_filter = ["role", "department", "is_active"]
    list_select_related = ["department"]
    filter_horizontal = []
    readonly_fields = ["last_login"]
    actions = ["send_invitations", "end_sessions", "remove_second_factor"]
    fieldsets = [
        *(UserAdmin.fieldsets or ())[:2],
        (_("Rol y territorio"), {"fields": ["role", "is_head", "department", "territory_codes"]}),
        (_("Acceso"), {"fields": ["is_active", "is_staff", "is_superuser", "last_login"]}),
    ]
    add_fieldsets = [
        *UserAdmin.add_fieldsets,
        (_("Rol y territorio"), {"fields": ["email", "role", "is_head", "department", "territory_codes"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody gives a post to themselves; the database refuses it too."""
        own = obj is not None and obj.pk == request.user.pk
        return [*self.readonly_fields, *(OWN_POST if own else ())]

    @admin.action(description=_("Invitar por correo a elegir contraseña"), permissions=["change"])
    def send_invitations(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail each chosen person a link; for newcomers, and for who forgot the password."""
        for person in queryset:
            try:
                invite(person)
            except InvitationRefused as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, person, "invited")
                messages.success(request, _("Invitación enviada a %(who)s.") % {"who": person.email})

    @admin.action(description=_("Cerrar sus sesiones"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign people out everywhere, as after a lost computer."""
        for session in UserSession.objects.filter(user__in=queryset):
            session.end()
        for person in queryset:
            self.log_change(request, person, "sessions ended")
        messages.success(request, _("Listo: sus sesiones están cerradas."))

    @admin.action(description=_("Quitar el segundo paso (teléfono perdido)"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people who lost their telephone set up another second factor at their next login."""
        for person in queryset:
            Authenticator.objects.filter(user=person).delete()
            self.log_change(request, person, "second factor removed")
        messages.success(request, _("Listo: al entrar tendrán que activar otro segundo paso."))


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """Departments and who answers when they stay silent."""

    list_display = ["name", "code", "email", "escalation_name", "is_open"]
    search_fields = ["name", "code"]
