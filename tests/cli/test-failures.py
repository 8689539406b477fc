# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program says, and with which code it ends, when the vault or the world is not as it should be."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess

from harness import (DAMAGED, DENIED, DONE, IO, OTHER_PASSWORD, PASSWORD, PROGRAM, WRONG_KEY, Terminal, Vault, as_nobody,
                     contains, equal, lacks, main, test)


def change(vault, statement, *values):
    """Changes the file behind the program's back; gives the number of rows."""
    database = sqlite3.connect(vault.path)
    rows = database.execute(statement, values).rowcount
    database.commit()
    database.close()
    return rows


@test
def a_wrong_password_opens_nothing():
    vault = Vault()
    vault.add("Hidden title")
    for words in (["list"], ["show", "Hidden title"], ["export", "--format", "json"], ["verify"], ["info"],
                  ["passwd"], ["add", "--title", "x"], ["salvage", "target"]):
        result = vault.run(*words, password_file=vault.write("wrong", f"{OTHER_PASSWORD}\n{PASSWORD}\n"),
                           code=WRONG_KEY)
        lacks(result.out + result.err, "Hidden title", OTHER_PASSWORD)
        # Once it opens, failures are forgotten; else the next one would have to wait.
        vault.run("list")
    equal(os.path.exists(vault.folder + "/target"), False)


@test
def another_file_is_not_a_vault():
    vault = Vault()
    for content in (b"", b"just text\n", os.urandom(8192), b"SQLite format 3\0" + bytes(4096)):
        vault.path = vault.write("other", content)
        vault.run("list", code=DAMAGED)
        with open(vault.path, "rb") as file:
            equal(file.read(), content)
    vault.path = vault.folder + "/database"
    change(vault, "CREATE TABLE t (x)")
    vault.run("list", code=DAMAGED)
    vault.path = vault.folder
    contains(vault.run("list", code=DAMAGED).err, "folder")


@test
def a_newer_format_is_left_alone():
    vault = Vault()
    vault.add("One")
    change(vault, "PRAGMA user_version = 99")
    with open(vault.path, "rb") as file:
        before = file.read()
    contains(vault.run("list", code=DAMAGED).err, "format 99")
    vault.run("add", "--title", "Two", code=DAMAGED)
    with open(vault.path, "rb") as file:
        equal(file.read(), before)


@test
def a_damaged_record_is_named_and_the_rest_is_read():
    vault = Vault()
    vault.add("Sound", "--set", "username=ann")
    broken = vault.add("Broken", "--set", "username=bob")
    equal(change(vault, "UPDATE detail SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM detail)"), 1)
    equal([item["title"] for item in vault.json("list")], ["Broken", "Sound"])
    contains(vault.run("show", "Sound").out, "ann")
    result = vault.run("verify", code=DAMAGED)
    contains(result.out, "detail", broken, "Broken")
    found = vault.run("--json", "verify", code=DAMAGED).json
    equal((found["problems"][0]["table"], found["problems"][0]["item"]), ("detail", broken))
    vault.run("show", "Broken", code=DAMAGED)
    # What can be read is brought home; the damaged file stays as it is.
    with open(vault.path, "rb") as file:
        before = file.read()
    report = vault.json("salvage", "home.securepass")
    equal((report["items"], report["lost"]), (1, 1))
    with open(vault.path, "rb") as file:
        equal(file.read(), before)
    vault.run("salvage", "home.securepass", code=IO)
    vault.path = vault.folder + "/home.securepass"
    equal([item["title"] for item in vault.json("list")], ["Sound"])
    vault.run("verify")


@test
def a_damaged_index_opens_for_reading_only():
    vault = Vault()
    vault.add("One")
    equal(change(vault, "UPDATE page SET data = zeroblob(length(data))") > 0, True)
    result = vault.run("list")
    contains(result.err, "does not verify", "verify")
    contains(vault.run("add", "--title", "Two", code=DAMAGED).err, "reading only")
    vault.run("verify", code=DAMAGED)
    vault.run("verify", "--accept", "copy.securepass")
    equal(os.path.exists(vault.folder + "/copy.securepass"), True)
    vault.run("add", "--title", "Two")


