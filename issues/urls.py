"""Addresses of issues: their photos and the review of them."""

from django.urls import path

from issues import hiding_views, report_views
from issues.photos import review_views, views
from issues.weights import confirm_views

urlpatterns = [
    path("fotos/<uuid:photo_id>.jpg", views.photo, {"version": "public"}, name="photo"),
    path("fotos/<uuid:photo_id>-mini.jpg", views.photo, {"version": "mini"}, name="photo-mini"),
    path("fotos/<uuid:photo_id>-original.jpg", views.original_photo, name="photo-original"),
    path("ocultos/", hiding_views.counted, name="hidings-counted"),
    path("gestion/ocultos/", hiding_views.waiting, name="hidings"),
    path("gestion/ocultos/<int:pk>/decidir/", hiding_views.decide, name="hiding-decide"),
    path("gestion/ocultos/<slug:reference>/", hiding_views.hide, name="hiding"),
    path("gestion/informes/", report_views.reports, name="report-review"),
    path("gestion/informes/<slug:reference>/", report_views.decide, name="report-decide"),
    path("gestion/puntajes/", confirm_views.to_confirm_page, name="levels-confirm"),
    path("gestion/fotos/", review_views.queue, name="photo-review"),
    path("gestion/fotos/<uuid:photo_id>/", review_views.decide, name="photo-decide"),
]
