# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault's life by commands: items made, found, changed, deleted, taken out and in again."""

import base64
import csv
import hashlib
import hmac
import io
import json
import os
import re
import stat
import time

from harness import (COSTS, DONE, IO, NOT_FOUND, OTHER_PASSWORD, PASSWORD, PROGRAM, USAGE, WRONG_KEY, Vault, contains, equal,
                     lacks, main, test)

SEED = "JBSWY3DPEHPK3PXP"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def fields(item, name):
    """The values of an item's fields of that name or label, in JSON."""
    return [field["value"] for field in item["fields"] if name in (field.get("name"), field.get("label"))]


def hotp(counter):
    """RFC 4226, section 5.3, from the standard library."""
    digest = hmac.new(base64.b32decode(SEED), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7fffffff) % 10 ** 6:06}"


@test
def create_makes_a_private_file():
    vault = Vault(create=False)
    vault.path = vault.folder + "/made/on/the/way/my.securepass"
    made = vault.json("create", "--name", "Möwe", *COSTS)
    equal(made["path"], vault.path)
    equal(stat.S_IMODE(os.stat(vault.path).st_mode), 0o600)
    equal(stat.S_IMODE(os.stat(os.path.dirname(vault.path)).st_mode), 0o700)
    info = vault.json("info")
    equal((info["name"], info["id"], info["items"], info["state"]), ("Möwe", made["id"], 0, "sound"))
    contains(vault.run("info").out, "Möwe", vault.path)


@test
def create_overwrites_nothing():
    vault = Vault()
    vault.add("Still here")
    contains(vault.run("create", code=IO).err, "already")
    equal(len(vault.json("list")), 1)
    vault.path = vault.write("a-file", "precious")
    vault.run("create", code=IO)
    with open(vault.path, encoding="utf-8") as file:
        equal(file.read(), "precious")


@test
def weak_master_passwords_are_refused():
    for password in ("short", "alllowercase", "Password123!", "aaaaaaaaaaaaaaaaaaaaaaaaaa", ""):
        vault = Vault(create=False)
        result = vault.run("create", password_file=vault.write("weak", password + "\n"), code=USAGE)
        if password:
            lacks(result.err, password)
        equal(os.path.exists(vault.path), False)


@test
def the_vault_is_named_by_option_or_environment():
    vault = Vault()
    vault.add("By option")
    other = Vault()
    other.add("By environment")
    words = ["--password-file", vault.password_file, "list"]
    path, vault.path = vault.path, "/nonexistent"
    found = vault.run("--vault", path, "list", env={"SECUREPASS_VAULT": other.path}).out
    contains(found, "By option")
    process = vault
    process.arguments = lambda _words, _file: [PROGRAM, *words]
    contains(process.run(env={"SECUREPASS_VAULT": other.path}).out, "By environment")
    os.makedirs(vault.folder + "/data/securepass")
    os.rename(path, vault.folder + "/data/securepass/vault.securepass")
    contains(process.run(env={"SECUREPASS_VAULT": ""}).out, "By option")


@test
def items_are_added_and_shown():
    vault = Vault()
    item_id = vault.add(
        "Bank", "--set", "username=ann", "--set", "url=https://bank.example/", "--set", "url=https://b.example/",
        "--set-from", "password=" + vault.secret("pa ss=wörd\n"), "--tag", "money/home", "--tag", "work", "--favourite",
        "--expires", "2031-05-06", "--custom", "text:Branch=North", "--set", "notes=two\nlines")
    equal(bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item_id)), True)
    text = vault.run("show", "Bank").out
    contains(text, "Bank", item_id, "ann", "https://bank.example/", "https://b.example/", "••••", "money/home, work",
             "North", "favourite", "2031-05-06", "two", "lines")
    lacks(text, "wörd")
    contains(vault.run("show", "Bank", "--reveal").out, "pa ss=wörd")
    equal(vault.run("show", "Bank", "--field", "password", "--reveal").out, "pa ss=wörd\n")
    equal(vault.run("show", "Bank", "--field", "url").out, "https://bank.example/\nhttps://b.example/\n")
    equal(vault.run("show", "Bank", "--field", "branch").out, "North\n")
    equal(vault.run("show", "Bank", "--field", "title").out, "Bank\n")


