"""The part of /api/v1/ that belongs to gatherings."""

from django.urls import URLPattern

ROUTES: list[tuple] = []
urlpatterns: list[URLPattern] = []
