# SPDX-License-Identifier: GPL-3.0-or-later
"""The activity log: what was done is in it, filtered, of one item, verified; and a change from outside is told."""

import os
import re
import sqlite3

from harness import main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")


def activity(app):
    return app.rows(within="Activity")


def see_activity(app, *beginnings):
    """Waits until the rows begin so, the newest first; there may be more."""
    app.wait(lambda: all(row.startswith(wanted) for row, wanted in zip(activity(app), beginnings)) and
             len(activity(app)) >= len(beginnings), f"{beginnings} in the activity")


def open_menu(app):
    app.press("F10")
    app.click(re.compile("^Activity$"), "menu item")
    app.see_windows(2)


def opens_a_vault(stage):
    stage.vault = stage.make_vault(rows=SAMPLE)
    wrong = stage.path("wrong")
    with open(wrong, "w", encoding="utf-8") as file:
        file.write("not the password\n")
    stage.world.run([stage.cli_path, "--vault", stage.vault, "--password-file", wrong, "list"], check=False)
    stage.start(stage.vault)
    stage.unlock()
    stage.app.see(re.compile("^1 failed unlock since the last time, at "))


def shows_what_was_done(stage):
    app = stage.app
    app.type("github")
    app.see_only_row("Github")
    app.press("Down", "Return")
    app.see("Github", "label", within="SpItemPage")
    app.press("ctrl+c")
    open_menu(app)
    see_activity(app, "Copied: Github,", "Unlocked,", "Unlock failed,")
    app.see(re.compile(r"^Verified up to entry \d+, "), "label")
    app.see(re.compile(r"^Last 30 days: 2 unlocks, 1 failed$"))


def filters_by_kind(stage):
    app = stage.app
    app.click("Kind of Activity")
    app.press("Down", "Return")
    see_activity(app, "Unlocked,", "Unlock failed,")
    app.press("Escape")
    app.see_windows(1)


def shows_that_of_an_item(stage):
    app = stage.app
    app.click("Item Menu", "button")
    app.click("Activity", "menu item")
    app.see_windows(2)
    app.wait(lambda: [row.split(",")[0] for row in activity(app)] == ["Copied: Github"], "that of one item alone")
    app.click("Github", "button")
    see_activity(app, "Copied: Github,", "Unlocked,")
    app.press("Escape")
    app.see_windows(1)


def tells_what_was_changed_from_outside(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    with sqlite3.connect(stage.vault) as file:
        file.execute("DELETE FROM audit WHERE id = 3")
    stage.unlock()
    app.see("The activity log was changed from outside")
    app.click("Show", "button")
    app.see_windows(2)
    app.see(re.compile(r"changed this log\.\nRemoved: 3\.$"), "label")
    app.wait(lambda: any(row.startswith("This entry cannot be read, Entry 3") for row in activity(app)),
             "the place of the entry that is gone")


def closes_when_locked(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    app.see_windows(1)
    stage.unlock()


def ends_well(stage):
    stage.app.quit()


main(opens_a_vault, shows_what_was_done, filters_by_kind, shows_that_of_an_item, tells_what_was_changed_from_outside,
     closes_when_locked, ends_well)
