"""Tells a withdrawal for part of a State's territory from one of the State."""

from __future__ import annotations

import re

from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.sources.untc.notes import naming

PARTS = (
    r"(?:(?:Kingdom|Realm) in Europe|European (?:part|territory)|metropolitan|Metropolitan"
    r"|Netherlands (?:Antilles|Indies|New Guinea)|Aruba|Cura[cç]ao|Sint Maarten|Caribbean part|Hong Kong|Macao|Macau"
    r"|Faroe|Greenland|Bermuda|Gibraltar|Jersey|Guernsey|Bailiwick|Isle of Man|Channel Islands|Cayman|Anguilla"
    r"|Montserrat|British Virgin|Falkland|Saint Helena|St\. Helena|Turks and Caicos|Pitcairn|Tokelau|Cook Islands|Niue"
    r"|New Caledonia|French Polynesia|Puerto Rico|Guam|American Samoa|Northern Mariana|United States Virgin|Svalbard"
    r"|Jan Mayen|Bouvet|[AÅ]land|Madeira|Azores|Norfolk Island|French Guiana|Guadeloupe|Martinique|R[ée]union|Mayotte"
    r"|Wallis|Saint Pierre|Bonaire|Northern Ireland|Scotland|Surinam(?=\W)|British Honduras|British Guiana"
    r"|(?:Southern |Northern )?Rhodesia|Nyasaland|Federation of Rhodesia|Ruanda|Togoland|Cameroons|Trans-?[Jj]ordan"
    r"|Indo-?[Cc]hina|Tanganyika|Zanzibar"
    r"|(?:following |said |overseas |non-metropolitan |dependent )*territor(?:y|ies)\b)"
)
_OF_WHOM = (
    r"(?:in respect of|with respect to|with regard to|in relation to|as regards|as concerns|on behalf of|for"
    r"|(?:in so far as it )?(?:applie[sd]|relate[sd]) (?:only )?to|(?:in ?so|as) ?far as)"
)
_ANOTHERS = re.compile(rf"\b{_OF_WHOM}\s+(?:the\s+)?(?P<names>{naming.PHRASE})")
_PARTLY = frozenset({ParticipantKind.STATE, ParticipantKind.TERRITORY})
_LIMITED = re.compile(
    # "in respect of the Netherlands Antilles only"
    rf"\b(?:{_OF_WHOM}|regarding|limited to|apply(?:ing)? (?:only )?to|extends? only to)\s+"
    rf"(?:only\s+)?(?:(?:the|its|territory of|island of|islands of)\s+)*(?P<part>{PARTS})"
    # "with the exception of Greenland", "remains in force for Aruba"
    rf"|\b(?:except(?:ing)?|excluding|with the exception of|other than)\b[^.;]{{0,40}}\b{PARTS}"
    r"|\b(?:remains?|remained|continues?(?: to be)?) (?:in force|applicable|to apply)\s+"
    r"(?:in|for|to|with respect to|in respect of|as regards)\s+(?:the\s+)?(?P<kept>[A-Z]\w+)(?![^;]*\buntil\b)",
)
_BEYOND = re.compile(r"\b(?:also|including|as well as|both|and to all)\b[^.;]{0,40}$")


def partial(text: str, actors: tuple[Participant, ...], names: Names) -> bool:
    """Tell whether a clause limits a withdrawal to a territory, or keeps the treaty in force for one.

    A State among the `actors` (those who act, and those who bear the note) whose name is also that of a territory
    (Cook Islands, Niue) is no part of itself; any other State was, when it had not yet joined by itself.
    """
    match = _LIMITED.search(text)
    if match is None:
        return _for_another(text, actors, names)
    if _BEYOND.search(text[: match.start()]):
        return False
    named = match["part"] or match["kept"]
    return not (named and any(actor.name.startswith(named) for actor in actors))


def _for_another(text: str, actors: tuple[Participant, ...], names: Names) -> bool:
    keys = {actor.key for actor in actors}
    named = (naming.named(names, match["names"]) for match in _ANOTHERS.finditer(text))
    return bool(keys) and any(found and all(p.kind in _PARTLY and p.key not in keys for p in found) for found in named)
