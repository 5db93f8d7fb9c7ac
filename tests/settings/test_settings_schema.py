"""The JSON Schema accepts the shipped configuration and the contract's own, and refuses what the program refuses."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from monitor.settings import json_schema, starter_files

TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def accepts(schema: Any, value: Any, root: Any) -> bool:
    """Return whether a value follows a schema, for the part of JSON Schema that the program's schemas use."""
    if "$ref" in schema:
        return accepts(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, root)
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        return any(accepts(branch, value, root) for branch in branches)
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return False
    return value in schema.get("enum", [value]) and value == schema.get("const", value) and _fits(schema, value, root)


def _fits(schema: Any, value: Any, root: Any) -> bool:
    """Return whether what is inside the value follows the schema."""
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(accepts(schema["items"], v, root) for v in value)
    return _accepts_table(schema, value, root) if isinstance(value, dict) else True


def _accepts_table(schema: Any, table: dict[str, Any], root: Any) -> bool:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    if not set(schema.get("required", ())) <= set(table) or (others is False and not set(table) <= set(known)):
        return False
    return all(accepts(known.get(key, others), value, root) for key, value in table.items())


def follows(file: str, text: str) -> bool:
    schema = json_schema()[file]
    return accepts(schema, tomllib.loads(text), schema)


@pytest.mark.parametrize("name", [name for name in starter_files() if name.startswith("config/")])
def test_the_schema_accepts_the_starter_files(name: str) -> None:
    file = "treaties/*.toml" if "/treaties/" in name else name.removeprefix("config/")
    assert follows(file, starter_files()[name])


RIGHT = [
    ("channels.toml", '[m]\ntype = "email"\nserver = "smtp://h:25"\nfrom = "a@b.org"\npassword = "env:X"'),
    ("channels.toml", '[h]\ntype = "webhook"\nurl = "https://h"\nsecret = ["env:X", "file:/y"]'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\nkinds = "all"\ntreaties = ["a"]\nchannels = ["c"]'),
    (
        "subscriptions.toml",
        '[[subscriptions]]\nname = "x"\nchannels = ["c"]\ndigest = "daily"\nreminders = [30, 0]\ntimezone = "UTC"',
    ),
    (
        "subscriptions.toml",
        '[[subscriptions]]\nname = "x"\nchannels = ["c"]\nquiet = { from = "22:00", to = "07:00", except = [] }',
    ),
    (
        "subscriptions.toml",
        '[[subscriptions]]\nname = "x"\nchannels = ["c"]\ndigest = { every = "weekly", weekday = "monday" }',
    ),
    ("monitor.toml", '[operator]\ncoverage = "never"\nping = "env:PING"'),
    ("groups.toml", 'x = ["PL"]'),
    ("monitor.toml", '[network]\nallow = ["127.0.0.1/32"]\npause = "2s"'),
    ("treaties/*.toml", 'reference = "XXVII-7-d"\n[rules]\nentry = { period = "30 days" }'),
]
WRONG = [
    ("channels.toml", '[m]\ntype = "email"\nserver = "smtp://h:25"\nfrom = "a@b.org"\npassword = "hunter2"'),
    ("channels.toml", '[h]\ntype = "fax"'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\nkinds = ["gone"]\nchannels = ["c"]'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\ncountries = "PL"\nchannels = ["c"]'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\nchannels = ["c"]\ndigest = "never"'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\nchannels = ["c"]\nquiet = { from = "22:00" }'),
    ("subscriptions.toml", '[[subscriptions]]\nname = "x"\nchannels = ["c"]\nreminders = 3'),
    ("groups.toml", "x = []"),
    ("monitor.toml", "[network]\npause = 2"),
    ("treaties/*.toml", 'reference = "5"'),
    ("treaties/*.toml", 'slug = "x"'),
]


@pytest.mark.parametrize(("file", "text"), RIGHT)
def test_the_schema_accepts_what_the_program_accepts(file: str, text: str) -> None:
    assert follows(file, text)


@pytest.mark.parametrize(("file", "text"), WRONG)
def test_the_schema_refuses_what_the_program_refuses(file: str, text: str) -> None:
    assert not follows(file, text)
