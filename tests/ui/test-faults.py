# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with a vault's file, as it looks from the window: a full disk, a folder that cannot be written any more, a file
that was taken away, changed elsewhere or damaged, and a lock in the middle of an import.

The disk is one in memory, which only this process and what it starts can see."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys

from harness import main
from harness.demo import SAMPLE
from harness.screens import choose, choose_file

PRIVATE = "SECUREPASS_UI_MOUNTS"  # "yes" when this process can mount what nobody else sees; "no" when nothing can be mounted
CAN_MOUNT = os.environ.get(PRIVATE) == "yes"  # asked now, as the world that is set up clears such words
DISK_MIB = 4
SCREEN_SAVER = "org.gnome.ScreenSaver"
BEGUN = re.compile("^Importing…$|items imported$")
N_ROWS = 12000  # an import of so many takes long enough for a lock to come before its end


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def unmount(folder):
    subprocess.run(["umount", "--lazy", folder], check=True)


def lock_screen():
    """As the screen saver tells it."""
    from gi.repository import Gio, GLib  # pylint: disable=import-outside-toplevel
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                  GLib.Variant("(su)", (SCREEN_SAVER, 0)), None, 0, -1, None)
    bus.emit_signal(None, "/" + SCREEN_SAVER.replace(".", "/"), SCREEN_SAVER, "ActiveChanged", GLib.Variant("(b)", (True,)))
    bus.flush_sync()


def open_item(app, title):
    app.press("ctrl+f")
    app.see_focus_in_search()
    app.press("ctrl+a")
    app.type(title.split()[0].lower())
    app.see_row(title)
    app.press("Down", "Return")
    app.see(title, "label", within="SpItemPage")


def edit(app, title, new_title):
    open_item(app, title)
    app.press("ctrl+e")
    app.enter("Title", new_title)


def save_where_nothing_fails(app, title):
    """In the place of a fault that needs a disk of its own."""
    app.press("ctrl+s")
    app.see(title, "label", within="SpItemPage")


def opens_on_a_small_disk(stage):
    stage.disk = os.path.join(stage.world.output, "disk")
    shutil.rmtree(stage.disk, ignore_errors=True)
    os.makedirs(stage.disk)
    if CAN_MOUNT:
        mount("-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", stage.disk)
    stage.vault = stage.make_vault(os.path.join(stage.disk, "Personal"), rows=SAMPLE)
    stage.start(stage.vault)
    stage.unlock()


