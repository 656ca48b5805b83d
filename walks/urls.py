"""Addresses of walks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