@test
def show_conceals_unless_told():
    vault = Vault()
    vault.add("One", "--set-from", "password=" + vault.secret("swordfish"), "--set-from", "otp=" + vault.secret(SEED, "s"))
    contains(vault.run("show", "One", "--field", "password", code=USAGE).err, "--reveal")
    vault.run("show", "One", "--field", "otp", code=USAGE)
    vault.run("show", "One", "--field", "nothing", code=NOT_FOUND)
    concealed = vault.run("--json", "show", "One")
    lacks(concealed.out, "swordfish", SEED)
    equal(fields(concealed.json, "password"), [None])
    equal(fields(vault.json("show", "One", "--reveal"), "password"), ["swordfish"])
    one = vault.json("show", "One", "--field", "password", "--reveal")
    equal(one["values"], ["swordfish"])


@test
def secrets_in_arguments_are_refused():
    vault = Vault()
    for words in (["--set", "password=swordfish"], ["--set", "otp=swordfish"], ["--custom", "hidden:PIN=swordfish"],
                  ["--custom", "otp:Second=swordfish"], ["--type", "card", "--set", "cvv=swordfish"],
                  ["--custom", "hidden:PIN", "--set", "PIN=swordfish"]):
        result = vault.run("add", "--title", "Refused", *words, code=USAGE)
        lacks(result.err, "swordfish")
        if "cvv" not in words[-1]:
            contains(result.err, "--set-from", "--prompt")
    equal(vault.json("list"), [])
    vault.add("One", "--generate")
    contains(vault.run("edit", "One", "--set", "password=swordfish", code=USAGE).err, "--set-from")


@test
def values_come_from_files_and_descriptors():
    vault = Vault()
    vault.add("One", "--set-from", "password=-", stdin=b"first\r\n")
    equal(vault.run("show", "One", "--field", "password", "--reveal").out, "first\n")
    # The password is the first line, the value the rest.
    vault.run("edit", "One", "--set-from", "password=-", password_file="-", stdin=f"{PASSWORD}\nsecond\n".encode())
    equal(vault.run("show", "One", "--field", "password", "--reveal").out, "second\n")
    reading, writing = os.pipe()
    os.write(writing, b"third")
    os.close(writing)
    vault.run("edit", "One", "--set-from", f"password=/dev/fd/{reading}", pass_fds=[reading])
    os.close(reading)
    equal(vault.run("show", "One", "--field", "password", "--reveal").out, "third\n")
    # A key keeps the newline that it needs.
    vault.add("Key", "--type", "ssh-key", "--custom", "hidden-multiline:Key", "--set-from",
              "Key=" + vault.secret("-----BEGIN\nkey\n-----END\n"))
    equal(vault.run("show", "Key", "--field", "Key", "--reveal").out, "-----BEGIN\nkey\n-----END\n")
    vault.run("edit", "One", "--set-from", "password=/nonexistent", code=IO)
    vault.run("edit", "One", "--set-from", "password=" + vault.secret(b"\xff\xfe"), code=USAGE)
    equal(vault.run("show", "One", "--field", "password", "--reveal").out, "third\n")


@test
def bad_fields_are_named():
    vault = Vault()
    contains(vault.run("add", "--title", "One", "--set", "colour=red", code=USAGE).err, "colour", "username")
    for words in (["--set", "username"], ["--set", "=x"], ["--set-from", "password"], ["--custom", "x"],
                  ["--custom", "dragon:x=y"], ["--type", "dragon"], ["--expires", "tomorrow"], ["--unset", "colour"],
                  ["--type", "note", "--generate"], ["--set-from", "otp=" + vault.secret("not base 32!")]):
        vault.run("add", "--title", "One", *words, code=USAGE)
    vault.run("add", "--title", "", code=USAGE)
    equal(vault.json("list"), [])


