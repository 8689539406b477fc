# SPDX-License-Identifier: GPL-3.0-or-later
"""Unlocking without the master password for a while, with a real keyring on the session's bus."""

import os
import shutil

from harness import PASSWORD, main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")


def has_a_keyring(stage):
    if shutil.which("gnome-keyring-daemon") is None:
        raise AssertionError("gnome-keyring-daemon is missing")
    stage.world.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], text="keyring")


def is_off_at_first(stage):
    app = stage.start(stage.make_vault("Personal", SAMPLE))
    app.see("Unlock", "button")
    assert app.find("Unlock Quickly", "button") is None
    stage.unlock()
    app.see_row("Github")


def open_dialog(app):
    app.press("ctrl+comma")
    app.see_windows(2)
    app.click("Security")
    app.press("alt+q")
    app.see("Turn On", "button")


def refuses_a_wrong_password(stage):
    app = stage.app
    open_dialog(app)
    app.enter("Master Password", "wrong")
    app.press("Return")
    app.see("That is not the password of this vault.")


def is_turned_on(stage):
    app = stage.app
    app.enter("Master Password", PASSWORD)
    app.press("Return")
    app.see("Quick unlock is on")


def unlocks(stage):
    app = stage.app
    app.press("ctrl+l")
    app.click("Unlock Quickly", "button")
    app.see_row("Github")


def does_so_in_a_new_process(stage):
    vault = stage.path("Personal.securepass")
    stage.app.quit()
    app = stage.start(vault)
    app.click("Unlock Quickly", "button")
    app.see_row("Github")


def is_turned_off(stage):
    app = stage.app
    open_dialog(app)
    app.click("Turn Off", "button")
    app.see("Quick unlock is off")
    app.press("ctrl+l")
    app.see("Unlock", "button")
    app.see_gone("Unlock Quickly", "button")
    stage.unlock()
    app.see_row("Github")


def ends_well(stage):
    stage.app.quit()


main(has_a_keyring, is_off_at_first, refuses_a_wrong_password, is_turned_on, unlocks, does_so_in_a_new_process,
     is_turned_off, ends_well)
