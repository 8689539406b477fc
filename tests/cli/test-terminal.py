# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a terminal: questions, echo, signals, and what a hostile title must not do."""

import os
import signal
import unicodedata

from harness import (DENIED, DONE, OTHER_PASSWORD, PASSWORD, USAGE, WRONG_KEY, Terminal, Vault, contains, equal, lacks,
                     main, new_folder, test)

NASTY = "Bank\x1b]0;owned\x07\x1b[2J\u202egpj\u009b31m"


@test
def passwords_are_not_echoed():
    terminal = Terminal(["strength"], new_folder())
    terminal.expect("Password: ")
    equal(terminal.echoes(), False)
    terminal.type(PASSWORD + "\n")
    equal(terminal.wait(), DONE)
    equal(terminal.echoes(), True)
    lacks(terminal.output.decode(), PASSWORD)
    contains(terminal.output.decode(), "Score: 4")
    terminal.close()


@test
def the_line_can_be_edited():
    terminal = Terminal(["--json", "strength"], new_folder())
    # Erase takes back a whole character, not one of its bytes.
    terminal.answer("Password: ", "garbage\x15pä\x7fassword")
    equal(terminal.wait(), DONE)
    contains(terminal.output.decode(), '"score": 0')
    terminal.close()


@test
def control_c_ends_it_and_restores_the_terminal():
    for key, number in (("\x03", signal.SIGINT), ("\x1c", signal.SIGQUIT)):
        terminal = Terminal(["strength"], new_folder())
        terminal.expect("Password: ")
        equal(terminal.echoes(), False)
        terminal.type("half a pass" + key)
        equal(terminal.wait(), -number)
        equal(terminal.echoes(), True)
        lacks(terminal.output.decode(), "half")
        terminal.close()


@test
def a_signal_from_outside_restores_the_terminal():
    terminal = Terminal(["strength"], new_folder())
    terminal.expect("Password: ")
    os.kill(terminal.pid, signal.SIGTERM)
    equal(terminal.wait(), -signal.SIGTERM)
    equal(terminal.echoes(), True)
    terminal.close()


@test
def after_a_stop_the_question_comes_again():
    terminal = Terminal(["strength"], new_folder())
    terminal.expect("Password: ")
    # There is no shell to go back to, so the kernel does not stop it: as if it had gone on already.
    os.kill(terminal.pid, signal.SIGTSTP)
    terminal.answer("Password: ", PASSWORD)
    equal(terminal.wait(), DONE)
    equal(terminal.echoes(), True)
    terminal.close()


@test
def no_answer_does_nothing():
    terminal = Terminal(["strength"], new_folder())
    terminal.expect("Password: ")
    terminal.type("\x04")
    equal(terminal.wait(), DENIED)
    equal(terminal.echoes(), True)
    terminal.close()


@test
def create_asks_twice():
    vault = Vault(create=False)
    terminal = Terminal(["create", "--vault", vault.path, "--kdf-memory", "64", "--kdf-passes", "3"], vault.folder)
    terminal.answer("New master password: ", PASSWORD)
    terminal.answer("The same again: ", PASSWORD + "x")
    terminal.expect("not the same")
    terminal.answer("New master password: ", PASSWORD)
    terminal.answer("The same again: ", PASSWORD)
    equal(terminal.wait(), DONE)
    terminal.close()
    lacks(terminal.output.decode(), PASSWORD)
    equal(vault.json("list"), [])


@test
def the_master_password_is_asked_for():
    vault = Vault()
    vault.add("Asked for")
    terminal = Terminal(["--vault", vault.path, "list"], vault.folder)
    terminal.answer("Master password for test.securepass: ", PASSWORD)
    equal(terminal.wait(), DONE)
    terminal.close()
    contains(terminal.output.decode(), "Asked for")
    terminal = Terminal(["--vault", vault.path, "list"], vault.folder)
    terminal.answer("Master password for test.securepass: ", OTHER_PASSWORD)
    equal(terminal.wait(), WRONG_KEY)
    terminal.close()


@test
def passwd_asks_for_the_old_and_twice_for_the_new():
    vault = Vault()
    terminal = Terminal(["--vault", vault.path, "passwd"], vault.folder)
    terminal.answer("Master password for", PASSWORD)
    terminal.answer("New master password: ", OTHER_PASSWORD)
    terminal.answer("The same again: ", OTHER_PASSWORD)
    equal(terminal.wait(), DONE)
    terminal.close()
    contains(terminal.output.decode(), "old one")
    vault.run("list", code=WRONG_KEY)
    vault.run("list", password_file=vault.write("other", OTHER_PASSWORD))


