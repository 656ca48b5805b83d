"""Addresses of walks."""

from django.urls import path

from walks import views

urlpatterns = [
    path("caminata/", views.walk, name="walk"),
    path("caminata/sw.js", views.worker, name="walk-worker"),
]
