"""Addresses of walks."""

from django.urls import path

from walks.app import views
from walks.office import views as inbox_views
from walks.sheets import views as paper_views

urlpatterns = [
    path("caminata/", views.walk, name="walk"),
    path("caminata/sw.js", views.worker, name="walk-worker"),
    path("caminata/hojas/", paper_views.sheets, name="paper-sheets"),
    path("caminata/hojas/<int:code>/", paper_views.sheet, name="paper-sheet"),
    path("caminata/hojas/<int:code>/escribir/", paper_views.typing, name="paper-typing"),
    path("gestion/bandeja/", inbox_views.inbox, name="inbox"),
    path("gestion/bandeja/importar/", inbox_views.import_file, name="inbox-import"),
    path("gestion/bandeja/<int:pk>/", inbox_views.held, name="held"),
    path("gestion/tabletas/", inbox_views.tablets, name="tablets"),
]
