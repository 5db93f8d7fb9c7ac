"""Hooks of mkdocs: the reference is written from the code whenever the site is built, and so is never out of date."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import typer

import monitor
from monitor.channels.message import HEADINGS
from monitor.domain.action import ActionKind
from monitor.domain.change import ChangeKind
from monitor.domain.participation import Status
from monitor.faces.cli.app import app
from monitor.faces.cli.face import SHARED
from monitor.faces.cli.trouble import DONE, REFUSED, UNDELIVERED, UNFORESEEN, UNREACHED, USAGE
from monitor.faces.web.app import create_app
from monitor.settings import json_schema, shipped_catalogue, starter_files
from monitor.settings.objects import Web

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

PACKAGE = Path(monitor.__file__).parent

CODES = {
    DONE: "done",
    UNFORESEEN: "anything unforeseen, such as a full disk or a record that cannot be opened",
    USAGE: "wrong usage, or an invalid configuration",
    REFUSED: "a page was refused as unreadable or implausible",
    UNREACHED: "at least one source could not be reached",
    UNDELIVERED: "at least one delivery failed for good",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List every note of a decision in the navigation, the newest first. Called by mkdocs."""
    notes = sorted(Path(config.docs_dir, "decisions").glob("*.md"), reverse=True)
    config.nav = [*(config.nav or []), {"Decisions": [f"decisions/{note.name}" for note in notes]}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference to the site's pages. Called by mkdocs."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - tests read the pages without mkdocs

    for name, text in pages().items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    return files


def pages() -> dict[str, str]:
    """Return every page of the reference by its file name."""
    made = {"cli": cli(), "configuration": configuration(), "http": http(), "webhook": webhook(), "rules": rules()}
    return {f"{name}.md": text for name, text in made.items()}


def table(heads: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> str:
    """Return a table; a bar within a cell is escaped."""
    rows = [heads, tuple("---" for _ in heads), *lines]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


# --- commands


def cli() -> str:
    """Return every command with its arguments, options and example."""
    codes = table(("exit code", "means"), ((str(code), text) for code, text in CODES.items()))
    text = "# Commands\n\nOptions of every command, before it or after it:\n\n"
    root = typer.main.get_command(app)
    everywhere = [p for p in root.params if p.name in SHARED]
    text += _options(everywhere) + f"\n{codes}\nIf several apply: 1, then 2, 3, 4, 5.\n"
    return text + "".join(_command(("treaty-monitor", *words), command) for words, command in commands())


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words, those of groups too."""
    yield from _below((), typer.main.get_command(app))


def _below(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield (*words, name), inner
        yield from _below((*words, name), inner)


def _command(words: tuple[str, ...], command: click.Command) -> str:
    level = "#" * len(words)
    own = [p for p in command.params if p.name not in SHARED and p.name != "help"]
    said = (command.help or "").strip()
    about, _, example = said.rpartition("Example: ")
    shown = f"\n```console\n$ {example.strip()}\n```\n" if about and "\n" not in example.strip() else ""
    return f"\n{level} `{' '.join(words)}`\n\n{(about or said).strip()}\n{shown}\n{_options(own)}"


def _options(params: list[click.Parameter]) -> str:
    if not params:
        return ""
    return table(("option", "meaning"), ((_names(p), _meaning(p)) for p in params))


def _names(param: click.Parameter) -> str:
    if param.param_type_name == "argument":
        shown = (param.metavar or str(param.name).upper()).strip("[]{}.")
        return f"`{shown}`"
    value = "" if getattr(param, "is_flag", False) or getattr(param, "count", False) else f" {_value(param)}"
    return ", ".join(f"`{name}{value}`" for name in param.opts)


def _value(param: click.Parameter) -> str:
    """Return what stands for an option's value. Typer's options carry their annotation, not a type of click."""
    descriptor: Any = getattr(param, "type_descriptor", None)
    kind = descriptor.annotation if descriptor else None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "|".join(word.value for word in kind)
    return str(param.metavar or "VALUE")


def _meaning(param: Any) -> str:
    text = (param.help or "").strip()
    return f"{text} (env: `{param.envvar}`)" if getattr(param, "envvar", None) else text


# --- configuration


def configuration() -> str:
    """Return the keys of each file from the models that check them, and the starter files as `init` writes them."""
    text = "# Configuration\n\nFiles of TOML in the configuration's folder. A table gives each key as the program "
    text += "checks it; below stands the file that `init` writes, which explains them.\n"
    written = starter_files()
    for name, schema in json_schema().items():
        text += f"\n## `{name}`\n\n{schema.get('description', '')}\n\n{_keys(schema)}"
        for path in (p for p in written if _is(p, name)):
            text += f'\n```toml title="{path}"\n{written[path].rstrip()}\n```\n'
    return text


def _is(path: str, name: str) -> bool:
    return path == f"config/{name}" or ("*" in name and path.startswith("config/treaties/"))


def _keys(schema: dict[str, Any]) -> str:
    found = list(_walk(schema, schema.get("$defs", {}), ""))
    return table(("key", "may be"), ((f"`{key}`", may) for key, may in found)) if found else ""


def _walk(schema: dict[str, Any], defs: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield every key below a schema, tables within tables too."""
    schema = _resolved(schema, defs)
    required = set(schema.get("required", ()))
    for key, inner in schema.get("properties", {}).items():
        must = "**required**; " if key in required else ""
        yield f"{prefix}{key}", must + _may(inner, defs)
        yield from _walk(_table_of(inner, defs), defs, f"{prefix}{key}.")
    for inner in _variants(schema.get("additionalProperties"), defs):
        kind = inner.get("properties", {}).get("type", {}).get("const")
        name = f"NAME (type {kind})." if kind else "NAME."
        yield from _walk(inner, defs, f"{prefix}{name}")


def _variants(inner: Any, defs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(inner, dict):
        for one in inner.get("oneOf") or inner.get("anyOf") or [inner]:
            yield _resolved(one, defs)


def _table_of(inner: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Return the table that a key holds, alone or in a list, or nothing."""
    for one in _variants(_resolved(inner, defs), defs):
        items = one.get("items", one)
        table = _resolved(items, defs) if isinstance(items, dict) else {}
        if "properties" in table:
            return table
    return {}


def _resolved(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    return defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _may(inner: dict[str, Any], defs: dict[str, Any]) -> str:
    inner = _resolved(inner, defs)
    for several in ("anyOf", "oneOf"):
        if several in inner:
            return " or ".join(dict.fromkeys(_may(one, defs) for one in inner[several]))
    if "enum" in inner or "const" in inner:
        return ", ".join(f"`{json.dumps(value)}`" for value in inner.get("enum", [inner.get("const")]))
    if inner.get("type") == "array":
        return f"a list of {_may(inner.get('items', {}), defs)}"
    if inner.get("type") == "object":
        return "a table"
    example = inner.get("examples", ())
    shown = f", such as {', '.join(f'`{json.dumps(e, ensure_ascii=False)}`' for e in example)}" if example else ""
    return {"string": "text", "integer": "a number", "boolean": "`true`, `false`"}.get(
        inner.get("type", ""), inner.get("type", "text")
    ) + shown


# --- HTTP


def http() -> str:
    """Return the paths that the daemon serves, from its own description."""
    nobody: Any = None
    settings: Any = SimpleNamespace(web=Web())
    described = create_app(lambda: nobody, lambda: settings, lambda: datetime.now(UTC)).openapi()
    text = "# HTTP\n\nThe full description, with every shape, is served at `/openapi.json`. Every GET answers HEAD, "
    text += "lists are cut by `limit` and `offset`, errors are problem details (RFC 9457), and an `ETag` saves sending "
    text += "again what has not changed.\n\n"
    lines = (
        (f"`{method.upper()} {path}`", _first(work), ", ".join(f"`{p['name']}`" for p in work.get("parameters", ())))
        for path, methods in described["paths"].items()
        for method, work in methods.items()
    )
    return text + table(("path", "answers", "parameters"), lines)


def _first(work: dict[str, Any]) -> str:
    return " ".join((work.get("description") or work.get("summary") or "").split())


# --- webhooks


def webhook() -> str:
    """Return the types of message and the schema of the body."""
    schema = json.loads(files("monitor.channels").joinpath("webhook_schema.json").read_text("utf-8"))
    text = f"# Webhook\n\n{schema['description']}\n\n"
    text += table(("type", "heading in mail"), ((f"`{t}`", HEADINGS[t]) for t in schema["properties"]["type"]["enum"]))
    for title, words in (("Kinds of change", ChangeKind), ("Kinds of act", ActionKind), ("Statuses", Status)):
        text += f"\n## {title}\n\n{', '.join(f'`{word.value}`' for word in words)}\n"
    shown = json.dumps(schema, ensure_ascii=False, indent=2)
    return text + f'\n## The schema\n\n```json title="monitor/channels/webhook_schema.json"\n{shown}\n```\n'


# --- rules


def rules() -> str:
    """Return every finding that the program can make, as its code says it, and the clauses that it knows."""
    text = "# Findings and rules\n\nWhat a reading may be told of. A *refusal* lets nothing of a reading through; a "
    text += "*hold* lets nothing out of its row (or, where it concerns the page, of the whole reading) before a second "
    text += "reading agrees or a person decides; a *note* stops nothing. Dots stand for what differs.\n\n"
    found = sorted(set(findings()), key=lambda f: (("refuse", "hold", "note").index(f[0]), f[1], f[2]))
    text += table(("level", "rule", "text"), ((level, f"`{rule}`", words) for level, rule, words in found))
    text += "\n## Final clauses\n\nOf these treaties the program knows how a State leaves, and when a later State is "
    text += "bound. A treaty file's `[rules]` overrides them.\n\n"
    return text + table(
        ("number", "slug", "title", "withdrawal", "entry into force for a later State"),
        (
            (f"`{e.reference}`", f"`{e.slug}`", e.title, _clause(e.rules.withdrawal), _clause(e.rules.entry))
            for e in shipped_catalogue().values()
        ),
    )


def _clause(clause: Any) -> str:
    if clause is None:
        return "not known"
    period = clause.period
    parts = [f"article {clause.article}" if clause.article else "no clause"]
    if period:
        rounding = "" if period.rounding.value == "exact" else f", {period.rounding.value.replace('_', ' ')}"
        parts.append(f"{period.amount} {period.unit.value}{rounding}")
    parts += ["conditional"] if getattr(clause, "conditional", False) else []
    parts += [clause.remark] if getattr(clause, "remark", None) else []
    return "; ".join(parts)


def findings() -> Iterator[tuple[str, str, str]]:
    """Yield level, rule and text of every finding whose rule is written where the finding is made, or in that file."""
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        yield from _refusals(tree)
        shared = {t.id: n.value for n in tree.body if isinstance(n, ast.Assign) for t in _names_of(n)}
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            own = {t.id: n.value for n in ast.walk(function) if isinstance(n, ast.Assign) for t in _names_of(n)}
            local = shared | own
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                yield from _made(call, local)


def _names_of(node: ast.Assign) -> Iterator[ast.Name]:
    return (target for target in node.targets if isinstance(target, ast.Name))


def _refusals(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yield the notes whose texts stand in a table of their own."""
    for node in tree.body:
        named = isinstance(node, ast.Assign) and any(name.id == "_REFUSALS" for name in _names_of(node))
        if named and isinstance(node.value, ast.Dict):
            yield from (("note", rule, text) for rule, text in ast.literal_eval(node.value).items())


def _made(call: ast.Call, local: dict[str, ast.expr]) -> Iterator[tuple[str, str, str]]:
    name, given = getattr(call.func, "id", ""), call.args
    if len(given) > 2 and getattr(getattr(given[0], "value", None), "id", "") == "Level":  # noqa: PLR2004 - and rule, text
        level, rule, words = str(getattr(given[0], "attr", "")).lower(), given[1], given[2]
    elif name in {"refuse", "hold", "note", "_hold"} and len(given) > 1:
        level, rule, words = name.strip("_"), given[0], given[-1] if name == "_hold" else given[1]
    else:
        return
    rule = local.get(rule.id, rule) if isinstance(rule, ast.Name) else rule
    for one in (rule.body, rule.orelse) if isinstance(rule, ast.IfExp) else (rule,):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield level, one.value, _words(words, local)


def _words(node: ast.expr | None, local: dict[str, ast.expr]) -> str:
    if isinstance(node, ast.Name):
        return _words(local.get(node.id), {})
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values)
    return "…"
