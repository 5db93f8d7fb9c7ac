"""What a line of the log looks like: one line per event for machines, a sentence for people."""

from __future__ import annotations

import json
import logging

import pytest

from monitor.faces import logs


def test_a_machine_gets_one_line_even_of_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(1, as_json=True)
    try:
        int("no\nnumber")
    except ValueError:
        logging.getLogger("monitor.any").exception("a %s", "failure", extra={"treaty": "XXVI-5"})
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["event"], said["level"], said["logger"], said["treaty"]) == (
        *("a failure", "error", "monitor.any", "XXVI-5"),
    )
    assert "ValueError: invalid literal" in said["exception"]


def test_people_get_the_sentence_and_no_colours_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(1)
    logging.getLogger("monitor.any").warning("something happened")
    said = capsys.readouterr().err
    assert "[warning  ] something happened" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("verbosity", "heard"), [(-1, {"e"}), (0, {"e", "w"}), (1, {"e", "w", "i"}), (2, {"e", "w", "i", "d"})]
)
def test_the_options_decide_how_much_is_said(
    verbosity: int, heard: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(verbosity, as_json=True)
    for word, level in (("e", 40), ("w", 30), ("i", 20), ("d", 10)):
        logging.getLogger("monitor.any").log(level, word)
    assert {json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()} == heard


def test_libraries_that_chatter_are_heard_only_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(2, as_json=True)
    for name in logs.QUIETER:
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("warning")
    assert {json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()} == {"warning"}
