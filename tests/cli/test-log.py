# SPDX-License-Identifier: GPL-3.0-or-later
"""The activity log on the command line, and what becomes of one that somebody without a key changed in SQLite.

SECUREPASS_TEST_LOG_TRIALS=1000 tries that often, SECUREPASS_TEST_SEED begins elsewhere."""

import os
import random
import shutil
import sqlite3

from harness import (DAMAGED, NOT_FOUND, OTHER_PASSWORD, USAGE, Vault, contains, equal, main, test)

TRIALS = int(os.environ.get("SECUREPASS_TEST_LOG_TRIALS", "102"))
SEED = int(os.environ.get("SECUREPASS_TEST_SEED", "4"))


def kinds(entries):
    return [entry["kind"] for entry in entries]


@test
def what_was_done_is_told():
    vault = Vault()
    mail = vault.add("Mail")
    vault.add("Bank")
    vault.run("show", "Mail", "--reveal")
    entries = vault.json("log")
    equal(kinds(entries), ["opened", "item-viewed", "opened", "item-added", "opened", "item-added", "opened", "created"])
    equal([entry["number"] for entry in entries], list(range(8, 0, -1)))
    equal((entries[1]["subject"], entries[1]["title"]), (mail, "Mail"))
    # Each unlock is a session.
    equal(entries[1]["session"], entries[2]["session"])
    equal(len({entry["session"] for entry in entries}), 5)
    contains(vault.run("log").out, "item-viewed", "Mail", "Bank")


@test
def filters():
    vault = Vault()
    mail = vault.add("Mail")
    vault.add("Bank")
    vault.run("remove", "Bank")
    vault.run("purge", "--yes", "Bank")
    equal(kinds(vault.json("log", "--item", "Mail")), ["item-added"])
    equal(kinds(vault.json("log", "--item", mail)), ["item-added"])
    equal(kinds(vault.json("log", "--kind", "item-added", "--kind", "created")), ["item-added", "item-added", "created"])
    gone = next(entry for entry in vault.json("log") if entry["kind"] == "item-purged")
    equal((gone["title"], kinds(vault.json("log", "--item", gone["subject"]))),
          (None, ["item-purged", "item-trashed", "item-added"]))
    equal(vault.json("log", "--until", "2001-01-01"), [])
    equal(vault.json("log", "--since", "2999-01-01"), [])
    today = vault.json("log", "--limit", "1")[0]["time"][:10]
    equal(kinds(vault.json("log", "--until", today, "--kind", "created")), ["created"])
    equal(len(vault.json("log", "--limit", "2")), 2)


@test
def mistakes():
    vault = Vault()
    contains(vault.run("log", "--kind", "item-eaten", code=USAGE).err, "item-eaten", "item-added")
    contains(vault.run("log", "--since", "yesterday", code=USAGE).err, "yesterday")
    vault.run("log", "--item", "Nobody", code=NOT_FOUND)
    vault.run("log", "--verify", "--kind", "opened", code=USAGE)
    vault.run("log", "--limit", "0", code=USAGE)


@test
def failed_unlocks_are_told():
    vault = Vault()
    wrong = vault.write("wrong", OTHER_PASSWORD + "\n")
    vault.run("list", password_file=wrong, code=3)
    vault.run("list", password_file=wrong, code=3)
    entries = vault.json("log")
    equal(kinds(entries)[:3], ["opened", "unlock-failed", "unlock-failed"])
    equal([entry["while_locked"] for entry in entries[:3]], [False, True, True])


@test
def retention():
    vault = Vault()
    vault.run("log", "--keep-days", "365", "--keep-entries", "5000")
    equal(kinds(vault.json("log"))[1], "setting-changed")
    vault.run("log", "--keep-entries", "10", code=USAGE)
    vault.run("log", "--keep-days", "40000", code=USAGE)


@test
def a_sound_log_holds():
    vault = Vault()
    vault.add("Mail")
    contains(vault.run("log", "--verify").err, "holds, up to entry 4")
    equal(vault.json("log", "--verify"), {"first": 1, "last": 5, "faults": []})


@test
def the_first_bad_entry_is_named():
    vault = Vault()
    for title in ("One", "Two", "Three"):
        vault.add(title)
    with sqlite3.connect(vault.path) as file:
        file.execute("DELETE FROM audit WHERE id IN (3, 4)")
        file.execute("UPDATE audit SET data = zeroblob (length (data)) WHERE id = 6")
    result = vault.run("log", "--verify", code=DAMAGED)
    contains(result.out, "missing: Entries 3 to 4", "damaged: Entry 6")
    contains(result.err, "first bad entry is number 3.")
    # What can be read is shown all the same.
    result = vault.run("log", "--json")
    equal(kinds(result.json)[-6:], ["unreadable", "item-added", "unreadable", "unreadable", "opened", "created"])
    contains(result.err, "3 entries cannot be read")


