# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left in the window's memory after the vault was locked: the master password, once typed and once pasted, and an
item's secrets, one revealed and one copied, as UTF-8, UTF-16 and UTF-32.

Everything the process can read is searched, as tests/vault/test-memory.py does with the engine. What the libraries keep,
and nobody can take from them, has a ceiling below, which may only become lower."""

import os
import subprocess
from array import array

from harness import PASSWORD, main
from harness.tap import CHEAP

SECRETS = {
    "master password": PASSWORD,
    "revealed password": "drizzle-Kettle-5520-violin",
    "copied password": "magnet-Harbour-9371-sponge",
    "revealed note": "the spare key hangs behind the third beam",
}
# How many copies the libraries may keep after the lock, and why. Whoever finds a way to have fewer lowers the number.
CEILING = {
    # GDK 4.8 sends what another program pastes from a buffer of its own, which it gives back as it is.
    "copied password": 1,
}
PAGE = os.sysconf("SC_PAGE_SIZE")
THERE = 3 << 62  # in memory, or swapped out
ENCODINGS = ["utf-8", "utf-16-le", "utf-32-le"]


def read_resident(memory, pagemap, start, end):
    """The pages that are there, joined: the others were never written, and reading would make them."""
    pagemap.seek(start // PAGE * 8)
    pages = array("Q", pagemap.read((end - start) // PAGE * 8))
    parts, begin = [], None
    for number, page in enumerate([*pages, 0]):
        if page & THERE and begin is None:
            begin = number
        elif not page & THERE and begin is not None:
            memory.seek(start + begin * PAGE)
            parts.append(memory.read((number - begin) * PAGE))
            begin = None
    return b"".join(parts)


def read_memory(pid):
    """(where, bytes) of all that the process can have written."""
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory, open(f"/proc/{pid}/pagemap", "rb", 0) as pagemap:
        for line in maps:
            words = line.split()
            start, end = (int(word, 16) for word in words[0].split("-"))
            where = words[5] if len(words) > 5 else "no file"
            if where.startswith("[v") or (where.startswith("/") and "w" not in words[1]):
                continue
            try:
                yield where, read_resident(memory, pagemap, start, end)
            except OSError:  # a device's, or gone since
                if where.startswith("["):
                    raise


def count(app):
    """How often each secret is found, and where."""
    found = {}
    for where, data in read_memory(app.process.pid):
        for name, secret in SECRETS.items():
            for encoding in ENCODINGS:
                number = data.count(secret.encode(encoding))
                if number > 0:
                    places = found.setdefault(name, {})
                    places[f"{where} as {encoding}"] = places.get(f"{where} as {encoding}", 0) + number
    return found


def see_nothing_left(stage):
    """Once it is locked: the keys that led there are forgotten a moment after the page is shown, with what is still being drawn."""
    def look():
        stage.left = {name: places for name, places in count(stage.app).items()
                      if sum(places.values()) > CEILING.get(name, 0)}
        return not stage.left
    try:
        stage.app.wait(look, "the end of all secrets", 10)
    except AssertionError:
        raise AssertionError(f"left in memory: {stage.left}") from None


def secret_file(stage, name):
    path = stage.path("secret")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SECRETS[name])
    return path


def opens_what_was_typed(stage):
    vault = stage.path("Personal.securepass")
    stage.cli(vault, "create", *CHEAP)
    for title in ["revealed", "copied"]:
        stage.cli(vault, "add", "--type", "login", "--title", f"Is {title}",
                  "--set-from", f"password={secret_file(stage, f'{title} password')}")
    stage.cli(vault, "edit", "Is revealed", "--set-from", f"notes={secret_file(stage, 'revealed note')}")
    app = stage.start(vault)
    stage.unlock()
    app.see_row("Is copied")


def open_item(app, title):
    app.press("ctrl+f")
    app.see_focus_in_search()
    app.press("ctrl+a")
    app.type(title.lower())
    app.see_only_row(title)
    app.press("Down", "Return")
    app.see(title, "label", within="SpItemPage")


def reveals_one(stage):
    app = stage.app
    open_item(app, "Is revealed")
    app.click("Reveal", "button", within="Password")
    app.see(SECRETS["revealed password"], "label")
    found = count(app)
    assert "revealed password" in found, "what is shown is not found in memory, so the search tells nothing"


def copies_another(stage):
    app = stage.app
    open_item(app, "Is copied")
    app.press("ctrl+shift+c")
    app.see_clipboard(SECRETS["copied password"])


def leaves_nothing_at_the_lock(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    app.wait(lambda: app.clipboard() is None, "the clipboard to be empty")
    see_nothing_left(stage)


def opens_what_was_pasted(stage):
    app = stage.app
    with subprocess.Popen(["xclip", "-i", "-selection", "clipboard", "-loops", "1", "-quiet"], env=stage.world.env,
                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as owner:
        owner.stdin.write(PASSWORD.encode())
        owner.stdin.close()
        app.enter("Master Password", "x")
        app.press("ctrl+a", "ctrl+v")
        app.see_entry("Master Password", len(PASSWORD))
    app.press("Return")
    app.see("Search items", "search box")
    app.see_row("Is copied")


def leaves_nothing_of_what_was_pasted(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    see_nothing_left(stage)


def ends_well(stage):
    stage.app.quit()


main(opens_what_was_typed, reveals_one, copies_another, leaves_nothing_at_the_lock, opens_what_was_pasted,
     leaves_nothing_of_what_was_pasted, ends_well)
