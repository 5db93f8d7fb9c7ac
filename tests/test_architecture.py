from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import monitor

PACKAGE = Path(monitor.__file__).parent
LONGEST_FUNCTION = 60
IMPURE = {
    "os",
    "pathlib",
    "io",
    "socket",
    "ssl",
    "sqlite3",
    "time",
    "urllib",
    "http",
    "subprocess",
    "random",
    "logging",
}
POSSESSIVE = re.compile(r"(?<!\\)[*+?}]\+")
CLOCK = re.compile(r"\b(datetime|date|time)\.(now|today|utcnow|time)\(")


def modules(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_importing_the_pipeline_loads_no_network_no_database_and_no_markup() -> None:
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in modules("pipeline")]
    script = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name.removesuffix(".__init__"))
heavy = ["httpx", "sqlalchemy", "bs4", "lxml", "apscheduler", "apprise", "jinja2", "aiosmtplib"]
print(sorted(set(heavy) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize("path", modules("domain"), ids=lambda path: path.stem)
def test_the_domain_knows_only_the_standard_librarys_pure_part(path: Path) -> None:
    foreign = {name for name in imported(path) if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("monitor.domain")} == set()
    assert {name.split(".")[0] for name in imported(path)} & IMPURE == set()


@pytest.mark.parametrize("path", modules("domain", "pipeline"), ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_domain_and_pipeline_read_no_clock(path: Path) -> None:
    calls = [ast.unparse(n) for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    assert [call for call in calls if CLOCK.search(call)] == []


@pytest.mark.parametrize("room", ["sources", "fetching", "channels", "storage"])
def test_the_init_of_a_room_with_a_door_stays_empty(room: str) -> None:
    assert (PACKAGE / room / "__init__.py").read_text(encoding="utf-8") == ""


def test_no_function_is_longer_than_its_limit() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name} {length} lines"
        for path in modules(".")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_pattern_is_possessive_for_debians_python_matches_those_wrongly() -> None:
    """Python before 3.11.5 has a bug in them (cpython issue 106052), Debian 12 has 3.11.2; atomic groups are right."""
    possessive = [
        f"{path.relative_to(PACKAGE)}:{part.lineno} {part.value}"
        for path in modules(".")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and POSSESSIVE.search(part.value)
    ]
    assert possessive == []


def test_every_package_that_the_program_imports_is_one_that_it_declares() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for extra, lines in project["optional-dependencies"].items() if extra != "dev" for line in lines]
    declared = {re.split(r"[\[<>=]", line, maxsplit=1)[0].lower() for line in (*project["dependencies"], *extras)}
    providers = packages_distributions()
    roots = {name.split(".")[0] for path in modules(".") for name in imported(path)}
    foreign = roots - set(sys.stdlib_module_names) - {"monitor"}
    undeclared = {
        root for root in foreign if not {d.lower().replace("_", "-") for d in providers.get(root, ())} & declared
    }
    assert undeclared == set()
