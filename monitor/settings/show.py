"""Shows the configuration: what is in effect, with secrets masked, and the schema that editors check files against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import WithDefaultSchema

from monitor.settings.model import FILES
from monitor.settings.objects import Settings
from monitor.settings.secret import Secret

MASK = "***"
_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*@")


def effective(settings: Settings) -> dict[str, Any]:
    """Return the whole configuration as JSON values; durations in seconds, groups expanded, secrets as "***"."""
    shown = {field.name: _plain(getattr(settings, field.name)) for field in fields(settings) if field.name != "names"}
    if shown["web"]["token_hash"]:
        shown["web"]["token_hash"] = MASK
    for subscription in shown["subscriptions"]:
        subscription |= {key: "all" for key in ("treaties", "countries", "kinds") if subscription[key] is None}
    return shown | {"participants": len(settings.names.all())}


def json_schema() -> dict[str, Any]:
    """Return one JSON Schema for each file of the configuration, by its name."""
    return {name: model.model_json_schema(schema_generator=_AsWritten) for name, model in FILES.items()}


class _AsWritten(GenerateJsonSchema):
    """Leaves defaults out: they are values of the program (seconds), not of the file ("12h")."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of what may stand in the file."""
        return self.generate_inner(schema["schema"])


def _plain(value: Any) -> Any:
    """Return a value as JSON has it. Sets are sorted; what must not be shown is masked."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return _IN_ADDRESS.sub("***@", value)
    if is_dataclass(value) and not isinstance(value, Secret):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _gathered(value)


def _gathered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(entry) for entry in value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, int | float) else str(value)
