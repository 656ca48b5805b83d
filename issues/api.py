"""The part of /api/v1/ that belongs to issues."""

from django.urls import URLPattern

ROUTES: list[tuple] = []
urlpatterns: list[URLPattern] = []
