"""Who is told and how: channels and subscriptions, from the user's words to the program's objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.domain.alert import Subscription
from monitor.settings.channels import (
    AppriseTable,
    AtomTable,
    ChannelTable,
    EmailTable,
    FileTable,
    ForeignTable,
    WebhookTable,
)
from monitor.settings.files import Files, Raw
from monitor.settings.hours import digest_of, quiet_of
from monitor.settings.model import ChannelsFile, SubscriptionsFile, SubscriptionTable
from monitor.settings.objects import CONSOLE, ChannelSettings, Option
from monitor.settings.secret import REFERENCE, Secret
from monitor.settings.vocabulary import Vocabulary

STDOUT = "-"


def read_channels(files: Files, state_dir: Path) -> tuple[tuple[ChannelSettings, ...], dict[str, str]]:
    """Return the channels, and the types of all that are named, wrong ones included.

    What the program reads starts at the configuration's folder, what it writes at the state's.
    """
    raw = files.toml("channels.toml")
    table = files.parse(ChannelsFile, "channels.toml", raw)
    types = {name: str(one.get("type")) for name, one in (raw or {}).items() if isinstance(one, dict)}
    if types.get(CONSOLE.name, CONSOLE.type) != CONSOLE.type:
        files.add("channels.toml", CONSOLE.name, f'type "{types[CONSOLE.name]}"', "another name; this one is built in")
    rows = table.root.items() if table else ()
    configured = {
        name: ChannelSettings(name, one.type, _options(files.folder, state_dir, name, one)) for name, one in rows
    }
    return tuple(({CONSOLE.name: CONSOLE} | configured).values()), {CONSOLE.name: CONSOLE.type} | types


def _options(folder: Path, state_dir: Path, name: str, table: ChannelTable) -> dict[str, Option]:
    given: dict[str, Any] = table.model_dump(by_alias=True, exclude_none=True, exclude={"type"})
    if isinstance(table, WebhookTable) and isinstance(table.secret, str):
        given["secret"] = [table.secret]
    if isinstance(table, EmailTable) and table.ca_file:
        given["ca_file"] = str(folder / table.ca_file)
    if isinstance(table, FileTable | AtomTable) and table.path != STDOUT:
        given["path"] = str(state_dir / table.path)
    secret = given if isinstance(table, ForeignTable) else _SECRET.get(table.type, ())
    return {key: _hidden(value, f"{name}.{key}", folder) if key in secret else value for key, value in given.items()}


_SECRET = {EmailTable.TAG: ("username", "password"), WebhookTable.TAG: ("secret", "url"), AppriseTable.TAG: ("url",)}


def _hidden(value: Any, key: str, folder: Path) -> Option:
    """Return a value with every secret that it names in place of its name."""
    if isinstance(value, list):
        return tuple(_hidden(one, key, folder) for one in value)
    return maybe_secret(value, "channels.toml", key, folder) if isinstance(value, str) else value


def maybe_secret(value: str, file: str, key: str, folder: Path) -> str | Secret:
    """Return a value that may stand openly: as it is, or as the secret that it names."""
    return Secret(value, file, key, folder) if REFERENCE.fullmatch(value) else value


def read_subscriptions(files: Files, known: Vocabulary, zone: ZoneInfo) -> tuple[Subscription, ...]:
    """Return the subscriptions of subscriptions.toml, every word resolved; what is wrong is noted.

    `zone` is that of subscriptions that name none.
    """
    raw = files.toml("subscriptions.toml")
    table = files.parse(SubscriptionsFile, "subscriptions.toml", raw, known)
    _one_name_each(files, raw)
    return tuple(_subscription(row, row.timezone or zone) for row in table.subscriptions) if table else ()


def _one_name_each(files: Files, raw: Raw | None) -> None:
    """Note names that two subscriptions share: an alert is told apart by the name."""
    rows = (raw or {}).get("subscriptions", [])
    names = [row.get("name") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    for number, name in enumerate(names):
        if name is not None and name in names[:number]:
            files.add("subscriptions.toml", f"subscriptions[{number}].name", f'"{name}" twice', "a name of its own")


def _subscription(row: SubscriptionTable, zone: ZoneInfo) -> Subscription:
    return Subscription(
        name=row.name,
        treaties=None if row.treaties == "all" else frozenset().union(*row.treaties),
        countries=None if row.countries == "all" else frozenset().union(*row.countries),
        kinds=None if row.kinds == "all" else frozenset(row.kinds),
        channels=tuple(dict.fromkeys(row.channels)),
        recipients=tuple(dict.fromkeys(row.recipients)),
        digest=digest_of(row.digest, zone),
        quiet=quiet_of(row.quiet, zone),
        reminders=tuple(sorted(set(row.reminders), reverse=True)),
        zone=zone,
    )
