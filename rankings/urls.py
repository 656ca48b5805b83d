"""Addresses of rankings."""

from django.urls import path

from rankings import views

urlpatterns = [
    path("listas/", views.index, name="lists"),
    path("listas/<int:number>/", views.detail, name="list"),
    path("listas/<int:number>/lista.json", views.as_json, name="list-json"),
    path("listas/<int:number>/lista.csv", views.as_csv, name="list-csv"),
    path("listas/<int:number>/lista.xlsx", views.as_xlsx, name="list-xlsx"),
    path("listas/<int:number>/verificar/", views.verify_page, name="list-verify"),
    path("como-priorizamos/", views.how, name="how-we-rank"),
]
