"""Turns what pydantic finds wrong into the sentences of the outer contract: file, key, found, allowed, nearest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.channels.catalogue import channel_types
from monitor.domain.errors import Mistake
from monitor.settings.values import LIST, TABLE, WORD, nearest

_LONGEST = 60
_SECRET_KEYS = frozenset({"password", "secret", "database"})

_ALLOWED = {
    "missing": "this key is required",
    "string_type": "a text in quotes",
    "list_type": "a list in brackets",
    "tuple_type": "a list in brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "too_short": "at least one entry",
}


def mistakes_of(error: ValidationError, file: str, model: type[BaseModel]) -> tuple[Mistake, ...]:
    """Return one mistake for each thing that is wrong in one file."""
    return tuple(_mistake(detail, file, model) for detail in error.errors(include_url=False) if not _echo(detail))


def _echo(detail: ErrorDetails) -> bool:
    """Return whether a list is called empty only because what stands in it is wrong, which is said already."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _mistake(detail: ErrorDetails, file: str, model: type[BaseModel]) -> Mistake:
    context = detail.get("ctx", {})
    key = _walk(model, detail["loc"])[0] or "the file"
    if detail["type"] == "extra_forbidden":
        return _unknown_key(detail, file, key, model)
    if detail["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return _unknown_type(detail, file, key)
    if detail["type"] in {"literal_error", "enum"}:
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        allowed = ", ".join(f'"{word}"' for word in words) + (" or a list" if words == ["all"] else "")
        return Mistake(file, key, _shown(detail), allowed, nearest(str(detail["input"]), words))
    if detail["type"] == "greater_than_equal":
        return Mistake(file, key, _shown(detail), f"a number from {context['ge']} on")
    allowed = context.get("allowed") or _ALLOWED.get(detail["type"]) or detail["msg"]
    return Mistake(file, key, context.get("found") or _shown(detail), allowed, context.get("nearest"))


def _unknown_key(detail: ErrorDetails, file: str, key: str, model: type[BaseModel]) -> Mistake:
    table = _walk(model, detail["loc"][:-1])[1]
    keys = sorted(_keys(next(_models(table)))) if table is not None else []
    return Mistake(file, key, "an unknown key", ", ".join(keys), nearest(str(detail["loc"][-1]), keys))


def _unknown_type(detail: ErrorDetails, file: str, key: str) -> Mistake:
    """Return the mistake of a table whose `type` is missing or is no type of channel."""
    if not isinstance(detail["input"], dict):
        return Mistake(file, key, _shown(detail), _ALLOWED["dict_type"])
    given = detail["input"].get("type")
    found = "nothing" if given is None else f'"{given}"'
    return Mistake(file, f"{key}.type", found, ", ".join(channel_types()), nearest(str(given), channel_types()))


def _shown(detail: ErrorDetails) -> str:
    """Return what was found, shortened, and never a secret."""
    if detail["type"] == "missing":
        return "nothing"
    if _SECRET_KEYS.intersection(map(str, detail["loc"])):
        return "a value (not shown)"
    value = detail["input"]
    shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _walk(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, Any]:
    """Return the key as the user writes it and the annotation at a place that pydantic names."""
    key, at = "", model
    for part in loc:
        if part in {LIST, TABLE, WORD}:
            continue
        tagged = [found for found in _models(at) if getattr(found, "TAG", None) == part]
        if tagged and get_origin(_root(at)) is not dict:
            at = tagged[0]
            continue
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
        at = _inside(at, part)
    return key.removeprefix("."), at


def _root(at: Any) -> Any:
    """Return what a file's root model holds, or the annotation itself."""
    is_root = isinstance(at, type) and issubclass(at, RootModel)
    return at.model_fields["root"].annotation if is_root else at


def _inside(at: Any, part: int | str) -> Any:
    """Return the annotation of an entry of a table or list, or of a field of a model; None where there is none."""
    root = _root(at)
    if get_origin(root) is dict:
        return get_args(root)[1]
    fields = {key: annotation for model in _models(root) for key, annotation in _keys(model).items()}
    return root if isinstance(part, int) else fields.get(str(part))


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    """Return the keys that a table allows, with their annotations."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield every model that an annotation names, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from _models(argument)
