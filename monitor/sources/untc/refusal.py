"""What ends a reading: a finding of level refuse, raised where it is met and turned into a reading at the door."""

from __future__ import annotations

from monitor.domain.snapshot import Finding, Level


class Unreadable(Exception):  # noqa: N818 - it names the document's state, as a user would say it
    """The document cannot be taken as fact; carries every finding that says why."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("; ".join(f.text for f in findings))


def refuse(rule: str, text: str, row: str | None = None) -> Finding:
    """Return a finding that lets nothing of this reading through."""
    return Finding(Level.REFUSE, rule, text, row)


def hold(rule: str, text: str, row: str | None = None) -> Finding:
    """Return a finding that lets nothing out before a second reading agrees or a person decides."""
    return Finding(Level.HOLD, rule, text, row)


def note(rule: str, text: str, row: str | None = None) -> Finding:
    """Return a finding that is told and stops nothing."""
    return Finding(Level.NOTE, rule, text, row)
