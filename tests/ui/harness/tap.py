# SPDX-License-Identifier: GPL-3.0-or-later
"""A story: steps in order, each going on where the one before it ended, told as TAP."""

import os
import sys
import time
import traceback

from .world import Unready, World

CHEAP = os.environ.get("SECUREPASS_TEST_COSTS", "--kdf-memory 64").split()  # the least that a vault may have
PASSWORD = "Seven-quiet-otters-count-41-lanterns"


class Stage:
    """What the steps of a story share."""

    def __init__(self, world, program, cli):
        self.world = world
        self.program = program
        self.cli_path = cli
        # The preferences of a program that is not installed.
        world.env["GSETTINGS_SCHEMA_DIR"] = os.path.join(os.path.dirname(program), "../../data")
        self.app = None
        self.programs = []
        self.words = {}  # what English texts are called (variants.py)

    def start(self, *arguments, env=None):
        """Starts the application, which the following steps find in `app`."""
        from .program import Program  # pylint: disable=import-outside-toplevel
        number = len(self.programs) + 1
        self.app = Program(self.world, [self.program, *arguments], f"securepass-{number}", env, self.words)
        self.programs.append(self.app)
        return self.app

    def path(self, *parts):
        return os.path.join(self.world.home, *parts)

    def cli(self, vault, *arguments):
        """Runs the command line on a vault, beside the window."""
        password = self.path("password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        return self.world.run([self.cli_path, "--vault", vault, "--password-file", password, *arguments])

    def make_vault(self, name="Personal", rows=None):
        """A vault with the rows of a CSV file; its path."""
        vault = self.path(f"{name}.securepass")
        self.cli(vault, "create", *CHEAP)
        if rows is not None:
            self.cli(vault, "import", rows)
        return vault

    def unlock(self):
        self.app.enter("Master Password", PASSWORD)
        self.app.press("Return")
        self.app.see("Search items", "search box")

    def do_without_recovery_key(self):
        """Of a vault that was just made."""
        app = self.app
        app.see("Never Locked Out")
        app.see_windows(2)
        app.press("Escape")
        app.see("Without a Recovery Key?")
        app.see_windows(3)
        app.press("alt+d")
        app.see_windows(1)

    def keep_evidence(self, name):
        """A picture of the window as it is, if it still is."""
        if self.app is None or self.app.process.poll() is not None:
            return
        try:
            print(f"# picture: {self.app.shot(name)}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            print(f"# no picture: {error}", flush=True)

    def complaints(self):
        return [line for app in self.programs for line in app.complaints()]


def _leaves_no_complaint(stage):
    found = stage.complaints()
    if found:
        raise AssertionError(f"{len(found)} complaints, the first: {found[0]}")


def _run(stage, steps, pictures):
    failed = 0
    for number, step in enumerate(steps, 1):
        name = step.__name__.strip("_").replace("_", "-")
        if failed and step is not _leaves_no_complaint:
            print(f"not ok {number} {name}\n# what comes before it failed", flush=True)
            continue
        begin = time.monotonic()
        try:
            step(stage)
            if pictures and stage.app is not None and stage.app.process.poll() is None:
                stage.app.shot(f"{number:02}-{name}")
            print(f"ok {number} {name}\n# {time.monotonic() - begin:.1f} s", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
            stage.keep_evidence(f"failed-{name}")
    return failed


def skip_unless_ready(output):
    """The world, or the end of the test as one that was skipped."""
    try:
        world = World(output)
        from gi.repository import Gio  # pylint: disable=import-outside-toplevel,unused-import
        return world
    except (Unready, ImportError) as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)


def main(*steps, pictures=False):
    """Usage of every test: test-NAME.py PROGRAM COMMAND-LINE OUTPUT-FOLDER. `pictures`: one after each step."""
    program, cli, output = (os.path.abspath(argument) for argument in sys.argv[1:4])
    steps = [*steps, _leaves_no_complaint]
    with skip_unless_ready(output) as world:
        print(f"TAP version 13\n1..{len(steps)}", flush=True)
        stage = Stage(world, program, cli)
        failed = _run(stage, steps, pictures)
        for app in stage.programs:
            app.kill()
    sys.exit(1 if failed else 0)
