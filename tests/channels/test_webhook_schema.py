from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from monitor.channels.message import HEADINGS
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import ChangeKind
from monitor.domain.participant import ParticipantKind
from monitor.domain.participation import Status

Make = Callable[..., Any]
SCHEMA = json.loads(files("monitor.channels").joinpath("webhook_schema.json").read_text())
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
KNOWN = {"$ref", "type", "enum", "const", "pattern", "anyOf", "required", "properties", "items", "if", "then",
         "$schema", "$defs", "title", "description"}  # fmt: skip


def faults(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """Return what a value breaks of a schema, for the keywords that this schema uses (and no others)."""
    assert set(schema) <= KNOWN
    if "$ref" in schema:
        return faults(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], where)
    found = []
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [f"{where}: not {schema['type']}"]
    if "anyOf" in schema and all(faults(value, one, where) for one in schema["anyOf"]):
        found.append(f"{where}: none of anyOf")
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        found.append(f"{where}: {value!r} is not allowed")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where}: {value!r} does not match")
    if isinstance(value, dict):
        found += [f"{where}: {key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, inner in schema.get("properties", {}).items():
            found += faults(value[key], inner, f"{where}.{key}") if key in value else []
    if isinstance(value, list) and "items" in schema:
        found += [fault for item in value for fault in faults(item, schema["items"], where)]
    if "if" in schema and not faults(value, schema["if"], where):
        found += faults(value, schema["then"], where)
    return found


def body(data: dict[str, Any], kind: str = "treaty.status_changed") -> dict[str, Any]:
    return {"type": kind, "timestamp": "2025-08-21T06:00:05Z", "data": data}


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_fits_the_published_schema(kind: ChangeKind, change: Make) -> None:
    assert faults(body(change(kind=kind)), SCHEMA) == []


def test_a_change_of_the_treaty_and_one_with_every_field_fit(change: Make) -> None:
    full = TreatyAction(
        kind=ActionKind.OTHER, date=None, bracketed=True, note=3, heading="Application", basis=Basis.COMPUTED
    )
    bare = change(kind=ChangeKind.TREATY_IN_FORCE, participant=None, action=None, status_before=None, status_after=None)
    assert faults(body(bare), SCHEMA) == []
    assert faults(body(change(action=full, action_before=full, name_before="A", text="B")), SCHEMA) == []


@pytest.mark.parametrize(
    "kind",
    [
        "test",
        "source.stale",
        "source.recovered",
        "treaty.reading_held",
        "treaty.effect_upcoming",
        "name.unknown",
        "delivery.dead",
        "channel.disabled",
        "coverage",
    ],
)
def test_every_other_message_needs_a_title_and_a_summary_only(kind: str) -> None:
    assert faults(body({"title": "A", "summary": "B", "details": ["C"]}, kind), SCHEMA) == []
    assert faults(body({"title": "A"}, kind), SCHEMA) == ["$.data: summary is missing"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "left"),
        ("participant", {}),
        ("first_seen", "yesterday"),
        ("status_after", "gone"),
        ("links", {}),
        ("action", {"kind": "x"}),
    ],
)
def test_the_schema_notices_what_is_wrong(field: str, value: Any, change: Make) -> None:
    assert faults(body(change() | {field: value}), SCHEMA)


def test_the_schemas_words_are_the_domains() -> None:
    defined = SCHEMA["$defs"]
    assert defined["change"]["properties"]["kind"]["enum"] == [k.value for k in ChangeKind]
    assert defined["action"]["properties"]["kind"]["enum"] == [k.value for k in ActionKind]
    assert defined["status"]["enum"] == [s.value for s in Status]
    assert defined["basis"]["enum"] == [b.value for b in Basis]
    assert defined["participant"]["properties"]["kind"]["enum"] == [k.value for k in ParticipantKind]
    assert set(SCHEMA["properties"]["type"]["enum"]) == set(HEADINGS)
