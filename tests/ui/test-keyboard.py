# SPDX-License-Identifier: GPL-3.0-or-later
"""The story again by the keyboard alone, without a mouse; and on the way, that the focus is always somewhere."""

from harness import PASSWORD, main
from harness.demo import SAMPLE
from harness.screens import choose_file

FILMS = "popcorn-Matinee-88"
FAR = 80  # presses of Tab, more than any screen has places for


def tab_to(app, name, role="button", key="Tab"):
    """Presses Tab until the control has the focus. A focus that is in no control is in an AdwEntryRow, which does not tell; but two
    presses in a row it is not lost."""
    seen, lost = [], 0
    for _ in range(FAR):
        node = app.focused()
        if node is not None and node.role == role and node.is_named(name):
            return node
        lost = lost + 1 if node is None else 0
        assert lost < 4, f"the focus is lost after {seen[-5:]}"
        seen.append(node)
        app.press(key)
    raise AssertionError(f"Tab does not reach {role} “{name}”, only {list(dict.fromkeys(map(repr, seen)))}")


def menu(app, name):
    """Opens the main menu, and goes to an entry by the arrow keys."""
    app.press("F10")
    app.see("Lock", "menu item")
    for _ in range(20):
        node = app.focused()
        if node is not None and node.role == "menu item" and node.is_named(name):
            app.press("Return")
            return
        app.press("Down")
    raise AssertionError(f"the arrow keys do not reach “{name}”")


def creates_a_vault(stage):
    app = stage.start()
    app.see_focus("Create a Vault", "button")
    app.press("space")
    app.enter("Name", "Keys")
    app.press("Tab")
    app.type(PASSWORD)
    app.press("Return")
    app.type(PASSWORD)
    app.see_sensitive("Create", True)
    tab_to(app, "Create")
    app.press("space")
    stage.do_without_recovery_key()
    app.see("The Vault Is Empty")


def imports(stage):
    app = stage.app
    menu(app, "Import…")
    app.see("Bring Your Passwords Along")
    tab_to(app, "Choose a File…")
    app.press("space")
    choose_file(app, SAMPLE)
    app.see("First Items")
    tab_to(app, "Import")
    app.press("space")
    app.see("Done", "button")
    tab_to(app, "Done")
    app.press("space")
    app.see_windows(1)
    app.see_row("Film club")


def searches_and_opens(stage):
    app = stage.app
    app.press("ctrl+f")
    app.type("film")
    app.see_entry("Search items", "film")
    app.see_only_row("Film club")
    app.press("Down", "Return")
    app.see("Edit", "button")
    app.see("Film club", "label", within="SpItemPage")


def reveals_and_conceals(stage):
    app = stage.app
    tab_to(app, "Reveal")
    app.press("space")
    app.see(FILMS)
    tab_to(app, "Conceal")
    app.press("space")
    app.see("Reveal", "button")


def copies(stage):
    stage.app.press("ctrl+shift+c")
    stage.app.see_clipboard(FILMS)


def edits_and_generates(stage):
    app = stage.app
    app.press("ctrl+e")
    app.enter("Title", "Film and theatre club")
    tab_to(app, "Generate")
    app.press("space")
    app.see("Use", "button")
    tab_to(app, "Use")
    app.press("space")
    app.see_gone("Use", "button")
    app.press("ctrl+s")
    app.see("Edit", "button")
    app.see("Film and theatre club", "label", within="SpItemPage")
    app.press("ctrl+shift+c")
    app.wait(lambda: app.clipboard() not in (None, FILMS), "another password")


def deletes_and_undoes(stage):
    app = stage.app
    app.press("ctrl+f", "Down")
    app.see_row("Film and theatre club")
    app.press("Delete")
    app.see("Nothing Found")
    app.press("ctrl+z")
    app.see_row("Film and theatre club")


def locks_and_unlocks(stage):
    stage.app.press("ctrl+l")
    stage.app.see("Unlock", "button")
    stage.unlock()
    stage.app.see_row("Film and theatre club")


def ends_well(stage):
    stage.app.quit()


main(creates_a_vault, imports, searches_and_opens, reveals_and_conceals, copies, edits_and_generates,
     deletes_and_undoes, locks_and_unlocks, ends_well)
