"""The record in the forms that analysts load: JSON, JSON Lines, and one flat table as CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

Shape = dict[str, Any]

COLUMNS = (
    *("record", "treaty", "treaty_slug", "code", "name", "as_written", "participant_kind", "status"),
    *("change", "status_before", "status_after", "action", "date", "effective", "bracketed", "conditional"),
    *("notification", "article", "basis", "pending", "pending_effective", "id", "first_seen", "source", "document"),
)
"""Of the flat table: one row per act of a participation, one per change."""


def exported(form: str, status: Shape, changes: Shape) -> bytes:
    """Return the record, given as `status` and `changes` print it, in one of the forms csv, json, jsonl, parquet."""
    return _WRITERS[form](status, changes)


def rows(status: Shape, changes: Shape) -> Iterator[Shape]:
    """Yield the rows of the flat table; what a row has not is None."""
    for item in status["participations"]:
        for act in item["actions"] or [None]:
            yield _row("participation", item, act) | _standing(item)
    for item in changes["changes"]:
        yield _row("change", item, item["action"]) | _change(item)


def _row(record: str, item: Shape, act: Shape | None) -> Shape:
    who, act = item["participant"] or {}, act or {}
    return dict.fromkeys(COLUMNS) | {
        "record": record,
        "treaty": item["treaty"],
        "treaty_slug": item["treaty_slug"],
        "code": who.get("code"),
        "name": who.get("name"),
        "as_written": who.get("as_written"),
        "participant_kind": who.get("kind"),
        "action": act.get("kind"),
        "basis": item.get("basis"),
        **{key: act.get(key) for key in ("date", "effective", "bracketed", "conditional", "notification", "article")},
    }


def _standing(item: Shape) -> Shape:
    waiting, sources = item["pending"] or {}, item["sources"] or [{}]
    return {
        "status": item["status"],
        "pending": waiting.get("kind"),
        "pending_effective": waiting.get("effective"),
        "source": sources[0].get("source"),
        "document": sources[0].get("document"),
    }


def _change(item: Shape) -> Shape:
    keys = ("id", "first_seen", "source", "status_before", "status_after")
    after = item["evidence"]["after"] or {}
    return {"change": item["kind"], "document": after.get("document")} | {key: item[key] for key in keys}


def _json(status: Shape, changes: Shape) -> bytes:
    return (json.dumps(status | changes, ensure_ascii=False, indent=2) + "\n").encode()


def _jsonl(status: Shape, changes: Shape) -> bytes:
    lines = [{"record": "participation"} | item for item in status["participations"]]
    lines += [{"record": "change"} | item for item in changes["changes"]]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _csv(status: Shape, changes: Shape) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows(status, changes))
    return text.getvalue().encode()


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: the texts are a page's, not ours."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _parquet(status: Shape, changes: Shape) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - 60 MB, for this form alone
    from pyarrow import parquet  # noqa: PLC0415 - same

    flags = {"bracketed", "conditional"}
    schema = pa.schema([(name, pa.bool_() if name in flags else pa.string()) for name in COLUMNS])
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows(status, changes)), schema), out)
    return out.getvalue()


_WRITERS: dict[str, Callable[[Shape, Shape], bytes]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
