"""Addresses of handovers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