@test
def an_older_copy_is_noticed():
    vault = Vault()
    vault.add("One")
    shutil.copy(vault.path, vault.folder + "/older")
    vault.add("Two")
    shutil.copy(vault.folder + "/older", vault.path)
    result = vault.run("list")
    contains(result.out, "One")
    contains(result.err, "older copy")
    contains(vault.run("add", "--title", "Three", code=DAMAGED).err, "Nothing was changed")
    vault.run("verify", code=DAMAGED)
    contains(vault.run("verify", "--accept", "copy").err, "An older copy was accepted", "sealed anew")
    vault.run("add", "--title", "Three")
    equal(vault.run("list").err, "")


@test
def another_way_is_noticed_and_accepted_by_name():
    vault = Vault()
    vault.add("One")
    shutil.copy(vault.path, vault.folder + "/fork")
    vault.add("Here")
    # Elsewhere it goes on for longer than here.
    os.rename(vault.folder + "/state", vault.folder + "/state-here")
    shutil.copy(vault.folder + "/fork", vault.path)
    for title in ("There", "There too"):
        vault.add(title)
    shutil.rmtree(vault.folder + "/state")
    os.rename(vault.folder + "/state-here", vault.folder + "/state")
    contains(vault.run("list").err, "took another way")
    contains(vault.run("verify", "--accept", "copy").err, "A copy that took another way was accepted")
    equal(vault.run("list").err, "")


@test
def damage_does_not_hide_that_a_copy_is_older():
    vault = Vault()
    rows = "".join(f"Item {number},https://e{number}.example,u,p{number}\n" for number in range(15))
    vault.run("import", vault.write("many.csv", "name,url,username,password\n" + rows))
    shutil.copy(vault.path, vault.folder + "/older")
    vault.add("Gone unnoticed?")
    shutil.copy(vault.folder + "/older", vault.path)
    change(vault, "UPDATE page SET data = zeroblob(length(data))")
    notes = vault.run("list").err.splitlines()
    contains(notes[0], "does not verify")
    contains(notes[1], "older copy")
    contains(notes[-1], "more")
    contains(vault.run("verify", "--accept", "copy").err, "A damaged copy was accepted that is older")
    equal(vault.run("list").err, "")


@test
def accepting_what_is_only_damaged_speaks_of_no_other_copy():
    vault = Vault()
    vault.add("One")
    change(vault, "UPDATE page SET data = zeroblob(length(data))")
    result = vault.run("verify", "--accept", "copy")
    contains(result.err, "sealed anew")
    lacks(result.err, "was accepted")


@test
def what_is_mended_at_opening_is_told():
    vault = Vault()
    vault.add("One")
    for table in ("seal_a", "seal_b"):
        equal(change(vault, f"UPDATE {table} SET data = zeroblob(length(data))"), 1)
        result = vault.run("list")
        contains(result.out, "One")
        contains(result.err, f"copy: {table} 1: ")
        equal(vault.run("list").err, "")


@test
def many_problems_are_told_in_short():
    vault = Vault()
    rows = "".join(f"Item {number},https://e{number}.example,u,p{number}\n" for number in range(15))
    vault.run("import", vault.write("many.csv", "name,url,username,password\n" + rows))
    change(vault, "UPDATE page SET data = zeroblob(length(data))")
    notes = vault.run("list").err.splitlines()
    equal(len(notes), 1 + 10 + 1)
    contains(notes[0], "does not verify (16 problems)")
    contains(notes[1], "damaged: page")
    equal(notes[-1], "and 6 more")
    # Titles stay out of what ends up in logs.
    lacks("\n".join(notes), "Item 1")


