# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a whole: where the keyboard is after every change of its page, and that no window swallows a key."""

import os
import re

from harness import PASSWORD, main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")
FIRST = "Doctor's portal"
WRONG = "That is not the password of this vault."
PADDING = 24  # pixels; of two controls, which their extents leave out
LESS_THAN_BY_ITSELF = 25  # seconds
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


def opens_the_menu_at_any_width(stage):
    app = stage.app
    app.press("F10")
    app.see("Lock", "menu item")
    app.press("Escape")
    app.see_gone("Lock", "menu item")
    app.resize(360, 640)
    app.press("ctrl+f", "Escape")
    see_focus_in_list(app)
    app.press("F10", "Escape")
    see_focus_in_list(app)
    app.press("F10", "g")
    app.see_windows(2)
    app.press("Escape")
    app.see_windows(1)
    app.press("Return")
    app.see("Edit", "button")
    app.press("F10", "g")
    app.see_windows(2)
    app.press("Escape")
    app.see_windows(1)
    app.press("F10", "l")
    app.see("Unlock", "button")
    app.press("F10")
    app.see("Preferences", "menu item")
    app.press("Escape")
    app.see_gone("Preferences", "menu item")


def keeps_toasts_above_the_bar(stage):
    app = stage.app
    app.resize(1200, 800)
    stage.unlock()
    see_focus_in_list(app)
    app.click("Select Items", None)
    app.click(re.compile("^Film club"), within="Items")
    app.click(re.compile("^Github"), within="Items")
    bar = app.see("Add to Favourites", "button", within="SpItemList")
    app.click(bar)
    app.see("Undo", "button")

    def is_above():
        toast, bar = app.find("Undo", "button"), app.find("Remove From Favourites", "button", within="SpItemList")
        return toast is not None and bar is not None and sum(toast.extents[1::2]) + PADDING <= bar.extents[1]

    app.wait(is_above, "the toast above the bar")
    app.click("Select Items", None)
    app.press("ctrl+l")


def see_locked(stage):
    """With nothing before the page, and the keyboard on it."""
    app = stage.app
    app.see("Unlock", "button")
    app.see_windows(1)
    stage.unlock()
    see_focus_in_list(app)


def locks_from_every_window(stage):
    app = stage.app
    stage.unlock()
    see_focus_in_list(app)
    app.press("ctrl+comma")
    app.see_windows(2)
    app.press("ctrl+l")
    see_locked(stage)
    app.press("ctrl+question")
    app.see_windows(2)
    app.press("ctrl+l")
    see_locked(stage)
    app.press("F10")
    app.click("About SecurePass", "menu item")
    app.see_windows(2)
    app.press("ctrl+l")
    see_locked(stage)


def change_an_item(app):
    app.press("Return")
    app.press("ctrl+e")
    app.enter("Title", "Another title")


def locks_over_a_question(stage):
    app = stage.app
    change_an_item(app)
    app.press("Escape")
    app.see("Save Changes?")
    app.see_windows(2)
    app.press("ctrl+l")
    see_locked(stage)
    app.click("Discard", "button")
    app.click("Discard", "button", within="Discard Changes?")
    app.see_gone("Discard", "button")


def asks_before_it_quits(stage):
    app = stage.app
    app.press("ctrl+f", "Escape")
    see_focus_in_list(app)
    change_an_item(app)
    app.press("ctrl+g")
    app.see_windows(2)
    app.press("ctrl+q")
    app.see("Save Changes?")
    app.press("ctrl+q")
    app.press("Escape")
    app.see_gone("Save Changes?")
    app.see("Another One", "button")
    app.press("Escape")
    app.see_windows(1)
    app.see_entry("Title", "Another title")
    app.press("ctrl+q")
    app.see("Save Changes?")
    app.quit("alt+d")


def starts_where_it_ended(stage):
    with open(stage.path(".config/glib-2.0/settings/keyfile"), "a", encoding="utf-8") as file:
        file.write("\n[org/securepass/SecurePass]\nconceal-seconds=uint32 2\n")
    stage.start(stage.vault, env=KEPT)
    stage.unlock()
    see_focus_in_list(stage.app)


def conceals_when_the_preferences_say(stage):
    app = stage.app
    app.press("ctrl+g")
    app.see_windows(2)
    app.click("Another One", "button")
    app.click("Reveal", "button")
    app.see("Conceal", "button")
    app.wait(lambda: app.find("Reveal", "button"), "what was revealed to be concealed", LESS_THAN_BY_ITSELF)


def quits_from_a_window_over_it(stage):
    stage.app.quit()


def see_description(app, text):
    app.wait(lambda: (node := app.find("Master Password", "text box")) is not None and node.description == text,
             f"the entry to say “{text}”")


def tells_why_it_did_not_unlock(stage):
    stage.start(stage.vault, env=KEPT)
    app = stage.app
    app.enter("Master Password", "wrong")
    app.press("Return")
    app.see(WRONG, "alert")
    see_description(app, WRONG)
    app.press("BackSpace")
    app.see_gone(WRONG)
    see_description(app, "")
    app.quit()


main(opens, finds_by_typing_at_once, cancels_unlocking, comes_back_from_the_choice_of_another_vault,
     switches_to_a_recent_vault, chooses_among_all_vaults, opens_the_menu_at_any_width, keeps_toasts_above_the_bar,
     locks_from_every_window, locks_over_a_question, asks_before_it_quits, starts_where_it_ended,
     conceals_when_the_preferences_say, quits_from_a_window_over_it, tells_why_it_did_not_unlock)
