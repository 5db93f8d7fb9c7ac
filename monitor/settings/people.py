"""Who is told and how: channels and subscriptions, from the user's words to the program's objects."""

from __future__ import annotations

from pathlib import Path

from monitor.domain.alert import Subscription
from monitor.settings.files import Files, Raw
from monitor.settings.model import ChannelsFile, EmailTable, SubscriptionsFile, SubscriptionTable, WebhookTable
from monitor.settings.objects import CONSOLE, ChannelSettings, Option
from monitor.settings.secret import REFERENCE, Secret
from monitor.settings.vocabulary import Vocabulary


def read_channels(files: Files) -> tuple[tuple[ChannelSettings, ...], dict[str, str]]:
    """Return the channels, and the types of all that are named, wrong ones included."""
    raw = files.toml("channels.toml")
    table = files.parse(ChannelsFile, "channels.toml", raw)
    types = {name: str(one.get("type")) for name, one in (raw or {}).items() if isinstance(one, dict)}
    if types.get(CONSOLE.name, CONSOLE.type) != CONSOLE.type:
        files.add("channels.toml", CONSOLE.name, f'type "{types[CONSOLE.name]}"', "another name; this one is built in")
    rows = table.root.items() if table else ()
    configured = {name: ChannelSettings(name, one.type, _options(files.folder, name, one)) for name, one in rows}
    return tuple(({CONSOLE.name: CONSOLE} | configured).values()), {CONSOLE.name: CONSOLE.type} | types


def _options(folder: Path, name: str, table: object) -> dict[str, Option]:
    if isinstance(table, EmailTable):
        given = table.model_dump(by_alias=True, exclude_none=True, exclude={"type"})
        secret = {"username", "password"}
        return {
            key: maybe_secret(value, "channels.toml", f"{name}.{key}", folder) if key in secret else value
            for key, value in given.items()
        }
    if isinstance(table, WebhookTable):
        given = table.model_dump(exclude_none=True, exclude={"type"})
        secrets = table.secret if isinstance(table.secret, list) else [table.secret]
        given["secret"] = tuple(Secret(one, "channels.toml", f"{name}.secret", folder) for one in secrets)
        return given
    return {}


def maybe_secret(value: str, file: str, key: str, folder: Path) -> str | Secret:
    """Return a value that may stand openly: as it is, or as the secret that it names."""
    return Secret(value, file, key, folder) if REFERENCE.fullmatch(value) else value


def read_subscriptions(files: Files, known: Vocabulary) -> tuple[Subscription, ...]:
    """Return the subscriptions of subscriptions.toml, every word resolved; what is wrong is noted."""
    raw = files.toml("subscriptions.toml")
    table = files.parse(SubscriptionsFile, "subscriptions.toml", raw, known)
    _one_name_each(files, raw)
    return tuple(_subscription(row) for row in table.subscriptions) if table else ()


def _one_name_each(files: Files, raw: Raw | None) -> None:
    """Note names that two subscriptions share: an alert is told apart by the name."""
    rows = (raw or {}).get("subscriptions", [])
    names = [row.get("name") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    for number, name in enumerate(names):
        if name is not None and name in names[:number]:
            files.add("subscriptions.toml", f"subscriptions[{number}].name", f'"{name}" twice', "a name of its own")


def _subscription(row: SubscriptionTable) -> Subscription:
    return Subscription(
        name=row.name,
        treaties=None if row.treaties == "all" else frozenset().union(*row.treaties),
        countries=None if row.countries == "all" else frozenset().union(*row.countries),
        kinds=None if row.kinds == "all" else frozenset(row.kinds),
        channels=tuple(dict.fromkeys(row.channels)),
        recipients=tuple(dict.fromkeys(row.recipients)),
    )
