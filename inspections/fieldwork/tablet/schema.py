"""The tablet protocol (contracts §3) as JSON Schema: one definition for each thing that crosses the line.

docs/schemas/tablet.json holds the same; a test sends what it allows and forbids.
"""

from typing import Any

from inspections.fieldwork import edits, reasons
from inspections.fieldwork.tablet import protocol

_UUID = {"type": "string", "format": "uuid"}
_PLACE = {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 2**31}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = (), more: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": more,
    }


def tablet_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of what crosses the line; unknown keys of an operation are ignored."""
    app = {"const": "inspections"}
    operation = _object(
        {
            "id": _UUID,
            "visit": _UUID,
            "item": {"type": "string"},
            "field": {"enum": list(edits.KINDS)},
            "kind": {"enum": ["set", "add", "remove", "resolve"]},
            "value": {},
            # what no ledger has counts as nothing seen
            "base": {"type": ["integer", "null"]},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "template_version": _PLACE,
            "author": _UUID,
            "reason": {"type": "string"},
        },
        optional=("author", "reason"),
        more=True,
    )
    ack = _object(
        {
            "id": {"type": "string"},
            "status": {"enum": ["ok", "dup", "conflict", "refused"]},
            "seq": {"type": ["integer", "null"]},
            "reason": {"enum": list(reasons.REASONS)},
            "sentence": {"type": "string"},
            "revision": {"type": "integer", "minimum": 1},
        },
        optional=("reason", "sentence", "revision"),
    )
    told = _object(
        {
            **{
                name: operation["properties"][name]
                for name in ("id", "visit", "item", "field", "kind", "value")
            },
            "base": _PLACE,
            "seq": {"type": "integer", "minimum": 1},
            "author": _UUID,
            "author_name": {"type": "string"},
            "at": {"type": ["string", "null"]},
            "received": {"type": "string"},
            "reason": {"type": "string"},
        },
        optional=("reason",),
    )
    user = _object({"id": _UUID, "name": {"type": "string"}, "role": {"type": "string"}})
    hello = {
        "app": app,
        "user": user,
        "csrf": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
    }
    device = {
        "device": _UUID,
        "waiting": {"type": "integer", "minimum": 0},
        "client": {"type": "integer", "minimum": 0},
        "persisted": {"type": ["boolean", "null"]},
    }
    definitions = {
        "operation": operation,
        "ops_request": _object(
            {
                "device": {"type": "string"},
                "ops": {
                    "type": "array",
                    "maxItems": protocol.MOST_OPS,
                    "items": {"$ref": "#/$defs/operation"},
                },
            }
        ),
        "ops_answer": _object({"app": app, "acks": {"type": "array", "items": ack}}),
        "changes_answer": _object(
            {"app": app, "ops": {"type": "array", "items": told}, "seq": {"type": "integer"}}
        ),
        "hello_answer": _object(hello | {"minimum_client": {"type": "integer", "minimum": 1}}),
        "photo_answer": _object(
            {"app": app, "id": _UUID, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
        ),
        "device_request": _object(device),
        "device_answer": _object({"app": app, "lost": {"type": "integer", "minimum": 0}}),
        "fault": _object({"app": app, "error": {"type": "string"}}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "inspections tablet protocol 1",
        "$defs": definitions,
    }
