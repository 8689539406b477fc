#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums up test runs: meson's JSON logs (TAP subtests counted one by one), and steps given by hand.

Usage: sum-tests.py LOG.json... [+STEP | -STEP]...
       +STEP counts as one that passed, -STEP as one that failed
Prints what failed, then one line "N passed, N failed". Exit status 1 if any failed or none ran.
"""

import json
import pathlib
import re
import sys

RESULT_LINE = re.compile(r"^(\s*)(not )?ok\b(?P<title>.*)$")


def tap_results(text):
    """(passed, title) of each leaf; a line that closes deeper ones only repeats them."""
    results, depth = [], 0
    for line in text.splitlines():
        match = RESULT_LINE.match(line)
        if not match:
            continue
        indent = len(match.group(1))
        if indent >= depth:
            results.append((match.group(2) is None, match.group("title").strip()))
        depth = indent
    return results


def log_results(path):
    if not path.exists():
        yield False, f"{path} was not written: the tests did not run"
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        output = test.get("stdout") or ""
        good = test["result"] == "OK"
        leaves = tap_results(output)
        yield from ((passed, f"{test['name']}: {title}") for passed, title in leaves)
        if not leaves or (not good and all(passed for passed, _ in leaves)):
            yield good, f"{test['name']} ({test['result']})"
        for warning in re.findall(r"^warning: .*$", output, re.MULTILINE):
            print(warning)


def main(arguments):
    results = []
    for argument in arguments:
        if argument[0] in "+-":
            results.append((argument[0] == "+", argument[1:]))
        else:
            results.extend(log_results(pathlib.Path(argument)))
    failures = [title for passed, title in results if not passed]
    for title in failures:
        print("failed:", title)
    print(f"{len(results) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
