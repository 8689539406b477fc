#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that an import lost nothing, and made nothing up.

Given the CSV file that was imported into an empty vault, and the JSON export of that vault, every cell that is
not empty must stand in exactly one place of its row's item, and every place of the item must come from
a cell: the two are matched one to one. It knows nothing of the importer's tables: only what
docs/IMPORT.md says of values that are not taken over letter by letter.

usage: compare_import.py SOURCE.csv EXPORT.json
       compare_import.py --convert PROGRAM SOURCE.csv...   (PROGRAM SOURCE.csv OUT.json; speaks TAP)
       compare_import.py --cli SECUREPASS_CLI SOURCE.csv... (create, import, export; speaks TAP)
"""

import csv
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)

URL_START = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
BARE_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
YES = {"1", "true", "yes", "y"}
NO = {"0", "false", "no", "n"}


class Mismatch(Exception):
    pass


# The file, read by other means than the importer's ---------------------------------------------------


def decode(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def split_lines(text):
    """str.splitlines() also splits at U+2028 and others, which are no line ends in CSV."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def read_csv(path):
    with open(path, "rb") as file:
        text = decode(file.read())
    match = re.match(r"sep=(.)\r?\n", text)
    if match:
        text = text[match.end():]
    header = next(line for line in text.splitlines() if line)
    bare = re.sub(r'"[^"]*"', "", header)
    delimiter = match.group(1) if match else max(",;\t", key=bare.count)
    best = None
    for dialect in ({"doublequote": True}, {"doublequote": True, "escapechar": "\\"}):
        reader = csv.reader(split_lines(text), delimiter=delimiter, strict=True, **dialect)
        try:
            rows = [row for row in reader if row]
        except csv.Error:
            continue
        ragged = sum(len(row) != len(rows[0]) for row in rows)
        if best is None or ragged < best[0]:
            best = (ragged, rows)
    if best is None:
        raise Mismatch("the file is no CSV to Python")
    header, rows = best[1][0], best[1][1:]
    return [name.strip() for name in header], rows


# Places: where a value may stand in an item --------------------------------------------------------


class Place:
    def __init__(self, kind, value, label=None):
        self.kind, self.value, self.label = kind, value, label
        self.used = False

    def __repr__(self):
        return f"{self.kind} {self.label or ''} {self.value!r}"


def list_places(item):
    places = [Place("title", item["title"]), Place("type", item["type"])]
    if item["notes"]:
        places.append(Place("notes", item["notes"]))
    for flag in ("favourite", "archived"):
        places.append(Place(flag, item[flag]))
    for date in ("created", "modified", "expires"):
        if item[date] is not None:
            places.append(Place(date, item[date]))
    places += [Place("tag", tag) for tag in item["tags"]]
    for field in item["fields"]:
        places.append(Place("field", field["value"], field["name"] or field["label"]))
    return places


TEXTS = ("title", "notes", "tag", "field")


def to_moment(text):
    if re.fullmatch(r"[1-9]\d{9}", text):
        return int(text) * 1000
    if re.fullmatch(r"[1-9]\d{12}", text):
        return int(text)
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return round(moment.timestamp() * 1000)


def may_be(column, cell, place):
    """Is this one cell this one place?"""
    name = re.sub(r"[^a-z0-9]", "", column.lower())
    if place.kind in TEXTS and place.value == cell:
        return True
    if place.kind == "type":
        return "type" in name and place.value == cell.lower()
    if place.kind in ("favourite", "archived"):
        wanted = "fav" if place.kind == "favourite" else "archived"
        return wanted in name and cell.lower() in (YES if place.value else NO)
    if place.kind in ("created", "modified", "expires"):
        moment = to_moment(cell)
        return moment is not None and moment == to_moment(place.value)
    if place.kind == "tag":
        return place.value in (cell.strip(), cell.strip().replace("\\", "/"), cell.strip().lstrip("/"))
    return False


# Cells that mean several places ----------------------------------------------------------------------


def take(places, values, kinds):
    """Marks one unused place for each value, or none at all."""
    found = []
    for value, label in values:
        place = next((p for p in places if not p.used and p not in found and p.kind in kinds
                      and p.value == value and label in (None, p.label)), None)
        if place is None:
            return False
        found.append(place)
    for place in found:
        place.used = True
    return True


def split_urls(cell):
    urls = [""]
    for piece in re.split(r"([,;|\s]+)", cell):
        separator = re.fullmatch(r"[,;|\s]+", piece)
        if separator:
            pending = piece
            continue
        if not urls[-1]:
            urls[-1] = piece
        elif URL_START.match(piece) or "\n" in pending or (pending.startswith(",") and
                                                           BARE_HOST.fullmatch(piece)):
            urls.append(piece)
        else:
            urls[-1] += pending + piece
    return urls


def take_lines(places, cell):
    """Bitwarden's "name: value", a line that is no such going with the one above."""
    values = []
    for line in cell.split("\n"):
        label, colon, value = line.partition(": ")
        if colon and label:
            values.append([value, label])
        elif values:
            values[-1][0] += "\n" + line
        else:
            return False
    return take(places, [tuple(value) for value in values], ("field",))


def take_typed_note(places, cell):
    """LastPass: the values of a typed note stand in the item, each with all its lines."""
    if not cell.startswith("NoteType:"):
        return False
    lines = cell.split("\n")
    at = 0
    while at < len(lines):
        value = lines[at].partition(":")[2]
        for end in range(len(lines), at, -1):
            joined = "\n".join([value] + lines[at + 1:end])
            if joined and take(places, [(joined, None)], ("field", "notes")):
                at = end
                break
        else:
            if value or ":" not in lines[at]:
                raise Mismatch(f"line {at + 1} of a typed note is lost")
            at += 1
    return True


