# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery keys, key files, key slots and the vault key, as a person meets them on the command line."""

import os
import sqlite3
import stat

from harness import (COSTS, DENIED, OTHER_PASSWORD, PASSWORD, USAGE, WRONG_KEY, Vault, contains, equal, lacks, main, test)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_key(vault, name="Drawer", *options):
    made = vault.json("recovery", "new", "--name", name, *options)
    equal([len(group) for group in made["key"].split("-")], [5] * 8)
    return made["key"]


def use(vault, key, code=0, password=OTHER_PASSWORD, *options):
    lines = vault.write("use", f"{key}\n{password}\n")
    return vault.run("recovery", "use", "--json", *COSTS, *options, password_file=lines, code=code)


def mistype(key, *positions):
    text = list(key)
    for position in positions:
        text[position] = ALPHABET[(ALPHABET.index(text[position]) + 1) % 32]
    return "".join(text)


@test
def a_forgotten_password_is_replaced():
    vault = Vault()
    vault.add("One")
    key = make_key(vault)
    partner = make_key(vault, "Partner", "--expires", "2999-01-01")
    equal([slot["name"] for slot in vault.json("slot", "list")], ["", "Drawer", "Partner"])
    contains(vault.json("slot", "list")[2]["expires"], "2999-01-01")

    result = use(vault, key.lower().replace("-", " ").replace("0", "o"))
    lacks(result.err, key)
    renewed = {entry["name"]: entry["key"] for entry in result.json}
    equal(sorted(renewed), ["Drawer", "Partner"])
    vault.run("list", code=WRONG_KEY)
    for gone in (key, partner):
        contains(use(vault, gone, WRONG_KEY).err, "not, or no longer")
    vault.password_file = vault.write("password", OTHER_PASSWORD)
    equal(len(vault.json("list")), 1)
    kinds = [entry["kind"] for entry in vault.json("log")]
    for kind in ("slot-used", "password-changed", "keys-rotated", "slot-changed"):
        contains(kinds, kind)
    vault.run("verify")
    use(vault, renewed["Partner"], password=PASSWORD)


@test
def a_wrong_group_is_named():
    vault = Vault()
    key = make_key(vault)
    for group in range(8):
        contains(use(vault, mistype(key, 6 * group + 2), WRONG_KEY).err, f"Group {group + 1} ", "probably wrong")
    contains(use(vault, mistype(key, 0, 7), WRONG_KEY).err, "Groups 1 and 2 ")
    contains(use(vault, key[:8] + "u" + key[9:], WRONG_KEY).err, "Group 2 ", "no recovery key has")
    contains(use(vault, key[:20], WRONG_KEY).err, "not complete")
    # Nothing of that makes anybody wait, or changes anything.
    use(vault, key)


@test
def a_weak_password_is_refused_and_the_key_stays():
    vault = Vault()
    key = make_key(vault)
    use(vault, key, USAGE, "weak")
    vault.run("list")
    use(vault, key)


@test
def wrong_passwords_make_no_recovery_key_wait():
    vault = Vault()
    key = make_key(vault)
    wrong = vault.write("wrong", "wrong")
    for _ in range(5):
        vault.run("list", password_file=wrong, code=WRONG_KEY)
    vault.run("list", code=DENIED)
    use(vault, key)


@test
def other_passwords_are_not_lost_unasked():
    vault = Vault()
    two = vault.write("two", f"{PASSWORD}\n{OTHER_PASSWORD}\n")
    vault.json("slot", "add", "--name", "Ann's", *COSTS, password_file=two)
    contains(vault.run("rotate", code=USAGE).err, "Ann's", "--yes")
    other = vault.write("other", OTHER_PASSWORD)
    vault.run("list", password_file=other)
    vault.run("rotate", "--yes")
    vault.run("list", password_file=other, code=WRONG_KEY)
    vault.run("list")
    vault.run("verify")


