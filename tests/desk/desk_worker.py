"""One of several processes that work on the same database: random steps, each reported as a line of JSON.

Usage: python tests/desk/desk_worker.py SHOP AGENT SEED COUNT START, with START a file to wait for.
"""

import contextlib
import io
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aftersales_cli.cli.main import run_command
from aftersales_cli.language import use_language

CASES = 12
"""Cases that are there from the beginning; all processes quarrel about them."""
AGENTS = ("owner", "kate", "lan", "mei")
DEPARTMENTS = ("warehouse", "logistics")

Words = list[str]
Choose = Callable[[random.Random], Words]


def _number(chance: random.Random) -> str:
    return str(chance.randint(1, CASES))


STEPS: dict[str, tuple[int, Choose]] = {
    "open": (2, lambda c: ["open", "--say", f"word {c.random()}"]),
    "note": (4, lambda c: ["note", _number(c), "a note", "--minutes", "1"]),
    "reply": (5, lambda c: ["reply", _number(c), "--say", "an answer"]),
    "hear": (3, lambda c: ["reply", _number(c), "--by", "customer", "--say", "a question"]),
    "triage": (3, lambda c: ["triage", _number(c), "--severity", c.choice(["normal", "high", "urgent"])]),
    "assign": (4, lambda c: ["assign", _number(c), c.choice(AGENTS)]),
    "wait": (4, lambda c: ["wait", _number(c), c.choice(["customer", "internal"])]),
    "resume": (3, lambda c: ["resume", _number(c)]),
    "handoff": (2, lambda c: ["handoff", _number(c), c.choice(DEPARTMENTS), "--ask", "where?"]),
    "answer": (2, lambda c: ["handoff", _number(c), "--answer", "there"]),
    "escalate": (1, lambda c: ["escalate", _number(c)]),
    "resolve": (4, lambda c: ["resolve", _number(c), "--cause", "packaging"]),
    "reopen": (3, lambda c: ["reopen", _number(c), "--reason", "again"]),
    "close": (2, lambda c: ["close", _number(c)]),
    "confirm": (1, lambda c: ["confirm", _number(c)]),
    "link": (1, lambda c: ["link", _number(c), _number(c)]),
    "bulk": (1, lambda _c: ["assign", "lan", "--where", "assignee=none", "--yes"]),
}
"""Name → how often in relation, and the words behind ``aftersales cases``."""


def main() -> None:
    """Do the steps and print what came of each."""
    shop, agent, seed, count, start = sys.argv[1:6]
    use_language("en")
    chance = random.Random(int(seed))
    names, weights = list(STEPS), [weight for weight, _choose in STEPS.values()]
    while not Path(start).exists():
        time.sleep(0.005)
    for _step in range(int(count)):
        name = chance.choices(names, weights)[0]
        words = STEPS[name][1](chance)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command(["--shop", shop, "--as", agent, "cases", *words, "--json"])
        said = json.loads(out.getvalue()) if code == 0 and out.getvalue() else None
        done = {"step": name, "words": words, "code": code, "said": said, "error": err.getvalue()}
        sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main()
