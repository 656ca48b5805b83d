"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Role

START_PAGES = {
    Role.FACILITATOR: "/caminata/",
    Role.MANAGER: "/gestion/",
    Role.CABINET: "/alcaldia/",
    Role.ADMINISTRATOR: "/admin/",
}


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Send each role to the page where its work is."""
    return redirect(START_PAGES.get(request.user.role, "/"))
