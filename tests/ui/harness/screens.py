# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen, and the way to it: `./dev shots` takes a picture of each, test-screens.py looks at each.

To add one, write a function with the mark of the state in which it begins. It goes to the screen, and waits until it
is there; yields; and goes back to where it began:

    @screen(OPEN)
    def trash(app):
        app.click("Trash", within="Places")
        app.see_row("A subscription that ended")
        yield
        app.click("All Items", within="Places")

In the state OPEN the list of all items is shown, with nothing selected; app.folded says whether the window is
narrow, and so shows one pane at a time."""

import os
import re

from .demo import SAMPLE

FIRST = "first start"  # there is no vault yet
LOCKED = "locked"
OPEN = "open"
READ_ONLY = "open, but damaged"

SCREENS = []


class Screen:
    def __init__(self, function, state):
        self.name = function.__name__.replace("_", "-")
        self.visit = function
        self.state = state


def screen(state):
    def mark(function):
        SCREENS.append(Screen(function, state))
        return function
    return mark


# ---- before the vault -------------------------------------------------------------------------------

@screen(FIRST)
def welcome(app):
    app.see("Welcome to SecurePass")
    yield


@screen(FIRST)
def new_vault(app):
    app.click("Create a Vault", "button")
    app.enter("Name", "Personal")
    app.press("Tab")
    app.type("Seven quiet otters")
    app.see_entry("Master Password", len("Seven quiet otters"))
    yield
    app.click("Back", "button")
    app.see("Welcome to SecurePass")


@screen(LOCKED)
def unlock(app):
    app.see("Unlock", "button")
    yield


@screen(LOCKED)
def wrong_password(app):
    app.enter("Master Password", "a wrong one")
    app.press("Return")
    app.see("That is not the password of this vault.")
    yield
    app.press("ctrl+a", "BackSpace")
    app.see_gone("That is not the password of this vault.")


# ---- the vault --------------------------------------------------------------------------------------

def see_all(app):
    """The list of all items; which part of it, depends on what was selected."""
    app.see_rows(5)


def open_item(app, title):
    app.press("ctrl+f")
    app.see_focus_in_search()
    app.press("ctrl+a")
    app.type(title.split()[0].lower())
    app.see_row(title)
    app.press("Down", "Return")
    app.see("Edit", "button")
    app.see(title, "label", within="SpItemPage")


def close_item(app):
    if app.folded:
        app.press("alt+Left")
        app.see("Items", "list")
    app.press("ctrl+f", "Escape")
    see_all(app)


@screen(OPEN)
def items(app):
    see_all(app)
    yield


@screen(OPEN)
def search(app):
    app.press("ctrl+f")
    app.type("mus")
    app.see_entry("Search items", "mus")
    app.see_row("Home network")
    yield
    app.press("Escape")
    see_all(app)


@screen(OPEN)
def nothing_found(app):
    app.press("ctrl+f")
    app.type("qqq")
    app.see("Nothing Found")
    yield
    app.press("Escape")
    see_all(app)


@screen(OPEN)
def item(app):
    open_item(app, "Work mail")
    app.see("recovery-codes.txt")
    yield
    close_item(app)


@screen(OPEN)
def long_item(app):
    open_item(app, "Municipal library of the twin towns, reading room and inter-library loans, card of the whole family")
    yield
    close_item(app)


@screen(OPEN)
def editor(app):
    open_item(app, "Work mail")
    app.press("ctrl+e")
    app.see("Save", "button")
    yield
    app.press("Escape")
    app.see("Edit", "button")
    close_item(app)


@screen(OPEN)
def generator(app):
    open_item(app, "Work mail")
    app.press("ctrl+e")
    app.click("Generate", "button")
    app.see("Use", "button")
    yield
    app.press("Escape")
    app.see_gone("Use", "button")
    app.press("Escape")
    app.see("Edit", "button")
    close_item(app)


@screen(OPEN)
def trash(app):
    go_to_place(app, "Trash")
    app.see_row("A subscription that ended")
    yield
    go_to_place(app, "All Items")
    see_all(app)


@screen(OPEN)
def places(app):
    show_places(app)
    app.see("Trash", within="Places")
    yield
    leave_places(app)


def show_places(app):
    if app.folded:
        app.press("alt+Left")
        app.see("Places", "list")


def go_to_place(app, name):
    show_places(app)
    app.click(name, "label", within="Places")
    app.see("Items", "list")


@screen(OPEN)
def menu(app):
    open_main_menu(app)
    yield
    app.press("Escape")
    app.see_gone("Lock", "menu item")
    leave_places(app)


def open_main_menu(app):
    show_places(app)
    app.press("F10")
    app.see("Lock", "menu item")


def leave_places(app):
    if app.folded:
        go_to_place(app, "All Items")
    see_all(app)


def choose(app, name):
    """An entry of the main menu, which opens a window."""
    open_main_menu(app)
    app.click(name, "menu item")
    app.see_windows(2)


def close_window(app):
    app.press("Escape")
    app.see_windows(1)
    leave_places(app)


@screen(OPEN)
def import_start(app):
    choose(app, "Import…")
    app.see("Bring Your Passwords Along")
    yield
    close_window(app)


@screen(OPEN)
def import_review(app):
    choose(app, "Import…")
    app.click("Choose a File…", "button")
    choose_file(app, SAMPLE)
    app.see("First Items")
    yield
    close_window(app)


def choose_file(app, path):
    """In the dialog of GTK, by typing the path."""
    app.see_windows(3)
    app.type("/")
    app.press("ctrl+a")
    app.type(os.path.abspath(path))
    app.press("Return")
    app.see_windows(2)


@screen(OPEN)
def export(app):
    choose(app, "Export…")
    app.see("Format")
    yield
    close_window(app)


@screen(OPEN)
def activity(app):
    choose(app, "Activity")
    app.see("Kind of Activity")
    app.see_gone("Verifying…")
    yield
    close_window(app)


@screen(OPEN)
def activity_nothing_found(app):
    choose(app, "Activity")
    app.see("Kind of Activity")
    app.see_gone("Verifying…")
    app.click("Kind of Activity")
    app.press("Down", "Down", "Down", "Down", "Return")
    app.see("No Activity")
    yield
    close_window(app)


@screen(OPEN)
def activity_export(app):
    choose(app, "Activity")
    app.see("Kind of Activity")
    app.see_gone("Verifying…")
    app.click("More", "button")
    app.click("Export…", "menu item", within="Activity")
    app.see("A table, for spreadsheets")
    yield
    app.press("Escape")
    app.see_windows(2)
    close_window(app)


@screen(OPEN)
def generator_window(app):
    show_places(app)
    app.press("ctrl+g")
    app.see_windows(2)
    app.see("Another One", "button")
    yield
    close_window(app)


@screen(OPEN)
def shortcuts(app):
    choose(app, "Keyboard Shortcuts")
    yield
    close_window(app)


@screen(OPEN)
def about(app):
    choose(app, "About SecurePass")
    yield
    close_window(app)


@screen(OPEN)
def history(app):
    open_item(app, "Github")
    app.click("Item Menu", "button")
    app.click("History", "menu item")
    app.see_windows(2)
    yield
    app.press("Escape")
    app.see_windows(1)
    close_item(app)


@screen(OPEN)
def large_type(app):
    open_item(app, "Github")
    app.click("Item Menu", "button")
    app.click("Password in Large Type", "menu item")
    app.see_windows(2)
    yield
    app.press("Escape")
    app.see_windows(1)
    close_item(app)


@screen(OPEN)
def selection(app):
    app.press("ctrl+f", "Down", "Home")
    app.click("Select Items", None)
    app.click(re.compile("^Everyday card"), within="Items")
    app.click(re.compile("^Github"), within="Items")
    app.see(re.compile("^2 "), "label")
    yield
    app.click("Select Items", None)
    app.see_gone(re.compile("^2 "), "label")
    app.press("ctrl+f", "Escape")


@screen(OPEN)
def preferences(app):
    choose(app, "Preferences")
    app.see("Recent Vaults")
    yield
    close_window(app)


@screen(OPEN)
def preferences_security(app):
    choose(app, "Preferences")
    app.click("Security", None)
    app.see("Locking")
    yield
    close_window(app)


@screen(OPEN)
def master_password(app):
    choose(app, "Change Master Password…")
    app.see("New Master Password")
    yield
    close_window(app)


@screen(OPEN)
def quick_unlock(app):
    app.press("ctrl+comma")
    app.see_windows(2)
    app.click("Security")
    app.press("alt+q")
    app.see("Turn On", "button")
    yield
    close_window(app)


@screen(OPEN)
def rename_vault(app):
    choose(app, "Rename Vault…")
    app.see("Name")
    yield
    close_window(app)


@screen(OPEN)
def check_vault(app):
    choose(app, "Check Vault…")
    yield
    close_window(app)


@screen(OPEN)
def delete_vault(app):
    choose(app, "Delete Vault…")
    yield
    close_window(app)


@screen(OPEN)
def tags(app):
    open_item(app, "Github")
    app.press("ctrl+shift+t")
    app.see_windows(2)
    yield
    app.press("Escape")
    app.see_windows(1)
    close_item(app)


@screen(OPEN)
def new_item(app):
    app.press("ctrl+n")
    app.see("Save", "button")
    yield
    app.press("Escape")
    app.see_gone("Save", "button")
