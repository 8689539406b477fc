# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault of an invented person, from data/demo, made by the command line."""

import json
import os

from .tap import CHEAP

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../data/demo")
SAMPLE = os.path.join(DATA, "browser-passwords.csv")


def make_demo_vault(stage, name="Anna"):
    """Its path."""
    vault = stage.path(f"{name}.securepass")
    stage.cli(vault, "create", *CHEAP)
    stage.cli(vault, "import", SAMPLE)
    with open(os.path.join(DATA, "items.json"), encoding="utf-8") as file:
        for item in json.load(file):
            _add(stage, vault, item)
    stage.cli(vault, "edit", "Github", "--set", "username=anna-muster", "--favourite", "--tag", "work")
    stage.cli(vault, "edit", "Railway tickets", "--tag", "travel")
    return vault


def _add(stage, vault, item):
    fields = {**item.get("fields", {}), **({"notes": item["notes"]} if "notes" in item else {})}
    arguments = ["--type", item["type"], "--title", item["title"]]
    for field, value in fields.items():
        arguments += ["--set", f"{field}={value}"]
    for field, value in item.get("secrets", {}).items():
        arguments += ["--set-from", f"{field}={_file(stage, field, value)}"]
    for tag in item.get("tags", []):
        arguments += ["--tag", tag]
    for switch in ["favourite", "archived"]:
        if item.get(switch):
            arguments += [{"favourite": "--favourite", "archived": "--archive"}[switch]]
    if "expires" in item:
        arguments += ["--expires", item["expires"]]
    stage.cli(vault, "add", *arguments)
    for name, content in item.get("attachments", {}).items():
        stage.cli(vault, "attach", "add", item["title"], _file(stage, name, content))
    if item.get("trashed"):
        stage.cli(vault, "remove", item["title"])


def _file(stage, name, content):
    path = stage.path(name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    return path
