"""What the documentation says is so: its commands exist, its configuration is valid, its code works, its links lead."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import shlex
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import apprise
import pytest

from monitor.channels.signing import signer
from monitor.domain.errors import ConfigurationError
from monitor.faces.clock import utc_now
from monitor.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONFIGURING = [page for page in PAGES if "```toml title" in page.read_text("utf-8")]
COMMAND = re.compile(r"(?:^(?:[$#] )?|&& |/bin/)treaty-monitor((?: (?![|&;>#`.,)])\S+)+)")


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("documentation", ROOT / "packaging" / "documentation.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def blocks(page: Path, language: str) -> Iterator[tuple[str, str]]:
    """Yield title and text of a page's blocks in one language."""
    for found, title, text in BLOCK.findall(page.read_text("utf-8")):
        if found == language:
            yield title, text


def named(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command that a page names: in blocks of a shell, or between backquotes."""
    text = page.read_text("utf-8")
    spans = [text for language, _, text in BLOCK.findall(text) if language in {"sh", "console", "ini"}]
    spans += [" ".join(span.split()) for span in re.findall(r"`(treaty-monitor [^`]+)`", BLOCK.sub("", text))]
    for span in spans:
        for line in span.replace("\\\n", " ").splitlines():
            for rest in COMMAND.findall(line.split("  #")[0]):
                yield shlex.split(rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_is_named_exists_with_its_options(page: Path, reference: ModuleType) -> None:
    known = {words: {o for p in command.params for o in p.opts} for words, command in reference.commands()}
    everywhere = {"--help", "--version", "--install-completion", "--show-completion"}
    for words in named(page):
        rest = [w for w in words if not w.startswith("<")]
        path = next((tuple(rest[:n]) for n in (2, 1) if tuple(rest[:n]) in known), ())
        options = {w.partition("=")[0] for w in rest if w.startswith("-") and len(w) > 1}
        assert path or options & everywhere, f"treaty-monitor {' '.join(words)}"
        assert options <= known.get(path, set()) | everywhere, f"treaty-monitor {' '.join(words)}"


def test_the_documentation_names_commands_at_all() -> None:
    assert sum(len(list(named(page))) for page in PAGES) > 50


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    wanted = {
        t for page in PAGES for t in re.findall(r"(?:`|^\$? ?)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert wanted >= {"run", "test", "demo", "soak", "wheel"}
    assert wanted <= targets


@pytest.mark.parametrize("page", CONFIGURING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_of_configuration_is_valid(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str] = defaultdict(str)
    for title, text in blocks(page, "toml"):
        name = title.removeprefix("/etc/treaty-monitor/").removeprefix("config/")
        files[name] += _with_secrets(text, tmp_path, monkeypatch)
    if not any(name.startswith("treaties/") for name in files):
        files["treaties/mine-ban.toml"] = 'reference = "XXVI-5"\n'
    for name, text in files.items():
        (tmp_path / "config" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "config" / name).write_text(text, "utf-8")
    try:
        load_settings(tmp_path / "config", tmp_path / "state")
    except ConfigurationError as error:
        pytest.fail(str(error))


def _with_secrets(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the secrets that an example names where it can find them."""
    for variable in re.findall(r"env:([A-Z_]+)", text):
        monkeypatch.setenv(variable, "x")
    (folder / "secret").write_text("sha256:" + 64 * "0", "utf-8")
    return re.sub(r"file:/[\w/.-]+", f"file:{folder}/secret", text)


def test_the_receiver_of_the_how_to_believes_what_the_program_signs_and_nothing_else() -> None:
    (code,) = [text for _, text in blocks(DOCS / "how-to" / "webhook.md", "python")]
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - the code that readers are given
    verified: Callable[[str, dict[str, str], bytes], bool] = space["verified"]
    secret, other = (f"whsec_{base64.b64encode(word).decode()}" for word in (b"one secret of ours!", b"another secret"))
    now = utc_now()
    body = json.dumps({"type": "test"})

    def headers(*secrets: str, age: float = 0) -> dict[str, str]:
        signatures = " ".join(signer(one)("msg_1", now, body) for one in secrets)
        sent = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp() - age))}
        return sent | {"webhook-signature": signatures}

    assert verified(secret, headers(secret), body.encode())
    assert verified(secret, headers(other, secret), body.encode())
    assert not verified(secret, headers(other), body.encode())
    assert not verified(secret, headers(secret), body.encode() + b" ")
    assert not verified(secret, headers(secret, age=1), body.encode())
    assert not verified(secret, headers(secret) | {"webhook-timestamp": str(int(time.time()) - 3600)}, body.encode())


def test_the_addresses_of_chats_are_those_that_apprise_takes() -> None:
    addresses = re.findall(
        r"^\| .*? \| `(\S+://\S+)` \|$", (DOCS / "how-to" / "chat.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(addresses) == 5
    for address in addresses:
        assert apprise.Apprise.instantiate(address) is not None, address


def test_the_reference_has_every_command_key_path_and_clause(reference: ModuleType) -> None:
    pages: dict[str, str] = reference.pages()
    assert {f"`treaty-monitor {' '.join(words)}`" for words, _ in reference.commands()} <= set(
        re.findall(r"^#+ (`.*`)$", pages["cli.md"], re.MULTILINE)
    )
    for key in ("`web.listen`", "`network.allow`", "`subscriptions.recipients`", "`sources.every`"):
        assert key in pages["configuration.md"]
    for path in ("GET /api/v1/status", "GET /readyz", "POST /api/v1/held/{held}/accept"):
        assert path in pages["http.md"]
    for rule in ("totals-disagree", "mass-departure", "row-vanished", "unclear-leaving", "more-than-rejected"):
        assert f"`{rule}`" in pages["rules.md"]
    assert "treaty.status_changed" in pages["webhook.md"]


def test_every_operator_alert_is_explained() -> None:
    schema = json.loads((ROOT / "monitor" / "channels" / "webhook_schema.json").read_text("utf-8"))
    told = {kind for kind in schema["properties"]["type"]["enum"] if not kind.startswith("treaty.")}
    text = (DOCS / "operations.md").read_text("utf-8")
    assert {kind for kind in told | {"treaty.reading_held"} if f"`{kind}`" not in text} == set()


def test_no_sentence_is_the_depositarys(treaty_pages: Path) -> None:
    notes = (treaty_pages / "notes.json").read_text("utf-8")
    theirs = _runs(notes)
    for page in PAGES:
        assert not _runs(page.read_text("utf-8")) & theirs, page


def _runs(text: str, length: int = 10) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return {tuple(words[n : n + length]) for n in range(len(words) - length)}


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="mkdocs-material is not installed: make docs")
def test_the_site_is_built_with_every_link_leading_somewhere(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    decisions = {path.stem for path in (DOCS / "decisions").glob("*.md")}
    assert {path.stem for path in (tmp_path / "site" / "decisions").glob("*.html")} == decisions
