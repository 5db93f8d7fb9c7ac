"""What the container's health check asks: ends with 0 if the daemon beside it answers that it is well."""

import os
import sys
from urllib.request import urlopen

ADDRESS = os.environ.get("TREATY_MONITOR_HEALTH", "http://127.0.0.1:8477/healthz")

try:
    with urlopen(ADDRESS, timeout=4) as answer:  # noqa: S310 - an address of ours
        sys.exit(0 if answer.status == 200 else 1)  # noqa: PLR2004 - OK
except OSError as error:
    sys.exit(f"{ADDRESS}: {error}")
