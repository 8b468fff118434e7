"""`make bench-stack`: how many orders a second `make stack` takes, settled and audited, and what each process spent."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from loadtest.bench_run import ACCOUNTS, SETTINGS
from loadtest.benchmark import Send, batch_sender, measure, send_mixed, send_single
from loadtest.cpu import cpu_seconds
from loadtest.stack_process import StackProcess, stack_on


def measure_with_cpu(stack: StackProcess, tokens: list[str], name: str, seconds: float, send: Send) -> None:
    """Measure, and print the CPU seconds every process of the stack spent meanwhile, the busiest first."""
    before = cpu_seconds(stack.pids())
    measure(stack, tokens, name, seconds, send)
    after = cpu_seconds(stack.pids())
    spent = {child: after[child] - before.get(child, 0.0) for child in after}
    for child, cpu_s in sorted(spent.items(), key=lambda entry: -entry[1]):
        print(f"  {name}_cpu_s {cpu_s:6.1f}  {child}")
    print(f"  {name}_cpu_s {sum(spent.values()):6.1f}  all together", flush=True)


def print_hit_ratios(stack: StackProcess) -> None:
    """How often what was looked up in Redis was there and true, by kind of entry, over all web processes."""
    hits: Counter[str] = Counter()
    lookups: Counter[str] = Counter()
    for child in stack.children().values():
        if child.kind == "web":
            for entry, outcome, number in _cache_lookups(child.health_url):
                lookups[entry] += number
                hits[entry] += number if outcome == "hit" else 0
    for entry, number in sorted(lookups.items()):
        if not entry.endswith(("_version", "_view")):  # the halves of a view, which is counted by itself
            print(f"  cache_hit_ratio {hits[entry] / number:.3f} of {number:6d}  {entry}")


def _cache_lookups(url: str) -> Iterator[tuple[str, str, int]]:
    with urlopen(f"{url}/metrics", timeout=10.0) as answer:  # noqa: S310  # our own child
        for line in answer.read().decode().splitlines():
            found = re.match(r'cache_lookups_total\{entry="(\w+)",outcome="(\w+)"\} (\S+)', line)
            if found is not None:
                yield found[1], found[2], int(float(found[3]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each phase")
    parser.add_argument("--batch", type=int, default=500, help="orders in one batch request")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("starting the stack", flush=True)
        with stack_on(Path(folder) / "stack", SETTINGS) as stack:
            print(f"signing up {ACCOUNTS} accounts", flush=True)
            tokens = [stack.sign_up(f"trader-{number}") for number in range(ACCOUNTS)]
            stack.wait_until_settled()
            measure_with_cpu(stack, tokens, "single", arguments.seconds, send_single)
            measure_with_cpu(stack, tokens[:4], "batch", arguments.seconds, batch_sender(arguments.batch))
            measure(stack, tokens, "mixed", arguments.seconds / 4, send_mixed)
            print_hit_ratios(stack)
            audit = stack.audit()
            print(audit.stdout + audit.stderr, end="")
            print(f"audit={'clean' if audit.returncode == 0 else 'FAILED'}")
    return audit.returncode


if __name__ == "__main__":
    sys.exit(main())
