#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a vault by docs/VAULT-FORMAT.md alone, whose sections the comments name.

    read_vault.py VAULT PASSWORD-FILE --list        titles of all items
    read_vault.py VAULT PASSWORD-FILE ID|TITLE      one item, as docs/EXPORT.md describes it

Everything that the seal names is read and checked first, and a vault is refused at the first thing that is wrong; a damaged copy of a
slot or of the seal, and rows that nothing names, are told. Only password slots without further factors are opened."""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import unicodedata
import uuid
from datetime import datetime, timezone

import argon2.low_level
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# 2.2 and 3.2: number, padding and key of each table that the seal leads to
TABLES = {"slot": (1, 64, "slot"), "seal": (2, 256, "seal"), "setting": (3, 64, "setting"), "index_block": (4, 64, "index"),
          "page": (5, 2044, "page"), "detail": (6, 128, "detail"), "history": (7, 128, "history"),
          "attachment": (8, 0, "attachment"), "audit": (9, 64, "audit")}
# 4.2, in KiB and passes; and what the vaults of tests cost that run hundreds of commands
LEAST = (1 << 10, 1) if "SECUREPASS_TEST_COSTS" in os.environ else (1 << 16, 3)
# 2.3
ROW, REVISION, BLOB, INTEGER = "id INTEGER PRIMARY KEY", "revision INTEGER NOT NULL", "BLOB NOT NULL", "INTEGER NOT NULL"
SCHEMA = {name: f"{ROW}, {REVISION}, data {BLOB}" for name in
          "seal_a seal_b setting index_block page detail history attachment audit draft".split()}
SCHEMA |= {name: f"{ROW}, fixed {BLOB}, {REVISION}, changing {BLOB}" for name in ("slot_a", "slot_b")}
SCHEMA |= {name: f"{ROW}, data {BLOB}" for name in ("outbox", "locked_event")}
SCHEMA["lockout"] = f"{ROW}, failures {INTEGER}, last_ms {INTEGER}, event_key {BLOB}, limits {BLOB}"
# 6.3 and 7.1, by the names of docs/EXPORT.md
TYPES = ("", "login", "password", "note", "card", "identity", "bank-account", "ssh-key", "api-credential", "wifi",
         "software-licence", "document", "server", "database")
KINDS = ("", "text", "hidden", "email", "url", "date", "phone", "otp", "multiline", "hidden-multiline")


class Refused(Exception):
    """The vault is not what the document says; the second argument is the exit code."""


def check(condition, *what):
    if not condition:
        raise Refused(*what)


def tell(what):
    print(f"read_vault: {what}", file=sys.stderr)


def hkdf(key, info):
    return hmac.digest(hmac.digest(bytes(32), key, "sha256"), f"securepass/1/{info}\1".encode(), "sha256")


def sha256(data):
    return hashlib.sha256(data).digest()


def u64(number):
    return number.to_bytes(8, "little")


def known(names, number):
    return names[number] if 0 < number < len(names) else number


def when(milliseconds):
    text = datetime.fromtimestamp(milliseconds // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{milliseconds % 1000:03}Z" if milliseconds % 1000 else "Z") if milliseconds else None


class Content:
    """1.1. Values are read by letters: b u8, w u32, q u64, i id, h 32 bytes, r ref, s string, y bytes; and varints: v any, t time,
    n number or revision, a attachment number, f flags or use count, k type or kind."""
    FIXED = {"b": 1, "w": 4, "q": 8, "i": 16, "h": 32}
    VARINT = {"v": (0, 64), "t": (0, 63), "n": (1, 63), "a": (1, 43), "f": (0, 32), "k": (0, 16)}

    def __init__(self, data):
        self.data = data

    def take(self, size):
        check(size <= len(self.data), "a length past the end")
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def varint(self, lowest, bits):
        value = shift = 0
        while (byte := self.take(1)[0]) > 127:
            value, shift = value | (byte & 127) << shift, shift + 7
        value |= byte << shift
        check((byte or not shift) and shift < 70 and lowest <= value < 1 << bits, "a number out of range")
        return value

    def one(self, letter):
        if letter in self.VARINT:
            return self.varint(*self.VARINT[letter])
        if letter in self.FIXED:
            taken = self.take(self.FIXED[letter])
            return int.from_bytes(taken, "little") if letter in "bwq" else taken
        if letter == "r":
            return self.get("nni")
        size = self.one("v")
        if letter == "y":
            return self.take(size)
        text = self.take(size + 1)
        check(text.find(0) == size, "a string that does not end where it says")
        return text[:-1].decode("utf-8")

    def get(self, letters):
        return tuple(self.one(letter) for letter in letters)

    def many(self, letters, lowest=0, most=1 << 20):
        count = self.one("v")
        check(lowest <= count <= most, "a count out of range")
        return [self.get(letters) if len(letters) > 1 else self.one(letters) for _ in range(count)]

    def end(self):
        check(not self.data, "bytes left over")


class Vault:
    def __init__(self, path, password):
        self.file = sqlite3.connect(f"file:{os.path.abspath(path)}?mode=ro", uri=True, isolation_level=None)
        self.file.execute("BEGIN")
        self.named = {table: set() for table in TABLES}
        self.check_file()
        check(any(self.read_seal(slot) for slot in self.open_slots(password)), "wrong password", 3)
        self.read_slots()
        self.settings = {ref[0]: self.child("setting", ref).data for ref in self.setting_refs}
        self.items = [self.read_item(overview) for overview in self.read_index()]
        self.read_log()
        for table, named in self.named.items():  # 13
            for name in [table] if table in SCHEMA else [table + "_a", table + "_b"]:
                if foreign := {row for row, in self.file.execute(f"SELECT id FROM {name}")} - named:
                    tell(f"{name}: rows that nothing names: {sorted(foreign)}")
        self.file.close()

    def check_file(self):  # 2
        found = [self.file.execute(f"PRAGMA {name}").fetchone()[0] for name in
                 ("application_id", "user_version", "page_size", "encoding", "auto_vacuum")]
        check(found == [0x53507674, 1, 2048, "UTF-8", 0], f"not a vault of version 1: {found}")
        check(self.file.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall() == [
            ("table", name, f"CREATE TABLE {name} ({SCHEMA[name]}) STRICT") for name in sorted(SCHEMA)], "another schema")

    def open_slots(self, password):  # 4.1, 4.2
        copies = [self.file.execute(f"SELECT fixed FROM {name} ORDER BY id").fetchall() for name in ("slot_a", "slot_b")]
        for slot, in dict.fromkeys(copies[0] + copies[1]):
            if not 100 <= len(slot) <= 1024 or sha256(slot[:-32]) != slot[-32:]:
                tell("a slot is damaged")
            elif len(slot) == 228 and slot[:8] == b"SPK1\1\1\1\0":  # others are skipped
                head = Content(slot[8:104])
                self.vault_id, _, self.epoch, memory, passes, lanes, salt, *factors = head.get("iiwwwwiii")
                half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2048
                if not (LEAST[0] <= memory <= min(1 << 22, half) and LEAST[1] <= passes <= 64 and 1 <= lanes <= 16
                        and factors == [bytes(16)] * 2):
                    tell("a slot is refused: its costs are out of range, or it names factors that it does not ask for")
                    continue
                k = argon2.low_level.hash_secret_raw(password, salt, passes, memory, lanes, 32, argon2.low_level.Type.ID, 0x13)
                commitment = hmac.digest(hkdf(k, "slot-commit"), slot[:164], "sha256")
                if hmac.compare_digest(commitment, slot[164:196]):
                    self.key = AESGCM(hkdf(k, "slot-wrap")).decrypt(slot[104:116], slot[116:164], slot[:104])
                    yield slot

    def open(self, table, number, revision, data, more=b""):  # 1.2, 1.3
        table_number, padding, purpose = TABLES[table]
        identity = number if table == "slot" else u64(number) + bytes(8)
        aad = b"".join([b"\1", self.vault_id, bytes([table_number]), identity, u64(revision), self.epoch.to_bytes(4, "little"), more])
        try:
            plain = AESGCM(hkdf(self.key, purpose)).decrypt(data[:12], data[12:], aad)
        except InvalidTag:
            raise Refused(f"{table} {number!r} is not authentic") from None
        if table == "attachment":
            return plain
        size = int.from_bytes(plain[:4], "little")
        check(len(plain) == -(-(size + 4) // padding) * padding and not any(plain[4 + size:]), f"{table} {number!r}: padding")
        content = Content(plain[4:4 + size])
        check(table == "setting" or content.one("b") == 1, f"{table} {number!r}: a later version")
        return content

    def row(self, table, number):  # 13: a row that is named once, and there
        check(number not in self.named[table], f"{table} {number} is named twice")
        self.named[table].add(number)
        row = self.file.execute(f"SELECT revision, data FROM {table} WHERE id = ?", [number]).fetchone()
        check(row, f"{table} {number} is missing")
        return row

    def child(self, table, ref):
        revision, data = self.row(table, ref[0])
        check((revision, data[-16:]) == ref[1:], f"{table} {ref[0]} is not the one that is named")
        return self.open(table, ref[0], revision, data)

    def read_seal(self, used):  # 5
        seals = {}
        for name in ("seal_a", "seal_b"):
            rows = self.file.execute(f"SELECT * FROM {name}").fetchall()
            try:
                check([row[0] for row in rows] == [1], f"{name} has not one row")
                seals[name] = rows[0][1], self.open("seal", *rows[0]).data
            except Refused as error:
                tell(f"{name}: {error}")
        check(seals, "both copies of the seal are damaged")
        revision, data = max(seals.values())
        if len(set(seals.values())) > 1:
            tell("the copies of the seal differ")
            check(min(seals.values())[0] < revision, "two seals with one sequence")
        seal = Content(data)
        version, sequence, _, epoch = seal.get("wqiw")
        check((version, sequence, epoch) == (1, revision, self.epoch), "the seal's format, sequence or key epoch")
        seal.get("qqttsh")  # next number, encryptions, created, changed, device, event key
        self.log, self.counts = seal.get("qhqh"), seal.get("vv")
        self.slots, self.setting_refs, self.blocks = seal.many("nihh", 1, 64), seal.many("r", 0, 256), seal.many("r", 0, 65536)
        seal.end()
        self.named["seal"].add(1)
        for numbers in [slot[0] for slot in self.slots], [ref[0] for ref in self.setting_refs]:
            check(numbers == sorted(set(numbers)), "numbers do not ascend")
        return (used[24:40], sha256(used)) in [slot[1:3] for slot in self.slots]

    def read_slots(self):  # 4.3, 5
        for number, slot_id, fixed_hash, changing_hash in self.slots:
            self.named["slot"].add(number)
            fixed_is_listed = False
            for name in ("slot_a", "slot_b"):
                row = self.file.execute(f"SELECT fixed, revision, changing FROM {name} WHERE id = ?", [number]).fetchone()
                fixed_is_listed |= bool(row) and sha256(row[0]) == fixed_hash
                if row and sha256(row[0]) == fixed_hash and sha256(u64(row[1]) + row[2]) == changing_hash:
                    changing = self.open("slot", slot_id, *row[1:])
                    changing.get("tttts")
                    changing.end()
                else:
                    tell(f"{name} {number} is not what the seal lists")
            check(fixed_is_listed, f"both copies of slot {number} are damaged")

    def read_index(self):  # 6
        overviews = []
        for block in [self.child("index_block", ref) for ref in self.blocks]:
            for ref, count, first in block.many("rvn", 1, 64):
                page = self.child("page", ref)
                found = [self.overview(Content(data)) for data in page.many("y", 1, 64)]
                page.end()
                check((len(found), found[0]["number"]) == (count, first), f"page {ref[0]}: count or first item")
                overviews += found
            block.end()
        numbers = [overview["number"] for overview in overviews]
        check(numbers == sorted(set(numbers)), "the items' numbers do not ascend")
        check(len({overview["id"] for overview in overviews}) == len(overviews), "one item id twice")
        check(self.counts == (len(overviews), sum(overview["flags"] & 4 > 0 for overview in overviews)), "number of items")
        return overviews

    def overview(self, content):  # 6.3
        names = "id number type flags strength created changed trashed expires used use_count title subtitle".split()
        item = dict(zip(names, content.get("inkfbtttttfss")))
        item["urls"], item["tags"] = content.many("s"), content.many("s")
        item["folded"] = content.one("s") if item["flags"] & 64 else None
        item["detail"] = (item["number"], *content.get("ni"))
        item["versions"] = content.one("v")
        item["history"] = content.one("r") if item["versions"] else None
        item["attachments"] = {number: rest for number, *rest in content.many("aiv")}
        content.end()
        return item

    def read_item(self, overview):  # 7.1, 7.2
        files = {number: (key, size, self.read_attachment(number, key, size))
                 for number, (key, size) in overview["attachments"].items()}
        item = self.detail(self.child("detail", overview["detail"]), files)
        check((item["id"], item["type"]) == (str(uuid.UUID(bytes=overview["id"])), known(TYPES, overview["type"])),
              "the detail is of another item")
        item |= {"used": when(overview["used"]), "use_count": overview["use_count"], "history": [],
                 "unproven": overview["flags"] & 128 > 0}
        before = overview["history"]
        for _ in range(overview["versions"]):
            check(before, "the history ends early")
            entry = self.child("history", before)
            check(entry.get("nt")[0] == overview["number"], "a history entry of another item")
            before = entry.one("r") if entry.one("b") else None
            replaced = Content(entry.one("y"))
            check(replaced.one("b") == 1, "a version of a later version")
            version = self.detail(replaced, files)
            check(version["id"] == item["id"], "a version of another item")
            entry.end()
            item["history"].append({key: value for key, value in version.items()
                                    if key not in ("id", "trashed", "trashed_at")})
        return item

    def detail(self, content, files):  # 7.1
        item_id, kind, flags, created, changed, trashed, expires, title, notes = content.get("ikfttttss")
        item = {"id": str(uuid.UUID(bytes=item_id)), "type": known(TYPES, kind), "title": title, "notes": notes,
                "favourite": flags & 1 > 0, "archived": flags & 2 > 0, "trashed": flags & 4 > 0,
                "created": when(created), "modified": when(changed), "expires": when(expires), "trashed_at": when(trashed),
                "tags": content.many("s", 0, 1024), "fields": [], "attachments": []}
        for kind, name, label, section, value in content.many("kssss", 0, 4096):
            item["fields"].append({"name": name or None, "label": None if name else label, "section": section or None,
                                   "kind": known(KINDS, kind), "value": value})
        for number, key, name, media_type, size, digest, added in content.many("aissvht", 0, 1024):
            check(files.get(number) == (key, size, digest), f"attachment {number} is not that of the overview, or another content")
            item["attachments"].append({"name": name, "media_type": media_type, "size": size, "sha256": digest.hex(),
                                        "added": when(added)})
        content.get("r" if content.one("b") else "")  # the overview's ref serves
        content.end()
        return item

    def read_attachment(self, number, key, size):  # 8
        digest, revisions, last = hashlib.sha256(), set(), size // 65536
        for index in range(last + 1):
            row_id = (number << 20) + index
            revision, data = self.row("attachment", row_id)
            more = key + index.to_bytes(4, "little") + bytes([index == last])
            chunk = self.open("attachment", row_id, revision, data, more)
            check(len(chunk) == (size % 65536 if index == last else 65536), f"attachment {number}: a chunk of another size")
            revisions.add(revision)
            digest.update(chunk)
        check(len(revisions) == 1, f"attachment {number}: chunks of several revisions")
        return digest.digest()

    def read_log(self):  # 9
        first, chain, last, head = self.log
        key = hkdf(self.key, "audit-chain")
        for number in range(first, last + 1):
            revision, data = self.row("audit", number)
            entry = self.open("audit", number, revision, data)
            check(entry.one("h") == chain, f"the log is broken before entry {number}")
            entry.get("tvbiivs")  # time, kind, flags, session, subject, count, device
            check(all(len(value) <= 256 for _, value in entry.many("vy", 0, 16)), "a detail too long")
            entry.end()
            chain = hmac.digest(key, chain + u64(number) + u64(revision) + data, "sha256")
        check(chain == head, "the log does not lead to its head")


def main():
    path, password_file, wanted = sys.argv[1:]
    with open(password_file, "rb") as file:
        password = file.read().removesuffix(b"\n")
    try:
        password = unicodedata.normalize("NFC", password.decode("utf-8")).encode()
    except UnicodeDecodeError:
        pass  # 4.2: taken as it is
    try:
        items = Vault(path, password).items
        shown = [item["title"] for item in items] if wanted == "--list" else \
            next((item for item in items if wanted in (item["id"], item["title"])), None)
        check(shown is not None, "no such item", 1)
    except (Refused, sqlite3.Error, UnicodeDecodeError, InvalidTag) as error:
        tell(error.args[0] if isinstance(error, Refused) else repr(error))
        sys.exit(error.args[1] if isinstance(error, Refused) and error.args[1:] else 4)
    json.dump(shown, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
