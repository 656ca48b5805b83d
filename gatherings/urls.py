"""Addresses of gatherings."""

from django.urls import path

from gatherings import views
from gatherings.acta import views as acta_pages
from gatherings.calendar import feed_views
from gatherings.room import demonstration_views, phone_views

urlpatterns = [
    path("reuniones/", views.index, name="gatherings"),
    path("reuniones/nueva/", views.create, name="gathering-create"),
    path("reuniones/demostracion/", demonstration_views.demonstration, name="gathering-demo"),
    path("reuniones/calendario/", views.calendar, name="gatherings-calendar"),
    path("reuniones/<uuid:gathering_id>/cambiar/", views.edit, name="gathering-edit"),
    path("reuniones.ics", feed_views.agenda_ics, name="gatherings-ics"),
    path("reuniones/<uuid:gathering_id>/", views.detail, name="gathering"),
    path("reuniones/<uuid:gathering_id>/codigos/", phone_views.codes, name="gathering-codes"),
    path("reuniones/<uuid:gathering_id>/acta/", acta_pages.acta, name="gathering-acta"),
    path("reuniones/<uuid:gathering_id>/acta.pdf", acta_pages.acta_pdf, name="gathering-acta-pdf"),
    path("votar/", phone_views.enter, name="vote-code"),
    path("votar/<str:written>/", phone_views.vote, name="vote"),
    path("reuniones/<uuid:gathering_id>/sala/", views.room, name="gathering-room"),
    path("reuniones/<uuid:gathering_id>/sala/estado.json", views.state, name="gathering-state"),
    path("reuniones/<uuid:gathering_id>/sala/<slug:action>/", views.do, name="gathering-do"),
]