@test
def items_are_edited_and_keep_their_history():
    vault = Vault()
    vault.add("Router", "--set", "username=admin", "--set", "url=http://a/", "--generate", "--tag", "old",
              "--custom", "text:Room=cellar")
    before = vault.run("show", "Router", "--field", "password", "--reveal").out
    equal(len(before), 21)
    vault.run("edit", "router", "--title", "Router 2", "--generate", "--set", "url=http://b/", "--set", "url=http://c/",
              "--untag", "old", "--tag", "new", "--set", "Room=attic", "--set", "username=", "--expires", "2030-01-01")
    item = vault.json("show", "Router 2", "--reveal")
    equal(item["title"], "Router 2")
    equal(item["tags"], ["new"])
    equal(fields(item, "url"), ["http://b/", "http://c/"])
    equal(fields(item, "username"), [])
    equal(fields(item, "Room"), ["attic"])
    equal(fields(item, "password") != [before.strip()], True)
    equal(len(item["history"]), 1)
    equal(fields(item["history"][0], "password"), [before.strip()])
    equal(len(vault.json("history", "Router 2")), 1)
    contains(vault.run("history", "Router 2").out, "Router", "admin")
    lacks(vault.run("--json", "history", "Router 2").out, before.strip())
    vault.run("history", "Router 2", "--restore", "2", code=NOT_FOUND)
    vault.run("history", "Router 2", "--restore", "1")
    equal(vault.run("show", "Router", "--field", "password", "--reveal").out, before)
    equal(len(vault.json("history", "Router")), 2)
    vault.run("edit", "Router", "--unset", "Room", "--expires", "never", "--type", "server")
    item = vault.json("show", "Router", "--reveal")
    equal((item["type"], item["expires"], fields(item, "Room")), ("server", None, []))


@test
def an_edit_that_fails_changes_nothing():
    vault = Vault()
    vault.add("One", "--set", "username=ann")
    before = vault.json("show", "One")
    vault.run("edit", "One", "--set", "username=bob", "--set", "colour=red", code=USAGE)
    vault.run("edit", "One", "--title", "", code=USAGE)
    equal(vault.json("show", "One"), before)


@test
def items_are_named_by_id_title_or_words():
    vault = Vault()
    ids = {title: vault.add(title, "--set", f"username=user{number}")
           for number, title in enumerate(["Mail", "mail", "Müller Bank", "Twin", "Twin", "beef"])}
    first = ids["Mail"]
    for name in (first, first[:8], first[:13], first.upper()[:9], "Mail"):
        equal(vault.json("show", name)["id"], first)
    equal(vault.json("show", "mail")["id"], ids["mail"])
    equal(vault.json("show", "muller bank")["id"], ids["Müller Bank"])
    equal(vault.json("show", "user2")["id"], ids["Müller Bank"])
    vault.run("show", first[:3], code=NOT_FOUND)
    contains(vault.run("show", "MAIL", code=NOT_FOUND).err, first, ids["mail"])
    result = vault.run("show", "Twin", code=NOT_FOUND)
    contains(result.err, ids["Twin"], "user3", "user4")
    equal(result.out, "")
    vault.run("remove", "Twin", code=NOT_FOUND)
    vault.run("show", "user", code=NOT_FOUND)
    vault.run("show", "nobody", code=NOT_FOUND)
    equal(vault.json("show", "beef")["id"], ids["beef"])


@test
def lists_and_searches_are_arrays_of_objects():
    vault = Vault()
    vault.add("Zebra", "--set", "username=zoe", "--set", "url=https://zoo.example/", "--tag", "animals/striped")
    vault.add("ähnlich", "--set", "username=anna", "--favourite", "--expires", "2001-01-01")
    vault.add("Visa", "--type", "card", "--archive")
    listed = vault.json("list")
    equal([item["title"] for item in listed], ["ähnlich", "Visa", "Zebra"])
    zebra = listed[2]
    equal((zebra["username"], zebra["urls"], zebra["tags"], zebra["type"]),
          ("zoe", ["https://zoo.example/"], ["animals/striped"], "login"))
    for key in ("created", "modified"):
        equal(bool(TIME.fullmatch(zebra[key])), True)
    equal((zebra["expires"], listed[0]["expires"][:10]), (None, "2001-01-01"))
    equal(listed[0]["favourite"], True)

    def titles(*words):
        return [item["title"] for item in vault.json(*words)]

    equal(titles("list", "--type", "card"), ["Visa"])
    equal(titles("list", "--tag", "animals"), ["Zebra"])
    equal(titles("list", "--tag", "animal"), [])
    equal(titles("list", "--favourite"), ["ähnlich"])
    equal(titles("list", "--archived"), ["Visa"])
    equal(titles("list", "--expired"), ["ähnlich"])
    equal(titles("list", "--sort", "created"), ["Visa", "ähnlich", "Zebra"])
    equal(titles("search", "zo", "ze"), ["Zebra"])
    equal(titles("search", "ANN", "ahn"), ["ähnlich"])
    equal(titles("search", "tag:animals"), ["Zebra"])
    equal(titles("search", "is:favourite"), ["ähnlich"])
    result = vault.run("--json", "search", "nothing like it", code=NOT_FOUND)
    equal(result.json, [])
    contains(vault.run("list").out, "Zebra", "zoe", "https://zoo.example/", "card")
    equal(len(vault.run("search", "a", "--limit", "1").out.splitlines()), 1)


