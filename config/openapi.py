"""What every operation of the JSON interface may also answer: a refusal, in one shape."""

from __future__ import annotations

REFUSAL = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "One sentence that says what to change."},
        "result": {"type": "string", "description": "Of the outbox: error or bad_hash."},
    },
}


def with_refusals(result: dict, generator: object, request: object, public: bool) -> dict:
    """Hook of the description: the answer of any other status is a refusal."""
    result["components"]["schemas"]["Refusal"] = REFUSAL
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            for status in [status for status in operation["responses"] if status.startswith("4")]:
                operation["responses"][status] = {"content": refused, "description": "Refused."}
            operation["responses"]["default"] = {"content": refused, "description": "Refused."}
    return result
