# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's part of ./dev bench: the real programs on a screen of their own, with keys pressed by the X server and
frames seen by it (bench/window/bench-screen.c), so that nothing in them knows that it is measured.
"""

import json
import os
import re
import signal
import subprocess
import time

KXC, BARE, BARE_PLAIN = "KeePassXC", "bare window", "bare window without OpenGL"
COUNTS = {10000: 80, 100000: 200}  # logins, and how many ms their list may take
STARTS, UNLOCKS, PEER_UNLOCKS = 9, 5, 3
QUERIES = ["walnut", "copper bank", "b", "meadow garage"]
# So long nothing has been painted when a frame counts as the last (ms). KeePassXC waits before it searches.
QUIET = {"own": 150, KXC: 1500}
OPEN_QUIET = {"own": 1500, KXC: 6000}
OPEN_LIMIT, KEY_LIMIT = 60000, 4000
PEER_COUNT, IDLE_SECONDS = 10000, 30
SETTLE_SECONDS = 15  # the cursor of an entry blinks for ten
SIZE = "1280x900"
# Where the list is: in our window right of the sidebar and below the entry, in KeePassXC's below the tool bar. Our
# window's shadow is a part of it: 61 pixels on the left, 55 above.
LIST_AREA, KXC_AREA = (285, 152), (0, 150)
SETTINGS = """[Settings]
gtk-font-name=Cantarell 11
gtk-decoration-layout=:close
"""
KEEPASSXC_SETTINGS = """[General]
ConfigVersion=2
MinimizeAfterUnlock=false
UpdateCheckMessageShown=true

[GUI]
CheckForUpdates=false
MonospaceNotes=false

[Security]
LockDatabaseIdle=false
"""


class ScreenFailed(Exception):
    """A screen, or a program on it, did not do what was asked of it."""


class Screen:
    """An X server nobody sees, with a bus, a home folder and a window manager, and one program after the other."""

    def __init__(self, build, folder):
        self.processes = []
        self.log = os.path.join(folder, "window.log")
        home = os.path.join(folder, "home")
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "SECUREPASS_VAULT")}
        self.environment.update({
            "HOME": home, "XDG_RUNTIME_DIR": os.path.join(home, "run"), "XDG_CONFIG_HOME": os.path.join(home, "config"),
            "XDG_CACHE_HOME": os.path.join(home, "cache"), "XDG_DATA_HOME": os.path.join(home, "data"),
            "XDG_STATE_HOME": os.path.join(home, "state"), "LC_ALL": "C.UTF-8", "GDK_BACKEND": "x11",
            "GSK_RENDERER": "cairo", "GSETTINGS_BACKEND": "memory", "QT_QPA_PLATFORM": "xcb",
            "XDG_CURRENT_DESKTOP": "GNOME", "G_MESSAGES_DEBUG": "sp-session", "LIBGL_ALWAYS_SOFTWARE": "1",
        })
        for name in ("RUNTIME_DIR", "CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME"):
            os.makedirs(self.environment[f"XDG_{name}"], mode=0o700, exist_ok=True)
        self.write("gtk-4.0/settings.ini", SETTINGS)
        self.write("keepassxc/keepassxc.ini", KEEPASSXC_SETTINGS)
        try:
            self.begin(os.path.join(build, "bench/window/bench-screen"))
        except (OSError, ScreenFailed):
            self.close()
            raise

    def write(self, name, text):
        path = os.path.join(self.environment["XDG_CONFIG_HOME"], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def begin(self, helper):
        display = self.spawn_reporting("Xvfb", "-displayfd", "FD", "-screen", "0", SIZE + "x24", "-nolisten", "tcp",
                                       "-noreset")
        self.environment["DISPLAY"] = ":" + display
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.spawn_reporting(
            "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=FD")
        self.spawn("xfwm4")
        self.wait_for_manager()
        self.helper = subprocess.Popen([helper], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                       env=self.environment)
        self.processes.append(self.helper)

    def spawn(self, *command, **options):
        with open(self.log + "." + command[0], "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=self.environment, **options)
        self.processes.append(process)

    def spawn_reporting(self, *command):
        """One that tells, by the descriptor it is given, where it can be reached."""
        reader, writer = os.pipe()
        self.spawn(*[word.replace("FD", str(writer)) for word in command], pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as file:
            line = file.readline().strip()
        if not line:
            raise ScreenFailed(f"{command[0]} did not start")
        return line

    def wait_for_manager(self):
        for _ in range(200):
            found = subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], env=self.environment,
                                   capture_output=True, text=True, check=False).stdout
            if "window id" in found:
                return
            time.sleep(0.05)
        raise ScreenFailed("xfwm4 did not start")

    def close(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait()

    def ask(self, *words):
        self.helper.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.helper.stdin.flush()
        line = self.helper.stdout.readline()
        answer = json.loads(line) if line else {"error": "bench-screen is gone"}
        if "error" in answer:
            raise ScreenFailed(f"{words[0]}: {answer['error']}\n{self.read_log()}")
        return answer

    def start(self, *command):
        return self.ask("start", self.log, *command)

    def stop(self):
        self.ask("stop")

    def press(self, name, quiet, limit):
        return self.ask("press", name, quiet, limit)

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()


# ---- a process, from outside ---------------------------------------------------------------------------

def get_memory(pid):
    """PSS in MiB: shared pages counted in parts. None where the system does not let us look (we are not root)."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024
    except OSError:
        return None


def get_cpu(pid):
    """The processor time of its threads, in ms."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="utf-8") as file:
                total += int(file.read().split()[0])
        except OSError:
            pass  # the thread has ended meanwhile
    return total / 1e6


def count_switches(pid):
    """How often each of its threads was put on a processor since it began."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/status", encoding="utf-8") as file:
                counts[thread] = sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
        except OSError:
            pass  # the thread has ended meanwhile
    return counts


