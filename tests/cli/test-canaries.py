# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing readable: values that occur nowhere else go into a vault everywhere a vault takes values, and are then looked
for in every file that was written, in a journal that a killed change left behind too."""

import base64
import csv
import io
import os
import random
import string
import subprocess

from harness import COSTS, PASSWORD, Vault, contains, environment, equal, main, test

LENGTH = 20
WINDOW = 10  # the first bytes of what is looked for; everything is at least as long
N_ROWS = 70
N_FOLDERS = 30
N_EXTRA = 12

COLUMNS = ("name", "login_username", "login_uri", "notes", "login_password", "fields")


class Canaries:
    """Makes canaries, and finds them in files whichever way they are written down."""

    def __init__(self):
        self.random = random.Random(2)
        self.all = []
        self.needles = None

    def new(self):
        canary = "".join(self.random.choices(string.ascii_letters + string.digits, k=LENGTH))
        self.all.append(canary)
        return canary

    @staticmethod
    def forms(canary):
        """(name, bytes): all that is the same wherever the canary stands in a larger text."""
        for case, text in (("", canary), (" in lower case", canary.lower()), (" in upper case", canary.upper())):
            raw = text.encode()
            yield "raw" + case, raw
            for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
                yield encoding + case, text.encode(encoding)
            yield "hexadecimal" + case, raw.hex().encode()
            yield "upper hexadecimal" + case, raw.hex().upper().encode()
            for lead in range(3):
                # Characters that bits of the neighbours are in are left out.
                for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
                    whole = encode(bytes(lead) + raw)
                    yield f"{name}, {lead} before{case}", whole[(lead * 8 + 5) // 6:(lead + LENGTH) * 8 // 6]

    def index(self):
        self.needles = {}
        for canary in self.all:
            for name, needle in self.forms(canary):
                self.needles.setdefault(needle[:WINDOW], []).append((canary, name, needle))

    def search(self, data):
        """{(canary, form)}"""
        if self.needles is None:
            self.index()
        found = set()
        needles = self.needles
        for start in range(len(data) - WINDOW + 1):
            for canary, name, needle in needles.get(data[start:start + WINDOW], ()):
                if data.startswith(needle, start):
                    found.add((canary, name))
        return found


CANARIES = Canaries()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def bitwarden(rows, folders):
    """A CSV export of Bitwarden's: every cell a canary, or holding one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("folder", "favorite", "type", "name", "notes", "fields", "reprompt", "login_uri", "login_username",
                     "login_password", "login_totp"))
    for number in range(rows):
        new = {column: CANARIES.new() for column in COLUMNS}
        writer.writerow((folders[number % len(folders)], "", "login", new["name"], f"The notes are {new['notes']}.",
                         f"Label: {new['fields']}", "0", f"https://{new['login_uri']}.example.org/login",
                         new["login_username"], new["login_password"], ""))
    return text.getvalue()


class Watched(Vault):
    """A vault, and what is given to its commands, which lies elsewhere than all that they write."""

    def __init__(self):
        super().__init__(create=False)
        self.inputs = self.folder + "-inputs"
        os.mkdir(self.inputs, 0o700)
        os.mkdir(self.folder + "/tmp", 0o700)
        self.password_file = self.give("password", PASSWORD + "\n")
        os.remove(self.folder + "/password")
        self.name = CANARIES.new()
        self.run("create", "--name", self.name, *COSTS)

    def give(self, name, content):
        path = f"{self.inputs}/{name}"
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *words, **options):
        env = {name: self.folder + "/tmp" for name in ("TMPDIR", "SQLITE_TMPDIR", "XDG_RUNTIME_DIR")}
        env.update(XDG_CACHE_HOME=self.folder + "/cache", XDG_CONFIG_HOME=self.folder + "/config")
        return super().run(*words, **{"env": env, **options})

    def files(self):
        return [f"{folder}/{name}" for folder, _, names in os.walk(self.folder) for name in names]

    def fill(self):
        folders = [CANARIES.new() for _ in range(N_FOLDERS)]
        self.run("import", self.give("export.csv", bitwarden(N_ROWS, folders)), "--format", "bitwarden")
        for number in range(N_EXTRA):
            title = CANARIES.new()
            self.run("add", "--title", title, "--tag", CANARIES.new(), "--set", f"username={CANARIES.new()}",
                     "--set-from", "password=" + self.give("secret", CANARIES.new()),
                     "--set-from", "notes=" + self.give("notes", CANARIES.new()),
                     "--custom", f"text:{CANARIES.new()}={CANARIES.new()}")
            if number % 2 == 0:
                content = (CANARIES.new() + "\n") * (1 + number * 2000)
                self.run("attach", "add", title, self.give(CANARIES.new(), content))
            if number % 3 == 0:
                self.run("edit", title, "--set-from", "password=" + self.give("new", CANARIES.new()))
            if number % 4 == 0:
                self.run("remove", title)
        return title


