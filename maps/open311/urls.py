"""Addresses below /open311/v2/."""

from django.urls import path, re_path

from maps.open311 import views

FORM = r"\.(?P<form>[a-z0-9]{1,8})$"

urlpatterns = [
    path("", views.index, name="open311"),
    re_path(rf"^discovery{FORM}", views.discovery, name="open311-discovery"),
    re_path(rf"^services{FORM}", views.service_list, name="open311-services"),
    re_path(rf"^services/(?P<code>[^/]+?){FORM}", views.service, name="open311-service"),
    re_path(rf"^requests{FORM}", views.requests, name="open311-requests"),
    re_path(rf"^requests/(?P<reference>[^/]+?){FORM}", views.one, name="open311-request"),
    re_path(rf"^tokens/(?P<token>[^/]+?){FORM}", views.token, name="open311-token"),
    path("<path:rest>", views.elsewhere, name="open311-elsewhere"),
]
