"""Where a person lands after signing in, and where an invited one chooses a password."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.held import held_for
from accounts.mailed_links import bearer_page
from accounts.models import Role, User
from accounts.requests import SignedInRequest

START_PAGES: dict[str, str] = {
    Role.FACILITATOR: "/caminata/",
    Role.MANAGER: "/gestion/",
    Role.CABINET: "/alcaldia/",
    Role.CONTROL: "/gestion/puntajes/",
    Role.ADMINISTRATOR: "/admin/",
}


@login_required
def start(request: SignedInRequest) -> HttpResponse:
    """Send each role to the page where its work is."""
    return redirect(START_PAGES.get(request.user.role, "/"))


@never_cache
@require_safe
@login_required
def go_on(request: SignedInRequest, id: uuid.UUID) -> HttpResponse:
    """What a person typed before the session ended, ready to be sent; the start page when there is none."""
    form = held_for(request, request.user, id)
    if form is None:
        messages.info(request, _("Lo que quedó por enviar ya se envió, venció o lo escribió otra cuenta."))
        return redirect("start")
    return render(request, "accounts/go_on.html", form.shown())


@method_decorator(bearer_page, name="dispatch")
class Invitation(PasswordResetConfirmView):
    """Choose a password with the link of a mail; the second step comes with the first sign-in.

    Opening the link uses nothing up, so programs that open the links of mails do no harm.
    """

    template_name = "accounts/invitation.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        """Whose link this is; None for a closed account."""
        found = super().get_user(uidb64)
        return found if found and found.is_active else None

    def render_to_response(self, context: dict, **options: object) -> HttpResponse:
        """The form, or 404 with what to do when the link is no good any more."""
        return super().render_to_response(context, status=200 if context["validlink"] else 404, **options)

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Take the password and say how to go on."""
        messages.success(self.request, _("Listo: entra con tu contraseña nueva."))
        return super().form_valid(form)
