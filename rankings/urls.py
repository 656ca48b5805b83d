"""Addresses of rankings."""

from django.urls import path

from rankings import cabinet_views, views

urlpatterns = [
    path("listas/", views.index, name="lists"),
    path("listas/verify.py", views.verifier, name="verifier"),
    path("listas/<int:number>/", views.detail, name="list"),
    path("listas/<int:number>/lista.json", views.as_json, name="list-json"),
    path("listas/<int:number>/lista.csv", views.as_csv, name="list-csv"),
    path("listas/<int:number>/lista.xlsx", views.as_xlsx, name="list-xlsx"),
    path("listas/<int:number>/lista.pdf", views.as_pdf, name="list-pdf"),
    path("listas/<int:number>/verificar/", views.verify_page, name="list-verify"),
    path("alcaldia/listas/<slug:track>/cambios/", cabinet_views.moves, name="list-moves"),
    path(
        "alcaldia/listas/<slug:track>/cambios/<int:move_id>/quitar/",
        cabinet_views.take_back,
        name="list-move-take-back",
    ),
    path("alcaldia/ensayos/", cabinet_views.scenarios, name="scenarios"),
    path("alcaldia/ensayos/<int:scenario_id>/", cabinet_views.scenario, name="scenario"),
    path("como-priorizamos/", views.how, name="how-we-rank"),
]
