#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left in memory after a vault was locked: test-memory.py SUBJECT

SUBJECT (memory-subject.c) makes secrets at random, uses a vault with them and locks it. Every readable byte
of its memory is then searched for the master passwords, the vault key, all keys derived from it, those that lead
to it, and the item's secrets. Keys are derived here from VAULT-FORMAT.md alone. A key or a password counts as
found when any eight bytes of it are, cut at multiples of eight, so that what is half overwritten is found too.
"""

import hashlib
import hmac
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MASK = 0x5A
PIECE = 8
PAGE = 4096
ZEROS = bytes(PAGE)
PURPOSES = ("slot seal setting index page detail history attachment audit draft audit-chain event").split()
MASTERS = ("master", "new-master", "wrong-master")
# What a secret in use must be found as, so that finding nothing later means something.
IN_USE = ("new-master", "recovery-key", "key-file", "vault key", "seal key", "page key", "password", "notes", "custom", "title", "tag")


def hkdf(key, info):
    """HKDF-SHA256 (RFC 5869) without a salt, one block."""
    return hmac.digest(hmac.digest(bytes(32), key, "sha256"), info.encode() + b"\x01", "sha256")


def slot_keys(fixed, password):
    """The keys of a slot (VAULT-FORMAT.md §4.2), or None if the password does not open it."""
    memory, passes, lanes = struct.unpack_from("<3I", fixed, 44)
    k = hash_secret_raw(unicodedata.normalize("NFC", password.decode()).encode(), fixed[56:72], time_cost=passes,
                        memory_cost=memory, parallelism=lanes, hash_len=32, type=Type.ID, version=0x13)
    commit = hkdf(k, "securepass/1/slot-commit")
    if not hmac.compare_digest(hmac.digest(commit, fixed[:164], "sha256"), fixed[164:196]):
        return None
    wrap = hkdf(k, "securepass/1/slot-wrap")
    try:
        vault_key = AESGCM(wrap).decrypt(fixed[104:116], fixed[116:164], fixed[:104])
    except InvalidTag:
        return None
    return {"k": k, "commit key": commit, "wrap key": wrap, "vault key": vault_key}


def derive(path, passwords):
    """Every key that these passwords lead to in the file as it is."""
    keys = {}
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for fixed, in database.execute("SELECT fixed FROM slot_a").fetchall():
        if fixed[5] != 1 or fixed[7] != 0:
            continue
        for name, password in passwords.items():
            opened = slot_keys(fixed, password)
            if opened is None:
                continue
            keys["vault key"] = opened.pop("vault key")
            keys.update({f"{name} {what}": key for what, key in opened.items()})
    database.close()
    for purpose in PURPOSES:
        keys[purpose + " key"] = hkdf(keys["vault key"], "securepass/1/" + purpose)
    return keys


def pieces(data):
    return [data[i:i + PIECE] for i in range(0, len(data) - PIECE + 1, PIECE)]


def needles(name, value, is_text):
    """(name and encoding, bytes)"""
    for piece in pieces(value):
        yield name, piece
        if is_text and piece.isascii():
            for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
                yield f"{name} in {encoding}", piece.decode().encode(encoding)
    if not is_text:
        yield f"{name} in hexadecimal", value.hex()[:16].encode()


def without_zeros(data):
    """The pages in which there is something."""
    pages = (data[i:i + PAGE] for i in range(0, len(data), PAGE))
    return b"".join(page for page in pages if page != ZEROS[:len(page)])


def mappings(pid):
    """(where, bytes) of all memory that a process can have written to, inaccessible pages included."""
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            words = line.split()
            start, end = (int(word, 16) for word in words[0].split("-"))
            where = words[5] if len(words) > 5 else f"{words[0]} {words[1]}"
            if where.startswith("[v") or (where.startswith("/") and "w" not in words[1]):
                continue
            try:
                memory.seek(start)
                yield where, without_zeros(memory.read(end - start))
            except OSError:
                if "r" in words[1]:
                    raise


class Subject:
    def __init__(self, program, mode):
        self.folder = tempfile.mkdtemp(prefix="sp-memory-")
        self.process = subprocess.Popen([program, self.folder, mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.secrets, self.keys = {}, {}
        self.size = 0

    def stage(self, expected):
        """Reads up to the stage, where the program waits."""
        for line in self.process.stdout:
            word, *rest = line.decode().split()
            if word == "secret":
                self.secrets[rest[0]] = bytes(byte ^ MASK for byte in bytes.fromhex(rest[1]))
            elif word == "stage":
                if rest[0] != expected:
                    raise AssertionError(f"stage {rest[0]}, expected {expected}")
                return
        raise AssertionError(f"it ended before stage {expected}: {self.process.wait()}")

    def go_on(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def learn(self):
        masters = {name: self.secrets[name] for name in MASTERS}
        now = derive(self.folder + "/memory.securepass", masters)
        if now["vault key"] != self.keys.get("vault key", now["vault key"]):
            self.keys.update({f"former {name}": key for name, key in self.keys.items()})
        self.keys.update(now)

    def search(self):
        """What is found: {name: {where: number}}"""
        wanted = {}
        for name, value in self.secrets.items():
            wanted.update({needle: what for what, needle in needles(name, value, True)})
        for name, value in self.keys.items():
            wanted.update({needle: what for what, needle in needles(name, value, False)})
        found, self.size = {}, 0
        for where, data in mappings(self.process.pid):
            self.size += len(data)
            for needle, what in wanted.items():
                number = data.count(needle)
                if number > 0:
                    places = found.setdefault(what, {})
                    places[where] = places.get(where, 0) + number
        print(f"# searched {self.size >> 10} KiB for {len(wanted)} pieces of {len(self.secrets)} secrets and "
              f"{len(self.keys)} keys", flush=True)
        return found

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)
        shutil.rmtree(self.folder)
        return self.process.returncode


def explain(found):
    return "; ".join(f"{what}: {sum(places.values())} in {', '.join(places)}" for what, places in sorted(found.items()))


def run(program, mode):
    """Yields (name of the check, what is wrong with it or None)."""
    subject = Subject(program, mode)
    subject.stage("created")
    subject.learn()
    subject.go_on()
    subject.stage("used")
    subject.learn()
    subject.go_on()
    subject.stage("open")
    found = subject.search()
    missing = [name for name in IN_USE if name not in found]
    yield "what is in use is found", f"not found: {', '.join(missing)}" if missing else None
    subject.go_on()
    subject.stage("locked")
    found = subject.search()
    yield "nothing is left after locking", explain(found) or None
    subject.go_on()
    subject.stage("planted")
    found = subject.search()
    yield "a planted copy is found", None if "master" in found else "it is not found"
    subject.go_on()
    yield "the program ends well", None if subject.end() == 0 else f"exit code {subject.process.returncode}"


def main():
    number = failed = 0
    print("TAP version 13")
    for mode in ("ascii", "composed"):
        for name, wrong in run(os.path.abspath(sys.argv[1]), mode):
            number += 1
            failed += wrong is not None
            print(f"{'ok' if wrong is None else 'not ok'} {number} {mode}: {name}")
            if wrong is not None:
                print(f"# {wrong}", flush=True)
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
