"""The part of /api/v1/ that belongs to walks."""

from django.urls import URLPattern

ROUTES: list[tuple] = []
urlpatterns: list[URLPattern] = []
