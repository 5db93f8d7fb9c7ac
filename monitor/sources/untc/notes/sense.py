"""What a clause can say about leaving."""

from __future__ import annotations

from enum import Enum


class Sense(Enum):
    """One thing that a clause says."""

    LEAVES = "leaves"  # said with its object: from the Convention, denounce the Convention
    LEAVES_BARE = "leaves_bare"  # a withdrawal, a denunciation, without saying of what
    ANNOUNCES = "announces"  # an intention to leave
    RETRACTS = "retracts"
    STAYS = "stays"  # after all: says so only beside a leaving told before
    STATEMENT = "statement"  # a reservation, declaration, objection … is withdrawn
    TAKES_BACK = "takes_back"  # the notification told of before, whatever it was
    UNSIGNS = "unsigns"
    DISAVOWS = "disavows"  # does not intend to become a party
    SUSPENDS = "suspends"
    RESUMES = "resumes"
    REFUSED = "refused"
    NOT_PARTY = "not_party"
    ELSEWHERE = "elsewhere"  # another treaty is left, one told by its year and name
    UNCLEAR = "unclear"  # a leaving of what may be this treaty or another, or less than the treaty
    MENTIONS = "mentions"  # speaks of a leaving without telling it
    ODD = "odd"  # has the vocabulary, gives no sense
