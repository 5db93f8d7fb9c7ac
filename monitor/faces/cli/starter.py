"""What `init` does: writes the starter configuration and the seed where nothing stands yet, and opens the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from monitor import bootstrap
from monitor.domain.errors import UsageError
from monitor.faces.cli import files
from monitor.faces.cli.face import Face
from monitor.settings import starter_files


def places(face: Face, directory: Path | None) -> tuple[Path, Path]:
    """Return the folders of configuration and state: under `directory`, else as the options say, else here."""
    if directory is not None:
        return directory / "config", directory / "state"
    return face.config or Path("config"), face.state or Path("state")


def write(config: Path, state: Path) -> dict[str, Any]:
    """Write what is missing, and return what was written and what was left alone. Raises UsageError, StorageError."""
    written: list[str] = []
    kept: list[str] = []
    for name, text in starter_files().items():
        top, _, rest = name.partition("/")
        path = (config if top == "config" else state) / rest
        (written if _new(path, text) else kept).append(str(path))
    bootstrap.make_state(state)
    return {"config": str(config), "state": str(state), "written": written, "kept": kept}


def _new(path: Path, text: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            return False
    except FileExistsError:
        raise UsageError(f"{path}: a file in the place of a folder is in the way") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    files.write(path, text.encode())  # whole or not at all: half a file would be left alone by the next `init`
    return True


def render(out: Console, shape: dict[str, Any]) -> None:
    """Print what was written, what was left, and what to do next."""
    for path in shape["written"]:
        out.print(f"wrote  {path}", soft_wrap=True)
    for path in shape["kept"]:
        out.print(f"left   {path} (it was there already)", soft_wrap=True)
    out.print(f"The record is in {shape['state']}.", soft_wrap=True)
    out.print(_next(Path(shape["config"]), Path(shape["state"])), soft_wrap=True)
    file = Path(shape["config"]) / "channels.toml"
    out.print(f"Alerts go to the console until you configure a channel in {file}.", soft_wrap=True)


def _next(config: Path, state: Path) -> str:
    """Return what to do next, where the commands find these folders by themselves or are told of them."""
    if (config.name, state.name) == ("config", "state") and config.parent == state.parent:
        there = "" if config.parent == Path() else f" in {config.parent}"
        return f"Next{there}: treaty-monitor check, then treaty-monitor run."
    return f"Next: treaty-monitor --config {config} --state {state} check, then the same with run."