def kill_in_commit(vault, words, patience):
    """Starts a command that changes the vault, and kills it as soon as there is a journal of more than `patience` bytes.
    Returns what it holds; None if the command was quicker."""
    journal = vault.path + "-journal"
    process = subprocess.Popen(vault.arguments(words), env=environment(vault.folder), cwd=vault.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            if os.stat(journal).st_size > patience:
                break
        except FileNotFoundError:
            pass
    process.kill()
    process.wait()
    content = read(journal) if os.path.exists(journal) else b""
    return content if len(content) > 512 else None


def none_in(path, data=None):
    data = read(path) if data is None else data
    found = CANARIES.search(data)
    if found:
        raise AssertionError(f"{len(found)} in {path}, such as {sorted(found)[0]}")
    return len(data)


VAULT = Watched()
LAST = VAULT.fill()


@test
def there_are_enough_canaries():
    print(f"# {len(CANARIES.all)} canaries")
    if len(CANARIES.all) < 500 or len(set(CANARIES.all)) != len(CANARIES.all):
        raise AssertionError(len(CANARIES.all))
    # The vault does hold them.
    everything = VAULT.run("export", "--format", "json", "--output", "-").out
    attached = [name for name in os.listdir(VAULT.inputs) if name in CANARIES.all]
    elsewhere = [read(f"{VAULT.inputs}/{name}").decode()[:LENGTH] for name in attached] + [VAULT.name]
    equal([canary for canary in CANARIES.all if canary not in everything and canary not in elsewhere], [])
    contains(VAULT.run("info").out, VAULT.name)


@test
def all_forms_are_found():
    for canary in (CANARIES.all[0], CANARIES.all[-1]):
        for name, needle in CANARIES.forms(canary):
            found = CANARIES.search(os.urandom(1000) + needle + os.urandom(1000))
            if canary not in {one for one, _ in found}:
                raise AssertionError(f"{name} is not found")
    # As whole texts encode them, with neighbours.
    text = f"ab{CANARIES.all[7]}cd".encode()
    for encoded in (text, text.lower(), text.upper(), text.decode().encode("utf-16"), text.hex().encode(),
                    base64.b64encode(text), base64.b64encode(b"a" + text), base64.b64encode(b"ab" + text)):
        equal({canary for canary, _ in CANARIES.search(encoded)}, {CANARIES.all[7]})


@test
def plain_files_show_them():
    found = {canary for canary, _ in CANARIES.search(read(VAULT.inputs + "/export.csv"))}
    equal(len(found), N_ROWS * len(COLUMNS) + N_FOLDERS)


@test
def no_file_shows_them():
    VAULT.run("verify")
    VAULT.run("search", LAST)
    VAULT.run("show", LAST, "--reveal")
    files = VAULT.files()
    size = sum(none_in(path) for path in files)
    names = {os.path.relpath(path, VAULT.folder) for path in files}
    if not any(name.endswith(".pin") for name in names) or "test.securepass" not in names:
        raise AssertionError(f"not all was looked at: {names}")
    print(f"# {len(files)} files, {size} bytes: {', '.join(sorted(names))}")


@test
def no_journal_shows_them():
    rows = VAULT.give("more.csv", bitwarden(100, [CANARIES.new()]))
    CANARIES.index()
    commands = (("import", rows, "--format", "bitwarden", "--duplicates", "keep"),
                ("edit", LAST, "--set-from", f"password={VAULT.inputs}/new"), ("purge", "--yes"))
    caught = tries = size = 0
    while tries < 60 and (caught < 6 or tries < len(commands)):
        # The first journal is that of the unlock; a larger one is that of the change itself.
        journal = kill_in_commit(VAULT, commands[tries % len(commands)], (0, 20000, 600)[tries // len(commands) % 3])
        tries += 1
        if journal is not None:
            caught += 1
            size += none_in("a journal", journal)
            none_in(VAULT.path)
    print(f"# {caught} journals of {size} bytes caught in {tries} tries")
    if caught < 3:
        raise AssertionError(f"only {caught} journals were caught")
    VAULT.run("verify")
    for path in VAULT.files():
        none_in(path)


if __name__ == "__main__":
    main()
