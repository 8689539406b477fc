# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line before any vault: usage, help, what needs no vault."""

import os
import re
import resource
import subprocess

from harness import (DONE, IO, PASSWORD, PROGRAM, USAGE, Vault, contains, environment, equal, lacks, main, new_folder,
                     plain, test)

COMMANDS = """create import export list search show copy add edit duplicate remove restore purge history attach
    generate totp strength passwd slot recovery rotate verify salvage info log""".split()


@test
def no_command_shows_the_usage():
    result = plain(code=USAGE)
    equal(result.out, "")
    contains(result.err, "Usage:", "create", "salvage")


@test
def help_lists_every_command():
    result = plain("--help")
    listed = re.findall(r"^  ([a-z]+) {2,}\S", result.out, re.M)
    equal(listed, COMMANDS)


@test
def every_command_has_help():
    for command in COMMANDS:
        contains(plain(command, "--help").out, "Usage:", command, "--vault=FILE")


@test
def version_is_printed():
    contains(plain("--version").out, "securepass-cli ")


@test
def unknown_commands_and_options_are_usage_errors():
    contains(plain("frobnicate", code=USAGE).err, "frobnicate")
    contains(plain("--frobnicate", "list", code=USAGE).err, "--frobnicate")
    contains(plain("list", "--frobnicate", code=USAGE).err, "--frobnicate", "list --help")
    plain("list", "--ver", code=USAGE)


@test
def operands_are_counted():
    for words in (["show"], ["show", "a", "b"], ["create", "a"], ["search"], ["salvage"], ["slot"], ["attach"],
                  ["import"], ["attach", "add", "a"], ["slot", "remove"], ["slot", "destroy"], ["remove"],
                  ["list", "a"], ["import", "--undo", "a"], ["export"], ["export", "--format", "xml"], ["add"]):
        plain(*words, code=USAGE)


@test
def two_dashes_end_the_options():
    vault = Vault(create=False)
    # There is no vault: the words were understood, or it would be a usage error.
    vault.run("search", "--", "--json", code=IO)
    vault.run("--", "search", "x", code=IO)


@test
def numbers_have_bounds():
    for words in (["generate", "--length", "0x"], ["generate", "--length", "9999"], ["generate", "--words", "-3"],
                  ["generate", "--count", "0"], ["copy", "a", "--clear", "-1"], ["log", "--limit", "0"],
                  ["list", "--sort", "colour"], ["list", "--type", "dragon"]):
        plain(*words, code=USAGE)


@test
def arguments_must_be_utf8():
    contains(plain("search", b"\xff", code=USAGE).err, "UTF-8")


@test
def a_missing_vault_is_told_before_a_password_is_asked():
    vault = Vault(create=False)
    contains(vault.run("list", password_file="/nonexistent", code=IO).err, "no vault at", vault.path)
    # The default place.
    contains(plain("list", code=IO).err, "/data/securepass/vault.securepass")


@test
def a_missing_password_file_is_told():
    contains(plain("strength", "--password-file", "/nonexistent", code=IO).err, "/nonexistent")


@test
def without_a_terminal_nothing_can_be_asked():
    result = plain("strength", code=USAGE, start_new_session=True)
    contains(result.err, "--password-file")


@test
def generated_passwords_follow_the_options():
    equal(len(plain("generate").out), 21)
    result = plain("generate", "--length", "40", "--no-symbols", "--no-upper", "--exclude", "abc0")
    equal(bool(re.fullmatch(r"[d-z1-9]{40}\n", result.out)), True)
    contains(result.err, "Entropy: ", " bits")
    lacks(result.err, result.out.strip())
    result = plain("generate", "--length", "12", "--min-digits", "5", "--min-symbols", "4", "--no-ambiguous")
    equal(sum(c.isdigit() for c in result.out) >= 5, True)
    equal(sum(not c.isalnum() for c in result.out.strip()) >= 4, True)
    lacks(result.out, "0", "O", "1", "l", "I", "|")
    equal(bool(re.fullmatch(r"[0-9]{9}\n", plain("generate", "--pin", "--length", "9").out)), True)
    words = plain("generate", "--passphrase", "--words", "7", "--separator", " ", "--capitalise").out.split()
    equal(len(words), 7)
    equal(all(word[0].isupper() for word in words), True)


