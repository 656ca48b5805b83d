"""Addresses of territories."""

from django.urls import path

from territories import basemap_views, views

urlpatterns = [
    path("datos/limites.<str:kind>", views.download, name="boundaries-download"),
    path("mapa-base/<slug:name>.pmtiles", basemap_views.file, name="basemap-file"),
]
