"""Lists as people read them: channels, subscriptions, treaties, countries; one function per shape."""

from __future__ import annotations

from calendar import day_name
from typing import Any

from rich.console import Console

from monitor.faces.cli.output import table
from monitor.faces.spans import counted, how_often, minute, spaced

Shape = dict[str, Any]


def channels(out: Console, shape: Shape) -> None:
    """Print the channels with their options, and below what is wrong with them."""
    rows = ((c["name"], c["type"], _pairs(c["options"])) for c in shape["channels"])
    out.print(table(None, ("channel", "type", "options"), rows))
    for channel in shape["channels"]:
        if channel["disabled"]:
            why = f"disabled since {minute(channel['disabled'])}: {channel['problem']}"
            cure = f"When it works again: treaty-monitor channels enable {channel['name']}"
            out.print(f"{channel['name']}: {why}. {cure}", soft_wrap=True)
        elif channel["failing_since"]:
            why = f"nothing but failures since {minute(channel['failing_since'])}: {channel['problem']}"
            out.print(f"{channel['name']}: {why}", soft_wrap=True)


def _pairs(options: Shape) -> str:
    return ", ".join(f"{key} = {value}" for key, value in options.items() if value is not None)


def subscriptions(out: Console, shape: Shape) -> None:
    """Print who hears of what, and when."""
    keys = ("name", "treaties", "countries", "kinds", "channels", "recipients")
    rows = ([*(_listed(s[key]) for key in keys), _when(s)] for s in shape["subscriptions"])
    out.print(table(None, (*keys, "when"), rows))
    for subscription in shape["subscriptions"]:
        for one in subscription["left"]:
            out.print(f"{subscription['name']}: {one['recipient']} has left it on {minute(one['at'])}")


def _when(subscription: Shape) -> str:
    """Return when a subscription hears, by the clock of its zone: at once, or with which digest; what is held."""
    digest, quiet, days = subscription["digest"], subscription["quiet"], subscription["reminders"]
    parts = [_digest(digest) if digest else "at once"]
    if quiet:
        breaking = ", ".join(map(spaced, quiet["breaking"]))
        parts.append(f"quiet {quiet['start'][:5]}-{quiet['end'][:5]}" + (f" except {breaking}" if breaking else ""))
    if days:
        parts.append(f"reminders {', '.join(map(str, days))} days before")
    return "; ".join(parts) + f" ({subscription['zone']})"


def _digest(digest: Shape) -> str:
    if digest["every"] == "hourly":
        return f"hourly at minute {digest['at'][3:5]}"
    weekday = f" on {day_name[digest['weekday']]}" if digest["every"] == "weekly" else ""
    return f"{digest['every']}{weekday} at {digest['at'][:5]}"


def _listed(value: str | list[str] | None) -> str:
    return "all" if value is None else (", ".join(value) if isinstance(value, list) else value)


def rehearsed(out: Console, shape: Shape) -> None:
    """Print the alerts that a subscription would have given, each with the moment at which it goes out."""
    rows = (
        (minute(a["at"]), _kind(a), a["title"], ", ".join([*a["channels"], *a["recipients"]])) for a in shape["alerts"]
    )
    out.print(table(None, ("goes out", "what", "alert", "to"), rows))
    out.print(counted(len(shape["alerts"]), "alert") + f" since {shape['since']}; nothing was sent")


def _kind(alert: Shape) -> str:
    kinds = {"treaty.digest": "digest", "treaty.effect_upcoming": "effect to come"}
    return kinds.get(alert["type"], "change") + (", still waits" if alert["waits"] else "")


def treaties(out: Console, shape: Shape) -> None:
    """Print the catalogue."""
    rows = ((t["reference"], t["slug"], t["title"], "yes" if t["watched"] else "") for t in shape["treaties"])
    out.print(table(None, ("number", "slug", "title", "watched"), rows))


def discovered(out: Console, shape: Shape) -> None:
    """Print what a collection lists."""
    rows = ((t["reference"], t["title"]) for t in shape["treaties"])
    out.print(table(None, ("number", "title"), rows))
    for finding in shape["findings"]:
        out.print(finding["text"], soft_wrap=True)


def treaty(out: Console, shape: Shape) -> None:
    """Print one treaty with its final clauses and where it is read."""
    out.print(f"{shape['reference']}  {shape['slug']}  {shape['title']}")
    if shape["full_title"]:
        out.print(shape["full_title"])
    leaving, entry = shape["withdrawal"], shape["entry_into_force"]
    out.print(f"leaving: {_clause(leaving, 'notice') if leaving else 'not known'}")
    out.print(f"in force for later States: {_clause(entry, 'after') if entry else 'not known'}")
    for source in shape["sources"]:
        out.print(f"{source['source']}: {source['url']}, {_asked(source)}", soft_wrap=True)
    if not shape["watched"]:
        out.print(f'Not watched; watch it with a file in config/treaties: reference = "{shape["reference"]}"')


def _asked(source: Shape) -> str:
    return how_often(source["every_seconds"], source["when_quiet_seconds"])


def _clause(clause: Shape, key: str) -> str:
    period = clause[key]
    span = f"{_period(period)}, {spaced(period['rounding'])}" if period else "no countable notice"
    article = f", article {clause['article']}" if clause["article"] else ""
    return span + article + (", conditional" if clause.get("conditional") else "")


def _period(period: Shape) -> str:
    return counted(period["amount"], period["unit"].removesuffix("s"))


def countries(out: Console, shape: Shape) -> None:
    """Print participants, then groups."""
    rows = ((c["code"], c["name"], spaced(c["kind"]), ", ".join(c["groups"])) for c in shape["countries"])
    out.print(table(None, ("code", "name", "kind", "groups"), rows))
    for name, codes in shape.get("groups", {}).items():
        out.print(f"{name}: {', '.join(codes)}")


def country(out: Console, shape: Shape) -> None:
    """Print one participant, or the members of a group."""
    countries(out, shape if "countries" in shape else {"countries": [shape]})