@test
def generated_passwords_come_as_json():
    one = plain("--json", "generate", "--length", "30").json
    equal(len(one["password"]), 30)
    equal(one["entropy_bits"] > 150, True)
    many = plain("generate", "--count", "3", "--json").json
    equal(len({entry["password"] for entry in many}), 3)


@test
def impossible_recipes_are_refused():
    plain("generate", "--length", "5", "--min-digits", "6", code=USAGE)
    plain("generate", "--no-lower", "--no-upper", "--no-digits", "--no-symbols", code=USAGE)
    plain("generate", "--pin", "--passphrase", code=USAGE)


@test
def strength_is_told():
    strong = plain("--json", "strength", "--password-file", "-", stdin=PASSWORD.encode()).json
    equal((strong["score"], strong["master_password"]), (4, True))
    weak = plain("--json", "strength", "--password-file", "-", stdin=b"password1\n").json
    equal((weak["score"] < 2, weak["master_password"], weak["warning"] is not None), (True, False, True))
    contains(plain("strength", "--password-file", "-", stdin=b"password1\n").out, "Not good enough")


@test
def passwords_come_from_descriptors():
    # Process substitution and here-strings of a shell are such.
    command = f"'{PROGRAM}' --json strength --password-file <(echo '{PASSWORD}')"
    process = subprocess.run(["bash", "-c", command], capture_output=True, check=True,
                             env=environment(new_folder()))
    contains(process.stdout.decode(), '"score": 4')
    plain("strength", "--password-file", "/dev/fd/77", code=IO)


@test
def the_first_line_is_the_password():
    score = plain("--json", "strength", "--password-file", "-", stdin=PASSWORD.encode()).json["guesses_log10"]
    for text in (PASSWORD + "\n", PASSWORD + "\r\n", PASSWORD + "\nanother line\n"):
        result = plain("--json", "strength", "--password-file", "-", stdin=text.encode())
        equal(result.json["guesses_log10"], score)
    plain("strength", "--password-file", "-", stdin=b"", code=USAGE)


@test
def a_full_output_is_an_error():
    with open("/dev/full", "wb") as full:
        process = subprocess.run([PROGRAM, "generate"], stdout=full, stderr=subprocess.PIPE, check=False,
                                 env=environment(new_folder()))
    equal(process.returncode, IO)
    contains(process.stderr.decode(), "cannot be written")


@test
def core_files_are_off():
    # While it waits for a password on a pipe, its limits can be looked at.
    with subprocess.Popen([PROGRAM, "strength", "--password-file", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(new_folder())) as process:
        limits = (1, 1)
        for _ in range(200):
            limits = resource.prlimit(process.pid, resource.RLIMIT_CORE)
            if limits == (0, 0):
                break
            subprocess.run(["sleep", "0.01"], check=True)
        process.communicate(PASSWORD.encode())
    equal(limits, (0, 0))
    equal(process.returncode, DONE)


def source(path):
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(f"{root}/{path}", encoding="utf-8") as file:
        return file.read()


@test
def man_page_and_completion_know_every_option():
    page = source("data/man/securepass-cli.1").replace("\\-", "-")
    completion = source("data/completions/bash/securepass-cli")
    options = set(re.findall(r"--[a-z0-9-]+", plain("--help").out))
    for command in COMMANDS:
        contains(page, command)
        options |= set(re.findall(r"^  (?:-h, )?(--[a-z0-9-]+)", plain(command, "--help").out, re.M))
    equal(len(options) > 60, True)
    for option in sorted(options):
        contains(page, option)
        contains(completion, option)


@test
def completion_completes():
    script = f"""
        source '{os.path.dirname(os.path.abspath(__file__))}/../../data/completions/bash/securepass-cli'
        complete_words() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _securepass_cli; echo "${{COMPREPLY[*]}}"; }}
        complete_words '{PROGRAM}' --vault x dup
        complete_words '{PROGRAM}' show --rev
        complete_words '{PROGRAM}' slot rem
        complete_words '{PROGRAM}' export --format c
        complete_words '{PROGRAM}' add --type lo"""
    process = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env=environment(new_folder()))
    equal(process.stdout.decode().split(), ["duplicate", "--reveal", "remove", "csv", "login"])


main()
