"""What the `config` commands print."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from rich.console import Console

from monitor import bootstrap
from monitor.domain.errors import ConfigurationError
from monitor.faces.cli.face import Face
from monitor.settings import check_secrets, load_seeds

Shape = dict[str, Any]


def check(face: Face) -> Shape:
    """Return whether the configuration can be used: the files read, and every mistake.

    Those of secrets, of the seed and of channels that cannot be built are included.
    """
    config, state = face.dirs()
    try:
        settings = face.settings()
        load_seeds(state)
        mistakes = tuple(dict.fromkeys((*check_secrets(settings), *bootstrap.check_channels(settings))))
        files = [str(path) for path in settings.files]
    except ConfigurationError as error:
        files, mistakes = [], error.mistakes
    shapes = [asdict(m) | {"text": str(m)} for m in mistakes]
    return {"valid": not mistakes, "config": str(config), "files": files, "mistakes": shapes}


def render(out: Console, shape: Shape) -> None:
    """Print every mistake, or that there is none."""
    for mistake in shape["mistakes"]:
        out.print(mistake["text"], soft_wrap=True)
    if shape["valid"]:
        out.print(f"{shape['config']}: {len(shape['files'])} files, no mistake", soft_wrap=True)


def as_json(out: Console, shape: Shape) -> None:
    """Print what people read as JSON, too."""
    out.print(json.dumps(shape, ensure_ascii=False, indent=2), soft_wrap=True)


def told(sentence: str) -> Callable[[Console, Shape], None]:
    """Return what prints one sentence with the answer's values in it."""
    return lambda out, shape: out.print(sentence.format(**shape), soft_wrap=True)
