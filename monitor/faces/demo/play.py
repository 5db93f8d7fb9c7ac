"""The demo: the whole program on a local replica, from March 2025 to February 2026, with a clock that it sets itself.

Everything else is real: sockets, pages, the gate, the record, mails and signed webhooks, in a temporary directory.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor import bootstrap
from monitor.domain.wording import spoken
from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.inbox import Hook, HookReceiver, Inbox, Mail
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import REFERENCE, Scene, mine_ban
from monitor.pipeline import outbox, rounds
from monitor.pipeline.desk import Desk
from monitor.settings import Settings, load_settings

Say = Callable[[str], None]

MORNING = time(9, 0, tzinfo=UTC)

FILES = {
    "monitor.toml": '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\n',
    "treaties/mine-ban.toml": 'reference = "{reference}"\n[[sources]]\nsource = "untc"\nurl = "{page}"\n',
    "channels.toml": '[mail]\ntype = "email"\nserver = "{server}"\nfrom = "monitor@example.org"\ntls = "never"\n'
    '[hook]\ntype = "webhook"\nurl = "{hook}"\nsecret = "file:hook.secret"\n',
    "subscriptions.toml": '[[subscriptions]]\nname = "the demo"\nchannels = ["mail", "hook"]\n'
    'recipients = ["desk@example.org"]\n',
    "hook.secret": "{secret}\n",
}
"""The demo's configuration, in the form in which everybody writes theirs."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the play is played: the replica's site, the two receivers, and the configuration that names them."""

    depositary: Depositary
    inbox: Inbox
    receiver: HookReceiver
    settings: Settings


@dataclass(frozen=True, slots=True)
class Played:
    """What the play came to. `missed` and `false_alarms` are measured against the script of the play."""

    days: int = 0
    changes: int = 0
    mails: int = 0
    hooks: int = 0
    verified: int = 0
    missed: int = 0
    false_alarms: int = 0

    @property
    def flawless(self) -> bool:
        """Whether everything came, nothing else did, and every signature held."""
        return not (self.missed or self.false_alarms) and self.hooks == self.verified and self.mails > 0


def play(pace: float, say: Say) -> Played:
    """Play the whole play with a pause of `pace` seconds between two days, and say what happens as it happens."""
    with stage(say) as built:
        return asyncio.run(_perform(built, pace, say))


@contextmanager
def stage(say: Say) -> Iterator[Stage]:
    """Open a replica, a mailbox and a webhook receiver on loopback, with a configuration in a temporary directory."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="treaty-monitor-demo.")))
        depositary = stack.enter_context(Depositary())
        inbox = stack.enter_context(Inbox(lambda mail: say(_mail_in_words(mail))))
        receiver = stack.enter_context(HookReceiver(secret, lambda hook: say(_hook_in_words(hook))))
        page = depositary.address(mine_ban()[0].treaty.path)
        words = {"reference": REFERENCE, "page": page, "server": inbox.url, "hook": receiver.url, "secret": secret}
        for name, text in FILES.items():
            file = folder / "config" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(**words), "utf-8")
        yield Stage(depositary, inbox, receiver, load_settings(folder / "config", folder / "state"))


async def _perform(built: Stage, pace: float, say: Say) -> Played:
    played = Played()
    async with bootstrap.build(built.settings, patient=False) as desk:
        for number, scene in enumerate(mine_ban()):
            now = datetime.combine(scene.day, MORNING)
            built.depositary.show(REFERENCE, write_page(scene.treaty, now, seed=number))
            say(f"{spoken(scene.day)}: {scene.caption}")
            played = _counted(played, scene, await _one_day(desk, now))
            await asyncio.sleep(pace)
    hooks = built.receiver.hooks
    verified = sum(hook.verified for hook in hooks)
    return replace(played, mails=len(built.inbox.mails), hooks=len(hooks), verified=verified)


async def _one_day(desk: Desk, now: datetime) -> set[tuple[str | None, str]]:
    """Do what the daemon does on this day, and return whose changes of which kind it recorded."""
    results = await rounds.check_round(desk, desk.watched(), lambda: now, lambda _: None)
    await outbox.deliver_due(desk, lambda: now)
    return {(c.change.key, c.change.kind.value) for r in results for c in r.changes}


def _counted(played: Played, scene: Scene, reported: set[tuple[str | None, str]]) -> Played:
    expected: set[tuple[str | None, str]] = {(who, kind.value) for who, kind in scene.news}
    return replace(
        played,
        days=played.days + 1,
        changes=played.changes + len(reported),
        missed=played.missed + len(expected - reported),
        false_alarms=played.false_alarms + len(reported - expected),
    )


def _mail_in_words(mail: Mail) -> str:
    return f"    mail to {', '.join(mail.recipients)}: {mail.subject}"


def _hook_in_words(hook: Hook) -> str:
    return f"    webhook {hook.payload['type']}: {hook.payload['data']['title']} (signature verified)"