@test
def values_can_be_typed():
    vault = Vault()
    terminal = Terminal(["--vault", vault.path, "--password-file", vault.password_file, "add", "--title", "Typed",
                         "--prompt", "password", "--custom", "hidden:PIN", "--prompt", "PIN"], vault.folder)
    terminal.answer("password: ", "s3cret value")
    terminal.answer("PIN: ", "4711")
    equal(terminal.wait(), DONE)
    terminal.close()
    lacks(terminal.output.decode(), "s3cret", "4711")
    equal(vault.run("show", "Typed", "--field", "password", "--reveal").out, "s3cret value\n")
    equal(vault.run("show", "Typed", "--field", "PIN", "--reveal").out, "4711\n")


@test
def export_asks_for_the_password_again():
    vault = Vault()
    vault.add("Exported")
    words = ["--vault", vault.path, "export", "--format", "csv"]
    terminal = Terminal(words, vault.folder)
    terminal.answer("Master password for", PASSWORD)
    terminal.answer("Master password once more: ", PASSWORD)
    equal(terminal.wait(), DONE)
    terminal.close()
    contains(terminal.output.decode(), "Exported", "not encrypted")
    terminal = Terminal(words, vault.folder)
    terminal.answer("Master password for", PASSWORD)
    terminal.answer("Master password once more: ", OTHER_PASSWORD)
    equal(terminal.wait(), WRONG_KEY)
    terminal.close()
    lacks(terminal.output.decode(), "Exported")


@test
def purge_asks_with_a_count():
    vault = Vault()
    for title in ("One", "Two"):
        vault.add(title)
        vault.run("remove", title)
    words = ["--vault", vault.path, "--password-file", vault.password_file, "purge"]
    for answer, code, left in (("", DENIED, 2), ("n", DENIED, 2), ("Yes", DONE, 0)):
        terminal = Terminal(words, vault.folder)
        contains(terminal.expect("[y/N] "), "2 items")
        equal(terminal.echoes(), True)
        terminal.type(answer + "\n")
        equal(terminal.wait(), code)
        terminal.close()
        equal(len(vault.json("list", "--trashed")), left)
    vault.add("Three")
    vault.run("remove", "Three")
    vault.run("purge", code=USAGE, start_new_session=True)


@test
def titles_cannot_steer_the_terminal():
    vault = Vault()
    vault.add(NASTY, "--set", f"username={NASTY}", "--tag", "\x1b[1mtag", "--set", "notes=a\x1b[31m\nb")
    vault.add(NASTY)
    for words in (["list"], ["show", "Bank"], ["search", "bank"], ["show", NASTY], ["history", NASTY], ["remove", "x"],
                  ["show", "\x1b[2J"]):
        for json in ([], ["--json"]):
            terminal = Terminal(["--vault", vault.path, "--password-file", vault.password_file, *json, *words],
                                vault.folder)
            terminal.wait()
            terminal.close()
            lacks(terminal.output.decode(), "\x1b", "\x07", "\u009b")
            if not json:
                lacks(terminal.output.decode(), "\u202e")
    contains(vault.run("list").out, r"Bank\x1b]0;owned\x07\x1b[2J\u202egpj\u009b31m")
    # One value alone goes to the byte into a pipe, and made harmless onto a terminal.
    vault = Vault()
    vault.add("One", "--set", "notes=a\x1b[31m\n\tb")
    equal(vault.run("show", "One", "--field", "notes").out, "a\x1b[31m\n\tb\n")
    terminal = Terminal(["--vault", vault.path, "--password-file", vault.password_file, "show", "One", "--field",
                         "notes"], vault.folder)
    equal(terminal.wait(), DONE)
    terminal.close()
    contains(terminal.output.decode(), "a\\x1b[31m\r\n\tb\r\n")


@test
def spaces_and_both_unicode_forms_unlock():
    password = "  ünïcödé Çhosen wïth spåces ẁ  "
    forms = [unicodedata.normalize(form, password) for form in ("NFC", "NFD")]
    equal(forms[0] == forms[1], False)
    vault = Vault(create=False)
    vault.password_file = vault.write("nfd", forms[1] + "\n")
    vault.run("create", "--kdf-memory", "64", "--kdf-passes", "3")
    for form in forms:
        vault.run("list", password_file=vault.write("form", form + "\n"))
        terminal = Terminal(["--vault", vault.path, "list"], vault.folder)
        terminal.answer("Master password for", form)
        equal(terminal.wait(), DONE)
        terminal.close()
    vault.run("list", password_file=vault.write("form", forms[0].strip()), code=WRONG_KEY)


main()