@test
def the_locale_changes_nothing_that_scripts_read():
    vault = Vault()
    vault.add("Füße", "--set", "username=ä", env={"LC_ALL": "C"})
    for locale in ("C", "C.UTF-8", "de_DE.UTF-8", "nonsense"):
        equal([item["title"] for item in vault.json("search", "füss", env={"LC_ALL": locale})], ["Füße"])
        contains(vault.run("list", env={"LC_ALL": locale}).out, "Füße  ä")
        vault.run("search", "absent", code=NOT_FOUND, env={"LC_ALL": locale})


@test
def the_trash_takes_and_gives_back():
    vault = Vault()
    for title in ("One", "Two", "Three"):
        vault.add(title)
    contains(vault.run("remove", "One", "Two").err, "2 items")
    equal([item["title"] for item in vault.json("list")], ["Three"])
    equal([item["title"] for item in vault.json("list", "--trashed")], ["One", "Two"])
    equal(vault.json("show", "One")["trashed"], True)
    vault.run("search", "one", code=NOT_FOUND)
    equal(len(vault.json("search", "is:trashed")), 2)
    vault.run("restore", "Three", code=NOT_FOUND)
    vault.run("restore", "One")
    vault.run("edit", "Two", "--title", "x", code=NOT_FOUND)
    contains(vault.run("purge", "--yes", "Two").err, "1 item ")
    vault.run("purge", "--yes", "One", code=NOT_FOUND)
    vault.run("remove", "One", "nobody", code=NOT_FOUND)
    equal([item["title"] for item in vault.json("list")], ["One", "Three"])
    vault.run("remove", "One")
    contains(vault.run("purge", "--yes").err, "1 item ")
    contains(vault.run("purge", "--yes").err, "0 items")
    equal(vault.json("info")["items"], 1)


@test
def copies_are_items_of_their_own():
    vault = Vault()
    vault.add("One", "--set", "username=ann", "--generate", "--tag", "t")
    file = vault.write("a.txt", "attached")
    vault.run("attach", "add", "One", file)
    made = vault.json("duplicate", "One")["id"]
    copy = vault.json("show", made, "--reveal")
    one = vault.json("show", "One", "--reveal")
    equal(copy["title"] != "One" and copy["title"].startswith("One"), True)
    equal(fields(copy, "password"), fields(one, "password"))
    equal(copy["attachments"][0]["sha256"], one["attachments"][0]["sha256"])
    equal(vault.run("duplicate", "One", "--title", "Other").out.strip() in
          [item["id"] for item in vault.json("list")], True)


@test
def attachments_come_back_as_they_were():
    vault = Vault()
    vault.add("One")
    content = os.urandom(300_000)
    file = vault.write("picture of it.png", content)
    vault.run("attach", "add", "One", file)
    vault.run("attach", "add", "One", vault.write("empty", b""), "--name", "nothing")
    listed = {entry["name"]: entry for entry in vault.json("attach", "list", "One")}
    equal(listed["picture of it.png"]["sha256"], hashlib.sha256(content).hexdigest())
    equal((listed["picture of it.png"]["size"], listed["nothing"]["size"]), (300_000, 0))
    equal(len(vault.json("show", "One")["attachments"]), 2)
    contains(vault.run("attach", "list", "One").out, "picture of it.png")
    equal(vault.run("attach", "save", "One", "picture of it.png", "--output", "-").raw, content)
    contains(vault.run("attach", "save", "One", "picture of it.png", code=IO).err, "--force")
    vault.run("attach", "save", "One", "picture of it.png", "--output", "copy")
    with open(vault.folder + "/copy", "rb") as saved:
        equal(saved.read(), content)
    equal(stat.S_IMODE(os.stat(vault.folder + "/copy").st_mode), 0o600)
    vault.run("attach", "save", "One", "nothing", "--output", "copy", "--force")
    equal(os.path.getsize(vault.folder + "/copy"), 0)
    vault.run("attach", "remove", "One", "nothing")
    vault.run("attach", "remove", "One", "nothing", code=NOT_FOUND)
    vault.run("attach", "save", "One", "nothing", code=NOT_FOUND)
    vault.run("attach", "add", "One", "/nonexistent", code=IO)
    # A name is not a path: it cannot lead out of a folder.
    vault.run("attach", "add", "One", file, "--name", "../../evil", code=USAGE)


