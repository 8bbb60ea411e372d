"""A process that does one job on a state database: says "ready", waits for a line, says what it found, as JSON.

python racer.py URL JOB [ARGUMENT...]
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial

import anyio

from mcp_server.state import State
from mcp_server.state.intents import Item, Whose
from upstream.tokens import StoreUnavailable


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


async def become_nobody() -> None:
    """Give up the rights of root, whom file modes do not stop; what is still to be imported is imported before."""
    if os.geteuid() == 0:
        import pwd

        memory = State("sqlite://")
        await memory.check()
        await memory.close()
        os.setgroups([])
        os.setuid(pwd.getpwnam("nobody").pw_uid)


async def main(url: str, job: str, *arguments: str) -> None:
    state = State(url)
    say("ready")
    sys.stdin.readline()
    owner = str(os.getpid())
    try:
        match job:
            case "key":
                say((await state.key("seal")).hex())
            case "consume":
                say(
                    [
                        await state.approvals.consume("k", number, channel="code", tool="t", reference="r")
                        for number in range(40)
                    ]
                )
            case "lease":
                say([await state.tokens.lease(f"account {number}", owner, 30) for number in range(40)])
            case "publish":
                say([(await state.tokens.publish("account", owner, 1, 15)).generation for _ in range(40)])
            case "redeem":
                say([await state.approvals.redeem_code(code, arguments[0]) for code in arguments[1:]])
            case "leave":
                for number in range(20):
                    await state.tokens.join(f"account {number}", owner)
                say("joined")
                sys.stdin.readline()
                say([await state.tokens.leave(f"account {number}", owner) for number in range(20)])
            case "hold":
                say(await state.tokens.lease("account", owner, float(arguments[0])))
                sys.stdin.readline()
            case "check as nobody":
                await become_nobody()
                await state.check()
                say("usable")
            case "fill":
                for _ in range(200):
                    await state.intents.begin("r", "t", Whose("e", "s", "a"), [Item("x" * 20_000)])
                say("never full")
    except StoreUnavailable as error:
        say(str(error))
    finally:
        await state.close()


if __name__ == "__main__":
    anyio.run(partial(main, *sys.argv[1:]))
