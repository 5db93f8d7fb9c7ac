from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest
from sources.untc_forms import export, page

from monitor.domain.errors import MonitorError
from monitor.domain.participant import Names
from monitor.domain.snapshot import Reading
from monitor.sources import registry
from monitor.sources.interface import recognise
from monitor.sources.registry import READER_VERSION, readers


class Foreign:
    """A reader as another package might offer it."""

    key = "foreign"

    def __init__(self, names: Names) -> None:
        self.names = names

    def recognises(self, body: bytes) -> bool:
        return body.startswith(b"foreign")

    def locate(self, reference: str) -> str:
        return f"https://example.org/{reference}"

    def fingerprint(self, body: bytes) -> str | None:
        return None if not body else "x"

    def read(self, body: bytes, expected: str | None = None) -> Reading:  # noqa: ARG002 - the door's signature
        return Reading(None)


class Impostor(Foreign):
    key = "untc"


def offered(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    found = EntryPoints([EntryPoint("other", value, registry.GROUP)])
    monkeypatch.setattr(registry, "entry_points", lambda group: found.select(group=group))


def test_the_package_reads_pages_and_exports(names: Names) -> None:
    found = readers(names)
    assert list(found) == ["untc", "untc-xml"]
    assert all(reader.key == key for key, reader in found.items())
    assert READER_VERSION


def test_a_document_is_recognised_by_its_content(names: Names) -> None:
    found = readers(names)
    assert recognise(page(), found.values()) is found["untc"]
    assert recognise(export(), found.values()) is found["untc-xml"]
    assert recognise(b"%PDF-1.7", found.values()) is None


def test_another_package_may_offer_a_reader(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, f"{__name__}:Foreign")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: Foreign)
    found = readers(names)
    assert recognise(b"foreign words", found.values()) is found["foreign"]


def test_a_reader_that_takes_a_key_twice_is_told(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, "somewhere:Impostor")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: Impostor)
    with pytest.raises(MonitorError, match='the key "untc", which is taken'):
        readers(names)


def test_a_reader_that_cannot_be_loaded_is_told(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, "no_such_package:Reader")
    with pytest.raises(MonitorError, match="cannot be loaded"):
        readers(names)
