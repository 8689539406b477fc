# SPDX-License-Identifier: GPL-3.0-or-later
"""What pykeepass needs for the work that SecurePass does. Prints one JSON object: milliseconds within the process.

    peer-pykeepass.py create XML DATABASE PASSWORD-FILE         KDBX 4 with the cheapest Argon2 there is
    peer-pykeepass.py search DATABASE PASSWORD-FILE WORD...     opens it and lists the titles found
    peer-pykeepass.py edit DATABASE PASSWORD-FILE               opens it, edits one entry, saves it
"""

import json
import sys
import time

import pykeepass
from lxml import etree


def read_password(path):
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def create(xml_path, path, password):
    database = pykeepass.create_database(path, password=password)
    parameters = database.kdbx.header.value.dynamic_header.kdf_parameters.data.dict
    parameters["I"].value, parameters["M"].value, parameters["P"].value = 1, 8 * 1024, 1
    # The header is kept as it was read; what is built must come from the values.
    del database.kdbx.header.data
    new = etree.parse(xml_path, etree.XMLParser(remove_blank_text=True, huge_tree=True)).find("Root/Group")
    for value in new.iter("Value"):
        if value.attrib.pop("ProtectInMemory", None):
            value.set("Protected", "True")
    root = database.tree.find("Root")
    root.replace(root.find("Group"), new)
    database.save()


def find(database, words):
    """Every word must be in one of what the other programs look at as well."""
    found = []
    for entry in database.entries:
        texts = [(text or "").lower() for text in (entry.title, entry.username, entry.url, entry.notes)]
        if all(any(word in text for text in texts) for word in words):
            found.append(entry.title)
    return found


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "create":
        create(arguments[0], arguments[1], read_password(arguments[2]))
        return
    result = {}
    begin = time.perf_counter()
    database = pykeepass.PyKeePass(arguments[0], password=read_password(arguments[1]))
    result["open"] = (time.perf_counter() - begin) * 1000
    begin = time.perf_counter()
    if command == "search":
        result["hits"] = len(find(database, [word.lower() for word in arguments[2:]]))
        result["search"] = (time.perf_counter() - begin) * 1000
    else:
        database.entries[0].username = "edited@example.org"
        begin = time.perf_counter()
        database.save()
        result["save"] = (time.perf_counter() - begin) * 1000
    print(json.dumps(result))


if __name__ == "__main__":
    main()
