"""Turns the domain's values into JSON text for a column and back, exactly."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import TypeAdapter


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the adapter of a type; built at first use, since building one takes milliseconds."""
    return TypeAdapter(kind)


# a page has hundreds of values: the adapter's own methods take as long to pass their options on as to read or write


@cache
def _writer(kind: Any) -> Callable[..., bytes]:
    return _adapter(kind).serializer.to_json


@cache
def _reader(kind: Any) -> Callable[[str], Any]:
    return _adapter(kind).validator.validate_json


def dump(kind: Any, value: object) -> str:
    """Return the value as JSON text; equal values give equal text.

    Fields that hold their default are left out, so that a field added to the domain later neither makes old
    text unreadable nor makes every stored row look changed. A default that has been stored against is
    therefore part of the stored form: changing one needs a migration.
    """
    return _writer(kind)(value, exclude_defaults=True).decode()


def load(kind: Any, text: str) -> Any:
    """Return the value whose text this is."""
    return _reader(kind)(text)