@test
def a_file_that_others_may_open_is_told():
    vault = Vault()
    for mode in (0o640, 0o604, 0o622):
        os.chmod(vault.path, mode)
        result = vault.run("list")
        equal(result.err.count("chmod 600"), 1)
        contains(result.err, f"{mode:04o}")
    os.chmod(vault.path, 0o600)
    equal(vault.run("list").err, "")


@test
def a_title_begins_no_line_of_an_error():
    vault = Vault()
    title = "One\nsecurepass-cli: all is well\r\u2028\u0085"
    for _ in range(2):
        vault.add(title)
    change(vault, "UPDATE page SET data = zeroblob(length(data))")
    for words in (["totp", title], ["copy", title], ["show", "On"], ["show", "no\nsuch: item"], ["bad\ncommand"],
                  ["show", "One", "--bad\noption"], ["search", "\n\n", "--limit", "a\nb"]):
        process = subprocess.run(vault.arguments(words), capture_output=True, check=False,
                                 env={"PATH": os.environ["PATH"], "HOME": vault.folder, "LC_ALL": "C.UTF-8"})
        equal(process.returncode != DONE, True)
        for line in process.stderr.decode().splitlines():
            lacks(line[:24], "all is well", "such", "command", "option")
    contains(process.stderr.decode(), r"a\x0ab")
    # A value that is shown on purpose keeps its lines.
    vault = Vault()
    vault.add("Two", "--set", "notes=a\nb")
    contains(vault.run("show", "Two", "--field", "notes").out, "a\nb\n")


@test
def a_read_only_file_can_be_read():
    vault = Vault()
    vault.add("One")
    vault.run("list")
    as_nobody(vault)
    os.chmod(vault.path, 0o400)
    os.chmod(vault.folder, 0o500)
    try:
        contains(vault.run("list").out, "One")
        contains(vault.run("show", "One", "--reveal").out, "One")
        contains(vault.run("add", "--title", "Two", code=DENIED).err, "read-only")
        contains(vault.run("verify").err, "holds")
    finally:
        os.chmod(vault.folder, 0o700)
        os.chmod(vault.path, 0o600)
    equal(len(vault.json("list")), 1)


@test
def without_permission_nothing_is_read():
    vault = Vault()
    as_nobody(vault)
    os.chmod(vault.path, 0)
    contains(vault.run("list", code=DENIED).err, vault.path)
    os.chmod(vault.path, 0o600)
    vault.run("list")
    os.mkdir(vault.folder + "/closed")
    os.chmod(vault.folder + "/closed", 0)
    vault.path = vault.folder + "/closed/v.securepass"
    vault.run("create", "--kdf-memory", "64", code=DENIED)


@test
def a_full_disk_leaves_the_vault_as_it_was():
    vault = Vault()
    vault.add("One")
    size = os.path.getsize(vault.path)
    big = vault.write("big", os.urandom(200_000))

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))

    result = vault.run("attach", "add", "One", big, code=IO, preexec_fn=limit, restore_signals=False)
    equal(result.out, "")
    equal(vault.json("attach", "list", "One"), [])
    vault.run("verify")
    vault.run("attach", "add", "One", big)


def big_text(vault):
    return vault.write("text", "x" * 300_000)


def can_mount():
    words = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@test
def a_truly_full_disk_says_so():
    vault = Vault()
    big = vault.write("big", os.urandom(600_000))
    if not can_mount():
        # A container without private mounts: then no file may grow at all.
        size = os.path.getsize(vault.path)
        vault.run("add", "--title", "One", "--set-from", "notes=" + big_text(vault), code=IO, restore_signals=False,
                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        equal(vault.json("list"), [])
        return
    folder = vault.folder + "/small"
    os.mkdir(folder)
    run = f"'{PROGRAM}' --vault v --password-file '{vault.password_file}'"
    script = f"""mount -t tmpfs -o size=400k,mode=700 none '{folder}' && cp '{vault.path}' '{folder}/v' &&
        cd '{folder}' && {run} add --title One || exit 98
        {run} attach add One '{big}'; code=$?
        {run} verify || exit 99; exit $code"""
    process = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
                             capture_output=True, check=False, env={"PATH": os.environ["PATH"], "HOME": vault.folder})
    equal(process.returncode, IO)
    contains(process.stderr.decode(), "disk is full")


