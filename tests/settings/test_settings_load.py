"""What a right configuration gives: every word resolved, every default filled in, secrets looked for when needed."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo, available_timezones

import pytest
from pydantic import TypeAdapter, ValidationError

from monitor.domain.change import ChangeKind
from monitor.domain.errors import ConfigurationError, UsageError
from monitor.domain.treaty import EntryRule, Period, Rounding, Unit
from monitor.settings import (
    Secret,
    Settings,
    check_secrets,
    effective,
    find_dirs,
    json_schema,
    load_seeds,
    load_settings,
    rules_for,
    starter_files,
)
from monitor.settings.values import TimeZone

MAIL = (
    '[desk-mail]\ntype = "email"\nserver = "smtp://127.0.0.1:2525"\nfrom = "monitor@example.org"\n'
    'username = "env:TM_USER"\npassword = "file:mail-password"\n'
)
HOOK = (
    '[hook]\ntype = "webhook"\nurl = "https://example.org/x"\nsecret = ["env:TM_NEW", "env:TM_OLD"]\ntimeout = "5s"\n'
)
ALL = (
    '[[subscriptions]]\nname = "desk"\ntreaties = ["mine-ban"]\ncountries = ["baltic", "Poland", "fin"]\n'
    'kinds = ["withdrawal_notified"]\nchannels = ["desk-mail", "hook"]\nrecipients = ["desk@example.org"]\n'
)


class Load(Protocol):
    """What the fixture `load` gives."""

    def __call__(self, **files: str | bytes) -> Settings: ...


def test_the_number_alone_is_enough_for_a_treaty(load: Load) -> None:
    [treaty] = load().treaties
    assert (treaty.slug, treaty.title) == ("mine-ban", "Mine Ban Convention")
    [source] = treaty.sources
    assert (
        source.url == "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-5&chapter=26&clang=_en"
    )
    assert (source.key, source.every, source.obey_robots) == ("untc", 43200.0, True)
    assert treaty.rules == rules_for("XXVI-5")


def test_a_treaty_outside_the_catalogue_works_from_its_number(load: Load) -> None:
    treaty = load(treaties__x='reference = "XII-5"').find_treaty("xii-5")
    assert (treaty.slug, treaty.title, treaty.rules.entry) == ("xii-5", "XII-5", None)
    assert "mtdsg_no=XII-5&chapter=12" in treaty.sources[0].url


def test_rules_of_a_treaty_file_replace_the_catalogues_one_by_one(load: Load) -> None:
    text = 'reference = "XXVI-5"\n[rules]\nmost_parties = 9\nentry = { article = "1", period = "2 days" }\n'
    rules = load(**{"treaties__mine-ban": text}).treaties[0].rules
    assert rules.entry == EntryRule("1", Period(2, Unit.DAYS, Rounding.EXACT))
    assert rules.withdrawal == rules_for("XXVI-5").withdrawal
    assert rules.most_parties == 9


def test_sources_as_the_contract_writes_them(load: Load) -> None:
    text = (
        'slug = "ottawa"\nreference = "XXVI-5"\ntitle = "Landmines"\n'
        '[[sources]]\nsource = "untc"\nurl = "http://127.0.0.1:8000/page?x=1"\nevery = "30m"\nrobots = "ignore"\n'
        '[[sources]]\nsource = "untc-xml"\nevery = "2d"\nwhen_quiet = "1w"\n'
    )
    settings = load(**{"treaties__mine-ban": text})
    page, export = settings.treaties[0].sources
    assert (page.url, page.every, page.obey_robots) == ("http://127.0.0.1:8000/page?x=1", 1800.0, False)
    assert (export.key, export.every, export.when_quiet) == ("untc-xml", 172800.0, 604800.0)
    assert (page.longest, export.longest) == (1800.0, 604800.0), "without when_quiet a page never rests longer"
    assert settings.treaties[0].slug == "ottawa"


@pytest.mark.parametrize("word", ["mine-ban", "MINE-BAN", "xxvi-5", "mine ban", "Anti-Personnel"])
def test_a_treaty_is_found_by_slug_number_or_part_of_its_title(load: Load, word: str) -> None:
    assert load(treaties__ccm='reference = "XXVI-6"').find_treaty(word).reference == "XXVI-5"


def test_a_number_is_no_part_of_another_number(load: Load) -> None:
    settings = load(treaties__x='reference = "XI-B-16-14"', treaties__y='reference = "XXVI-5-b"')
    for word in ("XI-B-16-1", "XI-B-16", "b-16", "XXVI-5-"):
        with pytest.raises(UsageError, match="no treaty"):
            settings.find_treaty(word)
    assert settings.find_treaty("xxvi-5-B").reference == "XXVI-5-b"


@pytest.mark.parametrize(
    ("word", "said"), [("mine-bann", 'did you mean "mine-ban"'), ("convention", "several"), ("", "no treaty")]
)
def test_a_treaty_that_cannot_be_told_is_a_wrong_use(load: Load, word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load(treaties__ccm='reference = "XXVI-6"').find_treaty(word)


def test_countries_are_found_by_code_name_and_group(load: Load) -> None:
    settings = load(groups='ours = ["Baltic", "PL"]\nbaltic = ["LT"]\n')
    assert settings.find_countries("OURS") == {"LT", "PL"}
    assert settings.find_countries("estonia") == {"EE"}
    with pytest.raises(UsageError, match='did you mean "baltic"'):
        settings.find_countries("baltik")


def test_a_subscription_has_its_words_resolved(load: Load) -> None:
    [subscription] = load(channels=MAIL + HOOK, subscriptions=ALL).subscriptions
    assert subscription.treaties == {"XXVI-5"}
    assert subscription.countries == {"EE", "LV", "LT", "PL", "FI"}
    assert subscription.kinds == {ChangeKind.WITHDRAWAL_NOTIFIED}
    assert (subscription.channels, subscription.recipients) == (("desk-mail", "hook"), ("desk@example.org",))


def test_all_and_a_missing_key_both_mean_everything(load: Load) -> None:
    text = '[[subscriptions]]\nname = "x"\ncountries = "all"\nchannels = ["console"]\n'
    [subscription] = load(subscriptions=text).subscriptions
    assert (subscription.treaties, subscription.countries, subscription.kinds) == (None, None, None)


def test_without_files_the_defaults_hold_and_the_console_is_there(load: Load) -> None:
    settings = load()
    assert settings.timezone == ZoneInfo("UTC")
    assert (settings.web.host, settings.web.port, settings.network.pause) == ("127.0.0.1", 8477, 2.0)
    assert [channel.name for channel in settings.channels] == ["console"]
    assert settings.database_url is None
    assert settings.files == (settings.config_dir / "treaties/mine-ban.toml",)


def test_monitor_toml_as_the_contract_writes_it(load: Load) -> None:
    settings = load(
        monitor='timezone = "Europe/Warsaw"\ncontact = "treaty-desk@example.org"\ndatabase = "postgresql://u@h/db"\n'
        '[web]\nlisten = "[::1]:0"\n[network]\nallow = ["127.0.0.1/32", "fd00::/8"]\npause = "0s"\n'
        '[operator]\nchannels = ["desk-mail"]\nrecipients = ["ops@example.org"]\n'
        '[plausibility]\nunexplained_departures = 4\nconfirm_after = "90s"\n',
        channels=MAIL,
    )
    assert settings.timezone.key == "Europe/Warsaw"
    assert (settings.web.host, settings.web.port) == ("::1", 0)
    assert settings.network.allow == (ip_network("127.0.0.1/32"), ip_network("fd00::/8"))
    assert settings.operator.recipients == ("ops@example.org",)
    assert (settings.plausibility.limits.departures, settings.plausibility.confirm_after) == (4, 90.0)
    assert settings.database_url == "postgresql://u@h/db"


def test_nothing_is_given_up_unless_asked_for_save_texts_that_arrived_long_ago(load: Load) -> None:
    year = 365 * 86400.0
    assert (load().retention.pages, load().retention.messages) == (None, 2 * year)
    asked = load(monitor='[retention]\npages = "1 year"\nmessages = "for ever"\n').retention
    assert (asked.pages, asked.messages) == (year, None)


def test_a_users_spelling_and_a_users_organisation_resolve(load: Load) -> None:
    names = load(participants='"Rep. of Poland" = "pol"\n"Clean Rivers" = "X-ACR"\n').names
    assert names.resolve("REP. OF POLAND 3").code == "PL"
    found = names.resolve("Clean Rivers")
    assert (found.code, found.kind.value) == ("X-ACR", "organisation")


def test_channels_carry_their_options_and_references_to_secrets(load: Load) -> None:
    settings = load(channels=MAIL + HOOK)
    mail, hook = settings.channel("desk-mail"), settings.channel("hook")
    assert mail is not None
    assert hook is not None
    assert mail.options["server"] == "smtp://127.0.0.1:2525"
    assert mail.options["from"] == "monitor@example.org"
    assert "tls" not in mail.options
    assert hook.options["timeout"] == 5.0
    secrets: Any = hook.options["secret"]
    assert [secret.reference for secret in secrets] == ["env:TM_NEW", "env:TM_OLD"]


def test_secrets_are_read_when_needed_and_never_shown(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = load(channels=MAIL + HOOK, monitor='database = "env:TM_DB"')
    for name in ("TM_USER", "TM_NEW", "TM_OLD"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("TM_DB", "postgresql://hunter2@host/x")
    (tmp_path / "config" / "mail-password").write_text("hunter2\n")
    mail = settings.channel("desk-mail")
    assert mail is not None
    password = mail.options["password"]
    assert isinstance(password, Secret)
    assert password.reveal() == "hunter2"
    assert settings.database_url == "postgresql://hunter2@host/x"
    assert check_secrets(settings) == ()
    shown = f"{settings!r} {effective(settings)} {password} {password!r}"
    assert "hunter2" not in shown
    assert repr(password) == "***"


def test_missing_secrets_are_all_named_with_variable_or_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    found = check_secrets(load(channels=MAIL + HOOK))
    assert [m.key for m in found] == ["desk-mail.username", "desk-mail.password", "hook.secret", "hook.secret"]
    assert "TM_USER" in found[0].found
    assert "mail-password: No such file" in found[1].found


def test_an_empty_or_unreadable_secret_is_missing(load: Load, tmp_path: Path) -> None:
    settings = load(channels=MAIL)
    for content, said in ((b"\n", "is empty"), (b"\xff", "not UTF-8")):
        (tmp_path / "config" / "mail-password").write_bytes(content)
        assert any(said in mistake.found for mistake in check_secrets(settings))


def test_an_address_of_a_database_that_is_none_is_a_mistake_and_not_repeated(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(monitor='database = "env:TM_DATABASE"')
    monkeypatch.setenv("TM_DATABASE", "u:hidden@host/treaties")
    [mistake] = check_secrets(settings)
    assert (mistake.key, "hidden" in str(mistake)) == ("database", False)
    with pytest.raises(ConfigurationError, match="database: found something else"):
        _ = settings.database_url
    for address in ("postgresql://u:p@host/treaties", "postgres://host/treaties", "sqlite:////srv/record.sqlite3"):
        monkeypatch.setenv("TM_DATABASE", address)
        assert (check_secrets(settings), settings.database_url) == ((), address)


def test_an_outside_service_is_asked_at_a_web_address(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monitor='[operator]\nping = "env:TM_PING"')
    for address in ("hidden", "ftp://hidden/", "https://exa mple/hidden"):
        monkeypatch.setenv("TM_PING", address)
        [mistake] = check_secrets(settings)
        assert (mistake.key, "hidden" in str(mistake)) == ("operator.ping", False)
    monkeypatch.setenv("TM_PING", "https://ping.example/word")
    assert (check_secrets(settings), settings.operator.ping_url) == ((), "https://ping.example/word")


def test_a_missing_secret_stops_who_needs_it(load: Load) -> None:
    mail = load(channels=MAIL).channel("desk-mail")
    assert mail is not None
    username = mail.options["username"]
    assert isinstance(username, Secret)
    with pytest.raises(ConfigurationError, match="TM_USER is not set"):
        username.reveal()


def test_the_effective_configuration_masks_and_is_json(load: Load) -> None:
    shown = effective(load(monitor='database = "postgresql://u:hunter2@h/db"', channels=MAIL, subscriptions=""))
    assert shown["database"] == "postgresql://***@h/db"
    assert shown["channels"][1]["options"]["password"] == "*** (file:mail-password)"
    assert shown["groups"]["baltic"] == ["EE", "LT", "LV"]


def test_the_starter_configuration_is_valid_and_alerts_to_the_console(tmp_path: Path) -> None:
    for name, text in starter_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    settings = load_settings(tmp_path / "config", tmp_path / "state")
    assert {treaty.reference for treaty in settings.treaties} == {"XXVI-5", "XXVI-6"}
    [subscription] = settings.subscriptions
    assert subscription.channels == ("console",)
    assert subscription.countries is not None
    assert {"PL", "EE", "LV", "LT", "FI"} == subscription.countries
    assert check_secrets(settings) == ()


def test_folders_come_from_options_environment_here_or_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TREATY_MONITOR_CONFIG", "TREATY_MONITOR_STATE"):
        monkeypatch.delenv(name, raising=False)
    assert all("treaty-monitor" in str(path) for path in find_dirs(None, None))
    (tmp_path / "config").mkdir()
    assert find_dirs(None, Path("s")) == (Path("config"), Path("s"))
    monkeypatch.setenv("TREATY_MONITOR_CONFIG", "/etc/tm")
    monkeypatch.setenv("TREATY_MONITOR_STATE", "/var/tm")
    assert find_dirs(None, None) == (Path("/etc/tm"), Path("/var/tm"))
    assert find_dirs(Path("c"), None) == (Path("c"), Path("/var/tm"))


def test_there_is_a_schema_for_every_file() -> None:
    assert set(json_schema()) == {
        "monitor.toml",
        "channels.toml",
        "subscriptions.toml",
        "groups.toml",
        "participants.toml",
        "treaties/*.toml",
    }


@pytest.mark.parametrize("place", ["/mnt/treaty-pages", "s3://treaty-pages", "s3://treaty-pages/a/b"])
def test_pages_may_be_kept_elsewhere(place: str, tmp_path: Path) -> None:
    (tmp_path / "treaties").mkdir()
    (tmp_path / "treaties" / "mine-ban.toml").write_text('reference = "XXVI-5"\n', "utf-8")
    (tmp_path / "monitor.toml").write_text(f'documents = "{place}"\n', "utf-8")
    assert load_settings(tmp_path, tmp_path / "state").documents == place


@pytest.mark.parametrize("place", ["pages", "s3://", "s3://key:secret@bucket", "https://example.org/pages"])
def test_a_place_for_pages_is_a_whole_path_or_a_bucket(place: str, tmp_path: Path) -> None:
    (tmp_path / "treaties").mkdir()
    (tmp_path / "treaties" / "mine-ban.toml").write_text('reference = "XXVI-5"\n', "utf-8")
    (tmp_path / "monitor.toml").write_text(f'documents = "{place}"\n', "utf-8")
    with pytest.raises(ConfigurationError, match="documents"):
        load_settings(tmp_path, tmp_path / "state")


def test_a_time_zone_is_one_that_the_system_lists(load: Load) -> None:
    assert load(monitor='timezone = "Asia/Kathmandu"').timezone.key == "Asia/Kathmandu"
    listed = available_timezones()
    assert all(TypeAdapter(TimeZone).validate_python(name).key == name for name in listed)
    for name in (
        "posix/Europe/Warsaw",
        "right/UTC",
        "posixrules",
        "Europe",
        "europe/warsaw",
        "../UTC",
        "UTC/",
        "a\0",
        "",
    ):
        assert name not in listed
        with pytest.raises(ValidationError, match="the name of a time zone"):
            TypeAdapter(TimeZone).validate_python(name)


def test_a_mark_that_an_editor_put_in_front_and_ends_of_line_of_another_system_are_no_mistake(load: Load) -> None:
    assert str(load(monitor=b'\xef\xbb\xbftimezone = "Europe/Warsaw"\r\n').timezone) == "Europe/Warsaw"


def test_hidden_files_are_an_editors_and_not_read(load: Load) -> None:
    assert [t.slug for t in load(**{"treaties__.#x": "half a li", ".#groups": "half"}).treaties] == ["mine-ban"]


def test_a_folder_that_may_not_be_read_is_no_empty_one(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    (tmp_path / "state" / "seed").mkdir(parents=True)
    folders = {tmp_path / "config": load, tmp_path / "config" / "treaties": load}
    for folder, reading in (folders | {tmp_path / "state" / "seed": lambda: load_seeds(tmp_path / "state")}).items():
        monkeypatch.setattr("os.access", lambda path, _mode, closed=folder: Path(path) != closed)
        with pytest.raises(ConfigurationError, match=f"^{folder}: the folder: found Permission denied"):
            reading()
