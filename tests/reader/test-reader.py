# SPDX-License-Identifier: GPL-3.0-or-later
"""read_vault.py, written from docs/VAULT-FORMAT.md alone, against what the program itself says of vaults that it made; and on
vaults in which one thing is wrong, which it has to refuse."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../cli"]

import read_vault  # pylint: disable=wrong-import-position
from harness import (COSTS, DAMAGED, DONE, NOT_FOUND, OTHER_PASSWORD, PASSWORD, WRONG_KEY,  # pylint: disable=wrong-import-position
                     Vault, contains, environment, equal, lacks, main, test)

CONTENTS = {"empty": b"", "one chunk": bytes(range(256)) * 256, "Bänder.bin": b"SecurePass" * 20000}
LASTPASS = """url,username,password,totp,extra,name,grouping,fav
http://sn,,,,"NoteType:Server
Hostname:zürich.example
Username:root
Password:pa,ss ""word""
Notes:two
lines",Sörver,Arbeit\\Netz,1
https://example.com,björn,geheim,,,Zwölf,,0
"""


def read(vault, wanted, code=DONE, password_file=None, path=None):
    """What the reader prints, as JSON, and tells."""
    process = subprocess.run(
        [sys.executable, HERE + "/read_vault.py", path or vault.path, password_file or vault.password_file, wanted],
        capture_output=True, check=False, timeout=60, env=environment(vault.folder))
    error = process.stderr.decode()
    if process.returncode != code:
        raise AssertionError(f"{wanted}: exit code {process.returncode}, expected {code}: {error}")
    lacks(error, "Traceback")
    if code != DONE:
        equal(process.stdout, b"")
        return None, error
    return json.loads(process.stdout), error


def all_items(path, password=PASSWORD):
    return read_vault.Vault(path, password.encode()).items


def agree(vault):
    """The reader and the export say the same of every item, field by field, and nothing is told."""
    vault.run("verify")
    exported = vault.json("export", "--format", "json")["items"]
    titles, told = read(vault, "--list")
    equal(told, "")
    equal(titles, [item["title"] for item in exported])
    for found, expected in zip(all_items(vault.path), exported):
        equal(found, expected)
    return exported


def full_vault():
    """A vault in which something of everything was done."""
    vault = Vault()
    first = vault.add("Möwe", "--set", "url=https://a.example/ü", "--set", "url=https://b.example", "--set", "url=c.example",
                      "--set", "username=jürgen@example.org", "--tag", "Arbeit/Büro/Köln", "--tag", "x", "--favourite",
                      "--custom", "text:Straße=Hauptstraße 1", "--custom", "hidden:PIN", "--set-from",
                      "PIN=" + vault.secret("12 34\n", "pin"), "--set-from", "notes=" + vault.secret("eins\nzwei\n", "notes"),
                      "--expires", "2031-12-31", "--generate")
    for name, content in CONTENTS.items():
        vault.run("attach", "add", first, vault.write(name, content), "--name", name)
    vault.run("edit", first, "--title", "Silbermöwe 🐦", "--set", "url=https://d.example")
    vault.run("attach", "remove", first, "one chunk")
    vault.run("edit", first, "--generate", "--untag", "x", "--archive")
    vault.add("Karte", "--type", "card", "--set", "cardholder=Åsa", code=DONE)
    vault.run("duplicate", first, "--title", "Copy of the gull")
    vault.run("remove", vault.add("In the trash"), vault.add("There and back"), vault.add("Never seen again"))
    vault.run("restore", "There and back")
    vault.run("purge", "Never seen again", "--yes")
    vault.older = vault.folder + "/older.securepass"
    shutil.copy(vault.path, vault.older)
    vault.run("edit", "Karte", "--set", "cardholder=Öğe")
    vault.fork, vault.path, path = vault.folder + "/fork.securepass", vault.folder + "/fork.securepass", vault.path
    shutil.copy(vault.older, vault.fork)
    vault.run("edit", "Karte", "--set", "cardholder=Another", env={"XDG_STATE_HOME": vault.folder + "/fork-state"})
    vault.path = path
    vault.run("import", vault.write("lastpass.csv", LASTPASS))
    return vault


_full = None


def full():
    """The full vault, made once and never changed."""
    global _full  # pylint: disable=global-statement
    _full = _full or full_vault()
    return _full


def changed(*steps):
    """A copy of the full vault on which statements of SQL, or functions of the database, did their work."""
    path = f"{full().folder}/changed.securepass"
    shutil.copy(full().path, path)
    file = sqlite3.connect(path, isolation_level=None)
    file.create_function("flip", 2, lambda data, at: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
    file.create_function("cheaper", 1, cheaper)
    for step in steps:
        if callable(step):
            step(file)
        else:
            equal(file.execute(step).rowcount == 0, False)
    file.close()
    return path


def cheaper(slot):
    """The slot with 8 KiB of memory and a checksum that is right."""
    slot = slot[:44] + (8).to_bytes(4, "little") + slot[48:196]
    return slot + hashlib.sha256(slot).digest()


def swap(table, order="id", columns=("revision", "data")):
    """The first two rows trade places."""
    def step(file):
        rows = file.execute(f"SELECT id, {', '.join(columns)} FROM {table} ORDER BY {order} LIMIT 2").fetchall()
        equal(len(rows), 2)
        for (row, *_), (_, *other) in zip(rows, reversed(rows)):
            file.execute(f"UPDATE {table} SET {', '.join(name + ' = ?' for name in columns)} WHERE id = ?", [*other, row])
    return step


def replayed(table, copy="older"):
    """Rows as they are in another copy of the vault: an older one, or one that went another way since then."""
    def step(file):
        file.execute("ATTACH ? AS old", [getattr(full(), copy)])
        count = file.execute(f"UPDATE {table} SET revision = old.revision, data = old.data FROM old.{table} AS old "
                             f"WHERE old.id = {table}.id AND old.data <> {table}.data").rowcount
        file.execute("DETACH old")
        equal(count > 0, True)
    return step


def refused(*steps, what, code=DAMAGED):
    contains(read(full(), "--list", code, path=changed(*steps))[1], what)


def told(*steps, what):
    titles, words = read(full(), "--list", path=changed(*steps))
    equal(titles, read(full(), "--list")[0])
    contains(words, what)


@test
def an_empty_vault():
    equal(agree(Vault()), [])


@test
def everything_that_was_put_in():
    items = agree(full())
    gull = items[0]
    equal(gull["title"], "Silbermöwe 🐦")
    equal(gull["tags"], ["Arbeit/Büro/Köln"])
    equal([item["title"] for item in items if item["trashed"]], ["In the trash"])
    equal({file["name"]: (file["size"], file["sha256"]) for file in gull["attachments"]},
          {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in CONTENTS.items()
           if name != "one chunk"})
    oldest = [file["sha256"] for version in gull["history"] for file in version["attachments"] if file["name"] == "one chunk"]
    equal(set(oldest), {hashlib.sha256(CONTENTS["one chunk"]).hexdigest()})
    equal(any(field["section"] for item in items for field in item["fields"]), True)
    equal("Never seen again" in json.dumps(items), False)


@test
def one_item_as_show_prints_it():
    vault = Vault()
    item = vault.add("Straße", "--set", "username=ü", "--generate", "--custom", "text:Größe=10")
    vault.run("edit", item, "--title", "Straße 2")
    vault.run("show", item)
    for name in (item, "Straße 2"):
        found = read(vault, name)[0]
        equal(found, vault.json("show", item, "--reveal"))
        equal([len(field["value"]) > 0 for field in found["fields"] if field["kind"] == "hidden"], [True])
    contains(read(vault, "Straße", NOT_FOUND)[1], "no such item")


@test
def thousands_of_items():
    vault = Vault()
    rows = "".join(f"Eintrag {number},https://{number}.example,nutzer{number},ä{number}\n" for number in range(4500))
    vault.run("import", vault.write("many.csv", "name,url,username,password\n" + rows))
    with sqlite3.connect(vault.path) as file:
        equal(file.execute("SELECT count(*) > 1 FROM index_block").fetchone(), (1,))
    file.close()
    vault.run("edit", "Eintrag 4242", "--set", "username=ö")
    vault.run("remove", "Eintrag 17")
    vault.run("purge", "Eintrag 17", "--yes")
    equal(len(agree(vault)), 4499)


@test
def many_versions():
    vault = Vault()
    item = vault.add("Version 0")
    for number in range(1, 15):
        vault.run("edit", item, "--title", f"Version {number}")
    vault.run("history", item, "--restore", "3")
    agree(vault)


@test
def what_was_salvaged():
    vault = Vault()
    target = vault.folder + "/home.securepass"
    shutil.copy(full().path, vault.path)
    with sqlite3.connect(vault.path) as file:
        file.execute("UPDATE page SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM page)")
    file.close()
    vault.run("salvage", target)
    equal(any(item["unproven"] for item in all_items(target)), True)
    vault.path = target
    equal(len(agree(vault)), len(all_items(full().path)))


@test
def a_new_vault_key():
    vault = full_vault()
    before = agree(vault)
    vault.run("recovery", "new", "--name", "Drawer")
    for _ in range(2):
        vault.run("rotate")
        equal(agree(vault), before)
    vault.add("One more")
    agree(vault)


@test
def several_passwords():
    vault = Vault()
    vault.add("Für alle")
    both = vault.write("both", f"{PASSWORD}\n{OTHER_PASSWORD}\n")
    other = vault.write("other", OTHER_PASSWORD + "\n")
    first = vault.json("slot", "list")[0]["id"]
    vault.run("slot", "add", "--name", "Zweites", *COSTS, password_file=both)
    for password_file in (vault.password_file, other):
        equal(read(vault, "--list", password_file=password_file), (["Für alle"], ""))
    kept = vault.folder + "/kept"
    shutil.copy(vault.path, kept)
    vault.run("slot", "remove", first, "--keep-key", password_file=other)
    equal(read(vault, "--list", password_file=other), (["Für alle"], ""))
    contains(read(vault, "--list", WRONG_KEY)[1], "wrong password")
    # The slot that was removed, pasted back.
    with sqlite3.connect(vault.path) as file:
        file.execute("ATTACH ? AS old", [kept])
        for table in ("slot_a", "slot_b"):
            file.execute(f"INSERT INTO {table} SELECT * FROM old.{table} WHERE id NOT IN (SELECT id FROM {table})")
    file.close()
    contains(read(vault, "--list", WRONG_KEY)[1], "wrong password")
    contains(read(vault, "--list", password_file=other)[1], "rows that nothing names")


@test
def passwords_in_either_normal_form():
    word = "Sieben stille Möwen zählen 41 Äpfel"
    for stored, typed in (("NFD", "NFC"), ("NFC", "NFD")):
        vault = Vault(create=False)
        vault.run("create", *COSTS, password_file=vault.write("stored", unicodedata.normalize(stored, word) + "\n"))
        typed_file = vault.write("typed", unicodedata.normalize(typed, word) + "\n")
        equal(read(vault, "--list", password_file=typed_file), ([], ""))


@test
def a_wrong_password():
    vault = full()
    for word in (OTHER_PASSWORD, PASSWORD + " ", PASSWORD.lower(), ""):
        contains(read(vault, "--list", WRONG_KEY, vault.write("wrong", word + "\n"))[1], "wrong password")


@test
def one_bit_anywhere():
    for table in ("setting", "index_block", "page", "detail", "history", "attachment", "audit"):
        for at in ("0", "12", "length(data) / 2", "length(data) - 1"):
            by_its_tag = at == "length(data) - 1" and table not in ("attachment", "audit")
            refused(f"UPDATE {table} SET data = flip(data, {at}) WHERE id = (SELECT max(id) FROM {table})",
                    what="is not the one that is named" if by_its_tag else "is not authentic")


@test
def rows_that_traded_places():
    for table in ("detail", "history", "attachment", "audit"):
        refused(swap(table), what=table)


@test
def rows_from_an_older_copy():
    for table in ("index_block", "page", "detail"):
        refused(replayed(table), what="is not the one that is named")
    refused(replayed("seal_a"), replayed("seal_b"), what="is not the one that is named")


@test
def rows_from_a_copy_that_went_another_way():
    for table in ("index_block", "page", "detail"):
        refused(replayed(table, "fork"), what="is not the one that is named")
    refused(replayed("audit", "fork"), what="the log")


@test
def rows_that_are_missing():
    for table in ("setting", "index_block", "page", "detail", "history", "attachment", "audit"):
        refused(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})", what="is missing")
    refused("DELETE FROM seal_a", "DELETE FROM seal_b", what="both copies of the seal")
    refused("DELETE FROM slot_a", "DELETE FROM slot_b", what="wrong password", code=WRONG_KEY)


@test
def copies_stand_in_for_one_another():
    for copy in ("a", "b"):
        told(f"UPDATE seal_{copy} SET data = flip(data, 40)", what=f"seal_{copy}")
        told(f"DELETE FROM slot_{copy}", what=f"slot_{copy}")
        told(f"UPDATE slot_{copy} SET fixed = flip(fixed, 60)", what="a slot is damaged" if copy == "a" else "slot_b")
        told(f"UPDATE slot_{copy} SET changing = flip(changing, 20)", what=f"slot_{copy}")
    refused("UPDATE seal_a SET data = flip(data, 40)", "UPDATE seal_b SET data = flip(data, 41)", what="both copies of the seal")
    told("UPDATE slot_a SET changing = flip(changing, 20)", "UPDATE slot_b SET changing = flip(changing, 20)", what="slot_b 1")
    told(replayed("seal_a"), what="the copies of the seal differ")


@test
def costs_below_the_floor():
    refused("UPDATE slot_a SET fixed = cheaper(fixed)", "UPDATE slot_b SET fixed = cheaper(fixed)", what="costs are out of range",
            code=WRONG_KEY)


@test
def another_file():
    refused("PRAGMA application_id = 1", what="not a vault")
    refused("PRAGMA user_version = 2", what="not a vault of version 1")
    refused("CREATE TRIGGER keep AFTER DELETE ON detail BEGIN SELECT 1; END", what="another schema")
    contains(read(full(), "--list", DAMAGED, path=full().write("text", "This is a text." * 1000))[1], "not a database")


@test
def rows_that_nothing_names():
    told("INSERT INTO detail SELECT id + 1000000, revision, data FROM detail LIMIT 1", what="detail: rows that nothing names")


main()
