# SPDX-License-Identifier: GPL-3.0-or-later
"""Several items at once, tags and the trash, from the keyboard and with the mouse; the focus is never lost."""

import os
import re

from harness import main

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/demo/browser-passwords.csv")


def opens(stage):
    stage.start(stage.make_vault("Personal", SAMPLE))
    stage.unlock()
    stage.app.see_row("Doctor's portal")


def selects_several(stage):
    app = stage.app
    app.click(re.compile("^Doctor's portal"), within="Items")
    app.see("Doctor's portal", "label", within="SpItemPage")
    app.press("shift+Down", "shift+Down")
    app.see("3 Items Selected")
    app.see("3 selected")


def tags_them(stage):
    app = stage.app
    app.press("ctrl+shift+t")
    app.see_focus("Find or add a tag")
    app.type("work/mail")
    app.see("Add “work/mail”")
    app.press("Return", "Return")
    app.see("Tags of 3 items changed")
    app.see("work, 3 items", within="Places")
    app.see("mail, 3 items", within="Places")
    app.see("3 Items Selected")


def undoes_and_tags_again(stage):
    app = stage.app
    app.press("ctrl+z")
    app.see_gone("work, 3 items", within="Places")
    app.press("ctrl+shift+t")
    app.see_focus("Find or add a tag")
    app.type("work/mail")
    app.press("Return", "Return")
    app.see("mail, 3 items", within="Places")


def renames_a_tag(stage):
    app = stage.app
    app.click("work, 3 items", within="Places")
    app.press("F2")
    app.see("Rename Tag")
    app.press("ctrl+a")
    app.type("office")
    app.press("Return")
    app.see("office, 3 items", within="Places")
    app.see("mail, 3 items", within="Places")
    app.see("office", "label", within="SpItemList")


def collapses_nested_tags(stage):
    app = stage.app
    app.click("office, 3 items", within="Places")
    app.press("Left")
    app.see_gone("mail, 3 items", within="Places")
    app.press("Right")
    app.see("mail, 3 items", within="Places")


def goes_on_with_the_next_item(stage):
    app = stage.app
    app.click(re.compile("^All Items"), within="Places")
    app.click(re.compile("^Doctor's portal"), within="Items")
    app.press("shift+Down", "Delete")
    app.see("2 items moved to the trash")
    app.see("Github", "label", within="SpItemPage")
    app.see_focus(re.compile("^Github"))
    app.press("Down")
    app.see("Müller Bücher", "label", within="SpItemPage")


def empties_the_trash(stage):
    app = stage.app
    app.click("Trash, 2 items", within="Places")
    app.click(re.compile("Empty Trash…$"), "button")
    app.see("Empty the Trash?")
    app.press("Escape")
    app.see_gone("Empty the Trash?")
    app.see_row("Film club")
    app.click(re.compile("Empty Trash…$"), "button")
    app.see("Empty the Trash?")
    app.press("Tab", "Return")
    app.see("The Trash Is Empty")


def searches_everywhere(stage):
    app = stage.app
    app.type("qqzz")
    app.see("Nothing Found")
    app.click(re.compile("Search Everywhere$"), "button")
    app.see("No item has these words, in its notes or in any field.")
    app.press("Escape")
    app.see("The Trash Is Empty")
    app.click(re.compile("^All Items"), within="Places")
    app.see_row("Github")


def shows_the_keys(stage):
    app = stage.app
    app.press("ctrl+question")
    app.see("Copy the user name")
    app.press("Escape")
    app.see_gone("Copy the user name")


def goes_from_pane_to_pane(stage):
    app = stage.app
    app.click(re.compile("^Github"), within="Items")
    app.see_focus(re.compile("^Github"))
    app.press("F6")
    app.see_focus("Edit", "button")
    app.press("F6")
    app.see_focus(re.compile("^All Items"))
    app.press("F6")
    app.see_focus(re.compile("^Github"))


def goes_back_on_a_narrow_window(stage):
    app = stage.app
    app.resize(360, 600)
    app.see("Back", "button", within="SpItemPage")
    app.see_focus()
    app.press("Escape")
    app.see_focus(re.compile("^Github"))
    app.press("Delete")
    app.see("Moved to the trash")
    app.see_focus(re.compile("^Müller Bücher"))
    app.press("Escape")
    app.see_focus(re.compile("^All Items"))


def begins_at_the_best_match(stage):
    """The row that has the focus is found, too, but last."""
    path = stage.path("many.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("name,url,username,password\n")
        for title in ["A shower"] + [f"Walnut {number}" for number in range(100, 250)]:
            file.write(f"{title},https://example.org/,anna,secret\n")
    stage.app.quit()
    app = stage.start(stage.make_vault("Many", path))
    stage.unlock()
    app.see_focus(re.compile("^A shower"))
    app.type("w")
    app.see_focus_in_search()
    app.wait(lambda: app.rows()[:1] and app.rows()[0].startswith("Walnut 249"), "the best match first")
    below = sum(app.find("Search items", "search box").extents[1::2])
    first = app.see_row("Walnut 249")
    assert below <= first.extents[1] < below + first.extents[3], (below, first.extents)


def ends_well(stage):
    stage.app.quit()


main(opens, selects_several, tags_them, undoes_and_tags_again, renames_a_tag, collapses_nested_tags,
     goes_on_with_the_next_item, empties_the_trash, searches_everywhere, shows_the_keys, goes_from_pane_to_pane,
     goes_back_on_a_narrow_window, begins_at_the_best_match, ends_well)
