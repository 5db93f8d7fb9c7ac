"""Answers as people read them: one function per shape, each printing a table that fits 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from monitor.faces.cli.output import table
from monitor.faces.spans import ago, counted, minute, spaced

if TYPE_CHECKING:
    from rich.console import Console

Shape = dict[str, Any]


def _name(item: Shape, missing: str = "(the treaty)") -> str:
    who = item["participant"]
    return f"{who['name']} ({who['code']})" if who and who["code"] else (who["as_written"] if who else missing)


def _act(act: Shape | None) -> str:
    if act is None:
        return ""
    effect = f", effective {act['effective']}" if act.get("effective") else ""
    return f"{spaced(act['kind'])} {act['date'] or '(no date)'}{effect}"


def status(out: Console, shape: Shape) -> None:
    """Print who stands where, treaty by treaty, with the readings that this rests on."""
    for reference, group in groupby(shape["participations"], lambda item: item["treaty"]):
        items = list(group)
        rows = ((_name(i), spaced(i["status"]), _last(i), _waiting(i)) for i in items)
        title = f"{items[0]['treaty_slug']} ({reference}) on {shape['on']}, as known on {shape['known']}"
        out.print(title)
        out.print(table(None, ("State", "status", "last act", "pending"), rows))
        out.print(_reading(items[0]["sources"]))
        out.print()
    if not shape["participations"]:
        out.print(f"Nothing was known on {shape['known']}. Read the pages with: treaty-monitor check")


def _reading(sources: list[Shape]) -> str:
    """Return on which readings an answer rests, and how old they are."""
    shown = (
        f"{s['source']}: page as at {s['as_at']}, read {ago(s['age_seconds'])}"
        if s["as_at"]
        else f"{s['source']}: known from {s['known_from'][:10]}, {ago(s['age_seconds'])}"
        for s in sources
    )
    return "\n".join(shown) or "no page read yet"


def _last(item: Shape) -> str:
    dated = [act for act in item["actions"] if act["date"]]
    return _act(max(dated, key=lambda act: act["date"])) if dated else ""


def _waiting(item: Shape) -> str:
    waiting = item["pending"]
    if waiting is None:
        return f"({item['basis']}{', conditional' if item['conditional'] else ''})" if item["basis"] != "stated" else ""
    condition = ", conditional" if waiting["conditional"] else ""
    return f"{spaced(waiting['kind'])} {waiting['effective'] or 'on no stated day'}{condition}"


def changes(out: Console, shape: Shape) -> None:
    """Print recorded changes, each with when it was learned and the page that shows it."""
    rows = ((_name(c), _said(c), *_dates(c), c["treaty_slug"], c["first_seen"][:10]) for c in shape["changes"])
    out.print(table(None, ("State", "change", "act of", "effective", "treaty", "learned"), rows))
    out.print(counted(len(shape["changes"]), "change"))


def _dates(change: Shape) -> tuple[str | None, str | None]:
    act = change["action"] or {}
    return act.get("date"), act.get("effective")


def _said(change: Shape) -> str:
    act = spaced(change["action"]["kind"]) if change["kind"] in {"consented", "act_recorded"} else None
    basis = change["basis"] if change.get("basis", "stated") != "stated" else None
    more = ", ".join(word for word in (act, basis) if word)
    return spaced(change["kind"]) + (f" ({more})" if more else "")


def upcoming(out: Console, shape: Shape) -> None:
    """Print what is to come, soonest first."""
    rows = (
        (i["date"] or "not stated", _name(i), spaced(i["kind"]), _rests_on(i), i["treaty_slug"])
        for i in shape["upcoming"]
    )
    out.print(table(None, ("date", "State", "effect", "rests on", "treaty"), rows))
    out.print(counted(len(shape["upcoming"]), "effect") + " to come")


def _rests_on(item: Shape) -> str:
    clause = f"article {item['clause']}, " if item["clause"] else ""
    return f"{clause}{item['basis']}{', conditional' if item['conditional'] else ''}"


def claims(out: Console, shape: Shape) -> None:
    """Print each claim with its verdict and why."""
    rows = ((c["id"], c["statement"], spaced(c["verdict"]), c["explanation"]) for c in shape["claims"])
    out.print(table(None, ("#", "claim", "verdict", "because"), rows))


def sources(out: Console, shape: Shape) -> None:
    """Print how each source is, and below what is wrong with it."""
    rows = (
        (
            s["treaty_slug"],
            s["source"],
            s["condition"],
            ago(s["age_seconds"]),
            minute(s["next_due"]),
            s["failures"] or "",
        )
        for s in shape["sources"]
    )
    out.print(table(None, ("treaty", "source", "condition", "read well", "next due", "failures"), rows))
    for source in shape["sources"]:
        if source["problem"]:
            out.print(f"{source['treaty_slug']} ({source['source']}): {source['problem']}")


def findings(out: Console, found: Iterable[Shape], of: str = "") -> None:
    """Print findings, one line each, after what they are `of`."""
    for one in found:
        out.print(f"{of}{one['level']}: {one['text']}" + (f" [{one['row']}]" if one.get("row") else ""))


def checked(out: Console, shape: Shape) -> None:
    """Print what a round came to, and what changed."""
    rows = ((c["slug"], c["source"], c["outcome"], _problem(c)) for c in shape["checks"])
    out.print(table(None, ("treaty", "source", "outcome", ""), rows))
    for check in shape["checks"]:
        findings(out, _notes(check), f"{check['slug']} ({check['source']}): ")
    if shape["changes"]:
        out.print()
        changes(out, shape)
    if "deliveries" in shape:
        sent(out, shape["deliveries"])


def _problem(check: Shape) -> str:
    notes = _notes(check)
    loud = [f["text"] for f in check["findings"] if f not in notes]
    return "; ".join([*loud, *([counted(len(notes), "note")] if notes else [])])


def _notes(check: Shape) -> list[Shape]:
    """Return the notes on a page that was read; where it was not, the note is the reason."""
    return [f for f in check["findings"] if f["level"] == "note" and check["outcome"] in _READ]


_READ = {"unchanged", "changed", "baseline", "held"}


def sent(out: Console, shape: Shape) -> None:
    """Print what one pass over the outbox came to."""
    out.print(f"sent {shape['sent']}, to be tried again {shape['retried']}, failed for good {shape['dead']}")


def extracted(out: Console, shape: Shape) -> None:
    """Print one saved page as it was read."""
    head = shape["treaty"]
    if head:
        totals = head["stated_totals"]
        out.print(f"{head['reference']}  {head['title']}")
        force = head["entry_into_force"] or "not in force"
        out.print(f"as at {head['as_at'] or '(not printed)'}, in force: {force}")
        out.print(f"printed: {totals['signatories']} signatories, {totals['parties']} parties")
        rows = ((_name(p), spaced(p["status"]), "; ".join(_marked(p["actions"]))) for p in shape["participations"])
        out.print(table(None, ("State", "status", "acts"), rows))
        out.print(counted(len(shape["participations"]), "row"))
    findings(out, shape["findings"])


def _marked(acts: list[Shape]) -> Iterator[str]:
    return (f"[{_act(act)}]" if act.get("bracketed") else _act(act) for act in acts)


def compared(out: Console, shape: Shape) -> None:
    """Print the changes between two saved pages."""
    for what in ("changes", "held"):
        rows = [(_name(c), _said(c), *_dates(c), _turn(c)) for c in shape[what]]
        if rows or what == "changes":
            out.print(
                table(what if what == "held" else None, ("State", "change", "act of", "effective", "status"), rows)
            )
    out.print(counted(len(shape["changes"]), "change") + f", {len(shape['held'])} held back")
    findings(out, shape["findings"])


def _turn(change: Shape) -> str:
    before, after = spaced(change["status_before"]), spaced(change["status_after"])
    return before if before == after else f"{before} → {after}"


def held(out: Console, shape: Shape) -> None:
    """Print what is held back, with the reasons."""
    for item in shape["held"]:
        out.print(f"{item['id']}  {item['treaty']} ({item['source']}), {item['row'] or 'the whole reading'}")
        out.print(f"  since {minute(item['since'])}, {item['state']}")
        findings(out, item["findings"])
        for change in item["changes"]:
            out.print(f"  {_name(change)}: {_said(change)}, {_act(change['action'])}")
    out.print(f"{len(shape['held'])} held back")


def deliveries(out: Console, shape: Shape) -> None:
    """Print the outbox, newest first, with the last attempt of each message."""
    rows = (
        (d["id"], d["channel"], d["recipient"], d["state"], len(d["attempts"]), minute(d["next_attempt"]), _answer(d))
        for d in shape["deliveries"]
    )
    out.print(table(None, ("id", "channel", "recipient", "state", "tries", "next", "last answer"), rows))


def _answer(delivery: Shape) -> str:
    return delivery["attempts"][-1]["detail"] if delivery["attempts"] else ""


def retried(out: Console, shape: Shape) -> None:
    """Print which deliveries are due again."""
    for one in shape["retried"]:
        out.print(f"{one} is due again; send it with: treaty-monitor deliver")


def enabled(out: Console, shape: Shape) -> None:
    """Print that a channel is enabled, and how much waits for it."""
    out.print(f"The channel {shape['enabled']} is enabled; {shape['due']} due over it.")


def readmitted(out: Console, shape: Shape) -> None:
    """Print who hears of a subscription again."""
    out.print(f"{shape['readmitted']} hears of {shape['subscription']} again.")


def played(out: Console, shape: Shape) -> None:
    """Print what the demo came to."""
    out.print(
        f"{shape['days']} days played, {shape['changes']} changes, {shape['mails']} mails and {shape['hooks']} webhooks"
        f" arrived ({shape['verified']} signatures verified), {shape['false_alarms']} false alarms,"
        f" {shape['missed']} missed."
    )
