"""What a configuration may put into headers and pages: nothing that ends a line, and no markup that works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import lxml.html
import pytest

from monitor.channels.mail import Letterhead, compose
from monitor.domain.delivery import Delivery
from monitor.domain.errors import Mistake
from monitor.pipeline.notify import as_text, plain
from monitor.settings import Settings

SECOND_LINE = "\\r\\nBcc: victim@example.org"
"""As TOML writes a line's end."""
MAIL = 'type = "email"\nserver = "smtp://mail.example.org"\n'
SENDER = 'from = "m@example.org"\n'
TOLD = '[[subscriptions]]\nchannels = ["desk"]\n'
DESK = f"[desk]\n{MAIL}{SENDER}"

PLACES = {
    "from": ("channels", f'[desk]\n{MAIL}from = "m@example.org{SECOND_LINE}"\n'),
    "envelope_from": ("channels", f'{DESK}envelope_from = "b@example.org{SECOND_LINE}"\n'),
    "list_domain": ("channels", f'{DESK}list_domain = "example.org{SECOND_LINE}"\n'),
    "unsubscribe": ("channels", f'{DESK}unsubscribe = "https://example.org/{SECOND_LINE}"\n'),
    "recipients": ("subscriptions", f'{TOLD}name = "x"\nrecipients = ["a@example.org{SECOND_LINE}"]\n'),
    "name": ("subscriptions", f'{TOLD}name = "x{SECOND_LINE}"\nrecipients = ["a@example.org"]\n'),
    "contact": ("monitor", f'contact = "desk@example.org{SECOND_LINE}"\n'),
    "public": ("monitor", f'[web]\npublic = "https://alerts.example.org/{SECOND_LINE}"\n'),
    "title": ("treaties__other", f'reference = "XXVI-6"\ntitle = "A treaty{SECOND_LINE}"\n'),
}


@pytest.mark.parametrize("key", list(PLACES))
def test_no_value_of_the_configuration_can_end_a_headers_line(wrong: Callable[..., list[Mistake]], key: str) -> None:
    file, text = PLACES[key]
    mistakes = wrong(**({"channels": DESK} | {file: text}))
    assert any(key in mistake.key for mistake in mistakes)
    assert not any("\r" in str(mistake) or "\n" in str(mistake) for mistake in mistakes)


def test_a_name_that_is_markup_is_shown_and_does_nothing(load: Callable[..., Settings]) -> None:
    markup = '<img src=x onerror=alert(1)>"</title>'
    text = TOLD + f"name = '{markup}'\nrecipients = [\"a@example.org\"]\n"
    [subscription] = load(channels=DESK, subscriptions=text).subscriptions
    made = replace(_delivery(), subscription=subscription.name, recipient=subscription.recipients[0])
    mail = message_from_bytes(compose(made, Letterhead(sender="m@example.org")).content, policy=policy.default)
    assert mail["List-Id"] == "<img-src-x-onerror-alert-1-title.treaty-monitor.example.org>"
    page = lxml.html.document_fromstring(mail.get_body(("html",)).get_content())
    assert list(page.iter("img")) == []
    assert markup in page.text_content()


def _delivery() -> Delivery:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    body = as_text(plain("treaty.status_changed", now, "Poland: withdrawal notified", "One sentence."))
    return Delivery("msg_1", "desk", "a@example.org", body, now, now)
