# SPDX-License-Identifier: GPL-3.0-or-later
"""copy, on a real X server with xclip, and with stand-ins where no Wayland can be had."""

import os
import shutil
import subprocess
import time

from harness import (DENIED, IO, NOT_FOUND, PASSWORD, PROGRAM, Vault, as_nobody, contains, environment, equal, lacks, main,
                     new_folder, test)

SECRET = "p@ss wörd 'quoted' $HOME"


class Screen:
    """An X server that nobody sees; ends with the block."""

    def __enter__(self):
        reading, writing = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x240x24", "-nolisten",
                                        "tcp", "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.display = ":" + numbers.readline().strip()
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def xclip(self, *words, **options):
        return subprocess.run(["xclip", "-selection", "clipboard", *words], check=False, timeout=20,
                              env={**os.environ, "DISPLAY": self.display}, **options)

    def paste(self):
        return self.xclip("-out", capture_output=True).stdout.decode()

    def put(self, text):
        self.xclip("-in", input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_until(self, condition, seconds):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if condition(self.paste()):
                return True
            time.sleep(0.1)
        return False


def vault_with_secret():
    vault = Vault()
    vault.add("One", "--set", "username=ann", "--set-from", "password=" + vault.secret(SECRET),
              "--set-from", "otp=" + vault.secret("JBSWY3DPEHPK3PXP", "seed"))
    return vault


@test
def copies_to_the_clipboard_and_clears_it_in_time():
    vault = vault_with_secret()
    with Screen() as screen:
        env = {"DISPLAY": screen.display}
        started = time.monotonic()
        result = vault.run("copy", "One", "--clear", "4", env=env)
        equal(screen.paste(), SECRET)
        contains(result.err, "4 seconds")
        lacks(result.err + result.out, SECRET)
        equal(screen.wait_until(lambda text: text == "", 15), True)
        equal(time.monotonic() - started >= 4, True)


@test
def clears_only_what_is_its_own():
    vault = vault_with_secret()
    with Screen() as screen:
        env = {"DISPLAY": screen.display}
        vault.run("copy", "One", "--clear", "4", env=env)
        screen.put("something else")
        equal(screen.wait_until(lambda text: text == "something else", 10), True)
        equal(screen.wait_until(lambda text: text != "something else", 6), False)
        vault.run("copy", "One", "--clear", "0", env=env)
        equal(screen.wait_until(lambda text: text != SECRET, 2), False)


@test
def copies_fields_and_codes():
    vault = vault_with_secret()
    with Screen() as screen:
        env = {"DISPLAY": screen.display}
        vault.run("copy", "One", "--field", "username", "--clear", "0", env=env)
        equal(screen.paste(), "ann")
        before = vault.json("totp", "One")[0]["code"]
        vault.run("copy", "One", "--totp", "--clear", "0", env=env)
        equal(screen.paste() in (before, vault.json("totp", "One")[0]["code"]), True)
        vault.run("copy", "One", "--field", "nothing", code=NOT_FOUND, env=env)
        kinds = [event["kind"] for event in vault.json("log")]
        contains(kinds, "item-copied")


@test
def the_secret_is_in_no_argument_and_no_environment():
    vault = vault_with_secret()
    with Screen() as screen:
        vault.run("copy", "One", "--clear", "4", env={"DISPLAY": screen.display})
        seen = b""
        for process in filter(str.isdigit, os.listdir("/proc")):
            for name in ("cmdline", "environ"):
                try:
                    with open(f"/proc/{process}/{name}", "rb") as file:
                        seen += file.read()
                except OSError:
                    pass
        equal(screen.paste(), SECRET)
        contains(seen, b"xclip", b"clear-clipboard")
        lacks(seen, SECRET.encode())
        equal(screen.wait_until(lambda text: text == "", 15), True)


@test
def without_a_clipboard_it_says_so():
    vault = vault_with_secret()
    contains(vault.run("copy", "One", code=IO).err, "wl-clipboard", "xclip")
    # A display that is not there.
    contains(vault.run("copy", "One", code=IO, env={"DISPLAY": ":4711"}).err, "xclip could not")
    # A display, but no program.
    contains(vault.run("copy", "One", code=IO, env={"DISPLAY": ":4711", "PATH": "/nonexistent"}).err, "xclip")


def stand_ins(then="true"):
    """Programs that play a Wayland clipboard; gives their folder, the file that is the clipboard, and the
    environment. What stands in `then` is run after a copy."""
    tools = new_folder()
    os.chmod(tools, 0o777)
    store = tools + "/clipboard"
    scripts = {
        "wl-copy": f'#!/bin/sh\necho "$*" >>{tools}/words\n'
                   f'case "$1" in --clear) : >{store} ;; *) cat >{store}; {then} ;; esac\n',
        "wl-paste": f"#!/bin/sh\ncat {store}\n",
    }
    for name, script in scripts.items():
        with open(f"{tools}/{name}", "w", encoding="utf-8") as file:
            file.write(script)
        os.chmod(f"{tools}/{name}", 0o755)
    env = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":4711", "PATH": tools + ":" + os.environ["PATH"]}
    return tools, store, env


@test
def without_the_helper_nothing_is_copied():
    vault = vault_with_secret()
    as_nobody(vault)
    program = vault.program = shutil.copy(PROGRAM, vault.folder + "/program")
    tools, _, env = stand_ins()
    words = vault.arguments(["copy", "One"], password_file="-")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(vault.folder, **env),
                          **vault.options) as process:
        # It runs; from here on nobody can start it again.
        os.chmod(program, 0o600)
        error = process.communicate(PASSWORD.encode() + b"\n")[1].decode()
    equal(process.returncode in (IO, DENIED), True)
    equal(error != "", True)
    equal(os.path.exists(tools + "/words"), False)


@test
def a_kill_after_copying_does_not_keep_it_there():
    vault = vault_with_secret()
    # The tool kills the program that called it.
    _, store, env = stand_ins("kill -9 $PPID")
    vault.run("copy", "One", "--clear", "3", code=-9, env=env)
    with open(store, encoding="utf-8") as file:
        equal(file.read(), SECRET)
    limit = time.monotonic() + 15
    while os.path.getsize(store) > 0 and time.monotonic() < limit:
        time.sleep(0.1)
    equal(os.path.getsize(store), 0)


@test
def wayland_goes_before_x11():
    vault = vault_with_secret()
    tools, store, env = stand_ins()
    vault.run("copy", "One", "--clear", "3", env=env)
    with open(store, encoding="utf-8") as file:
        equal(file.read(), SECRET)
    limit = time.monotonic() + 15
    while os.path.getsize(store) > 0 and time.monotonic() < limit:
        time.sleep(0.1)
    equal(os.path.getsize(store), 0)
    with open(tools + "/words", encoding="utf-8") as file:
        contains(file.read(), "--clear")


main()
