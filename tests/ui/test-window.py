# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a whole: where the keyboard is after every change of its page, and that no window swallows a key."""

import os
import re

from harness import PASSWORD, main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")
FIRST = "Doctor's portal"
# What one program leaves in the preferences, the next one finds.
KEPT = {"GSETTINGS_BACKEND": "keyfile"}


def see_focus_in_list(app):
    app.see_focus(re.compile(f"^{FIRST}"), "list item")


def opens(stage):
    stage.vault = stage.make_vault(rows=SAMPLE)
    stage.start(stage.vault, env=KEPT)
    stage.unlock()
    see_focus_in_list(stage.app)


def finds_by_typing_at_once(stage):
    app = stage.app
    app.press("Down")
    app.see_focus(re.compile("^Film club"), "list item")
    app.type("git")
    app.see_entry("Search items", "git")
    app.press("Escape")
    app.see_row(FIRST)


def cancels_unlocking(stage):
    app = stage.app
    app.press("ctrl+l")
    app.enter("Master Password", PASSWORD)
    app.press("Return")
    app.see_focus("Cancel", "button")
    app.press("space")
    app.see("Unlock", "button")
    app.enter("Master Password", PASSWORD)
    app.press("Return")
    see_focus_in_list(app)


def comes_back_from_the_choice_of_another_vault(stage):
    app = stage.app
    app.press("F10")
    app.click("Switch Vault", "menu item")
    app.click("Other Vault…", "menu item")
    app.see("Open a Vault")
    app.press("Escape")
    app.see_windows(1)
    stage.unlock()
    see_focus_in_list(app)
    app.quit()


def switches_to_a_recent_vault(stage):
    stage.start(stage.make_vault("Second", SAMPLE), env=KEPT)
    stage.unlock()
    app = stage.app
    see_focus_in_list(app)
    app.press("F10")
    app.click("Switch Vault", "menu item")
    app.click(re.compile("Personal"), "menu item")
    app.see("Personal", "label")
    stage.unlock()
    see_focus_in_list(app)


def chooses_among_all_vaults(stage):
    app = stage.app
    app.press("F10")
    app.click("Switch Vault", "menu item")
    app.click("Other Vault…", "menu item")
    app.see_focus("Create a Vault", "button")
    app.press("Return")
    app.enter("Name", "Third")
    app.click("Back", "button")
    app.enter("Master Password", "wrong")
    app.press("Return")
    app.see("That is not the password of this vault.")
    stage.unlock()
    see_focus_in_list(app)


def ends_well(stage):
    stage.app.quit()


main(opens, finds_by_typing_at_once, cancels_unlocking, comes_back_from_the_choice_of_another_vault,
     switches_to_a_recent_vault, chooses_among_all_vaults, ends_well)
