# SPDX-License-Identifier: GPL-3.0-or-later
"""Where export and attach save put what leaves the vault in the clear, and where they refuse to."""

import json
import os
import pty
import sqlite3
import stat
import subprocess
import threading

from harness import DAMAGED, DENIED, DONE, IO, Vault, contains, environment, equal, lacks, main, test

SECRET = "only for its owner"


def vault_with_secret():
    vault = Vault()
    vault.add("One", "--set-from", "password=" + vault.secret(SECRET))
    return vault


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Reader:
    """Reads a pipe, from before it is written to."""

    def __init__(self, path):
        self.text = b""
        # Opened for writing too, so that it never has to wait for a writer.
        self.pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def close(self):
        try:
            while data := os.read(self.pipe, 65536):
                self.text += data
        except BlockingIOError:
            pass
        os.close(self.pipe)
        return self.text.decode()


def give_away(path):
    """Makes it another user's, where the tests may; else it is none of the tests' to try."""
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    return os.geteuid() == 0


@test
def a_pipe_of_the_user_is_written_to():
    vault = vault_with_secret()
    path = vault.folder + "/pipe"
    os.mkfifo(path, 0o600)
    for force in ([], ["--force"]):
        reader = Reader(path)
        vault.run("export", "--format", "json", "--output", path, *force)
        contains(reader.close(), SECRET)
        equal(stat.S_ISFIFO(os.stat(path).st_mode), True)


@test
def a_link_to_a_pipe_is_refused():
    vault = vault_with_secret()
    os.mkfifo(vault.folder + "/pipe", 0o600)
    os.symlink("pipe", vault.folder + "/out.json")
    for force in ([], ["--force"]):
        reader = Reader(vault.folder + "/pipe")
        contains(vault.run("export", "--format", "json", "--output", "out.json", *force, code=DENIED).err, "link")
        equal(reader.close(), "")


@test
def what_is_of_another_user_is_refused():
    vault = vault_with_secret()
    vault.run("attach", "add", "One", vault.write("a.txt", "attached"))
    pipe = vault.folder + "/pipe"
    os.mkfifo(pipe, 0o666)
    master, slave = pty.openpty()
    terminal = os.ttyname(slave)
    os.symlink(terminal, vault.folder + "/link")
    if give_away(pipe) and give_away(terminal):
        reader = Reader(pipe)
        for words in (["export", "--format", "json", "--output", pipe], ["export", "--format", "csv", "--output", terminal],
                      ["export", "--format", "csv", "--output", "link", "--force"],
                      ["attach", "save", "One", "a.txt", "--output", pipe]):
            contains(vault.run(*words, code=DENIED).err, "another user")
        equal(reader.close(), "")
    else:
        vault.run("export", "--format", "csv", "--output", terminal)
    os.close(slave)
    os.close(master)
    # Nobody reads from it: refused all the same, and not waited for.
    if give_away(pipe):
        vault.run("export", "--format", "json", "--output", pipe, code=DENIED)


@test
def devices_and_descriptors_are_written_to():
    vault = vault_with_secret()
    os.symlink("/dev/null", vault.folder + "/null")
    vault.run("export", "--format", "json", "--output", "/dev/null")
    vault.run("export", "--format", "json", "--output", "null")
    for path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"):
        contains(vault.run("export", "--format", "json", "--output", path).out, SECRET)
    reading, writing = os.pipe()
    vault.run("export", "--format", "json", "--output", f"/dev/fd/{writing}", pass_fds=[writing])
    os.close(writing)
    with os.fdopen(reading) as pipe:
        contains(pipe.read(), SECRET)


@test
def a_folder_is_no_file():
    vault = vault_with_secret()
    os.mkdir(vault.folder + "/folder")
    for force in ([], ["--force"]):
        contains(vault.run("export", "--format", "json", "--output", "folder", *force, code=IO).err, "folder")
    equal(os.listdir(vault.folder + "/folder"), [])


@test
def a_pipe_that_turns_into_a_file_is_not_overwritten():
    vault = vault_with_secret()
    precious = vault.write("precious", "x" * 100)
    path = vault.folder + "/out.json"
    stop = threading.Event()

    def swap():
        os.mkfifo(vault.folder + "/pipe")
        reader = os.open(vault.folder + "/pipe", os.O_RDWR)
        while not stop.is_set():
            for make in (lambda to: os.link(vault.folder + "/pipe", to), lambda to: os.symlink(precious, to),
                         lambda to: os.link(precious, to)):
                make(path + ".new")
                os.rename(path + ".new", path)
                try:
                    os.unlink(path + ".new")
                except FileNotFoundError:
                    pass
        os.close(reader)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(5):
            words = vault.arguments(["export", "--format", "json", "--output", path])
            process = subprocess.run(words, capture_output=True, check=False, timeout=60, env=environment(vault.folder))
            equal(process.returncode in (DONE, IO, DENIED), True)
    finally:
        stop.set()
        swapper.join()
    equal(read(precious), "x" * 100)


@test
def the_vault_is_not_replaced_by_its_export():
    vault = vault_with_secret()
    link = vault.folder + "/link"
    os.symlink(vault.path, link)
    for path in (vault.path, link):
        result = vault.run("export", "--format", "csv", "--force", "--output", path, code=2)
        contains(result.err, "the vault itself")
    contains(vault.run("list").out, "One")


@test
def what_only_verify_finds_can_be_accepted():
    vault = vault_with_secret()
    with sqlite3.connect(vault.path) as database:
        database.execute("INSERT INTO detail SELECT id + 1000, revision, data FROM detail LIMIT 1")
    database.close()
    vault.run("verify", code=DAMAGED)
    vault.run("verify", "--accept", vault.folder + "/copy")
    equal(os.path.exists(vault.folder + "/copy"), True)
    vault.run("verify", "--accept", vault.folder + "/other")
    equal(os.path.exists(vault.folder + "/other"), False)


@test
def force_replaces_a_file_as_a_whole():
    vault = vault_with_secret()
    path = vault.write("out.json", "old")
    os.chmod(path, 0o644)
    other = vault.folder + "/other-name"
    os.link(path, other)
    vault.run("export", "--format", "json", "--output", path, "--force")
    equal(len(json.loads(read(path))["items"]), 1)
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    equal(read(other), "old")
    # A link is replaced, not followed.
    os.symlink("other-name", vault.folder + "/link")
    vault.run("export", "--format", "json", "--output", "link", "--force")
    equal((os.path.islink(vault.folder + "/link"), read(other)), (False, "old"))
    # What is not there yet is made.
    vault.run("export", "--format", "json", "--output", "new.json", "--force")
    contains(read(vault.folder + "/new.json"), SECRET)
    lacks(" ".join(os.listdir(vault.folder)), ".part")


@test
def a_failure_leaves_the_file_that_was_to_be_replaced():
    vault = vault_with_secret()
    vault.run("attach", "add", "One", vault.write("big", os.urandom(300_000)))
    database = sqlite3.connect(vault.path)
    database.execute("UPDATE attachment SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM attachment)")
    database.commit()
    database.close()
    path = vault.write("saved", "old")
    vault.run("attach", "save", "One", "big", "--output", path, "--force", code=DAMAGED)
    equal(read(path), "old")
    vault.run("attach", "save", "One", "big", "--output", "new", code=DAMAGED)
    equal(os.path.exists(vault.folder + "/new"), False)
    lacks(" ".join(os.listdir(vault.folder)), ".part")


main()
