"""The part of /api/v1/ that belongs to maps."""

from django.urls import URLPattern

ROUTES: list[tuple] = []
urlpatterns: list[URLPattern] = []
