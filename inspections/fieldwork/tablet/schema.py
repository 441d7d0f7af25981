"""The tablet protocol (contracts §3) as JSON Schema: one definition for each thing that crosses the line.

docs/schemas/tablet.json holds the same; a test sends what it allows and forbids.
"""

from typing import Any

from inspections.fieldwork.entry import edits, reasons
from inspections.fieldwork.tablet import handing_back, protocol

_UUID = {"type": "string", "format": "uuid"}
_UUIDS = {"type": "array", "items": _UUID}
_COUNT = {"type": "integer", "minimum": 0}
_SEQ = {"type": "integer", "minimum": 1}
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
            # by name what `base` and `settles` say by place: a restore changes places
            "saw": {"type": ["array", "string", "null"], "items": _UUID, "maxItems": edits.MOST_SETTLED},
            "settles": {"type": ["array", "null"], "items": _SEQ, "maxItems": edits.MOST_SETTLED},
            "settles_ids": {"type": "array", "items": _UUID, "maxItems": edits.MOST_SETTLED},
        },
        optional=("author", "reason", "saw", "settles", "settles_ids"),
        more=True,
    )
    ack = _object(
        {
            "id": {"type": "string"},
            "status": {"enum": ["ok", "dup", "conflict", "refused"]},
            "seq": {"type": ["integer", "null"]},
            "reason": {"enum": list(reasons.REASONS)},
            "sentence": {"type": "string"},
            "revision": _SEQ,
            "late": {"const": True},
        },
        optional=("reason", "sentence", "revision", "late"),
    )
    told = _object(
        {
            **{
                name: operation["properties"][name]
                for name in ("id", "visit", "item", "field", "kind", "value")
            },
            "base": _PLACE,
            "seq": _SEQ,
            "author": _UUID,
            "author_name": {"type": "string"},
            "at": {"type": ["string", "null"]},
            "received": {"type": "string"},
            "reason": {"type": "string"},
            "settles": {"type": "array", "items": _SEQ},
            # by name what it ends and the ledger had not got when it arrived
            "awaits": {"type": "array", "items": _UUID},
            "late": {"const": True},
        },
        optional=("reason", "settles", "awaits", "late"),
    )
    user = _object({"id": _UUID, "name": {"type": "string"}, "role": {"type": "string"}})
    hello = {
        "app": app,
        "user": user,
        "csrf": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "minimum_client": _SEQ,
        "user_id": _UUID,
        "epoch": {"type": "string"},
        "newest": _COUNT,
        "limits": {"type": "string"},
        "keep_days": _COUNT,
    }
    sha256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    names = {"type": "array", "items": _UUID, "maxItems": handing_back.MOST_IDS}
    spoken = {
        "protocol": {"const": 2},
        "epoch": {"type": "string"},
        "user_id": _UUID,
        "skew_ms": {"type": "number"},
    }
    have = {
        "missing_ops": _UUIDS,
        "quarantined": _UUIDS,
        "missing_photos": _UUIDS,
        "operations": _COUNT,
        "photographs": _COUNT,
    }
    device = {
        "device": _UUID,
        "waiting": {"type": "integer", "minimum": 0},
        "client": {"type": "integer", "minimum": 0},
        "persisted": {"type": ["boolean", "null"]},
        "people": {"type": "object", "additionalProperties": _COUNT},
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
                **spoken,
            },
            optional=tuple(spoken),
        ),
        "other_epoch": _object(
            {"app": app, "error": {"type": "string"}, "epoch": {"type": "string"}, "newest": _COUNT}
        ),
        "other_user": _object({"app": app, "error": {"type": "string"}, "user_id": _UUID}),
        "ops_answer": _object({"app": app, "acks": {"type": "array", "items": ack}}),
        "changes_answer": _object(
            {"app": app, "ops": {"type": "array", "items": told}, "seq": {"type": "integer"}}
        ),
        "hello_answer": _object(hello),
        "photo_answer": _object(
            {"app": app, "id": _UUID, "sha256": sha256, "offset": _COUNT}, optional=("sha256", "offset")
        ),
        "wrong_offset": _object({"app": app, "error": {"type": "string"}, "offset": _COUNT}),
        "have_request": _object({"device": _UUID, "ops": names, "photos": names}),
        "have_answer": _object(
            {"app": app, **have, "handed_back": {"type": "boolean"}}, optional=("handed_back",)
        ),
        "token_request": _object({"device": _UUID, "next": sha256}),
        "renew_request": _object(
            {"device": _UUID, "user_id": _UUID, "token": {"type": "string"}, "next": sha256}
        ),
        "device_request": _object(device, optional=("people",)),
        "device_answer": _object({"app": app, "lost": {"type": "integer", "minimum": 0}}),
        "fault": _object(
            {"app": app, "error": {"type": "string"}, "reason": {"type": "string"}}, optional=("reason",)
        ),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "inspections tablet protocol 2, beside 1",
        "$defs": definitions,
    }