@test
def slots_are_renamed_and_expire():
    vault = Vault()
    make_key(vault)
    vault.run("slot", "rename", "Drawer", "Safe")
    vault.run("slot", "expire", "Safe", "2999-02-03")
    contains(vault.run("slot", "list").out, "Safe", "2999-02-03")
    vault.run("slot", "expire", "Safe", "2001-01-01", code=USAGE)
    vault.run("slot", "expire", "Safe", "never")
    lacks(vault.run("slot", "list").out, "2999")
    vault.run("slot", "remove", "Safe", "--keep-key")
    equal(len(vault.json("slot", "list")), 1)


@test
def what_everything_depends_on_is_told():
    vault = Vault()
    contains(vault.run("slot", "list").err, "master password is forgotten")
    make_key(vault, "Partner", "--expires", "2999-01-01")
    contains(vault.run("slot", "list").err, "master password is forgotten")
    make_key(vault)
    equal(vault.run("slot", "list").err, "")


@test
def a_key_file_belongs_to_the_password():
    vault = Vault()
    vault.add("One")
    path = os.path.join(vault.folder, "a.key")
    again = vault.write("again", f"{PASSWORD}\n{PASSWORD}\n")
    vault.run("passwd", "--new-key-file", path, *COSTS, password_file=again)
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    contains(vault.run("list", code=WRONG_KEY).err, "key file too")
    equal(vault.json("slot", "list", "--key-file", path)[0]["key_file"], True)
    contains(vault.run("slot", "list", "--key-file", path).err, "key file is lost")
    contains(vault.run("list", "--key-file", vault.write("other", "other"), code=WRONG_KEY).err, "not the one")
    with open(path, encoding="ascii") as file:
        content = file.read()
    damaged = vault.write("damaged", content.replace("check ", "check f"))
    contains(vault.run("list", "--key-file", damaged, code=WRONG_KEY).err, "damaged")
    contains(vault.run("list", "--key-file", path, password_file=vault.write("no", "wrong"), code=WRONG_KEY).err, "wrong")
    # Another password leaves the file with it; then it goes.
    vault.run("passwd", "--key-file", path, *COSTS, password_file=again)
    vault.run("rotate", "--key-file", path)
    vault.run("list", code=WRONG_KEY)
    vault.run("passwd", "--key-file", path, "--no-key-file", *COSTS, password_file=again)
    vault.run("list")


def lose_seals(vault):
    database = sqlite3.connect(vault.path)
    with database:
        for table in ("seal_a", "seal_b"):
            database.execute(f"UPDATE {table} SET data = zeroblob(length(data))")
    database.close()


@test
def a_key_file_salvages():
    vault = Vault()
    vault.add("One")
    path = os.path.join(vault.folder, "a.key")
    again = vault.write("again", f"{PASSWORD}\n{PASSWORD}\n")
    vault.run("passwd", "--new-key-file", path, *COSTS, password_file=again)
    lose_seals(vault)
    contains(vault.run("salvage", "home.securepass", code=WRONG_KEY).err, "key file too")
    equal(vault.json("salvage", "home.securepass", "--key-file", path)["items"], 1)
    vault.path = vault.folder + "/home.securepass"
    vault.run("list", code=WRONG_KEY)
    equal(len(vault.json("list", "--key-file", path)), 1)


@test
def a_recovery_key_salvages():
    vault = Vault()
    vault.add("One")
    key = make_key(vault)
    lose_seals(vault)
    lines = vault.write("use", f"{key}\n{OTHER_PASSWORD}\n")
    wrong = vault.write("mistyped", f"{mistype(key, 2)}\n{OTHER_PASSWORD}\n")
    contains(vault.run("salvage", "home.securepass", "--recovery-key", password_file=wrong, code=WRONG_KEY).err, "Group 1 ")
    result = vault.run("salvage", "home.securepass", "--recovery-key", password_file=lines)
    contains(result.err, "new master password")
    vault.path = vault.folder + "/home.securepass"
    vault.run("list", code=WRONG_KEY)
    vault.password_file = vault.write("password", OTHER_PASSWORD)
    equal(len(vault.json("list")), 1)
    vault.run("verify")


main()
