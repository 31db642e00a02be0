"""The parts of the OpenAPI document that are the same for every kind of record."""

from django.utils.translation import gettext_lazy as _

from crm.api.shapes import Schema

TEXT: Schema = {"type": "string"}
KINDS: dict[str, Schema] = {
    "money": {"type": "string", "format": "decimal"},
    "quantity": {"type": "string", "format": "decimal"},
    "number": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "bool": {"type": "boolean"},
    "deadline": {
        "type": "object",
        "properties": {
            "rule": TEXT,
            "due_at": {"type": "string", "format": "date-time"},
            "warn_at": {"type": "string", "format": "date-time"},
        },
    },
}
REASON: Schema = {
    "code": {**TEXT, "description": _("Stable, for programs.")},
    "sentence": {**TEXT, "description": _("Why not, in the caller's language.")},
    "remedy": {**TEXT, "description": _("What to do instead.")},
}
COMPONENTS: dict[str, Schema] = {
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "remedy", "fields", "request_id"],
                "properties": {
                    "code": TEXT,
                    "message": TEXT,
                    "remedy": TEXT,
                    "fields": {
                        "type": "object",
                        "description": _(
                            "What is wrong by field, as in `lines[2].quantity`; the empty name: anywhere."
                        ),
                        "additionalProperties": {
                            "type": "array",
                            "items": {"type": "object", "properties": {"code": TEXT, "message": TEXT}},
                        },
                    },
                    "request_id": TEXT,
                    "version": {"type": "integer", "description": _("Of a stale request: the present version.")},
                },
            }
        },
    },
    "Possible": {
        "type": "object",
        "required": ["name", "label", "method", "url"],
        "properties": {
            "name": TEXT,
            "label": TEXT,
            "method": {**TEXT, "enum": ["POST", "PATCH"]},
            "url": {**TEXT, "format": "uri"},
        },
    },
    "Refused": {
        "type": "object",
        "required": ["name", "label", "code", "sentence", "remedy"],
        "properties": {"name": TEXT, "label": TEXT, **REASON},
    },
    "Verb": {
        "type": "object",
        "properties": {
            "name": TEXT,
            "label": TEXT,
            "description": TEXT,
            "method": TEXT,
            "url": {**TEXT, "format": "uri"},
            "version": {"type": "integer", "nullable": True},
            "possible": {"type": "boolean"},
            "refused": {"type": "object", "properties": REASON, "nullable": True},
            "input": {"type": "object", "description": _("A JSON schema with the choices of this caller.")},
        },
    },
    "Index": {
        "type": "object",
        "properties": {
            "user": {
                "type": "object",
                "properties": {"pk": {"type": "integer"}, "username": TEXT, "name": TEXT},
            },
            "resources": {
                "type": "array",
                "items": {"type": "object", "properties": {"key": TEXT, "title": TEXT, "url": TEXT}},
            },
            "actions": {"type": "array", "items": {"$ref": "#/components/schemas/Possible"}},
            "schema": TEXT,
            "docs": TEXT,
        },
    },
    "Done": {
        "type": "object",
        "description": _("A record that the caller may not read (any more), or that has no address of its own."),
        "required": ["pk", "type", "url"],
        "properties": {
            "pk": {"type": "integer"},
            "type": {**TEXT, "description": _("The kind of record, as in `customers.customer`.")},
            "url": {**TEXT, "nullable": True},
        },
    },
}
ERRORS = {
    400: _("The input is not right; `fields` says where."),
    401: _("No token, or none that is valid."),
    403: _("Not with these rights, or not with this token."),
    404: _("There is no such thing, or the caller may not see it."),
    409: _("Not possible in the present state; `message` and `remedy` say why and what to do."),
    412: _("Somebody changed the record; `version` is the present one."),
    413: _("The body is too large."),
    415: _("Neither JSON nor a form with files."),
    422: _("The Idempotency-Key was used for another request."),
    429: _("Too many requests; Retry-After says how long to wait."),
    503: _("Busy, or too slow; Retry-After says when to come again."),
}
READING, WRITING = (401, 403, 404, 429, 503), tuple(ERRORS)
KEY_HEADER: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": _("A text of the client's choice: the same request under the same key is done once."),
    "schema": {"type": "string", "maxLength": 80},
}
MATCH_HEADER: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": _("The version that the client saw, from ETag; another one is answered with 412."),
    "schema": TEXT,
}
