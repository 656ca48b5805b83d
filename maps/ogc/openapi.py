"""The OpenAPI 3.0 document of the OGC interface."""

from __future__ import annotations

GEOJSON = "application/geo+json"


def openapi_document(root: str, collections: list[str], most: int) -> dict:
    """Paths, parameters and answers; `root` is the absolute address without the last slash."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Mapa Barrial – OGC API Features", "version": "1.0.0"},
        "servers": [{"url": root}],
        "paths": {
            "/": _get("landing", "Landing page"),
            "/conformance": _get("conformance", "Conformance classes"),
            "/collections": _get("collections", "Collections"),
            "/collections/{collectionId}": _get("collection", "One collection", _collection(collections)),
            "/collections/{collectionId}/items": _get(
                "items", "Features", _collection(collections), *_page(most), kind=GEOJSON
            ),
            "/collections/{collectionId}/items/{featureId}": _get(
                "item", "One feature", _collection(collections), _feature(), kind=GEOJSON
            ),
        },
        "components": {"schemas": {"exception": _exception()}},
    }


def _get(name: str, summary: str, *parameters: dict, kind: str = "application/json") -> dict:
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/exception"}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}}},
                "400": {"description": "A parameter cannot be read", "content": refusal},
                "404": {"description": "There is no such thing"},
            },
        }
    }


def _collection(names: list[str]) -> dict:
    schema = {"type": "string", "enum": names}
    return {"name": "collectionId", "in": "path", "required": True, "schema": schema}


def _feature() -> dict:
    return {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}


def _page(most: int) -> tuple[dict, ...]:
    sizes = [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6, "oneOf": sizes}
    return (
        _query("limit", {"type": "integer", "minimum": 1, "maximum": most, "default": 100}),
        _query("bbox", box),
        _query("datetime", {"type": "string"}),
        _query("cursor", {"type": "string"}),
    )


def _query(name: str, schema: dict) -> dict:
    sent = {"style": "form", "explode": False}
    return {"name": name, "in": "query", "required": False, "schema": schema, **sent}


def _exception() -> dict:
    return {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
    }