@test
def one_time_codes_are_shown():
    vault = Vault()
    vault.add("One", "--set-from", "otp=" + vault.secret(SEED))
    uri = f"otpauth://totp/Acme:ann?secret={SEED}&digits=8&algorithm=SHA256&period=60"
    vault.add("Two", "--set-from", "otp=" + vault.secret(uri))
    vault.add("None")
    codes = vault.json("totp", "One", "Two")
    equal([len(code["code"]) for code in codes], [6, 8])
    equal([code["period"] for code in codes], [30, 60])
    equal(all(0 < code["seconds_left"] <= code["period"] for code in codes), True)
    equal(bool(re.match(r"\d{6}  [ \d]\d s  One\n\d{8}  [ \d]\d s  Two\n", vault.run("totp", "One", "Two").out)), True)
    contains(vault.run("totp", "None", code=NOT_FOUND).err, "None")
    counter = f"otpauth://hotp/Acme:ann?secret={SEED}&counter=1"
    vault.add("Counter", "--set-from", "otp=" + vault.secret(counter))
    # Never the same twice.
    equal([vault.json("totp", "Counter")[0]["code"] for _ in range(2)], [hotp(1), hotp(2)])


@test
def imports_come_in_whole_and_go_out_again():
    vault = Vault()
    table = vault.write("chrome.csv", "name,url,username,password,note\n"
                        'Shop,https://shop.example/,ann,"p,""w",first\nForum,https://forum.example/,bob,x,\n')
    summary = vault.json("import", table)
    equal((summary["format"], summary["added"], summary["rows"]), ("chrome", 2, 2))
    equal(vault.run("show", "Shop", "--field", "password", "--reveal").out, 'p,"w\n')
    again = vault.json("import", table)
    equal((again["added"], again["skipped"]), (0, 2))
    contains(vault.run("import", table, "--duplicates", "keep").err, "--undo")
    equal(len(vault.json("list")), 4)
    equal(vault.json("import", "--undo")["undone"], 2)
    equal(len(vault.json("list")), 2)
    with open(table, "rb") as file:
        equal(vault.json("import", "-", "--duplicates", "keep", stdin=file.read())["added"], 2)
    equal(vault.json("import", "--undo")["undone"], 2)
    vault.run("import", vault.write("own.csv", "a,b\nTitle,user\n"), "--map", "a=title", "--map", "b=username")
    equal(vault.json("search", "user")[0]["title"], "Title")
    contains(vault.run("import", "--list-formats").out, "bitwarden", "keepassxc")


@test
def broken_imports_change_nothing():
    vault = Vault()
    broken = vault.write("broken.csv", "name,url,username,password\nShop,u,a,b\nForum,\"never closed,x,y\n")
    contains(vault.run("import", broken, code=IO).err, "Row 3 (line 3)")
    vault.run("import", "/nonexistent.csv", code=IO)
    vault.run("import", vault.write("fine.csv", "name,url,username,password\nShop,u,a,b\n"), "--format", "dragon",
              code=USAGE)
    vault.run("import", broken, "--duplicates", "guess", code=USAGE)
    latin = vault.write("latin.csv", "name,url,username,password\nB\xe4r,u,a,b\n".encode("latin-1"))
    vault.run("import", latin, code=IO)
    equal(vault.json("list"), [])
    vault.run("import", latin, "--windows-1252")
    equal(vault.json("list")[0]["title"], "Bär")


