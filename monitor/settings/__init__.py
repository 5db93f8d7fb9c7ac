"""The configuration: TOML files to frozen objects, every mistake reported at once, and what the program ships."""

from monitor.settings.load import check_secrets, load_settings
from monitor.settings.objects import (
    ChannelSettings,
    Network,
    Operator,
    Plausibility,
    Settings,
    Web,
)
from monitor.settings.places import find_dirs
from monitor.settings.secret import Secret
from monitor.settings.seed import load_seeds
from monitor.settings.shipped import (
    CatalogueEntry,
    rules_for,
    shipped_catalogue,
    shipped_groups,
    shipped_names,
    starter_files,
)
from monitor.settings.show import effective, json_schema

__all__ = [
    "CatalogueEntry",
    "ChannelSettings",
    "Network",
    "Operator",
    "Plausibility",
    "Secret",
    "Settings",
    "Web",
    "check_secrets",
    "effective",
    "find_dirs",
    "json_schema",
    "load_seeds",
    "load_settings",
    "rules_for",
    "shipped_catalogue",
    "shipped_groups",
    "shipped_names",
    "starter_files",
]
