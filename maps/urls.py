"""Addresses of the public pages, open data, feeds and tiles."""

from django.urls import path, re_path

from issues.query.formats import FORMATS
from maps import data_views, feed_views, tile_views, views
from maps.duties import views as duties
from maps.ogc import views as ogc
from maps.outside import card_views, crawler_views
from maps.persons import contact_views
from maps.persons import rights_views as rights
from maps.persons import views as persons
from maps.telling import counter_views, joining_views
from maps.telling import views as telling

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", crawler_views.robots, name="robots"),
    path("sitemap.xml", crawler_views.sitemap, name="sitemap"),
    path("sitemap-<slug:name>.xml", crawler_views.sitemap_part, name="sitemap-part"),
    path(".well-known/security.txt", crawler_views.security, name="security-txt"),
    path("problemas/<slug:reference>/", views.problem, name="problem"),
    path("problemas/<slug:reference>/me-sumo/", joining_views.join, name="join"),
    path("problemas/<slug:reference>/tarjeta.png", card_views.problem, name="problem-card"),
    path("barrios/<slug:slug>/tarjeta.png", card_views.territory, name="territory-card"),
    path("listas/<int:number>/tarjeta.png", card_views.ranked_list, name="list-card"),
    path("barrios/", views.territories, name="territories"),
    path("barrios/<slug:slug>/", views.territory, name="territory"),
    path("informar/", telling.tell, name="tell"),
    path("informar/<uuid:id>/<str:token>/", telling.told, name="told"),
    path("oficina/nuevo/", counter_views.desk, name="counter"),
    path("oficina/nuevo/<slug:reference>/comprobante.pdf", counter_views.receipt, name="counter-receipt"),
    path("datos/", data_views.data, name="data"),
    *(
        path(f"datos/problemas.{kind}", data_views.issues_file, {"kind": kind}, name=f"data-{kind}")
        for kind in FORMATS
    ),
    path("datos/barrios.geojson", data_views.territories_file, name="data-territories"),
    path("datos/sellos.csv", data_views.seals_file, name="data-seals"),
    path("privacidad/", persons.privacy, name="privacy"),
    path("privacidad/registro.<str:kind>", persons.register_file, name="privacy-register"),
    path("oficina/por-que/", duties.why_page, name="why"),
    path("cargos/", duties.posts, name="posts"),
    path("oficina/personas/", rights.requests, name="persons"),
    path("oficina/personas/<int:pk>/", rights.request_page, name="person-request"),
    path("oficina/quien-informo/<slug:reference>/", contact_views.teller, name="teller"),
    path("feeds/", feed_views.feeds, name="feeds"),
    path("feeds/problemas.atom", feed_views.issue_feed, name="feed"),
    re_path(
        r"^tiles/(?P<layer>issues|territories)/(?P<z>[0-9]{1,2})/(?P<x>[0-9]{1,7})/(?P<y>[0-9]{1,7})\.mvt$",
        tile_views.tile,
        name="tile",
    ),
    path("ogc/", ogc.landing, name="ogc"),
    path("ogc/api", ogc.api, name="ogc-api"),
    path("ogc/conformance", ogc.conformance, name="ogc-conformance"),
    path("ogc/collections", ogc.collections, name="ogc-collections"),
    path("ogc/collections/<slug:name>", ogc.collection, name="ogc-collection"),
    path("ogc/collections/<slug:name>/items", ogc.items, name="ogc-items"),
    path("ogc/collections/<slug:name>/items/<slug:identifier>", ogc.item, name="ogc-item"),
]