class Copies:
    """A vault, and copies of it of which one is older, one took another way, and one has another vault key."""

    def __init__(self):
        self.vault = Vault()
        for number in range(8):
            self.vault.add(f"Item {number}")
        self.older = self.keep("older")
        self.vault.run("rotate", "--yes")
        self.vault.run("edit", "Item 1", "--title", "Item one")
        self.forked_at = self.last() + 1
        fork = self.keep("fork")
        for number in range(8):
            self.vault.run("edit", f"Item {number}" if number != 1 else "Item one", "--tag", "main")
        self.truth = self.keep("truth")
        self.last_number = self.last()

        self.restore(fork)
        for number in range(7):
            self.vault.run("remove", f"Item {number}" if number != 1 else "Item one")
        self.fork = self.keep("fork")
        self.rows = {path: self.read(path) for path in (self.older, self.fork, self.truth)}

    def keep(self, name):
        return shutil.copy(self.vault.path, f"{self.vault.folder}/{name}.copy")

    def restore(self, copy):
        """As on a machine that has not seen it."""
        shutil.rmtree(self.vault.folder + "/state", ignore_errors=True)
        shutil.copy(copy, self.vault.path)

    def last(self):
        return max(self.read(self.vault.path))

    @staticmethod
    def read(path):
        with sqlite3.connect(path) as file:
            return {number: (revision, data) for number, revision, data in
                    file.execute("SELECT id, revision, data FROM audit")}


class Tampering:
    """Each way changes the file, and gives the numbers of which one must be the first that is named."""

    def __init__(self, copies, chance):
        self.copies, self.chance = copies, chance
        self.last = copies.last_number
        self.file = sqlite3.connect(copies.vault.path)

    def any(self, first=1):
        return self.chance.randint(first, self.last)

    def put(self, number, row):
        self.file.execute("INSERT OR REPLACE INTO audit VALUES (?, ?, ?)", (number, *row))

    def row(self, number, copy=None):
        return self.copies.rows[copy or self.copies.truth][number]

    def edit(self):
        number = self.any()
        revision, data = self.row(number)
        data = bytearray(data)
        data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
        self.put(number, (revision, bytes(data)))
        return {number}

    def edit_revision(self):
        number = self.any()
        revision, data = self.row(number)
        self.put(number, (revision + self.chance.choice((-1, 1, 1 << 40)), data))
        return {number}

    def cut(self):
        number = self.any()
        revision, data = self.row(number)
        self.put(number, (revision, data[:self.chance.randrange(len(data))]))
        return {number}

    def lengthen(self):
        number = self.any()
        revision, data = self.row(number)
        self.put(number, (revision, data + self.chance.randbytes(self.chance.choice((1, 16, 64)))))
        return {number}

    def delete(self):
        first = self.any()
        last = min(self.last, first + self.chance.randrange(4))
        self.file.execute("DELETE FROM audit WHERE id BETWEEN ? AND ?", (first, last))
        return {first}

    def truncate(self):
        first = self.any()
        self.file.execute("DELETE FROM audit WHERE id >= ?", (first,))
        return {first}

    def truncate_head(self):
        last = self.any()
        self.file.execute("DELETE FROM audit WHERE id <= ?", (last,))
        return {1}

    def insert_behind(self):
        number = self.last + self.chance.choice((1, 1, 2, 7, 1 << 33))
        self.put(number, self.row(self.any()))
        return {number}

    def insert_before(self):
        number = self.chance.choice((0, -1, -self.any()))
        self.put(number, self.row(self.any()))
        return {0}

    def swap(self):
        first, second = sorted(self.chance.sample(range(1, self.last + 1), 2))
        self.put(first, self.row(second))
        self.put(second, self.row(first))
        return {first}

    def shift(self):
        """One is taken out, and those behind it close up."""
        first = self.any() if self.last > 1 else 1
        for number in range(first, self.last):
            self.put(number, self.row(number + 1))
        self.file.execute("DELETE FROM audit WHERE id = ?", (self.last,))
        return {first}

    def duplicate(self):
        number, other = self.chance.sample(range(1, self.last + 1), 2)
        self.put(number, self.row(other))
        return {number}

    def older_row(self):
        number = self.chance.choice(sorted(self.copies.rows[self.copies.older]))
        self.put(number, self.row(number, self.copies.older))
        return {number}

    def forked_row(self):
        last = min(self.last, max(self.copies.rows[self.copies.fork]))
        number = self.chance.randint(self.copies.forked_at, last)
        self.put(number, self.row(number, self.copies.fork))
        return {number}

    def forked_rows(self):
        last = min(self.last, max(self.copies.rows[self.copies.fork]))
        first, second = sorted(self.chance.sample(range(self.copies.forked_at, last + 1), 2))
        for number in range(first, second + 1):
            self.put(number, self.row(number, self.copies.fork))
        # Up to where the copies part, both are the same log, and only the end of what was put in contradicts the rest.
        return {second} if first == self.copies.forked_at else {first}

    def older_seal(self):
        with sqlite3.connect(self.copies.fork) as fork:
            rows = {table: fork.execute(f"SELECT * FROM {table}").fetchone() for table in ("seal_a", "seal_b")}
        for table, row in rows.items():
            self.file.execute(f"UPDATE {table} SET (id, revision, data) = (?, ?, ?)", row)
        return set(range(self.copies.forked_at, self.last + 1))


WAYS = [name for name in vars(Tampering) if not name.startswith("_") and name not in ("any", "put", "row")]


@test
def tampering_is_found_and_located():
    chance = random.Random(SEED)
    copies = Copies()
    for trial in range(TRIALS):
        way = WAYS[trial % len(WAYS)]
        copies.restore(copies.truth)
        tampering = Tampering(copies, chance)
        expected = getattr(tampering, way)()
        tampering.file.commit()
        tampering.file.close()
        result = copies.vault.run("--json", "log", "--verify", code=DAMAGED)
        found = result.json["faults"][0]["first"]
        if found not in expected:
            raise AssertionError(f"seed {SEED}, trial {trial}, {way}: found {result.json['faults']}, expected {expected}")


main()
