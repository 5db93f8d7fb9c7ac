"""The tables of channels.toml: what each type of channel is told, those of other packages included."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from monitor.channels.catalogue import foreign_types
from monitor.settings import values
from monitor.settings.clauses import Table


class ConsoleTable(Table):
    """A channel that writes to the program's own output."""

    TAG: ClassVar[str] = "console"
    type: Literal["console"]


class EmailTable(Table):
    """A channel of email by SMTP."""

    TAG: ClassVar[str] = "email"
    type: Literal["email"]
    server: values.Server
    sender: values.Sender = Field(alias="from")
    username: values.Line | None = None
    password: values.SecretReference | None = None
    tls: Literal["auto", "never", "require"] | None = None
    timeout: values.SomeSeconds | None = None
    ca_file: values.Line | None = None
    envelope_from: values.Address | None = None
    list_domain: values.Domain | None = None
    unsubscribe: values.Unsubscribe | None = None

    @field_validator("tls")
    @classmethod
    def _one_kind_of_tls(cls, tls: str | None, info: ValidationInfo) -> str | None:
        if tls == "never" and info.data.get("server", "").startswith("smtps:"):
            raise values.wrong('"auto" or "require" with smtps://, or a server of smtp://')
        return tls


class WebhookTable(Table):
    """A channel of signed requests; several secrets while one replaces another, the newest first.

    An address that holds a token may be a secret itself.
    """

    TAG: ClassVar[str] = "webhook"
    type: Literal["webhook"]
    url: values.UrlOrSecret
    secret: (
        Annotated[values.SecretReference, Tag(values.WORD)]
        | Annotated[list[values.SecretReference], Field(min_length=1), Tag(values.LIST)]
    ) = Field(discriminator=Discriminator(lambda value: values.LIST if isinstance(value, list) else values.WORD))
    timeout: values.SomeSeconds | None = None


class AppriseTable(Table):
    """A channel to one of the services that Apprise knows; its address holds tokens and is a secret."""

    TAG: ClassVar[str] = "apprise"
    type: Literal["apprise"]
    url: values.SecretReference
    timeout: values.SomeSeconds | None = None


class FileTable(Table):
    """A channel that appends lines of JSON to a file, or writes them to the program's output ("-")."""

    TAG: ClassVar[str] = "file"
    type: Literal["file"]
    path: values.Line


class AtomTable(Table):
    """A channel that keeps an Atom feed in a file. `url` is where the feed is read, `domain` stands in its ids."""

    TAG: ClassVar[str] = "atom"
    type: Literal["atom"]
    path: values.Line
    title: values.Line | None = None
    url: values.Url | None = None
    domain: values.Domain | None = None


class ForeignTable(BaseModel):
    """A channel of another package (entry point `monitor.channels`), which alone judges its keys.

    Every text that reads env:NAME or file:PATH is a secret.
    """

    TAG: ClassVar[str] = "<type of another package>"
    model_config = ConfigDict(extra="allow", frozen=True)
    type: str = Field(json_schema_extra=lambda schema: schema.update(enum=list(foreign_types())))


_TABLES = (AppriseTable, AtomTable, ConsoleTable, EmailTable, FileTable, WebhookTable)


def _table_of(value: object) -> str | None:
    """Return the tag of the table that a channel's `type` asks for, or None."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    own = next((table.TAG for table in _TABLES if kind == table.TAG), None)
    return own or (ForeignTable.TAG if kind in foreign_types() else None)


ChannelTable = Annotated[
    Annotated[AppriseTable, Tag(AppriseTable.TAG)]
    | Annotated[AtomTable, Tag(AtomTable.TAG)]
    | Annotated[ConsoleTable, Tag(ConsoleTable.TAG)]
    | Annotated[EmailTable, Tag(EmailTable.TAG)]
    | Annotated[FileTable, Tag(FileTable.TAG)]
    | Annotated[WebhookTable, Tag(WebhookTable.TAG)]
    | Annotated[ForeignTable, Tag(ForeignTable.TAG)],
    Discriminator(_table_of),
]
