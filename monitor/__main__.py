"""The command `treaty-monitor`, also as `python -m monitor`."""

from __future__ import annotations

from monitor.faces.cli.app import app


def main() -> None:
    """Run the command line."""
    app(prog_name="treaty-monitor")


if __name__ == "__main__":
    main()
