"""The words of leaving are heard as they are meant, and no other word is taken for one of them."""

from __future__ import annotations

import pytest

from monitor.sources.untc.notes.spelling import spelt
from monitor.sources.untc.notes.voice import joined


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("withdrawl", "withdrawal"),
        ("Withdrawel", "Withdrawal"),
        ("withrawal", "withdrawal"),
        ("widthdrawal", "withdrawal"),
        ("withdaw", "withdraw"),
        ("denounciation", "denunciation"),
        ("denonciation", "denunciation"),
        ("with-drawal", "withdrawal"),
        ("with drawals", "withdrawals"),
    ],
)
def test_a_letter_missed_is_put_right(written: str, meant: str) -> None:
    assert spelt(f"a notification of {written}.") == f"a notification of {meant}."


@pytest.mark.parametrize(
    "text",
    [
        "It was received with drawings, without delay, within a month, withheld and denominated in dollars.",
        "The denounced withdrawal withdrew a denunciation.",
        "Withdrawals, denouncing, with draws.",
        "The Protocol becomes operative between the two States; its operative paragraphs are in operation.",
    ],
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert spelt(text) == text


def test_signs_that_show_nothing_part_no_word() -> None:
    assert joined("with\u00addrawal of Bouvet\u2060øya") == "withdrawal of Bouvetøya"