def take_several(places, cell):
    if take_typed_note(places, cell):
        return True
    urls = split_urls(cell)
    if len(urls) > 1 and take(places, [(url, None) for url in urls], ("field",)):
        return True
    tags = [tag.strip() for tag in re.split(r"[;,\n]", cell) if tag.strip()]
    if len(tags) > 0 and take(places, [(tag, None) for tag in tags], ("tag",)):
        return True
    return take_lines(places, cell)


# One row and one item --------------------------------------------------------------------------------


def match_singles(cells, places):
    """A greatest matching of cells and places (augmenting paths); returns cells without a place."""
    owner = {}

    def place_for(index, seen):
        column, cell = cells[index]
        for number, place in enumerate(places):
            if place.used or number in seen or not may_be(column, cell, place):
                continue
            seen.add(number)
            if number not in owner or place_for(owner[number], seen):
                owner[number] = index
                return True
        return False

    lost = [cells[i] for i in range(len(cells)) if not place_for(i, set())]
    for number in owner:
        places[number].used = True
    return lost


def is_free(place):
    """Places that need no cell: they have a value always."""
    if place.kind in ("type", "created", "modified", "title"):
        return True
    return place.kind in ("favourite", "archived") and not place.value


def compare_row(header, row, item):
    places = list_places(item)
    cells = []
    for index, cell in enumerate(row):
        if cell == "":
            continue
        column = header[index] if index < len(header) and header[index] else f"Column {index + 1}"
        if any(may_be(column, cell, place) for place in places):
            cells.append((column, cell))
        elif not take_several(places, cell):
            raise Mismatch(f"column “{column}” is lost")
    lost = match_singles(cells, places)
    if lost:
        raise Mismatch("no place of its own for: " + ", ".join(column for column, _ in lost))
    extra = [place for place in places if not place.used and not is_free(place)]
    if extra:
        raise Mismatch(f"comes from no cell: {extra}")


def load_items(export):
    with open(export, encoding="utf-8") as file:
        return json.load(file)["items"]


def compare(source, items):
    header, rows = read_csv(source)
    kept = []
    for row in rows:
        if any(row) and row not in kept:
            kept.append(row)
    if len(kept) != len(items):
        raise Mismatch(f"{len(kept)} rows, but {len(items)} items")
    n_cells = 0
    for number, (row, item) in enumerate(zip(kept, items), 1):
        try:
            compare_row(header, row, item)
        except Mismatch as mismatch:
            raise Mismatch(f"row {number} with content: {mismatch}") from None
        n_cells += sum(cell != "" for cell in row)
    return len(items), n_cells


# Is it worth anything? -------------------------------------------------------------------------------


def spoil(items):
    """Exports that are wrong in one place each: a value lost, changed, or there twice."""
    for number, item in enumerate(items):
        for index, field in enumerate(item["fields"]):
            for fields in ([], [dict(field, value=field["value"] + "x")], [field, field]):
                wrong = dict(item, fields=item["fields"][:index] + fields + item["fields"][index + 1:])
                yield items[:number] + [wrong] + items[number + 1:]
        for tag in item["tags"]:
            wrong = dict(item, tags=[other for other in item["tags"] if other != tag])
            yield items[:number] + [wrong] + items[number + 1:]
        yield items[:number] + [dict(item, notes=item["notes"] + "x")] + items[number + 1:]
        yield items[:number] + [dict(item, favourite=not item["favourite"])] + items[number + 1:]
        yield items[:number] + items[number + 1:]


def count_unnoticed(source, items):
    unnoticed = 0
    for wrong in spoil(items):
        try:
            compare(source, wrong)
            unnoticed += 1
        except Mismatch:
            pass
    return unnoticed


# Running ---------------------------------------------------------------------------------------------


def run_convert(program, source, folder):
    export = os.path.join(folder, "export.json")
    subprocess.run([program, source, export], check=True)
    return export


def run_cli(program, source, folder):
    password = os.path.join(folder, "password")
    export = os.path.join(folder, "export.json")
    with open(password, "w", encoding="utf-8") as file:
        file.write("Compare-1-import-2-export\n")
    base = [program, "--vault", os.path.join(folder, "test.vault"), "--password-file", password]
    costs = os.environ.get("SECUREPASS_TEST_COSTS", "--kdf-memory 64 --kdf-passes 3").split()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(base + ["create", *costs], **quiet)
    subprocess.run(base + ["import", "--windows-1252", source], **quiet)
    subprocess.run(base + ["export", "--format", "json", "--output", export], **quiet)
    return export


def run_all(run, program, sources):
    failed = 0
    print(f"1..{len(sources)}")
    for number, source in enumerate(sources, 1):
        name = os.path.basename(source)
        try:
            with tempfile.TemporaryDirectory() as folder:
                items = load_items(run(program, source, folder))
            n_items, n_cells = compare(source, items)
            unnoticed = count_unnoticed(source, items)
            if unnoticed:
                raise Mismatch(f"{unnoticed} exports were spoilt, and the comparator did not see it")
            print(f"ok {number} - {name}: {n_items} items, {n_cells} cells")
        except (Mismatch, subprocess.CalledProcessError) as error:
            failed += 1
            print(f"not ok {number} - {name}: {error}")
    return 1 if failed else 0


def main(arguments):
    if len(arguments) >= 3 and arguments[0] in ("--convert", "--cli"):
        run = run_convert if arguments[0] == "--convert" else run_cli
        return run_all(run, arguments[1], arguments[2:])
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        n_items, n_cells = compare(arguments[0], load_items(arguments[1]))
    except Mismatch as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    print(f"{n_items} items, {n_cells} cells: each in exactly one place")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
