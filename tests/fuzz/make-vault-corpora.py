#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes first inputs for the fuzz targets of the vault's records, from docs/VAULT-FORMAT.md alone.

Usage: make-vault-corpora.py OUTPUT_FOLDER; then libFuzzer's -merge=1 keeps those that reach something:
build-fuzz/tests/fuzz/fuzz-seal -merge=1 tests/fuzz/corpus/seal OUTPUT_FOLDER/seal
"""

import hashlib
import pathlib
import struct
import sys

ID = bytes(range(16))
TAG = bytes(range(64, 80))
MAX = 2**63 - 1


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def bytes_(data):
    return varint(len(data)) + data


def string(text):
    data = text.encode() if isinstance(text, str) else text
    return varint(len(data)) + data + b"\0"


def ref(number=9, revision=10):
    return varint(number) + varint(revision) + TAG


def many(entries):
    return varint(len(entries)) + b"".join(entries)


def overview(number=1, kind=1, flags=0, strength=0, times=(1, 2, 0, 0, 3), uses=0, title="Bank", subtitle="me", urls=(),
             tags=(), folded=None, history=0, attachments=()):
    out = ID + varint(number) + varint(kind) + varint(flags) + bytes([strength])
    out += b"".join(map(varint, times)) + varint(uses) + string(title) + string(subtitle)
    out += many([string(url) for url in urls]) + many([string(tag) for tag in tags])
    if folded is not None:
        out += string(folded)
    out += varint(5) + TAG + varint(history) + (ref() if history else b"")
    return out + many([varint(n) + ID + varint(size) for n, size in attachments])


def page(overviews, version=1):
    return bytes([version]) + many([bytes_(one) for one in overviews])


def field(kind=1, name="", label="", section="", value=""):
    return varint(kind) + string(name) + string(label) + string(section) + string(value)


def attachment(number=7, name="a.txt", media="text/plain", size=65536, added=5):
    return varint(number) + ID + string(name) + string(media) + varint(size) + ID + ID + varint(added)


def detail(version=1, kind=1, flags=0, times=(1, 2, 0, 0), title="Bank", notes="", tags=(), fields=(), attachments=(),
           history=None):
    out = bytes([version]) + ID + varint(kind) + varint(flags) + b"".join(map(varint, times))
    out += string(title) + string(notes) + many([string(tag) for tag in tags]) + many(fields) + many(attachments)
    return out + (b"\0" if history is None else b"\1" + history)


def history_entry(version=1, number=3, time=1000, before=None, content=b""):
    return bytes([version]) + varint(number) + varint(time) + (b"\0" if before is None else b"\1" + before) + bytes_(content)


def draft(version=1, number=3, revision=9, tag=TAG, time=1000, content=b""):
    return bytes([version]) + varint(number) + varint(revision) + tag + varint(time) + bytes_(content)


def seal(version=1, sequence=10, epoch=1, following=255, times=(1, 2), device="host", first=1, last=5, items=2, trashed=1,
         slots=(1,), settings=(1, 2), blocks=(9, 8)):
    out = bytes([version]) + struct.pack("<IQ", 1, sequence) + ID + struct.pack("<IQQ", epoch, following, 77)
    out += b"".join(map(varint, times)) + string(device) + bytes(32)
    out += struct.pack("<Q", first) + bytes(32) + struct.pack("<Q", last) + bytes(32) + varint(items) + varint(trashed)
    out += many([varint(position) + ID + bytes(64) for position in slots])
    return out + many([ref(n) for n in settings]) + many([ref(n) for n in blocks])


def block(pages, version=1):
    return bytes([version]) + many([ref(n) + varint(items) + varint(first) for n, items, first in pages])


def slot(version=1, kind=1, kdf=1, factors=0, cost=(65536, 3, 4), key_file=bytes(16), device_key=bytes(16), extra=b"", good=True):
    out = b"SPK1" + bytes([version, kind, kdf, factors]) + ID + ID + struct.pack("<4I", 1, *cost) + ID + key_file + device_key
    out += bytes(12 + 32 + 16 + 32) + extra
    return out + (hashlib.sha256(out).digest() if good else bytes(32))


def changing(version=1, times=(1, 2, 0, MAX), name="Main"):
    return bytes([version]) + b"".join(map(varint, times)) + string(name)


def corpora():
    simple = [overview(), overview(flags=255, folded="gr\u00fc\1me\1\1a\2b"), overview(strength=5, uses=2**32 - 1),
              overview(strength=6), overview(flags=64, folded="x"), overview(number=0), overview(number=MAX, kind=65535),
              overview(title="A\1B\x7fLong enough for two words", urls=("HTTPS://A", "b"), tags=("T", "t/u", "")),
              overview(title=b"\xff"), overview(title="\u00e4", subtitle="\U0001f512"), overview(history=2, attachments=[(1, 0)]),
              overview(attachments=[(2**43 - 1, 2**64 - 1), (2**43, 1)]), overview(times=(MAX, MAX, MAX, MAX, MAX)),
              overview(times=(MAX + 1, 0, 0, 0, 0)), overview(flags=256), overview(kind=65536), overview(title=b"a\0b")]
    yield "page", simple + [page(simple[:2]), page([overview(number=n + 1) for n in range(64)]), page([]), page(simple[:1], 2),
                            page([b""]), page([overview(title="x" * 512, subtitle="y" * 256)]), page(simple[:1]) + b"\0",
                            b"\1\x41" + b"\0" * 65, b"\1\1\x05\0", page([b"\0" * 65536])]
    fields = [field(1, "username", value="me"), field(2, "", "L", "S", "v"), field(4, "url", value="https://a"),
              field(100, "later"), field(0), field()]
    yield "item", [detail(), detail(fields=fields, tags=("a", "b/c"), attachments=[attachment()], history=ref()),
                   detail(flags=0x87, kind=999, notes="\u00e4\n"), detail(flags=2**32 - 1), detail(flags=2**32), detail(version=2),
                   detail(version=0), detail(attachments=[attachment(0)]), detail(attachments=[attachment(2**43 - 1, "", "")]),
                   detail(history=ref(0, 1)), detail(title=b"\xff"), detail(times=(MAX, 0, MAX, MAX)), detail(times=(MAX + 1, 0, 0, 0)),
                   detail() + b"\0", detail()[:-1] + b"\2", detail(kind=65536), history_entry(), history_entry(before=ref()),
                   history_entry(content=detail(fields=fields)), history_entry(number=0), history_entry(version=2),
                   history_entry() + b"\0", b"\1\3\0\2\0", detail(fields=[field(65536)]), draft(),
                   draft(content=detail(fields=fields)), draft(number=0, revision=0, tag=bytes(16), content=detail()),
                   draft(number=0), draft(number=0, revision=0), draft(version=2), draft(time=MAX + 1), draft() + b"\0"]
    yield "seal", [seal(), seal(device="\u00e4", slots=range(1, 65), settings=range(1, 257), blocks=range(1, 100)), seal(version=2),
                   seal(version=0), seal(sequence=0), seal(epoch=0), seal(first=0), seal(first=6, last=5), seal(first=7, last=5),
                   seal(items=1, trashed=2), seal(slots=()), seal(slots=(2, 1)), seal(slots=range(1, 66)), seal(settings=(2, 2)),
                   seal(settings=range(1, 258)), seal(blocks=()), seal(blocks=(0,)), seal() + b"\0", seal(last=MAX + 1),
                   seal(times=(MAX + 1, 0)), seal(following=0), seal(device=b"\xff")]
    yield "index-block", [block([(1, 1, 1)]), block([(n + 1, 64, n * 64 + 1) for n in range(64)]), block([]), block([(1, 0, 1)]),
                          block([(1, 65, 1)]), block([(1, 1, 2), (2, 1, 2)]), block([(1, 1, 1)], 2), block([(1, 1, 1)], 0),
                          block([(1, 1, 1)]) + b"\0", block([(0, 1, 1)]), block([(n + 1, 1, n + 1) for n in range(65)]),
                          block([(MAX, 1, MAX)]), block([(1, 1, 0)])]
    yield "slot", [slot(), slot(good=False), slot(kind=2, kdf=2, cost=(0, 0, 0)), slot(kind=3, kdf=2, cost=(0, 0, 0)),
                   slot(factors=3, key_file=ID, device_key=ID), slot(factors=1), slot(key_file=ID), slot(kind=4), slot(kind=0),
                   slot(kdf=3), slot(factors=4), slot(version=2), slot(version=2, extra=bytes(100)), slot(version=0),
                   slot(kdf=2), slot(kind=2), slot(kind=2, kdf=2), slot(cost=(1024, 3, 4)), slot(cost=(65536, 2, 4)),
                   slot(cost=(65536, 3, 0)), slot(cost=(2**32 - 1, 3, 4)), slot(cost=(65536, 65, 4)), slot(cost=(65536, 3, 17)),
                   slot(cost=(4 * 1024 * 1024, 3, 4)), slot(extra=b"\0"), b"SPK1\1", slot(version=2, extra=bytes(1000)),
                   changing(), changing(name="\u00e4"), changing(2), changing(0), changing(times=(0, 0, 0, MAX + 1)),
                   changing() + b"\0", changing(name=b"\xff"), b""]


def main():
    for name, inputs in corpora():
        folder = pathlib.Path(sys.argv[1], name)
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        print(f"{len(inputs)} inputs in {folder}")


if __name__ == "__main__":
    main()
