"""The files of the configuration as a user writes them: one pydantic model each, and the JSON Schema from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Discriminator, Field, StrictInt, Tag, ValidationInfo, field_validator

from monitor.settings import values
from monitor.settings.channels import ChannelTable
from monitor.settings.clauses import Named, RulesTable, Table
from monitor.settings.hours import QuietTable, WordOrDigest
from monitor.settings.objects import Network, Plausibility, Retention, Web
from monitor.settings.vocabulary import (
    ChannelWord,
    CountryWord,
    KindWord,
    ParticipantCode,
    SourceWord,
    TreatyWord,
    vocabulary_of,
)

T = TypeVar("T")
ListOrAll = Annotated[
    Annotated[Literal["all"], Tag(values.WORD)] | Annotated[list[T], Field(min_length=1), Tag(values.LIST)],
    Discriminator(lambda value: values.WORD if isinstance(value, str) else values.LIST),
]
Count = Annotated[StrictInt, Field(ge=0)]

_NETWORK, _WEB, _PLAUSIBILITY, _RETENTION = Network(), Web(), Plausibility(), Retention()


class Told(Table):
    """Who is told over what: channels, and recipients where one of them is email."""

    channels: tuple[ChannelWord, ...]
    recipients: Annotated[tuple[values.Address, ...], Field(validate_default=True)] = ()

    @field_validator("recipients")
    @classmethod
    def _email_needs_recipients(cls, recipients: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        types = vocabulary_of(info).channels
        email = [name for name in info.data.get("channels", ()) if types[name] == "email"]
        if email and not recipients:
            raise values.wrong(f'addresses, because the channel "{email[0]}" is email', found="no recipients")
        return recipients


class WebTable(Table):
    """`[web]` of monitor.toml."""

    listen: values.Listen = (_WEB.host, _WEB.port)
    token_hash: Annotated[values.TokenHash | None, Field(validate_default=True)] = None
    public: values.PublicAddress | None = None

    @field_validator("token_hash")
    @classmethod
    def _others_need_a_token(cls, token_hash: str | None, info: ValidationInfo) -> str | None:
        host, _ = info.data.get("listen", (_WEB.host, _WEB.port))
        if token_hash is None and not values.is_loopback(host):
            raise values.wrong(
                f'"sha256:…", the hash of the access token, because {host} is reached by other machines'
                ' (make one with: t=$(openssl rand -hex 24); echo "$t"; printf %s "$t" | sha256sum)',
                found="none",
            )
        return token_hash


class NetworkTable(Table):
    """`[network]` of monitor.toml."""

    allow: tuple[values.Range, ...] = ()
    pause: values.Seconds = _NETWORK.pause
    timeout: values.SomeSeconds = _NETWORK.timeout
    max_bytes: Annotated[StrictInt, Field(ge=1024)] = _NETWORK.max_bytes
    retries: Count = _NETWORK.retries


class OperatorTable(Told):
    """`[operator]` of monitor.toml."""

    channels: tuple[ChannelWord, ...] = ()
    coverage: Literal["monthly", "never"] = "monthly"
    ping: values.UrlOrSecret | None = None


class PlausibilityTable(Table):
    """`[plausibility]` of monitor.toml."""

    unexplained_departures: Count = _PLAUSIBILITY.limits.departures
    corrections: Count = _PLAUSIBILITY.limits.corrections
    old_after: values.SomeSeconds = _PLAUSIBILITY.limits.old_after * 86400.0
    confirm_after: values.Seconds = _PLAUSIBILITY.confirm_after
    stale_after: values.SomeSeconds = _PLAUSIBILITY.stale_after


class RetentionTable(Table):
    """`[retention]` of monitor.toml."""

    pages: values.Keeping = _RETENTION.pages
    messages: values.Keeping = _RETENTION.messages


class MonitorFile(Table):
    """monitor.toml; every key may be left out."""

    timezone: values.TimeZone = ZoneInfo("UTC")
    contact: values.Line | None = None
    database: values.Database | None = None
    documents: values.Documents | None = None
    web: WebTable = WebTable.model_construct()
    network: NetworkTable = NetworkTable.model_construct()
    operator: OperatorTable = OperatorTable.model_construct()
    plausibility: PlausibilityTable = PlausibilityTable.model_construct()
    retention: RetentionTable = RetentionTable.model_construct()


class SourceTable(Table):
    """One of the `[[sources]]` of a treaty file; without `url`, the depositary's address of the treaty."""

    source: SourceWord
    url: values.Url | None = None
    every: values.SomeSeconds = 12 * 3600.0
    when_quiet: values.SomeSeconds | None = None
    robots: Literal["obey", "ignore"] = "obey"

    @field_validator("when_quiet")
    @classmethod
    def _quiet_is_not_more_often(cls, when_quiet: float | None, info: ValidationInfo) -> float | None:
        if when_quiet is not None and when_quiet < info.data.get("every", 0.0):
            raise values.wrong('at least as long as "every", for a quiet page is asked less often')
        return when_quiet


class TreatyFile(Table):
    """treaties/*.toml; the number alone is enough for a treaty of the UN Treaty Collection."""

    reference: values.Reference
    slug: values.Slug | None = None
    title: values.Line | None = None
    sources: list[SourceTable] | None = Field(default=None, min_length=1)
    rules: RulesTable = RulesTable.model_construct()


class ChannelsFile(Named[ChannelTable]):
    """channels.toml: names to channels."""


class SubscriptionTable(Told):
    """One of the `[[subscriptions]]`; what is not named means all."""

    name: values.Line
    treaties: ListOrAll[TreatyWord] = "all"
    countries: ListOrAll[CountryWord] = "all"
    kinds: ListOrAll[KindWord] = "all"
    channels: Annotated[tuple[ChannelWord, ...], Field(min_length=1)]
    digest: WordOrDigest | None = None
    quiet: QuietTable | None = None
    reminders: tuple[values.DaysBefore, ...] = ()
    timezone: values.TimeZone | None = None


class SubscriptionsFile(Table):
    """subscriptions.toml."""

    subscriptions: tuple[SubscriptionTable, ...] = ()


class GroupsFile(Named[Annotated[list[CountryWord], Field(min_length=1)]]):
    """groups.toml: names of groups to codes, names, and names of other groups."""


class ParticipantsFile(Named[ParticipantCode]):
    """participants.toml: further spellings of names to codes."""


FILES: Mapping[str, type[BaseModel]] = {
    "monitor.toml": MonitorFile,
    "channels.toml": ChannelsFile,
    "subscriptions.toml": SubscriptionsFile,
    "groups.toml": GroupsFile,
    "participants.toml": ParticipantsFile,
    "treaties/*.toml": TreatyFile,
}
"""Which model each file follows."""
