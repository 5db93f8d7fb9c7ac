"""The words that one file may take from another: countries and groups, treaties, channels, sources, kinds of change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from monitor.domain.change import ChangeKind
from monitor.domain.names import NameTable
from monitor.domain.treaty import Treaty
from monitor.settings.resolve import codes_of, matching_treaties, nearest_country, nearest_treaty
from monitor.settings.values import nearest, wrong


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known when a file is validated; the context of pydantic's validators.

    `channels` maps names to types. `all_treaties` is False where a treaty file was wrong: then a word that fits
    no treaty may be that one's, and is not called a second mistake.
    """

    names: NameTable
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    treaties: tuple[Treaty, ...] = ()
    all_treaties: bool = True
    channels: Mapping[str, str] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()


def vocabulary_of(info: ValidationInfo) -> Vocabulary:
    """Return the context that the file is validated with."""
    if not isinstance(info.context, Vocabulary):
        raise TypeError("the configuration is validated with a Vocabulary as context")
    return info.context


def _word(check: Callable[[str, Vocabulary], Any], allowed: str, **schema: Any) -> tuple[Any, ...]:
    """Return the validator of one word by the vocabulary."""

    def validate(value: object, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            raise wrong(allowed)
        return check(value, vocabulary_of(info))

    return BeforeValidator(validate), WithJsonSchema({"type": "string", **schema})


_COUNTRY = "an ISO code, an English name or a known alias of a participant, or the name of a group"
_CODE = "the ISO code of a participant, or X- and an abbreviation for an organisation"
_TREATY = "the slug, the depositary's number or a unique part of the title of a configured treaty"
NEW_CODE = re.compile(r"X-[A-Z0-9]{2,20}")
"""What a user may call an organisation that the shipped table does not have."""
_KINDS = tuple(kind.value for kind in ChangeKind)


def _codes(word: str, known: Vocabulary) -> frozenset[str]:
    codes = codes_of(word, known.names, known.groups)
    if codes is None:
        raise wrong(_COUNTRY, nearest_country(word, known.names, known.groups))
    return codes


def _code(word: str, known: Vocabulary) -> str:
    participant = known.names.lookup(word)
    if participant and participant.code:
        return participant.code
    if NEW_CODE.fullmatch(word):
        return word
    raise wrong(_CODE, known.names.nearest(word))


def _references(word: str, known: Vocabulary) -> frozenset[str]:
    found = matching_treaties(known.treaties, word)
    if len(found) > 1:
        raise wrong(
            _TREATY, found=f'"{word}", which fits ' + " and ".join(dict.fromkeys(treaty.slug for treaty in found))
        )
    if not found and known.all_treaties:
        raise wrong(_TREATY, nearest_treaty(known.treaties, word))
    return frozenset(treaty.reference for treaty in found)


def _kind(word: str, _: Vocabulary) -> ChangeKind:
    if word not in _KINDS:
        raise wrong('"all" or a list of ' + ", ".join(_KINDS), nearest(word, _KINDS))
    return ChangeKind(word)


def _channel(word: str, known: Vocabulary) -> str:
    if word not in known.channels:
        raise wrong("a channel of channels.toml: " + ", ".join(known.channels), nearest(word, known.channels))
    return word


def _source(word: str, known: Vocabulary) -> str:
    if word not in known.sources:
        raise wrong("a source: " + ", ".join(sorted(known.sources)), nearest(word, known.sources))
    return word


CountryWord = Annotated[frozenset[str], *_word(_codes, _COUNTRY)]
ParticipantCode = Annotated[str, *_word(_code, _CODE)]
TreatyWord = Annotated[frozenset[str], *_word(_references, _TREATY)]
KindWord = Annotated[ChangeKind, *_word(_kind, "a kind of change", enum=list(_KINDS))]
ChannelWord = Annotated[str, *_word(_channel, "the name of a channel")]
SourceWord = Annotated[str, *_word(_source, "the key of a source")]
