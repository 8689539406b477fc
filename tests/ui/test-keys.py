# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault's own dialogs, and what does not get out of the editor of a secret."""

import os
import re

from harness import PASSWORD, main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")
FILMS = "popcorn-Matinee-88"
NEW_PASSWORD = "Eleven-loud-badgers-sold-72-umbrellas"


def opens(stage):
    stage.start(stage.make_vault(rows=SAMPLE))
    stage.unlock()
    stage.app.see_row("Film club")


def keeps_what_is_revealed_in_the_editor(stage):
    app = stage.app
    app.type("film")
    app.see_only_row("Film club")
    app.press("Down", "Return")
    app.see("Edit", "button")
    app.press("ctrl+e")
    app.see("Save", "button")
    app.click("Reveal", "button")
    app.see("Conceal", "button")
    app.press("shift+Tab", "ctrl+a", "ctrl+x", "ctrl+a")
    assert FILMS[1:] not in (app.clipboard("primary") or ""), "a secret can be pasted with the middle button"
    app.press("End")
    app.type("Z")
    app.press("ctrl+s")
    app.see("Edit", "button")
    app.press("ctrl+shift+c")
    app.see_clipboard(FILMS + "Z")


def choose_in_menu(app, name):
    app.click("Main Menu", "button")
    app.click(re.compile(name), "menu item")


def refuses_a_wrong_password(stage):
    app = stage.app
    choose_in_menu(app, "Change .*Master Password")
    app.enter("Present Master Password", "wrong")
    app.press("Return")
    app.type(NEW_PASSWORD)
    app.press("Return")
    app.type(NEW_PASSWORD)
    app.see_sensitive("Change", True)
    app.press("Return")
    app.see("That is not the password of this vault.")


def changes_the_password(stage):
    app = stage.app
    app.enter("Present Master Password", PASSWORD)
    app.see_sensitive("Change", True)
    app.click("Change", "button")
    app.see_windows(1)
    app.press("ctrl+l")
    app.see("Unlock", "button")
    app.enter("Master Password", NEW_PASSWORD)
    app.press("Return")
    app.see("Items", "list")


def deletes_the_vault(stage):
    app = stage.app
    choose_in_menu(app, "Delete Vault")
    app.enter("Master Password", PASSWORD)
    app.press("Return")
    app.see("That is not the password of this vault.")
    assert os.path.exists(stage.path("Personal.securepass")), "deleted with a wrong password"
    app.enter("Master Password", NEW_PASSWORD)
    app.press("Return")
    app.see("Create a Vault", "button")
    assert not os.path.exists(stage.path("Personal.securepass")), "still there"


def ends_well(stage):
    stage.app.quit()


main(opens, keeps_what_is_revealed_in_the_editor, refuses_a_wrong_password, changes_the_password, deletes_the_vault,
     ends_well)