@test
def a_document_portal_path_is_refused():
    vault = Vault(create=False)
    runtime = vault.folder + "/run"
    os.makedirs(runtime + "/doc/1a2b3c4d", 0o700)
    vault.path = runtime + "/doc/1a2b3c4d/v.securepass"
    result = vault.run("create", "--kdf-memory", "64", code=DENIED, env={"XDG_RUNTIME_DIR": runtime})
    contains(result.err, "document portal")
    equal(os.path.exists(vault.path), False)


@test
def output_that_cannot_be_written_is_an_error():
    vault = Vault()
    vault.add("One")
    for words in (["list"], ["--json", "list"], ["show", "One"], ["export", "--format", "json"],
                  ["export", "--format", "csv", "--output", "/dev/full"]):
        with open("/dev/full", "wb") as full:
            process = subprocess.run(vault.arguments(words), stdout=full, stderr=subprocess.PIPE, check=False,
                                     env={"PATH": os.environ["PATH"], "HOME": vault.folder})
        equal(process.returncode, IO)
    contains(vault.run("export", "--format", "csv", "--output", "/nonexistent/x", code=IO).err, "/nonexistent/x")


@test
def nobody_looks_into_the_process():
    vault = Vault()
    as_nobody(vault)
    words = vault.arguments(["strength"], password_file="-")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **vault.options) as process:
        owner = -1
        for _ in range(200):
            owner = os.stat(f"/proc/{process.pid}/environ").st_uid
            if owner == 0:
                break
            subprocess.run(["sleep", "0.01"], check=True)
        process.communicate(PASSWORD.encode())
    # Files of a process that may not be traced belong to root.
    equal((process.returncode, owner), (DONE, 0))


@test
def processes_add_at_once_and_lose_nothing():
    vault = Vault()
    loops = [subprocess.Popen(
        ["sh", "-c", 'n=$1; shift; for i in 1 2 3 4; do "$@" add --title "Item $n.$i" --generate || exit 1; done', "sh",
         str(number), *vault.arguments([])], stdout=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": vault.folder}) for number in range(5)]
    equal([loop.wait() for loop in loops], [0] * 5)
    titles = [item["title"] for item in vault.json("list", "--sort", "title")]
    equal(titles, [f"Item {n}.{i}" for n in range(5) for i in range(1, 5)])
    vault.run("verify")


@test
def edits_of_one_item_at_once_are_all_made():
    vault = Vault()
    vault.add("One")
    edits = [subprocess.Popen(vault.arguments(["edit", "One", "--tag", f"t{number}"]),
                              env={"PATH": os.environ["PATH"], "HOME": vault.folder}) for number in range(6)]
    equal([edit.wait() for edit in edits], [0] * 6)
    equal(sorted(vault.json("show", "One")["tags"]), [f"t{number}" for number in range(6)])


@test
def guessing_is_slowed_down():
    vault = Vault()
    wrong = vault.write("wrong", OTHER_PASSWORD)
    codes = []
    for _ in range(12):
        process = subprocess.run(vault.arguments(["list"], wrong), capture_output=True, check=False,
                                 env={"PATH": os.environ["PATH"], "HOME": vault.folder})
        codes.append(process.returncode)
        if process.returncode == DENIED:
            break
    equal((codes[0], codes[-1]), (WRONG_KEY, DENIED))


@test
def a_kill_at_the_question_leaves_nothing():
    vault = Vault()
    before = sorted(os.listdir(vault.folder))
    terminal = Terminal(["--vault", vault.path, "list"], vault.folder)
    terminal.expect("Master password")
    os.kill(terminal.pid, signal.SIGKILL)
    equal(terminal.wait(), -signal.SIGKILL)
    terminal.close()
    equal(sorted(os.listdir(vault.folder)), before)


main()
