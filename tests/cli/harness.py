# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share: a vault in a folder of its own, running the program on it with
or without a terminal, and TAP."""

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import traceback

# A job in the background inherits a deaf ear for Ctrl+C and Ctrl+\; the programs run here are to hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

PROGRAM = os.path.abspath(sys.argv[1])
PASSWORD = "Seven quiet otters count 41 lanterns"
# What its vaults cost to open: the least that the product allows, or that a program with the limits of tests does.
COSTS = os.environ.get("SECUREPASS_TEST_COSTS", "--kdf-memory 64 --kdf-passes 3").split()
OTHER_PASSWORD = "Nine loud badgers weigh 17 hammocks"

DONE, NOT_FOUND, USAGE, WRONG_KEY, DAMAGED, IO, DENIED = range(7)

_tests = []
_scratch = tempfile.mkdtemp(prefix="sp-cli-")
_base = None
_counter = 0


def test(function):
    """Marks a test; it is called without arguments, and passes unless it raises."""
    _tests.append(function)
    return function


def main():
    """Runs the marked tests in order."""
    failed = 0
    print("TAP version 13")
    print(f"1..{len(_tests)}")
    try:
        for number, function in enumerate(_tests, 1):
            name = function.__name__.replace("_", "-")
            try:
                function()
                print(f"ok {number} {name}", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} {name}")
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}", flush=True)
    finally:
        shutil.rmtree(_scratch, ignore_errors=True)
    sys.exit(1 if failed else 0)


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"found {found!r}, expected {expected!r}")


def contains(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f"{part!r} is not in {text!r}")


def lacks(text, *parts):
    for part in parts:
        if part in text:
            raise AssertionError(f"{part!r} is in {text!r}")


class Result:
    def __init__(self, code, out, err):
        self.code, self.raw, self.out, self.err = code, out, out.decode(errors="replace"), err.decode()

    @property
    def json(self):
        return json.loads(self.out)


def environment(folder, **more):
    result = {
        "HOME": folder,
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "XDG_DATA_HOME": folder + "/data",
        "XDG_STATE_HOME": folder + "/state",
        "TZ": "UTC",
        # Leaks cannot be looked for in a process that forbids tracing.
        "ASAN_OPTIONS": "detect_leaks=0",
    }
    result.update({name: os.environ[name] for name in ("UBSAN_OPTIONS", "G_DEBUG", "SECUREPASS_TEST_COSTS") if name in os.environ})
    result.update(more)
    return result


def new_folder():
    global _counter  # pylint: disable=global-statement
    _counter += 1
    folder = f"{_scratch}/{_counter}"
    os.mkdir(folder, 0o700)
    return folder


class Vault:
    """A vault, open to commands; `run` expects the exit code and gives the result."""

    def __init__(self, create=True):
        global _base  # pylint: disable=global-statement
        self.folder = new_folder()
        self.path = self.folder + "/test.securepass"
        self.password_file = self.write("password", PASSWORD + "\n")
        self.program = PROGRAM
        self.options = {}
        if not create:
            return
        if _base is None:
            _base = _scratch + "/base.securepass"
            self.path = _base
            self.run("create", *COSTS)
            self.path = self.folder + "/test.securepass"
        # Another folder, so another state: as on a machine that has not seen the vault yet.
        shutil.rmtree(self.folder + "/state", ignore_errors=True)
        shutil.copy(_base, self.path)

    def write(self, name, content):
        path = f"{self.folder}/{name}"
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, 0o600)
        return path

    def arguments(self, words, password_file=None):
        file = password_file or self.password_file
        return [self.program, "--vault", self.path, "--password-file", file, *words]

    def run(self, *words, code=DONE, stdin=b"", password_file=None, env=None, **options):
        process = subprocess.run(
            self.arguments(words, password_file), input=stdin, capture_output=True, check=False, timeout=60,
            env=environment(self.folder, **(env or {})), cwd=self.folder, **{**self.options, **options})
        result = Result(process.returncode, process.stdout, process.stderr)
        if result.code != code:
            raise AssertionError(f"{words}: exit code {result.code}, expected {code}: {result.err}{result.out}")
        return result

    def json(self, *words, **options):
        return self.run("--json", *words, **options).json

    def add(self, title, *words, **options):
        """Adds an item and gives its id."""
        return self.run("add", "--title", title, *words, **options).out.strip()

    def secret(self, value, name="secret"):
        """A file with a secret, for --set-from."""
        return self.write(name, value)


def plain(*words, code=DONE, stdin=b"", env=None, **options):
    """Runs the program without a vault."""
    folder = new_folder()
    process = subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, check=False, timeout=60,
                             env=environment(folder, **(env or {})), cwd=folder, **options)
    result = Result(process.returncode, process.stdout, process.stderr)
    if result.code != code:
        raise AssertionError(f"{words}: exit code {result.code}, expected {code}: {result.err}{result.out}")
    return result


class Terminal:
    """The program on a terminal of its own; what it asks is seen, what is typed goes in."""

    def __init__(self, words, folder, **env):
        # The slave stays open here, to look at the terminal when the program has gone.
        self.master, self.slave = pty.openpty()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for descriptor in range(3):
                os.dup2(self.slave, descriptor)
            os.chdir(folder)
            os.execvpe(PROGRAM, [PROGRAM, *words], environment(folder, **env))
        self.output = b""
        self.mark = 0

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.output += os.read(self.master, 65536)
                return True
            except OSError:
                pass
        return False

    def expect(self, text):
        """Waits for the text after what was expected before, and gives all between."""
        limit = time.monotonic() + 30
        while text.encode() not in self.output[self.mark:]:
            if time.monotonic() > limit:
                raise AssertionError(f"{text!r} did not come: {self.output!r}")
            self.read(0.2)
        start, self.mark = self.mark, self.output.index(text.encode(), self.mark) + len(text.encode())
        return self.output[start:self.mark].decode()

    def type(self, text):
        os.write(self.master, text if isinstance(text, bytes) else text.encode())

    def answer(self, question, text):
        self.expect(question)
        self.type(text + "\n")

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def wait(self):
        """The exit code, or minus the signal."""
        limit = time.monotonic() + 60
        while True:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > limit:
                os.kill(self.pid, 9)
                os.waitpid(self.pid, 0)
                raise AssertionError(f"it did not end: {self.output!r}")
        while self.read(0):
            pass
        self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def close(self):
        os.close(self.slave)
        os.close(self.master)


def as_nobody(vault):
    """Lets the vault's commands run as a user to whom modes mean something."""
    if os.geteuid() != 0:
        return
    vault.options = {"user": 65534, "group": 65534, "extra_groups": []}
    # The program itself may lie in a folder that is closed to others.
    vault.program = shutil.copy(PROGRAM, vault.folder)
    os.chmod(_scratch, 0o755)
    for folder, folders, files in os.walk(vault.folder):
        for name in [folder] + [f"{folder}/{entry}" for entry in folders + files]:
            os.chown(name, 65534, 65534)
