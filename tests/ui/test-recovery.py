# SPDX-License-Identifier: GPL-3.0-or-later
"""Never locked out: a forgotten password, the recovery key from the drawer, a new password and a new recovery sheet."""

import re
import subprocess

from harness import PASSWORD, main

NEW_PASSWORD = "Nine-loud-herons-sell-52-anchors"
WRONG = "That is not the password of this vault."
GROUP = re.compile(r"^[0-9A-HJKMNP-TV-Z]{5}$")


def read_groups(app):
    """The key that is shown, as its eight groups."""
    app.wait(lambda: len(groups_of(app)) == 8, "a recovery key")
    return groups_of(app)


def groups_of(app):
    return [node.name for node in app.walk() if GROUP.match(node.name)]


def type_key(app, text):
    """In the entry of the key, which has the keyboard. What is selected in a secret that can be read is let go at once, so it
    is taken back letter by letter."""
    app.press("End", *["BackSpace"] * 50)
    app.see_entry("Recovery Key", "")
    app.type(text)


def makes_a_vault(stage):
    app = stage.start()
    app.see_focus("Create a Vault", "button")
    app.press("Return")
    app.enter("Name", "Personal")
    app.press("Tab")
    app.type(PASSWORD)
    app.press("Return")
    app.type(PASSWORD)
    app.see_sensitive("Create", True)
    app.press("Return")
    app.see("Never Locked Out")


def does_without_a_key_only_when_meant(stage):
    app = stage.app
    app.see_windows(2)
    app.press("Escape")
    app.see("Without a Recovery Key?")
    app.see_windows(3)
    app.press("Escape")
    app.see_windows(2)
    app.see_entry("Where It Is Kept, or by Whom", "Drawer")


def gets_a_recovery_sheet(stage):
    app = stage.app
    app.click("Continue", "button")
    app.see("New Recovery Key “Drawer”")
    stage.groups = read_groups(app)
    stage.key = "-".join(stage.groups)
    app.click("It Is on Paper", "button")
    type_groups(app, stage.groups)
    app.see_windows(1)
    app.see("The Vault Is Empty")


def waits_after_six_failures(stage):
    app = stage.app
    app.press("ctrl+l")
    for _ in range(10):
        app.enter("Master Password", "not this one")
        app.see_sensitive("Unlock", True)
        app.press("Return")
        if "Too many" in app.wait(lambda: answer(app), "the answer").name:
            break
        app.press("ctrl+a", "BackSpace")
        app.see_gone(WRONG)
    assert "Too many failed attempts. Try again in " in answer(app).name
    app.see_sensitive("Unlock", False)


def answer(app):
    return next((node for node in app.walk() if node.name == WRONG or node.name.startswith("Too many")), None)


def asks_for_the_recovery_key(stage):
    app = stage.app
    app.click("Forgot Your Password?", "button")
    app.see_windows(2)
    app.see_entry("Recovery Key", "")
    app.see_sensitive("Continue", False)


def names_the_group_that_is_wrong_at_half_time(stage):
    app = stage.app
    wrong = "A" if stage.key[13] != "A" else "B"
    type_key(app, stage.key[:13] + wrong + stage.key[14:23])
    app.see("Group 3 is probably wrong. Compare it with the paper.")
    app.see_sensitive("Continue", False)


def tells_a_key_of_another_vault(stage):
    app = stage.app
    other = stage.make_vault("Other")
    key = stage.cli(other, "recovery", "new").split()[0]
    type_key(app, key)
    app.see("The recovery key is complete.")
    app.press("Return")
    app.see("The recovery key is complete, but it is not, or no longer, one of this vault.")


def forgives_how_it_is_typed(stage):
    app = stage.app
    type_key(app, stage.key.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    app.see("The recovery key is complete.")
    app.press("Return")
    app.see("New Master Password")


def sets_a_new_password(stage):
    app = stage.app
    app.enter("Master Password", NEW_PASSWORD)
    app.press("Return")
    app.enter("The Same Again", NEW_PASSWORD)
    app.see_sensitive("Continue")
    app.press("Return")
    app.see("New Recovery Key “Drawer”")
    stage.groups = read_groups(app)
    assert "-".join(stage.groups) != stage.key, "a new key"


def copies_the_new_key(stage):
    app = stage.app
    app.click("Copy", "button")
    app.see_clipboard("-".join(stage.groups))


def saves_it_as_one_page(stage):
    app = stage.app
    app.click("Save as PDF…", "button")
    app.see_windows(3)
    app.press("ctrl+a")
    app.type(stage.path("sheet.pdf"))
    app.press("Return")
    app.see(re.compile("^Saved"))
    text = subprocess.run(["pdftotext", "-layout", stage.path("sheet.pdf"), "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    assert text.count("\f") == 1, "one page"
    for group in stage.groups:
        assert group in text, "every group"


def asks_for_two_groups(stage):
    app = stage.app
    app.click("It Is on Paper", "button")
    type_groups(app, ["AAAAA"] * 8)
    app.see(re.compile("^That is not group "))


def asked(app):
    """The rows, from top to bottom."""
    return app.wait(lambda: [node for node in app.walk() if re.match(r"^Group \d$", node.name) and
                             node.role == "text box"], "the groups that are asked for")


def type_groups(app, groups):
    for row in asked(app):  # the first has the keyboard, and Enter hands it on
        app.press("End", *["BackSpace"] * 10)
        app.type(groups[int(row.name[-1]) - 1].lower())
        app.see_entry(row.name, groups[int(row.name[-1]) - 1].lower())
        app.press("Return")


def lets_in_once_they_are_right(stage):
    app = stage.app
    type_groups(app, stage.groups)
    app.see("The Vault Is Empty")
    app.see_windows(1)


def tells_of_the_failures(stage):
    stage.app.see(re.compile(r"^\d+ failed unlocks since the last time, "))


def takes_the_new_password_only(stage):
    app = stage.app
    app.press("ctrl+l")
    app.enter("Master Password", PASSWORD)
    app.press("Return")
    app.see("That is not the password of this vault.")
    app.enter("Master Password", NEW_PASSWORD)
    app.press("Return")
    app.see("The Vault Is Empty")


main(makes_a_vault, does_without_a_key_only_when_meant, gets_a_recovery_sheet, waits_after_six_failures, asks_for_the_recovery_key, names_the_group_that_is_wrong_at_half_time,
     tells_a_key_of_another_vault, forgives_how_it_is_typed, sets_a_new_password, copies_the_new_key,
     saves_it_as_one_page, asks_for_two_groups, lets_in_once_they_are_right, tells_of_the_failures, takes_the_new_password_only)
