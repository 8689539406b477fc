# SPDX-License-Identifier: GPL-3.0-or-later
"""Invents logins as people have them, always the same ones, and writes them twice: as the CSV of KeePassXC and
as KeePass 2 XML.

    make-logins.py COUNT PREFIX        writes PREFIX.csv and PREFIX.xml, prints the path of one entry
"""

import base64
import csv
import datetime
import random
import sys
from xml.sax.saxutils import escape

FIRST = """Acorn Almond Anchor Aspen Badger Bamboo Barley Birch Bramble Brass Café Candle Canyon Cedar Chalk Cinder
Clover Copper Crimson Cypress Dahlia Damson Ebony Elder Fennel Fern Flint Foxglove Gentian Ginger Granite Hazel
Heather Heron Hornbeam Indigo Ivory Jasmine Juniper Kestrel Lantern Larch Lavender Lichen Linnet Lotus Magnolia Maple
Marigold Meadow Mistral Münster Nettle Nutmeg Olive Orchid Otter Pepper Plover Poppy Quarry Quince Raven Rosehip
Saffron Señora Sorrel Sparrow Spruce Tamarind Teasel Thistle Timber Umber Velvet Walnut Wicker Willow Yarrow
Über""".split()
SECOND = """Airways Archive Atelier Auction Bakery Bank Bikes Books Broker Cinema Clinic Cloud Code College Courier
Credit Dental Drive Energy Ferries Finance Florist Forum Freight Games Garage Gas Grocer Hosting Hotels Insurance Jobs
Journal Kitchen Lab Leasing Library Mail Maps Market Media Mobile Museum Music News Optics Parcels Pharmacy Photo
Pizza Post Power Print Rail School Shop Solar Sports Studio Tax Tickets Tools Travel University Video Water
Works""".split()
DOMAINS = "com com com com net org io de fr eu co.uk".split()
GIVEN = """agnes bruno clara dario edith felix gloria hugo ingrid jakob katja lukas mona nils ottilie pablo quirin
renate sven tilda uwe vera wilma xenia yusuf zelda""".split()
FAMILY = """ahlberg bauer costa duval engel ferrari gruber hansen ivanov jung keller lopez moreau nilsson ortega
petrov richter sousa thorne vogel""".split()
HOSTS = ["", "www.", "my.", "login.", "account."]
PATHS = ["", "login", "sign-in", "users/session", "sso?return=%2Fstart"]
GROUPS = """Banking Communication Devices Entertainment Family Health Home Learning Networks Official Other
Purchases Servers Transport Work""".split()
TAGS = "bills daily family finance household important kids old project shared sport work".split()
WORDS = """this login belongs to the contract signed in spring ask support for a new token before changing anything
the answer to their question lies in the folder downstairs second person on it is my partner they bill every month
cancel in writing three weeks ahead number on the card is not the same as here""".split()
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#%&*+-=?@_"
COLUMNS = ["Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created"]
FIRST_TIME, LAST_TIME = 1420070400, 1717200000


def get_user(chance, domain):
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    return chance.choice([
        f"{given}.{family}@example.{domain}",
        f"{given[0]}.{family}",
        f"{given}{chance.randrange(10, 99)}",
    ])


def get_notes(chance):
    if chance.random() >= 0.3:
        return ""
    notes = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(12, 34))).capitalize() + "."
    if chance.random() < 0.2:
        notes += f"\nCustomer {chance.randrange(10**6, 10**7)}"
    return notes


def get_otp(chance, issuer, user):
    if chance.random() >= 0.1:
        return ""
    secret = base64.b32encode(chance.randbytes(20)).decode()
    return f"otpauth://totp/{issuer}:{user}?secret={secret}&issuer={issuer}&digits=6&period=30"


