"""Addresses of gatherings."""

from django.urls import path

from gatherings import acta_pages, demonstration, feeds, phones, views

urlpatterns = [
    path("reuniones/", views.index, name="gatherings"),
    path("reuniones/nueva/", views.create, name="gathering-create"),
    path("reuniones/demostracion/", demonstration.demonstration, name="gathering-demo"),
    path("reuniones/calendario/", views.calendar, name="gatherings-calendar"),
    path("reuniones/<uuid:gathering_id>/cambiar/", views.edit, name="gathering-edit"),
    path("reuniones.ics", feeds.agenda_ics, name="gatherings-ics"),
    path("reuniones/<uuid:gathering_id>/", views.detail, name="gathering"),
    path("reuniones/<uuid:gathering_id>/codigos/", phones.codes, name="gathering-codes"),
    path("reuniones/<uuid:gathering_id>/acta/", acta_pages.acta, name="gathering-acta"),
    path("reuniones/<uuid:gathering_id>/acta.pdf", acta_pages.acta_pdf, name="gathering-acta-pdf"),
    path("votar/", phones.enter, name="vote-code"),
    path("votar/<str:written>/", phones.vote, name="vote"),
    path("reuniones/<uuid:gathering_id>/sala/", views.room, name="gathering-room"),
    path("reuniones/<uuid:gathering_id>/sala/estado.json", views.state, name="gathering-state"),
    path("reuniones/<uuid:gathering_id>/sala/<slug:action>/", views.do, name="gathering-do"),
]
