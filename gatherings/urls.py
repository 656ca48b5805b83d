"""Addresses of gatherings."""

from django.urls import path

from gatherings.acta import challenge_views, record_views
from gatherings.acta import views as acta_views
from gatherings.calendar import feed_views
from gatherings.calendar import views as calendar_views
from gatherings.room import code_views, demonstration_views, paper_views, phone_views
from gatherings.room import views as room_views

urlpatterns = [
    path("reuniones/", calendar_views.index, name="gatherings"),
    path("reuniones/nueva/", calendar_views.create, name="gathering-create"),
    path("reuniones/demostracion/", demonstration_views.demonstration, name="gathering-demo"),
    path("reuniones/codigos-de-conteo/", code_views.counter_codes, name="counter-codes"),
    path("reuniones/verify.py", record_views.verifier, name="gathering-verifier"),
    path("reuniones/<int:number>/acta.json", record_views.acta_json, name="gathering-json"),
    path("reuniones/<int:number>/acta.pb", record_views.acta_pb, name="gathering-pb"),
    path("reuniones/<int:number>/comprobar/", record_views.check_page, name="gathering-check"),
    path("reuniones/calendario/", calendar_views.calendar, name="gatherings-calendar"),
    path("reuniones/<uuid:gathering_id>/cambiar/", calendar_views.edit, name="gathering-edit"),
    path("reuniones.ics", feed_views.agenda_ics, name="gatherings-ics"),
    path("reuniones/<uuid:gathering_id>/", calendar_views.detail, name="gathering"),
    path("reuniones/<uuid:gathering_id>/codigos/", phone_views.codes, name="gathering-codes"),
    path("reuniones/<uuid:gathering_id>/papeleta.pdf", paper_views.ballot_pdf, name="gathering-ballot"),
    path("reuniones/<uuid:gathering_id>/acta/", acta_views.acta, name="gathering-acta"),
    path("reuniones/<uuid:gathering_id>/acta.pdf", acta_views.acta_pdf, name="gathering-acta-pdf"),
    path(
        "reuniones/<uuid:gathering_id>/objeciones/", challenge_views.objections, name="gathering-challenges"
    ),
    path("votar/", phone_views.enter, name="vote-code"),
    path("votar/<str:written>/", phone_views.vote, name="vote"),
    path("reuniones/<uuid:gathering_id>/sala/", room_views.room, name="gathering-room"),
    path("reuniones/<uuid:gathering_id>/sala/estado.json", room_views.state, name="gathering-state"),
    path("reuniones/<uuid:gathering_id>/sala/pendientes.json", room_views.pending, name="gathering-pending"),
    path("reuniones/<uuid:gathering_id>/sala/<slug:action>/", room_views.do, name="gathering-do"),
]