def make_logins(count):
    """Yields one dictionary after the other; many are as few, and more."""
    chance = random.Random(20260105)
    seen = {}
    for _ in range(count):
        first, second, domain = chance.choice(FIRST), chance.choice(SECOND), chance.choice(DOMAINS)
        name = f"{first} {second}"
        seen[name] = seen.get(name, 0) + 1
        site = "".join(letter for letter in (first + second).lower() if letter.isascii())
        user = get_user(chance, domain)
        yield {
            "group": chance.choice(GROUPS),
            "title": name if seen[name] == 1 else f"{name} {seen[name]}",
            "user": user,
            "password": "".join(chance.choices(LETTERS, k=20)),
            "url": f"https://{chance.choice(HOSTS)}{site}.{domain}/{chance.choice(PATHS)}",
            "notes": get_notes(chance),
            "otp": get_otp(chance, site, user),
            "tags": chance.sample(TAGS, chance.choice([0, 0, 1, 1, 2, 3])),
            "uuid": base64.b64encode(chance.randbytes(16)).decode(),
            "created": chance.randrange(FIRST_TIME, LAST_TIME - 86400),
            "modified": LAST_TIME - chance.randrange(86400),
        }


def get_iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def get_times(created, modified):
    return (f"<Times><CreationTime>{get_iso(created)}</CreationTime>"
            f"<LastModificationTime>{get_iso(modified)}</LastModificationTime>"
            f"<LastAccessTime>{get_iso(modified)}</LastAccessTime><ExpiryTime>{get_iso(modified)}</ExpiryTime>"
            f"<Expires>False</Expires><UsageCount>0</UsageCount>"
            f"<LocationChanged>{get_iso(created)}</LocationChanged></Times>")


def get_string(key, value, protect=False):
    attribute = ' ProtectInMemory="True"' if protect else ""
    return f"<String><Key>{key}</Key><Value{attribute}>{escape(value)}</Value></String>"


def get_entry(login):
    strings = (get_string("Title", login["title"]) + get_string("UserName", login["user"])
               + get_string("Password", login["password"], True) + get_string("URL", login["url"])
               + get_string("Notes", login["notes"]))
    if login["otp"]:
        strings += get_string("otp", login["otp"], True)
    return (f"<Entry><UUID>{login['uuid']}</UUID><IconID>0</IconID><Tags>{';'.join(login['tags'])}</Tags>"
            f"{get_times(login['created'], login['modified'])}{strings}</Entry>\n")


def write_csv(path, logins):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS + ["Tags"])
        for login in logins:
            writer.writerow(["Root/" + login["group"], login["title"], login["user"], login["password"],
                             login["url"], login["notes"], login["otp"], "0", get_iso(login["modified"]),
                             get_iso(login["created"]), ";".join(login["tags"])])


def get_group(chance, name):
    uuid = base64.b64encode(chance.randbytes(16)).decode()
    return f"<Group><UUID>{uuid}</UUID><Name>{name}</Name>{get_times(FIRST_TIME, FIRST_TIME)}\n"


def write_xml(path, logins):
    chance = random.Random(1)
    entries = {group: [] for group in GROUPS}
    for login in logins:
        entries[login["group"]].append(get_entry(login))
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<KeePassFile><Meta>'
                   "<Generator>SecurePass bench</Generator><DatabaseName>Bench</DatabaseName><MemoryProtection>"
                   "<ProtectTitle>False</ProtectTitle><ProtectUserName>False</ProtectUserName>"
                   "<ProtectPassword>True</ProtectPassword><ProtectURL>False</ProtectURL>"
                   "<ProtectNotes>False</ProtectNotes></MemoryProtection><HistoryMaxItems>10</HistoryMaxItems>"
                   "</Meta><Root>" + get_group(chance, "Root"))
        for group in GROUPS:
            file.write(get_group(chance, group))
            file.writelines(entries[group])
            file.write("</Group>\n")
        file.write("</Group></Root></KeePassFile>\n")


def main():
    count, prefix = int(sys.argv[1]), sys.argv[2]
    logins = list(make_logins(count))
    write_csv(prefix + ".csv", logins)
    write_xml(prefix + ".xml", logins)
    for login in logins[:1]:
        print(f"/{login['group']}/{login['title']}")


if __name__ == "__main__":
    main()
