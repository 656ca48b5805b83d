"""Addresses of territories."""

from django.urls import path

from territories.basemap import views as basemap_views
from territories.boundaries import views

urlpatterns = [
    path("datos/limites.<str:kind>", views.download, name="boundaries-download"),
    path("mapa-base/<slug:name>.pmtiles", basemap_views.file, name="basemap-file"),
]
