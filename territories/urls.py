"""Addresses of territories."""

from django.urls import path

from territories import views

urlpatterns = [path("datos/limites.<str:kind>", views.download, name="boundaries-download")]
