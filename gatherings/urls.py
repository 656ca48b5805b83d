"""Addresses of gatherings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
