"""Addresses of the public pages."""

from django.urls import path

from maps import views

urlpatterns = [
    path("", views.home, name="home"),
    path("problemas/<slug:reference>/", views.problem, name="problem"),
    path("barrios/", views.territories, name="territories"),
    path("barrios/<slug:slug>/", views.territory, name="territory"),
]