def measure_idle(pid):
    time.sleep(SETTLE_SECONDS)
    before = count_switches(pid)
    time.sleep(IDLE_SECONDS)
    after = count_switches(pid)
    return sum(count - before.get(thread, 0) for thread, count in after.items()) * 10 / IDLE_SECONDS


# ---- measuring -----------------------------------------------------------------------------------------

class WindowBench:
    """The window's measurements; the samples go to those of the bench that it is a part of."""

    def __init__(self, bench, password):
        self.bench, self.password = bench, password
        self.program = os.path.join(bench.build, "src/app/securepass")
        self.bare = os.path.join(bench.build, "bench/window/bench-bare")
        self.screen = Screen(bench.build, bench.folder)

    def close(self):
        self.screen.close()

    def add(self, who, what, count, value):
        if value is not None:
            self.bench.add(who, what, count, value)

    def measure_starts(self, vault, database):
        """In turn; the first of each is for what they share, and not counted."""
        commands = {"own": (self.program, vault), BARE: (self.bare,), KXC: ("keepassxc", database),
                    BARE_PLAIN: ("env", "GDK_DEBUG=gl-disable", self.bare)}
        for index in range(STARTS + 1):
            for who, command in commands.items():
                started = self.screen.start(*command)
                cpu = get_cpu(started["pid"])
                self.screen.ask("rest", 200)
                self.screen.stop()
                if index > 0:
                    self.add(who, "first frame", 0, started["painted"])
                    self.add(who, "first frame, cpu", 0, cpu)

    def unlock(self, who, area, command):
        """Types the password; how long after Return the list was there, the KDF left out where it is known."""
        pid = self.screen.start(*command)["pid"]
        self.screen.ask("area", 0, 0)
        self.screen.ask("rest", 500)
        self.screen.ask("key", self.password)
        self.screen.ask("rest", 500)
        self.screen.ask("area", *area)
        painted = self.screen.press("Return", OPEN_QUIET[who], OPEN_LIMIT)
        kdf = re.search(r"KDF (\d+\.\d) ms", self.screen.read_log())
        return pid, painted["last"] - (float(kdf[1]) if kdf else 0)

    def type_queries(self, who, count, pid):
        """Each key when what the one before made it paint is over. A key that leaves the list as it was paints
        nothing there, and is not counted."""
        for query in QUERIES:
            for letter in query + "\b" * len(query):
                name = {" ": "space", "\b": "BackSpace"}.get(letter, letter)
                before = get_cpu(pid)
                painted = self.screen.press(name, QUIET[who], KEY_LIMIT)["last"]
                if painted >= 0:
                    self.add(who, "key", count, painted)
                    self.add(who, "key, cpu", count, get_cpu(pid) - before)

    def measure_open(self, who, count, rounds, area, command):
        for index in range(rounds):
            pid, shown = self.unlock(who, area, command)
            self.add(who, "shown", count, shown)
            if index == rounds - 1:
                self.add(who, "memory, window", count, get_memory(pid))
                if count == PEER_COUNT:
                    self.add(who, "idle", count, measure_idle(pid))
                self.screen.ask("chord", "Control_L", "f")
                self.screen.ask("rest", 300)
                self.type_queries(who, count, pid)
            self.screen.stop()

    def measure(self, count):
        vault = self.bench.path(f"{count}.securepass")
        self.bench.say(f"{count:,} logins: the window")
        self.measure_open("own", count, UNLOCKS, LIST_AREA, (self.program, vault))
        if count == PEER_COUNT:
            database = self.bench.path(f"{count}-pykeepass.kdbx")
            self.measure_open(KXC, count, PEER_UNLOCKS, KXC_AREA, ("keepassxc", database))
            self.bench.say("first frames")
            self.measure_starts(vault, database)


# ---- the table -----------------------------------------------------------------------------------------

def make_rows(bench, make_row, set_goal):
    """Rows as those of the engine, with other peers."""

    def row(what, unit, mark, count, take=bench.get):
        return make_row(what, unit, *[take(who, mark, count) for who in ("own", KXC, BARE)])

    def limit(result, goal, unit, at_most=False):
        own = result["own"]
        met = None if own is None else own <= goal if at_most else own < goal
        return set_goal(result, f"{'<=' if at_most else '<'} {goal:g} {unit}".rstrip(), met)

    def worst(who, mark, count):
        values = bench.samples.get((who, mark, count))
        return max(values) if values else None

    rows = []
    for what, mark in (("first frame", "first frame"), ("first frame, processor", "first frame, cpu")):
        rows.append(limit(row(what, "ms", mark, 0), round(1.2 * bench.get(BARE, mark, 0)), f"ms: 1.2 x {BARE}", True))
        rows.append(make_row(f"  {what}, a {BARE_PLAIN}", "ms", None, None, bench.get(BARE_PLAIN, mark, 0)))
    for count, most in COUNTS.items():
        rows += [limit(row(f"end of the KDF to the painted list, {count:,}", "ms", "shown", count), most, "ms"),
                 limit(row(f"key to the painted list, median, {count:,}", "ms", "key", count), 22, "ms"),
                 limit(row(f"key to the painted list, worst, {count:,}", "ms", "key", count, worst), 22, "ms"),
                 row(f"key, processor, median, {count:,}", "ms", "key, cpu", count),
                 row(f"memory, unlocked, {count:,}", "MiB", "memory, window", count)]
        if count == PEER_COUNT:
            limit(rows[-1], 75, "MiB")
            rows.append(limit(row(f"wake-ups in 10 s, unlocked, {count:,}", "", "idle", count), 1, ""))
    return rows
