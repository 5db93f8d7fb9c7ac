"""What `migrate-state` takes and tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.settings import Secret
from monitor.settings.secret import REFERENCE

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.storage.moving import Moved

Shape = dict[str, Any]


def address(given: str, config_dir: Path) -> str:
    """Return the address of the database, looked up where a variable or a file holds it. Raises ConfigurationError."""
    if REFERENCE.fullmatch(given):
        return Secret(given, "migrate-state", "URL", config_dir).reveal()
    return given


def shape(moved: Iterable[Moved], state_dir: Path) -> Shape:
    """Return what was moved, and where the kept pages are, which stay where they were."""
    tables = [{"table": each.table, "rows": each.rows, "sha256": each.sha256} for each in moved]
    return {"moved": tables, "rows": sum(each["rows"] for each in tables), "documents": str(state_dir / "documents")}


def render(console: Console, told: Shape) -> None:
    """Tell a person."""
    for each in told["moved"]:
        console.print(f"{each['rows']:>9} rows of {each['table']}", highlight=False)
    console.print(f"{told['rows']} rows are in PostgreSQL, each compared with its original.", highlight=False)
    console.print(
        'Now name the database in monitor.toml: database = "postgresql://…" (or env:NAME, file:PATH).\n'
        f"The kept pages stay in {told['documents']}: every process must see them, on a shared directory as its state"
        " directory. The old record stays as it was; nothing reads it any more.",
        highlight=False,
    )
