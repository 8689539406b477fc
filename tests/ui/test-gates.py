# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into a vault: welcome, a new vault, unlocking it, and what happens with a wrong password."""

import os

from harness import PASSWORD, main

WRONG = "not this one"


def begins_with_a_welcome(stage):
    app = stage.start()
    app.see("Welcome to SecurePass")
    app.see_focus("Create a Vault", "button")
    app.press("Return")
    app.see("New Vault")


def says_why_a_password_is_weak(stage):
    app = stage.app
    app.see_entry("Name", "Personal")
    app.enter("Name", "Private")
    app.press("Tab")
    app.type("password1")
    app.see_entry("Master Password", len("password1"))
    app.see("Words with little around them are guessed early.")
    app.see("Hard to guess: not met")
    app.see_sensitive("Create", False)


def makes_a_vault(stage):
    app = stage.app
    vault = stage.path(".local/share/securepass/vault.securepass")
    app.press("ctrl+a")
    app.type(PASSWORD)
    app.see("Hard to guess: met")
    app.see_sensitive("Create", False)
    app.press("Return")
    app.type(PASSWORD[:-1])
    app.see_entry("The Same Again", len(PASSWORD) - 1)
    app.see_sensitive("Create", False)
    app.type(PASSWORD[-1])
    app.see("Typed the same way twice: met")
    app.see_sensitive("Create", True)
    assert not os.path.exists(vault)
    app.press("Return")
    stage.do_without_recovery_key()
    app.see("The Vault Is Empty")
    assert os.stat(vault).st_mode & 0o777 == 0o600


def asks_for_the_password_once_locked(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    app.see_sensitive("Unlock", False)


def refuses_a_wrong_password_in_place(stage):
    app = stage.app
    app.enter("Master Password", WRONG)
    app.see_sensitive("Unlock", True)
    app.press("Return")
    app.see("That is not the password of this vault.")
    entry = app.see_entry("Master Password", len(WRONG))
    assert entry.n_selections == 1, "what is wrong is selected, to be typed over"


def keeps_the_password_to_itself(stage):
    """Copying and cutting tell nobody what was typed. (GTK 4.8 tells whoever may read AT-SPI, see docs/THREAT-MODEL.md.)"""
    app = stage.app
    app.press("ctrl+c")
    app.press("ctrl+x")
    app.see_entry("Master Password", len(WRONG))
    for selection in ["clipboard", "primary"]:
        assert "not" not in (app.clipboard(selection) or ""), selection


def can_be_cancelled_while_it_unlocks(stage):
    app = stage.app
    app.enter("Master Password", PASSWORD)
    app.press("Return", "Return")  # the second one meets the button that took the focus
    app.see_sensitive("Unlock", False)
    app.see_entry("Master Password", 0)


def unlocks(stage):
    stage.unlock()
    stage.app.see("The Vault Is Empty")


def forgets_what_was_typed(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see("Unlock", "button")
    app.see_entry("Master Password", 0)


def counts_down_after_too_many_failures(stage):
    """Each failure is one in the vault's file, so the number that it takes is the engine's to say."""
    app = stage.app
    for _ in range(20):
        app.enter("Master Password", WRONG)
        app.see_sensitive("Unlock", True)
        app.press("Return")
        found = app.wait(lambda: find_answer(app), "the answer")
        if "Too many" in found.name:
            break
        app.press("ctrl+a", "BackSpace")
        app.see_gone("That is not the password of this vault.")
    assert "Too many failed attempts. Try again in " in found.name, found.name
    app.see_sensitive("Unlock", False)


def find_answer(app):
    return next((node for node in app.walk() if node.name.startswith(("That is not", "Too many"))), None)


def goes_on_counting_when_started_again(stage):
    """The waiting is in the vault, not in the window."""
    stage.app.quit()
    app = stage.start()
    app.enter("Master Password", PASSWORD)
    app.see_sensitive("Unlock", True)
    app.press("Return")
    app.wait(lambda: "Too many" in getattr(find_answer(app), "name", ""), "the countdown")


def lets_in_when_the_time_is_over(stage):
    app = stage.app
    app.see_sensitive("Unlock", True)
    app.press("Return")
    app.see("The Vault Is Empty")


def ends_at_once(stage):
    stage.app.quit()


main(begins_with_a_welcome, says_why_a_password_is_weak, makes_a_vault,
     asks_for_the_password_once_locked, refuses_a_wrong_password_in_place,
     keeps_the_password_to_itself, can_be_cancelled_while_it_unlocks, unlocks, forgets_what_was_typed,
     counts_down_after_too_many_failures, goes_on_counting_when_started_again,
     lets_in_when_the_time_is_over, ends_at_once)
