# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens in German and in the language that nobody speaks (tests/po/pseudo-locale.py), narrow: everything that is
said is translated, and nothing is outside its window."""

import json
import os
import re
import sys

from harness.demo import DATA, SAMPLE
from harness.tap import Stage, skip_unless_ready
from harness.tour import Tour
from harness.variants import VARIANTS

WIDTH = 360
SLACK = 2  # pixels; a header bar is one wider than its window on either side
SCREENS = ["new-vault", "unlock", "items", "item", "editor", "menu", "export", "preferences-security",
           "master-password", "about"]
MARKED = re.compile(r"\[[^\[\]]*\]|\b(Ctrl|Shift|Alt)\+\S")
CLASS = re.compile(r"(Gtk|Adw|Sp)[A-Z]\w*")  # what GTK 4.8 calls that has no name
# What the libraries say, which know nothing of a language that nobody speaks; keys and ranges of letters; the name
# that is typed for a vault, and that of the one that is open.
OTHERS = ["Close", "Minimize", "Maximize", "Preferences", "About", "Details", "Credits", "Legal", "SecurePass",
          "Personal", "Anna", "anna-muster", "CSV", "JSON", "PIN", "Entry", "Text", "bytes", "translator-credits"]


def vault_content():
    """Whatever the vault of the invented person holds, the longest first."""
    with open(os.path.join(DATA, "items.json"), encoding="utf-8") as file:
        found = strings_in(json.load(file))
    with open(SAMPLE, encoding="utf-8") as file:
        found |= set(re.split(r"[,\n]", file.read()))
    found |= {part for text in found for part in text.split("/")}  # of nested tags
    return sorted((text for text in found | set(OTHERS) if text), key=len, reverse=True)


def strings_in(value):
    if isinstance(value, str):
        return {value, *value.splitlines()}
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*(strings_in(part) for part in parts))


def find_unmarked(app, content):
    """What the language that nobody speaks has not, though somebody wrote it."""
    for node in app.walk(everything=True):
        text = node.name
        if not text or CLASS.fullmatch(text) or node.role in ("window", "frame"):
            continue
        while MARKED.search(text):
            text = MARKED.sub("", text)
        for known in content:
            text = text.replace(known, "")
        if any(letter.isalpha() for letter in text):
            yield f"{node} is not translated: {text.strip()!r}, in " + " in ".join(
                repr(above) for above in node.ancestors if above.name and not CLASS.fullmatch(above.name))


def find_english(app):
    """What is said in English, though German has another word."""
    german = {word for words in app.words.values() for word in words}
    for node in app.walk(everything=True):
        if app.words.get(node.name) and node.name not in german:
            yield f"{node} is English: in German it is {app.words[node.name]}"


def find_outside(app):
    """What is partly or wholly outside its window, or would have to be scrolled to from side to side."""
    boxes = app.boxes()
    for window in app.windows():
        for node in window.walk():
            frame = app.popover_of(node, boxes) or window
            if frame is node or node.extents[2] <= 0 or node.extents[3] <= 0:
                continue
            begin, end = node.extents[0], node.extents[0] + node.extents[2]
            if begin < frame.extents[0] - SLACK or end > frame.extents[0] + frame.extents[2] + SLACK:
                yield f"{node} at {node.extents} is outside {frame} at {frame.extents}"


def main():
    program, cli, output = (os.path.abspath(argument) for argument in sys.argv[1:4])
    wanted = sys.argv[4:] or SCREENS
    content = vault_content()
    looks = {"pseudo": lambda app: find_unmarked(app, content), "german": lambda app: [*find_english(app), *find_outside(app)]}
    number = failed = 0
    with skip_unless_ready(output) as world:
        stage = Stage(world, program, cli)
        print(f"TAP version 13\n1..{len(wanted) * len(looks)}", flush=True)
        for variant, find in looks.items():
            found = {}

            def look(app, screen, variant=variant, find=find, found=found):
                found[screen.name] = list(find(app))
                if found[screen.name]:
                    app.shot(f"{screen.name}-{variant}")

            def tell(screen, error, variant=variant, found=found):
                nonlocal number, failed
                faults = found.get(screen.name, []) + ([error] if error else [])
                number += 1
                failed += bool(faults)
                print(f"{'not ok' if faults else 'ok'} {number} {screen.name}-{variant}")
                for line in "\n".join(faults).splitlines():
                    print(f"# {line}", flush=True)

            Tour(stage, VARIANTS[variant], wanted).visit(WIDTH, look, tell)
    sys.exit(1 if failed else 0)


main()