def keeps_an_edit_when_the_disk_is_full(stage):
    app = stage.app
    edit(app, "Router", "Router upstairs")
    if not CAN_MOUNT:
        save_where_nothing_fails(app, "Router upstairs")
        return
    filler = os.path.join(stage.disk, "filler")
    with open(filler, "wb", 0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    app.press("ctrl+s")
    app.see("The disk is full. Nothing was changed; free some space, and try again.")
    app.see_entry("Title", "Router upstairs")
    os.remove(filler)
    app.click("Try Again", "button")
    app.see("Router upstairs", "label", within="SpItemPage")
    assert "Router upstairs" in stage.cli(stage.vault, "list"), "it is not in the file"


def keeps_an_edit_when_it_is_made_read_only(stage):
    app = stage.app
    edit(app, "Router upstairs", "Router downstairs")
    if not CAN_MOUNT:
        save_where_nothing_fails(app, "Router downstairs")
        return
    mount("--bind", stage.disk, stage.disk)
    mount("-o", "remount,bind,ro", stage.disk)
    app.press("ctrl+s")
    app.see("Try Again", "button")
    app.see_entry("Title", "Router downstairs")
    unmount(stage.disk)
    app.click("Try Again", "button")
    app.see("Router downstairs", "label", within="SpItemPage")
    assert "Router downstairs" in stage.cli(stage.vault, "list"), "it is not in the file"


def opens_read_only_where_nothing_can_be_written(stage):
    if not CAN_MOUNT:
        return
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    mount("--bind", stage.disk, stage.disk)
    mount("-o", "remount,bind,ro", stage.disk)
    stage.unlock()
    app.see("The vault’s file or folder cannot be written. It is open for reading only.")
    app.see_row("Router downstairs")
    unmount(stage.disk)
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    stage.unlock()
    app.see_row("Router downstairs")


def keeps_an_edit_when_the_file_is_taken_away(stage):
    app = stage.app
    edit(app, "Router downstairs", "Router in the attic")
    os.rename(stage.vault, f"{stage.vault}.away")
    app.see("The vault’s file is gone. What you are editing can be saved once it is back in its place.")
    app.press("ctrl+s")
    app.see("Try Again", "button")
    app.see_entry("Title", "Router in the attic")
    assert not os.path.exists(stage.vault), "half of a vault was written in its place"
    os.rename(f"{stage.vault}.away", stage.vault)
    app.click("Try Again", "button")
    app.see("Router in the attic", "label", within="SpItemPage")
    assert "Router in the attic" in stage.cli(stage.vault, "list"), "it is not in the file"


def keeps_an_edit_through_a_lock_without_the_file(stage):
    app = stage.app
    edit(app, "Router in the attic", "Router in the cellar")
    os.rename(stage.vault, f"{stage.vault}.away")
    app.see("The vault’s file is gone. What you are editing can be saved once it is back in its place.")
    app.press("ctrl+l")
    app.see(re.compile("^What you were editing could not be written to the vault."))
    app.press("ctrl+q")
    app.click("Cancel", "button")
    app.see_windows(1)
    os.rename(f"{stage.vault}.away", stage.vault)
    stage.unlock()
    app.click("Continue", "button")
    app.see_entry("Title", "Router in the cellar")
    app.press("ctrl+s")
    app.see("Router in the cellar", "label", within="SpItemPage")
    assert "Router in the cellar" in stage.cli(stage.vault, "list"), "it is not in the file"


def keeps_an_edit_when_another_file_is_in_its_place(stage):
    """As programs do that synchronise folders."""
    app = stage.app
    edit(app, "Router in the cellar", "Router in the garden")
    shutil.copy(stage.vault, f"{stage.vault}.new")
    os.rename(f"{stage.vault}.new", stage.vault)
    app.see(re.compile("^The vault was locked: its file was taken away, or replaced .* offered again"))
    stage.unlock()
    assert app.find(re.compile("^The vault was locked")) is None, "what was told of the lock is still there"
    app.click("Continue", "button")
    app.see_entry("Title", "Router in the garden")
    app.press("ctrl+s")
    app.see("Router in the garden", "label", within="SpItemPage")


def asks_when_another_program_changed_the_same_item(stage):
    app = stage.app
    edit(app, "Github", "Github at home")
    stage.cli(stage.vault, "edit", "Github", "--title", "Github at work")
    app.see_entry("Title", "Github at home")
    app.press("ctrl+s")
    app.click("Decide…", "button")
    app.see("Changed in Two Places", "label")
    app.click("Save Mine", "button")
    app.see("Github at home", "label", within="SpItemPage")
    listed = stage.cli(stage.vault, "list")
    assert "Github at home" in listed and "Github at work" not in listed, listed


def has_begun_to_import(app):
    """A long list is looked at more than once before it can be imported, and meanwhile the button does nothing."""
    if app.find(BEGUN) is not None:
        return True
    button = app.find("Import", "button")
    if button is not None and button.has("sensitive"):
        app.click(button)
    return False


def imports_nothing_by_halves(stage):
    """A lock comes before its end, or just after it: all or nothing, and it is told which."""
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    app.quit()
    stage.vault = stage.make_vault("Large")
    app = stage.start(stage.vault)
    stage.unlock()
    rows = stage.path("rows.csv")
    with open(rows, "w", encoding="utf-8") as file:
        file.write("name,url,username,password,note\n")
        file.writelines(f"Site {number},https://{number}.example/,anna,pass-{number}-word,\n" for number in range(N_ROWS))
    choose(app, "Import…")
    app.click("Choose a File…", "button")
    choose_file(app, rows)
    app.see("First Items")
    app.see_sensitive("Import", True)
    app.wait(lambda: has_begun_to_import(app), "the import")
    lock_screen()
    app.see_entry("Master Password", 0)
    found = app.wait(lambda: next((node for node in app.walk() if "mported" in node.name), None), "what became of the import")
    done = "items imported" in found.name
    assert done or "Nothing was imported" in found.name, found.name
    stage.unlock()
    n_items = len(stage.cli(stage.vault, "list", "--json").split('"title"')) - 1
    assert n_items == (N_ROWS if done else 0), f"{n_items} items, although “{found.name}”"


def opens_what_is_damaged_for_reading(stage):
    app = stage.app
    app.press("ctrl+l")
    app.see_entry("Master Password", 0)
    app.quit()
    damaged = stage.make_vault("Damaged", rows=SAMPLE)
    with sqlite3.connect(damaged) as database:
        number, data = database.execute("SELECT id, data FROM page ORDER BY id").fetchone()
        database.execute("UPDATE page SET data = ? WHERE id = ?", (data[:-1] + bytes([data[-1] ^ 1]), number))
    database.close()
    app = stage.start(damaged)
    stage.unlock()
    app.see_rows(7)
    app.see("Something is wrong with this vault. It is open for reading only.")
    app.click("What Is Wrong…", "button")
    app.see_windows(2)
    app.press("Escape")
    app.see_windows(1)
    app.see_sensitive("New Item", False)


def ends_well(stage):
    stage.app.quit()
    if CAN_MOUNT:
        unmount(stage.disk)


if os.environ.get(PRIVATE) is None:
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    unshare = ["unshare", "--mount", *as_root]
    possible = subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", "/tmp"], check=False, stderr=subprocess.DEVNULL)
    os.environ[PRIVATE] = "yes" if possible.returncode == 0 else "no"
    if possible.returncode == 0:
        os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    print("Nothing can be mounted here: what needs a full or a read-only disk is left out.", file=sys.stderr)

main(opens_on_a_small_disk, keeps_an_edit_when_the_disk_is_full, keeps_an_edit_when_it_is_made_read_only,
     opens_read_only_where_nothing_can_be_written, keeps_an_edit_when_the_file_is_taken_away,
     keeps_an_edit_through_a_lock_without_the_file, keeps_an_edit_when_another_file_is_in_its_place,
     asks_when_another_program_changed_the_same_item, imports_nothing_by_halves, opens_what_is_damaged_for_reading,
     ends_well)
