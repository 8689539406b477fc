# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen, a window manager, a session bus and a home that nothing else uses. What it started, it ends, by number."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time

SECONDS = 30 * int(os.environ.get("SECUREPASS_TEST_PATIENCE", "1"))
SCREEN = (1400, 1000)
NEEDED = ["Xvfb", "xfwm4", "xdotool", "xprop", "xclip", "dbus-daemon", "import"]
SERVICE_FOLDER = "/usr/share/dbus-1/services"
# Reading the tree starts the first, the window manager's settings the second. No portals: they answer for the
# desktop of whoever runs the tests.
SERVICES = ["org.a11y.Bus.service", "org.xfce.Xfconf.service"]
PR_SET_CHILD_SUBREAPER = 36

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# As GNOME sets it up, without what moves by itself.
GTK_SETTINGS = """[Settings]
gtk-cursor-blink=0
gtk-decoration-layout=:close
gtk-enable-animations=0
gtk-font-name=Cantarell 11
gtk-xft-antialias=1
gtk-xft-hinting=1
gtk-xft-hintstyle=hintslight
gtk-xft-rgba=none
"""


class Unready(Exception):
    """The world cannot be made on this machine."""


def wait_until(what, name, seconds=SECONDS):
    """Until `what` returns something, which is returned."""
    end = time.monotonic() + seconds
    while True:
        begin = time.monotonic()
        found = what()
        if found:
            return found
        now = time.monotonic()
        if now > end:
            raise AssertionError(f"waited in vain for {name}")
        time.sleep(max(now - begin, 0.02))  # leaves the program as much of the machine as looking took


def children_of(pid):
    """The processes under `pid`, deepest first."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:
        return []  # it has ended
    return [below for child in found for below in children_of(child)] + found


class World:
    """To be entered once in a process, since the readers of AT-SPI connect once."""

    def __init__(self, output, width=0):
        """`output` is the folder for pictures and logs; `width` the least that a window shall be able to have."""
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            raise Unready("these programs are missing: " + ", ".join(missing))
        self.output = os.path.abspath(output)
        self.size = (max(SCREEN[0], width + 100), SCREEN[1])
        self.folder = None
        self.home = None
        self.env = None
        self._programs = []

    def __enter__(self):
        os.makedirs(self.output, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="sp-ui-")
        self.home = os.path.join(self.folder, "home")
        # A service that the bus started becomes ours when the bus ends.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGTERM, lambda *_: exit(1))
        try:
            self._set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._end_children()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _set_up(self):
        for name in ["home/.config/gtk-4.0", "home/.cache", "home/.local/share", "run", "services"]:
            os.makedirs(os.path.join(self.folder, name), 0o700)
        self.write("home/.config/gtk-4.0/settings.ini", GTK_SETTINGS)
        self.write("bus.conf", BUS_CONFIG.format(folder=self.folder))
        for name in SERVICES:
            shutil.copy(os.path.join(SERVICE_FOLDER, name), os.path.join(self.folder, "services"))
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("XDG_", "DBUS_", "WAYLAND_", "G_DEBUG", "G_MESSAGES",
                                           "SECUREPASS_", "GTK_", "ADW_", "AT_SPI"))}
        self.env.update(HOME=self.home, XDG_RUNTIME_DIR=os.path.join(self.folder, "run"),
                        XDG_CONFIG_HOME=os.path.join(self.home, ".config"),
                        XDG_CACHE_HOME=os.path.join(self.home, ".cache"),
                        XDG_DATA_HOME=os.path.join(self.home, ".local/share"),
                        XDG_STATE_HOME=os.path.join(self.home, ".local/state"),
                        GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi",
                        GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8", LANGUAGE="")
        self.env["DISPLAY"] = ":" + self._start_telling(
            "-displayfd", ["Xvfb", "-screen", "0", f"{self.size[0]}x{self.size[1]}x24", "-nolisten", "tcp",
                           "-noreset"])
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._start_telling(
            "--print-address", ["dbus-daemon", "--nofork", "--nopidfile", "--config-file",
                                os.path.join(self.folder, "bus.conf")], joined="=")
        # Whoever reads AT-SPI in this process finds this bus.
        os.environ.clear()
        os.environ.update(self.env)
        self.start(["xfwm4", "--compositor=on"], "xfwm4", {"NO_AT_BRIDGE": "1"})
        wait_until(lambda: "window id" in self.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]),
                   "the window manager")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def _start_telling(self, option, argv, joined=None):
        """Starts a server that writes where it listens to a descriptor."""
        reading, writing = os.pipe()
        argv += [f"{option}{joined}{writing}"] if joined else [option, str(writing)]
        self.start(argv, argv[0], pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            told = pipe.readline().strip()
        if not told:
            raise Unready(f"{argv[0]} does not start, see {self.output}/{argv[0]}.log")
        return told

    def start(self, argv, log, env=None, **options):
        """Starts what runs as long as this world, or is ended before."""
        with open(os.path.join(self.output, f"{log}.log"), "wb") as file:
            process = subprocess.Popen(argv, env={**self.env, **(env or {})}, stdout=file,  # pylint: disable=consider-using-with
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
        self._programs.append(process)
        return process

    def run(self, argv, text=None, check=True, seconds=SECONDS):
        """Runs what ends by itself, and returns what it printed."""
        result = subprocess.run(argv, env=self.env, input=text, check=False, timeout=seconds, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if check and result.returncode != 0:
            raise AssertionError(f"{argv[0]} ended with {result.returncode}: {result.stderr.strip()}")
        return result.stdout

    def _end_children(self):
        for sign, seconds in [(signal.SIGTERM, 5), (signal.SIGKILL, 5)]:
            for pid in children_of(os.getpid()):
                try:
                    os.kill(pid, sign)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + seconds
            while children_of(os.getpid()) and time.monotonic() < end:
                try:
                    while os.waitpid(-1, os.WNOHANG)[0]:
                        pass
                except ChildProcessError:
                    return
                time.sleep(0.02)
