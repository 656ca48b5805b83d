"""Addresses of issues: their photos."""

from django.urls import path

from issues import views

urlpatterns = [
    path("fotos/<uuid:photo_id>.jpg", views.photo, {"version": "public"}, name="photo"),
    path("fotos/<uuid:photo_id>-mini.jpg", views.photo, {"version": "mini"}, name="photo-mini"),
    path("fotos/<uuid:photo_id>-original.jpg", views.original_photo, name="photo-original"),
]
