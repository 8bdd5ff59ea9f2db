"""JSON schemas of the typed values, as msgspec gives them, made exact for HTTP; it validates nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from gk_workflow.api.wire.text import MAX_TEXT
from gk_workflow.core.commands import Command

# Any: a JSON schema.
Schema = dict[str, Any]

_REF = "#/components/schemas/{name}"
_COMMANDS = frozenset(command.__name__ for command in get_args(Command))
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


class Schemas:
    """The schemas of some types and of all that they are made of."""

    def __init__(self, types: Iterable[object]) -> None:
        known = tuple(dict.fromkeys(types))
        found, components = _renamed(*msgspec.json.schema_components(known, ref_template=_REF))
        self.components = components
        self._of = dict(zip(known, found, strict=True))
        for name, schema in self.components.items():
            _sharpen(name, schema)

    def of(self, kind: object) -> Schema:
        """The schema of a body: bytes and plain text are no JSON."""
        if kind is bytes:
            return {"type": "string", "format": "binary"}
        return {"type": "string"} if kind is str else self._of[kind]

    def parameters(self, kind: type[msgspec.Struct]) -> list[Schema]:
        """The fields of a query as parameters; lists are given by repeating the name."""
        schema = self.components[kind.__name__]
        required = schema.get("required", ())
        return [
            {"name": name, "in": "query", "required": name in required, "schema": _plain(inner)}
            for name, inner in schema["properties"].items()
        ]


def _renamed(found: object, components: object) -> tuple[list[Schema], dict[str, Schema]]:
    """Names that two modules share come with their modules, which are none of a client's business."""
    text = msgspec.json.encode((found, components)).decode()
    text = _FACT.sub("Fact.", _EVENT.sub("Event.", text))
    return msgspec.json.decode(text, type=tuple[list[Schema], dict[str, Schema]])


_EVENT = re.compile(r"gk_workflow\.core\.events\.[a-z_]+\.")
_FACT = re.compile(r"gk_workflow\.what_if\.[a-z_]+\.")


def _sharpen(name: str, schema: Schema) -> None:
    """Say what the edge demands beyond the types."""
    properties: dict[str, Schema] = schema.get("properties", {})
    if name in _COMMANDS:
        # The path names the command already; the tag may be repeated and must then agree.
        schema["required"] = [field for field in schema.get("required", ()) if field != "type"]
    for field, inner in properties.items():
        if inner.get("type") == "string" and not {"format", "pattern", "maxLength"} & set(inner):
            inner["maxLength"] = MAX_TEXT
        if name == "Document" and field == "digest":
            inner.update(_DIGEST)


def _plain(schema: Schema) -> Schema:
    """A parameter left out is absent, never null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    bare = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    default = {"default": schema["default"]} if schema.get("default") not in (None, []) else {}
    return {
        **bare,
        **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}),
        **default,
    }
