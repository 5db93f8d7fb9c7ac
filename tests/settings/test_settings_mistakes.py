"""Bad configuration is a user talking: each kind of mistake gives one message: file, key, found, allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from monitor.domain.errors import ConfigurationError, Mistake
from monitor.settings import load_settings

MAIL = '[desk-mail]\ntype = "email"\nserver = "smtp://127.0.0.1:2525"\nfrom = "monitor@example.org"\n'
HOOK = '[hook]\ntype = "webhook"\nurl = "https://example.org/x"\nsecret = "env:HOOK"\n'


class Wrong(Protocol):
    """What the fixture `wrong` gives."""

    def __call__(self, **files: str | bytes) -> list[Mistake]: ...


def subscription(more: str = "", *, channels: str = '["console"]') -> str:
    return f'[[subscriptions]]\nname = "desk"\nchannels = {channels}\n{more}\n'


def test_a_missing_folder_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="treaty-monitor init"):
        load_settings(tmp_path / "nowhere", tmp_path)


def test_a_folder_without_treaties_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"treaties/: \*\.toml: found no treaty file"):
        load_settings(tmp_path, tmp_path)


def test_wrong_toml_names_the_line(wrong: Wrong) -> None:
    [mistake] = wrong(monitor='timezone = "UTC"\n[web\n')
    assert (mistake.file, mistake.key[:6]) == ("monitor.toml", "line 2")


def test_a_file_that_is_not_utf8_is_a_mistake(wrong: Wrong) -> None:
    [mistake] = wrong(groups=b'x = ["\xff"]')
    assert (mistake.file, mistake.allowed) == ("groups.toml", "TOML in UTF-8")


def test_a_folder_in_place_of_a_file_is_a_mistake(wrong: Wrong, tmp_path: Path) -> None:
    (tmp_path / "config" / "monitor.toml").mkdir(parents=True)
    assert [m.allowed for m in wrong()] == ["a readable file"]


def test_a_misspelled_file_name_is_a_mistake(wrong: Wrong) -> None:
    [mistake] = wrong(chanels=MAIL)
    assert (mistake.file, mistake.nearest) == ("chanels.toml", "channels.toml")


MONITOR = [
    ('databse = "x"', "databse", "database"),
    ("[nettwork]", "nettwork", "network"),
    ('[web]\nlisten = "127.0.0.1:8477"\nprot = 1', "web.prot", None),
    ('timezone = "Europe/Warsow"', "timezone", "Europe/Warsaw"),
    ("timezone = 1", "timezone", None),
    ('contact = "a\\r\\nX-Evil: b"', "contact", None),
    ('database = "mysql://x/y"', "database", None),
    ('[web]\nlisten = "127.0.0.1"', "web.listen", None),
    ('[web]\nlisten = "127.0.0.1:70000"', "web.listen", None),
    ('[network]\nallow = ["10.0.0.1/8"]', "network.allow[0]", None),
    ('[network]\nallow = "10.0.0.0/8"', "network.allow", None),
    ('[network]\npause = "2"', "network.pause", None),
    ("[network]\npause = 2", "network.pause", None),
    ("[network]\nretries = -1", "network.retries", None),
    ('[network]\nmax_bytes = "big"', "network.max_bytes", None),
    ('[operator]\nchannels = ["consol"]', "operator.channels[0]", "console"),
    ("[plausibility]\nunexplained_departures = 1.5", "plausibility.unexplained_departures", None),
    ('[plausibility]\nstale_after = "soon"', "plausibility.stale_after", None),
    ('[retention]\npages = "2y"', "retention.pages", None),
    ('[retention]\npages = "29 days"', "retention.pages", None),
    ('[retention]\nmessages = "101 years"', "retention.messages", None),
]


@pytest.mark.parametrize(("text", "key", "nearest"), MONITOR)
def test_each_mistake_of_monitor_toml(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    assert [(m.file, m.key, m.nearest) for m in wrong(monitor=text)] == [("monitor.toml", key, nearest)]


TREATY = [
    ('slug = "x"', "reference", None),
    ('reference = "XXVI5"', "reference", None),
    ('reference = "XXVI-5"\nslug = "Mine Ban"', "slug", None),
    ('reference = "XXVI-5"\ntitel = "x"', "titel", "title"),
    ('reference = "XXVI-5"\nsources = []', "sources", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "unct"', "sources[0].source", "untc"),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nurl = "treaties.un.org"', "sources[0].url", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nurl = "https://a:b@x.org"', "sources[0].url", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nurl = "https://x.org:99999"', "sources[0].url", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nevery = "12 hours"', "sources[0].every", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nevery = "0s"', "sources[0].every", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nwhen_quiet = "11h"', "sources[0].when_quiet", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nwhen_quiet = "often"', "sources[0].when_quiet", None),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nrobots = "obay"', "sources[0].robots", "obey"),
    ('reference = "XXVI-5"\n[[sources]]\nsource = "untc"\nevry = "1h"', "sources[0].evry", "every"),
    ('reference = "XXVI-5"\n[rules]\nentry = { period = "six months" }', "rules.entry.period", None),
    ('reference = "XXVI-5"\n[rules]\nentry = { article = "17" }', "rules.entry.period", None),
    ('reference = "XXVI-5"\n[rules]\nwithdrawl = {}', "rules.withdrawl", "withdrawal"),
    (
        'reference = "XXVI-5"\n[rules]\nwithdrawal = { rounding = "first_of_mont" }',
        "rules.withdrawal.rounding",
        "first_of_month",
    ),
    ('reference = "XXVI-5"\n[rules]\nwithdrawal = { conditional = "yes" }', "rules.withdrawal.conditional", None),
]


@pytest.mark.parametrize(("text", "key", "nearest"), TREATY)
def test_each_mistake_of_a_treaty_file(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    found = wrong(**{"treaties__mine-ban": text})
    assert [(m.file, m.key, m.nearest) for m in found] == [("treaties/mine-ban.toml", key, nearest)]


def test_two_files_with_one_slug_or_number_are_mistakes(wrong: Wrong) -> None:
    found = wrong(treaties__other='reference = "XXVI-5"')
    assert [(m.file, m.key) for m in found] == [("treaties/other.toml", "slug"), ("treaties/other.toml", "reference")]


def test_one_source_twice_is_a_mistake(wrong: Wrong) -> None:
    text = 'reference = "XXVI-5"\n[[sources]]\nsource = "untc"\n[[sources]]\nsource = "untc"\n'
    assert [m.key for m in wrong(**{"treaties__mine-ban": text})] == ["sources[1].source"]


CHANNELS = [
    ('[x]\ntype = "emial"', "x.type", "email"),
    ("[x]", "x.type", None),
    ("x = 1", "x", None),
    ('[console]\ntype = "webhook"\nurl = "https://example.org"\nsecret = "env:X"', "console", None),
    (MAIL + 'servr = "x"', "desk-mail.servr", "server"),
    (MAIL.replace("smtp://", ""), "desk-mail.server", None),
    (MAIL.replace("smtp://", "smtp://user:pw@"), "desk-mail.server", None),
    (MAIL.replace("monitor@example.org", "monitor"), "desk-mail.from", None),
    (MAIL.replace("monitor@", "x\\r\\nBcc: monitor@"), "desk-mail.from", None),
    (MAIL + 'tls = "nevr"', "desk-mail.tls", "never"),
    (MAIL.replace("smtp:", "smtps:") + 'tls = "never"', "desk-mail.tls", None),
    (MAIL + "timeout = 5", "desk-mail.timeout", None),
    (HOOK.replace("https:", "ftp:"), "hook.url", None),
    (HOOK.replace('secret = "env:HOOK"', ""), "hook.secret", None),
    (HOOK.replace('"env:HOOK"', '["env:HOOK", "whsec_plain"]'), "hook.secret[1]", None),
]


@pytest.mark.parametrize(("text", "key", "nearest"), CHANNELS)
def test_each_mistake_of_channels_toml(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    assert [(m.file, m.key, m.nearest) for m in wrong(channels=text)] == [("channels.toml", key, nearest)]


def test_a_plain_secret_is_a_mistake_that_does_not_show_it(wrong: Wrong) -> None:
    found = wrong(channels=MAIL + 'password = "hunter2"\n' + HOOK.replace("env:HOOK", "hunter2"))
    assert [m.key for m in found] == ["desk-mail.password", "hook.secret"]
    assert "hunter2" not in " ".join(map(str, found))


SUBSCRIPTIONS = [
    ('countries = ["Polnd"]', "countries[0]", "Poland"),
    ('countries = ["PL", "baltik"]', "countries[1]", "baltic"),
    ('countries = "baltic"', "countries", None),
    ("countries = []", "countries", None),
    ("countries = [1]", "countries[0]", None),
    ('treaties = ["mine-bann"]', "treaties[0]", "mine-ban"),
    ('treaties = "mine-ban"', "treaties", None),
    ('kinds = ["withdrawl_notified"]', "kinds[0]", "withdrawal_notified"),
    ('kinds = "al"', "kinds", "all"),
    ("kinds = 5", "kinds", None),
    ('recipients = ["desk"]', "recipients[0]", None),
    ('recipients = ["desk@example.org\\nBcc: x@y.org"]', "recipients[0]", None),
    ('wher = "x"', "wher", None),
    ('knds = "all"', "knds", "kinds"),
]


@pytest.mark.parametrize(("text", "key", "nearest"), SUBSCRIPTIONS)
def test_each_mistake_of_a_subscription(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    found = wrong(subscriptions=subscription(text))
    assert [(m.file, m.key, m.nearest) for m in found] == [("subscriptions.toml", f"subscriptions[0].{key}", nearest)]


def test_an_unknown_channel_is_a_mistake(wrong: Wrong) -> None:
    [mistake] = wrong(channels=MAIL, subscriptions=subscription(channels='["desk-mial"]'))
    assert (mistake.key, mistake.nearest) == ("subscriptions[0].channels[0]", "desk-mail")


def test_a_subscription_without_channels_is_a_mistake(wrong: Wrong) -> None:
    assert [m.key for m in wrong(subscriptions=subscription(channels="[]"))] == ["subscriptions[0].channels"]


def test_email_without_recipients_is_a_mistake(wrong: Wrong) -> None:
    [mistake] = wrong(channels=MAIL, subscriptions=subscription(channels='["desk-mail"]'))
    assert (mistake.key, mistake.found) == ("subscriptions[0].recipients", "no recipients")


def test_an_operator_by_email_needs_recipients_too(wrong: Wrong) -> None:
    found = wrong(channels=MAIL, monitor='[operator]\nchannels = ["desk-mail"]')
    assert [m.key for m in found] == ["operator.recipients"]


def test_two_subscriptions_of_one_name_are_a_mistake(wrong: Wrong) -> None:
    assert [m.key for m in wrong(subscriptions=subscription() * 2)] == ["subscriptions[1].name"]


def test_a_title_that_fits_two_treaties_is_a_mistake(wrong: Wrong) -> None:
    found = wrong(treaties__ccm='reference = "XXVI-6"', subscriptions=subscription('treaties = ["convention"]'))
    assert [m.found for m in found] == ['"convention", which fits cluster-munitions and mine-ban']


GROUPS = [
    ('a = ["Atlantis"]', "a[0]"),
    ('a = "PL"', "a"),
    ("a = []", "a"),
    ('PL = ["LT"]', "PL"),
    ('a = ["b"]\nb = ["c"]\nc = ["b"]', "b"),
]


@pytest.mark.parametrize(("text", "key"), GROUPS)
def test_each_mistake_of_groups_toml(wrong: Wrong, text: str, key: str) -> None:
    found = wrong(groups=text)
    assert {m.file for m in found} == {"groups.toml"}
    assert found[0].key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [('"Foo" = "ZZ"', "Foo"), ('"Poland" = "RU"', "Poland"), ('"Poland" = "X-NEW"', "Poland"), ("a = 3", "a")],
)
def test_each_mistake_of_participants_toml(wrong: Wrong, text: str, key: str) -> None:
    assert [(m.file, m.key) for m in wrong(participants=text)] == [("participants.toml", key)]


def test_every_mistake_of_every_file_is_said_at_once(wrong: Wrong) -> None:
    found = wrong(
        monitor='timezone = "Mars"\ncontact = 5',
        channels='[x]\ntype = "fax"',
        groups='a = ["Atlantis"]',
        subscriptions=subscription('countries = ["Polnd"]\nkinds = ["gone"]'),
        treaties__other='reference = "5"\nevery = "1h"',
    )
    assert {(m.file, m.key) for m in found} == {
        ("monitor.toml", "timezone"),
        ("monitor.toml", "contact"),
        ("channels.toml", "x.type"),
        ("groups.toml", "a[0]"),
        ("subscriptions.toml", "subscriptions[0].countries[0]"),
        ("subscriptions.toml", "subscriptions[0].kinds[0]"),
        ("treaties/other.toml", "reference"),
        ("treaties/other.toml", "every"),
    }


def test_a_wrong_treaty_file_is_no_second_mistake_where_a_subscription_names_it(wrong: Wrong) -> None:
    found = wrong(
        **{"treaties__mine-ban": 'reference = "XXVI-5"\nslug = "mine-ban"\nevry = "1h"'},
        subscriptions=subscription('treaties = ["mine-ban"]'),
    )
    assert [m.key for m in found] == ["evry"]


def test_a_mistake_reads_as_one_sentence(wrong: Wrong) -> None:
    [mistake] = wrong(subscriptions=subscription('kinds = ["signd"]'))
    assert str(mistake).startswith('subscriptions.toml: subscriptions[0].kinds[0]: found "signd"; allowed: ')
    assert str(mistake).endswith('did you mean "signed"?')


def test_a_link_that_leads_nowhere_is_no_missing_file(wrong: Wrong, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "subscriptions.toml").symlink_to(tmp_path / "not mounted")
    [mistake] = wrong()
    assert (mistake.file, mistake.found) == ("subscriptions.toml", "No such file or directory")
