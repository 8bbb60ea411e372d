"""`python -m sandbox`: serve the stand-in until interrupted, and print the settings that point at it."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from typing import Any

import sandbox


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on the loopback address; 0 takes a free one")
    parser.add_argument("--database", default=":memory:", help="SQLite file that keeps the data; memory by default")
    parser.add_argument("--scale", type=int, default=1, help="multiple of the demo data")
    parser.add_argument("--date", default="", help="day of the sandbox, yyyy-mm-dd; the machine's by default")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=JSON", help="set a switch; repeatable")
    options = parser.parse_args(arguments)
    switches: dict[str, Any] = {}
    for item in options.switch:
        name, _, text = item.partition("=")
        try:
            switches[name] = json.loads(text)
        except ValueError:
            parser.error(f"--switch {name}: {text!r} is not JSON (texts need double quotes)")
    try:
        running = sandbox.start(
            port=options.port,
            database=options.database,
            scale=options.scale,
            switches=switches,
            date=options.date,
        )
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.exit(1, f"can't listen on port {options.port}: {error.strerror}\n")
    for name, value in running.settings().items():
        print(f"export {name}={value}", flush=True)
    try:
        # Short waits, because an untimed join can't be interrupted on Windows.
        while not running.wait(0.5):
            pass
    except KeyboardInterrupt:
        running.stop()
    except (OSError, sqlite3.Error) as error:
        parser.exit(1, f"{error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
