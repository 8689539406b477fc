# SPDX-License-Identifier: GPL-3.0-or-later
"""What is edited and not saved: asked about before it is dropped, kept through a lock and a kill, offered again."""

import os

from harness import main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")


def opens_a_vault(stage):
    stage.vault = stage.make_vault(rows=SAMPLE)
    stage.start(stage.vault)
    stage.unlock()
    assert stage.app.find("Continue", "button") is None, "there is nothing to go on with"


def edit(app, title, new_title):
    app.type(title.lower())
    app.see_only_row(title)
    app.press("Down", "Return")
    app.see(title, "label", within="SpItemPage")
    app.press("ctrl+e")
    app.enter("Title", new_title)


def answer(app, heading, button):
    app.see(heading, "label")
    app.click(button, "button")
    app.see_gone(heading, "label")


def asks_before_escape_drops_it(stage):
    app = stage.app
    edit(app, "Router", "Router upstairs")
    app.press("Escape")
    answer(app, "Save Changes?", "Go On Editing")
    app.see_entry("Title", "Router upstairs")


def asks_before_another_new_item(stage):
    app = stage.app
    app.press("ctrl+n")
    answer(app, "Save Changes?", "Go On Editing")
    app.see_entry("Title", "Router upstairs")


def asks_before_the_end(stage):
    app = stage.app
    app.press("ctrl+q")
    answer(app, "Save Changes?", "Go On Editing")
    app.see_entry("Title", "Router upstairs")


def keeps_it_through_a_lock(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    assert "Router upstairs" not in app.describe(), "a title can be read while the vault is locked"
    stage.unlock()
    app.see("Router upstairs", "label")
    app.click("Continue", "button")
    app.see_entry("Title", "Router upstairs")


def keeps_it_through_a_kill(stage):
    app = stage.app
    before = os.stat(stage.vault).st_mtime_ns
    app.press("End", "2")
    app.see_entry("Title", "Router upstairs2")
    # As long as there is a journal, the change is not made yet.
    app.wait(lambda: os.stat(stage.vault).st_mtime_ns != before and not os.path.exists(stage.vault + "-journal"),
             "the vault to be written")
    app.kill()
    app = stage.start(stage.vault)
    stage.unlock()
    app.see("Router upstairs2", "label")


def goes_on_with_it_by_editing_the_item(stage):
    app = stage.app
    app.type("router")
    app.see_only_row("Router")
    app.press("Down", "Return")
    app.see("Router", "label", within="SpItemPage")
    app.press("ctrl+e")
    app.see_entry("Title", "Router upstairs2")
    app.see("You had not saved this yet.", "alert")


def saves_it_over_another_change(stage):
    app = stage.app
    stage.cli(stage.vault, "edit", "Router", "--tag", "elsewhere")
    app.press("ctrl+s")
    app.click("Decide…", "button")
    answer(app, "Changed in Two Places", "Save Mine")
    app.see("Router upstairs2", "label", within="SpItemPage")


def offers_it_no_more(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    stage.unlock()
    app.see_row("Router upstairs2")
    assert app.find("Continue", "button") is None, "what was saved is offered again"


def drops_it_when_told_to(stage):
    app = stage.app
    edit(app, "Github", "Github at work")
    app.press("Escape")
    answer(app, "Save Changes?", "Discard")
    app.see("Github", "label", within="SpItemPage")
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    stage.unlock()
    app.see_row("Github")
    assert app.find("Continue", "button") is None, "what was dropped is offered again"


def ends_well(stage):
    stage.app.quit()


main(opens_a_vault, asks_before_escape_drops_it, asks_before_another_new_item, asks_before_the_end,
     keeps_it_through_a_lock, keeps_it_through_a_kill, goes_on_with_it_by_editing_the_item,
     saves_it_over_another_change, offers_it_no_more, drops_it_when_told_to, ends_well)
