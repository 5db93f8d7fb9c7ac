"""Commands on what goes out: deliver, deliveries, channels, subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer

from monitor.faces.cli import words
from monitor.faces.cli.face import Face, command
from monitor.faces.cli.trouble import DONE, UNDELIVERED

Ids = Annotated[list[str], typer.Argument(metavar="ID", help="As `deliveries list` shows them.", show_default=False)]
Channel = Annotated[str, typer.Argument(metavar="NAME", help="A channel of channels.toml.", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A subscription.", show_default=False)]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="One of its recipients.", show_default=False)]
To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="ADDRESS", parser=words.an_address, help="Recipient, for email; repeatable."),
]
From = Annotated[
    date, typer.Option("--since", metavar="DATE", parser=words.a_day, help="Learned then or later.", show_default=False)
]

PANEL = "What goes out"


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command(rich_help_panel=PANEL)(command(deliver))
    _group(
        app, "deliveries", "The outbox with every attempt. Example: treaty-monitor deliveries", outbox, {"retry": retry}
    )
    text = "Where alerts go. Example: treaty-monitor channels test desk"
    _group(app, "channels", text, channels, {"test": try_out, "enable": enable, "schema": schema})
    text = "Who hears of what. Example: treaty-monitor subscriptions list"
    _group(app, "subscriptions", text, subscriptions, {"test": rehearse, "readmit": readmit})


Work = Callable[..., int | None]


def _group(app: typer.Typer, name: str, text: str, listed: Work, others: dict[str, Work]) -> None:
    """Add a group that lists where none of its commands is named."""
    group = typer.Typer(help=text)
    group.callback(invoke_without_command=True)(command(listed))
    for word, work in ({"list": listed} | others).items():
        group.command(word)(command(work))
    app.add_typer(group, name=name, rich_help_panel=PANEL)


def deliver(face: Face) -> int:
    """Send what is due.

    Example: treaty-monitor deliver
    """
    from monitor.faces import logs
    from monitor.faces.cli import posting, views

    logs.configure(face.verbosity)
    shape = posting.deliver(face)
    face.show(shape, views.sent)
    return UNDELIVERED if shape["dead"] else DONE


def outbox(face: Face, limit: words.Limit = None) -> None:
    """The outbox with every attempt, newest first.

    Example: treaty-monitor deliveries list --json
    """
    from monitor import bootstrap
    from monitor.faces.cli import views
    from monitor.pipeline import report

    with bootstrap.record(face.settings()) as desk:
        shape = report.deliveries(desk, limit=limit)
    face.show(shape, views.deliveries)


def retry(face: Face, ids: Ids) -> None:
    """Make deliveries due again, also those that failed for good.

    Example: treaty-monitor deliveries retry msg_0123456789abcdef01234567
    """
    from monitor.faces.cli import posting, views

    face.show(posting.retry(face.settings(), tuple(ids)), views.retried)


def channels(face: Face) -> None:
    """The configured channels, secrets masked, and what is wrong with them.

    Example: treaty-monitor channels list
    """
    from monitor.faces.cli import listings, posting

    face.show(posting.channels(face.settings()), listings.channels)


def try_out(face: Face, name: Channel, to: To = None) -> int:
    """Send a clearly marked test message through the real path.

    Example: treaty-monitor channels test desk-mail --to ops@example.org
    """
    from monitor.faces import logs
    from monitor.faces.cli import posting, views

    logs.configure(face.verbosity)
    shape = posting.try_out(face, name, tuple(to or ()))
    face.show(shape, views.deliveries)
    return UNDELIVERED if any(d["state"] == "dead" for d in shape["deliveries"]) else DONE


def enable(face: Face, name: Channel) -> None:
    """Enable a channel that was disabled after days of failures; what waited for it is due at once.

    Example: treaty-monitor channels enable desk-mail
    """
    from monitor.faces.cli import posting, views

    face.show(posting.enable(face.settings(), name), views.enabled)


def schema(face: Face) -> None:
    """JSON Schema of what a webhook receives.

    Example: treaty-monitor channels schema > webhook.schema.json
    """
    from monitor.channels.catalogue import webhook_schema
    from monitor.faces.cli import configuration

    face.show(webhook_schema(), configuration.as_json)


def subscriptions(face: Face) -> None:
    """Who hears of what, over which channels, and when.

    Example: treaty-monitor subscriptions list
    """
    from monitor.faces.cli import listings, posting

    face.show(posting.subscriptions(face.settings()), listings.subscriptions)


def readmit(face: Face, name: Name, address: Address) -> None:
    """Send to a recipient again who has left by the link in a mail.

    Example: treaty-monitor subscriptions readmit "eastern flank" desk@example.org
    """
    from monitor.faces.cli import posting, views

    face.show(posting.readmit(face.settings(), name, address), views.readmitted)


def rehearse(face: Face, name: Name, since: From) -> None:
    """What a subscription would have sent since a date; nothing is sent.

    Example: treaty-monitor subscriptions test "eastern flank" --since 2025-06-01
    """
    from monitor.faces.cli import listings, posting

    face.show(posting.rehearse(face.settings(), name, since), listings.rehearsed)