@test
def exports_hold_everything():
    vault = Vault()
    vault.add("One", "--set", "username=ann", "--set-from", "password=" + vault.secret('p,"w\n'), "--set", "notes=n")
    vault.run("edit", "One", "--set", "username=bob")
    vault.run("attach", "add", "One", vault.write("a.txt", "attached"))
    result = vault.run("export", "--format", "json")
    contains(result.err, "not encrypted")
    item = result.json["items"][0]
    equal((fields(item, "username"), fields(item, "password"), item["notes"]), (["bob"], ['p,"w'], "n"))
    equal(fields(item["history"][-1], "username"), ["ann"])
    equal(item["attachments"][0]["sha256"], hashlib.sha256(b"attached").hexdigest())
    vault.run("export", "--format", "csv", "--output", "out.csv")
    equal(stat.S_IMODE(os.stat(vault.folder + "/out.csv").st_mode), 0o600)
    with open(vault.folder + "/out.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(io.StringIO(file.read())))
    equal('p,"w' in rows[1] and "bob" in rows[1], True)
    vault.run("export", "--format", "csv", "--output", "out.csv", code=IO)
    vault.run("export", "--format", "json", "--output", "out.csv", "--force")
    os.symlink("elsewhere", vault.folder + "/link")
    vault.run("export", "--format", "json", "--output", "link", code=IO)
    equal(os.path.exists(vault.folder + "/elsewhere"), False)


@test
def the_master_password_can_be_changed():
    vault = Vault()
    vault.add("One")
    two = vault.write("two", f"{PASSWORD}\n{OTHER_PASSWORD}\n")
    contains(vault.run("passwd", password_file=vault.write("weak", f"{PASSWORD}\nweak\n"), code=USAGE).err, "")
    vault.run("passwd", code=USAGE)
    vault.run("passwd", password_file=vault.write("wrong", f"{OTHER_PASSWORD}\n{PASSWORD}\n"), code=WRONG_KEY)
    contains(vault.run("passwd", password_file=two).err, "Copies")
    vault.run("list", code=WRONG_KEY)
    vault.password_file = vault.write("password", OTHER_PASSWORD)
    equal(len(vault.json("list")), 1)
    equal(vault.json("slot", "list")[0]["kdf_memory_mib"], int(COSTS[1]))


@test
def several_passwords_open_a_vault():
    vault = Vault()
    vault.add("One")
    first = vault.json("slot", "list")
    equal([(slot["kind"], slot["current"], slot["kdf_passes"]) for slot in first], [("password", True, int(COSTS[3]))])
    two = vault.write("two", f"{PASSWORD}\n{OTHER_PASSWORD}\n")
    added = vault.json("slot", "add", "--name", "Ann's", *COSTS, password_file=two)
    contains(vault.run("slot", "list").out, "Ann's", added["id"][:8])
    other = vault.write("other", OTHER_PASSWORD)
    equal(len(vault.json("list", password_file=other)), 1)
    vault.run("slot", "remove", "nobody", code=NOT_FOUND)
    contains(vault.run("slot", "remove", added["id"][:8]).err, "Copies")
    vault.run("list", password_file=other, code=WRONG_KEY)
    # The last one stays.
    vault.run("slot", "remove", first[0]["id"], code=6)
    vault.run("list")


@test
def the_log_tells_what_happened():
    vault = Vault()
    vault.add("One", "--generate")
    vault.run("show", "One", "--reveal")
    vault.run("remove", "One")
    vault.run("list", password_file=vault.write("wrong", OTHER_PASSWORD), code=WRONG_KEY)
    kinds = [event["kind"] for event in vault.json("log")]
    for kind in ("created", "opened", "item-added", "item-viewed", "item-trashed", "unlock-failed"):
        contains(kinds, kind)
    contains(vault.run("log").out, "item-added")
    equal(len(vault.json("log", "--limit", "2")), 2)


@test
def timings_are_one_line_of_json():
    vault = Vault()
    started = time.monotonic()
    line = vault.run("--timings", "list").err.strip().splitlines()[-1]
    elapsed = (time.monotonic() - started) * 1000
    timings = json.loads(line)
    equal(sorted(timings), ["kdf", "open", "save", "work"])
    equal(timings["kdf"] > 0 and timings["open"] > 0, True)
    equal(sum(timings.values()) < elapsed, True)
    timings = json.loads(
        vault.run("add", "--title", "One", "--timings").err.strip().splitlines()[-1])
    equal(timings["save"] > 0, True)
    vault.run("--timings", "list", code=DONE)


main()
