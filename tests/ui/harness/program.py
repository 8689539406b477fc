# SPDX-License-Identifier: GPL-3.0-or-later
"""The application, as somebody in front of it has it: what is on the screen, a keyboard and a mouse."""

import os
import re
import subprocess

from .pictures import write_png
from .reading import Bus, Node
from .world import SECONDS, wait_until

# A warning of GLib's kind, and what the sanitizers say.
COMPLAINT = re.compile(r"-(WARNING|CRITICAL) \*\*|\*\* (WARNING|CRITICAL|ERROR) \*\*|(Address|Leak)Sanitizer|runtime error:")


class Program:
    """A running application. Every wait ends with an error as soon as it has ended."""

    def __init__(self, world, argv, name="securepass", env=None, words=None):
        """`words`: what English texts are called in its language."""
        self.world = world
        self.name = name
        self.words = words or {}
        self.folded = False  # as it starts; resize() tells otherwise
        self.process = world.start(argv, name, env)
        self.bus = Bus()
        self.wait(self.windows, "the window among those that can be read")
        self.window = self.wait(self._x_windows, "the window on the screen")[-1]
        self.wait(self._is_active, "the window to get the keyboard")

    # ---- waiting ----------------------------------------------------------------------------------

    def wait(self, what, name, seconds=SECONDS):
        """Until `what` returns something, which is returned. What comes and goes meanwhile does no harm."""
        def try_once():
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode} before {name}")
            return what()
        try:
            return wait_until(try_once, name, seconds)
        except AssertionError as error:
            if self.process.poll() is not None:
                raise
            raise AssertionError(f"{error}; there is: {self.describe()}") from None

    def describe(self):
        """What can be seen, in one line."""
        return ", ".join(dict.fromkeys(repr(node) for node in self.walk(everything=True)
                                       if node.name and not node.name.startswith(("Gtk", "Adw"))))

    # ---- reading ----------------------------------------------------------------------------------

    def windows(self):
        """The newest first, as it is before the others."""
        return self.bus.windows_of(self.process.pid)[::-1]

    def walk(self, everything=False):
        """All that can be seen, the newest window first; `everything`: roles and states will be asked of most."""
        nodes = [node for window in self.windows() for node in [window, *window.walk()]]
        if everything:
            self.bus.ask_more(nodes)
        return nodes

    def find_all(self, name=None, role=None, within=None):
        name, within = (self.words.get(one, one) if isinstance(one, str) else one for one in (name, within))
        for node in self.walk(everything=name is None):
            if name is not None and not node.is_named(name) or role is not None and node.role != role:
                continue
            if within is None or any(above.is_named(within) for above in node.ancestors):
                yield node

    def find(self, name=None, role=None, within=None):
        """What is shown now, or None. `name` is the whole name or a pattern, `within` the name of something around it."""
        return next(self.find_all(name, role, within), None)

    def see(self, name, role=None, within=None):
        """Waits until it is shown."""
        return self.wait(lambda: self.find(name, role, within), f"{role or ''} “{name}”")

    def see_gone(self, name, role=None, within=None):
        self.wait(lambda: self.find(name, role, within) is None, f"the end of “{name}”")

    def see_sensitive(self, name, wanted=True, role="button"):
        return self.wait(lambda: (node := self.find(name, role)) is not None and
                         node.has("sensitive") == wanted and node, f"“{name}” sensitive: {wanted}")

    def see_entry(self, name, content):
        """Waits until an entry holds the text, or so many characters when it is a secret."""
        def look():
            for node in self.find_all(name):
                if node.role in ("text box", "search box", "entry") and (
                        node.length == content if isinstance(content, int) else node.text == content):
                    return node
            return None
        return self.wait(look, f"{content!r} in “{name}”")

    def rows(self, within="Items"):
        """What the rows of the list that are there say; each begins with the title."""
        within = self.words.get(within, within)
        items = [node for node in self.walk() if node.parent is not None and node.parent.is_named(within) and
                 node.role == "list item"]
        return [item.name or next((node.name for node in item.walk() if node.name), "") for item in items]

    def see_only_row(self, title):
        """Waits until the list holds nothing else."""
        self.wait(lambda: len(rows := self.rows()) == 1 and re.match(rf"{re.escape(title)}(,|$)", rows[0]),
                  f"“{title}” alone in the list")

    def see_rows(self, number):
        """Waits until that many rows are there, or more."""
        self.wait(lambda: len(self.rows()) >= number, f"{number} rows")

    def see_row(self, title, within="Items"):
        """A row of the list, whose name begins with the title."""
        return self.see(re.compile(rf"^{re.escape(title)}(,|$)"), within=within)

    def see_windows(self, number):
        """Waits until it has so many, and the newest has the keyboard."""
        def look():
            active = self.world.run(["xdotool", "getactivewindow"], check=False).strip()
            return len(self.windows()) == number and active in self._x_windows() and \
                (number == 1) == (active == self.window)
        self.wait(look, f"{number} windows")

    def see_focus(self, name=None, role=None):
        """Waits until it has the keyboard."""
        return self.wait(lambda: next((node for node in self.find_all(name, role) if node.has("focused")),
                                      None), f"the focus on “{name or role}”")

    def see_focus_in_search(self):
        self.see_focus("Search items", "search box")

    def focused(self):
        return next((node for node in self.walk(everything=True) if node.has("focused")), None)

    # ---- acting -----------------------------------------------------------------------------------

    def press(self, *keys):
        self.world.run(["xdotool", "key", "--delay", "10", *keys])

    def type(self, text):
        self.world.run(["xdotool", "type", "--delay", "4", text])

    def enter(self, name, text):
        """Types into the entry that has the keyboard by itself, or is about to get it. AdwEntryRow 1.2 does not tell when it has,
        so it is asked with a letter until it answers."""
        self.wait(lambda: self._answers(name), f"“{name}” to take what is typed")
        self.press("ctrl+a")
        self.type(text)
        return self.see_entry(name, text if self.see(name, "text box").text == text else len(text))

    def _answers(self, name):
        entry = self.find(name, "text box")
        if entry is None:
            return False
        before = entry.text
        self.press("x")
        try:
            return wait_until(lambda: entry.text != before, name, seconds=0.5)
        except AssertionError:
            return False

    def click(self, what, role=None, within=None, button=1):
        """A click in the middle of a node, or of what has that name."""
        node = what if isinstance(what, Node) else self.see(what, role, within)
        x, y = self.wait(lambda: self.place_of(node), f"the place of {node}")
        self.world.run(["xdotool", "mousemove", str(x), str(y), "click", str(button)])

    def move_pointer_away(self):
        self.world.run(["xdotool", "mousemove", str(self.world.size[0] - 1), str(self.world.size[1] - 1)])

    def resize(self, width, height):
        """Makes the window's visible part that large; the rest of it is its shadow."""
        self.folded = width < 700

        def ask():
            """The panes fold one after the other, and each fold lets the window become narrower: so it is asked again."""
            left, right, top, bottom = self._frame(self.window)
            self.world.run(["xdotool", "windowsize", self.window, str(width + left + right),
                            str(height + top + bottom)])
            return self.windows()[-1].extents[2:] == (width, height)

        self.wait(ask, f"a size of {width} × {height}")

    def fit_dialogs(self):
        """Makes the windows beside a narrow main one no larger than it, and puts them before it, as a telephone does."""
        width, height = self.windows()[-1].extents[2:]
        x, y = self._geometry(self.window)[:2]
        for shown in self._x_windows():
            if shown == self.window or not self._frame(shown)[0]:
                continue  # a popover is as large as it needs to be
            left, right, top, bottom = self._frame(shown)
            now = self._visible_part(shown)[2:]
            self.world.run(["xdotool", "windowsize", shown, str(min(width, now[0]) + left + right),
                            str(min(height, now[1]) + top + bottom), "windowmove", shown, str(x), str(y)])
            try:
                wait_until(lambda: self.windows()[0].extents[2] <= width, "the window", seconds=2)
            except AssertionError:
                print(f"# {self.windows()[0]} can't be as narrow as {width}", flush=True)

    def quit(self, *keys):
        """Ends it as its user does, and expects it to end well."""
        self.press(*(keys or ["ctrl+q"]))
        try:
            code = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program does not end; there is: {self.describe()}") from None
        if code != 0:
            raise AssertionError(f"the program ended with {code}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    # ---- looking on -------------------------------------------------------------------------------

    def clipboard(self, selection="clipboard"):
        """What another client gets to paste; None when there is nothing."""
        result = subprocess.run(["xclip", "-o", "-selection", selection], env=self.world.env, check=False,
                                timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return result.stdout.decode() if result.returncode == 0 else None

    def see_clipboard(self, text):
        self.wait(lambda: self.clipboard() == text, "the clipboard to hold something else")

    def shot(self, name):
        """A picture of its windows in the output folder, when they have stopped changing; its path."""
        self.move_pointer_away()
        parts = [self._visible_part(window) for window in self._x_windows()]
        x, y = (max(min(part[side] for part in parts), 0) for side in (0, 1))
        width, height = (min(max(part[side] + part[side + 2] for part in parts), self.world.size[side]) - (x, y)[side]
                         for side in (0, 1))
        before = None
        for _ in range(10):
            picture = subprocess.run(["import", "-silent", "-window", "root", "-crop",
                                      f"{width}x{height}+{x}+{y}", "+repage", "-depth", "8", "ppm:-"],
                                     env=self.world.env, check=True, timeout=SECONDS,
                                     stdout=subprocess.PIPE).stdout
            if picture == before:
                break
            before = picture
        path = os.path.join(self.world.output, f"{name}.png")
        write_png(path, width, height, picture[-width * height * 3:])
        return path

    def complaints(self):
        """The lines of its log that say that something is wrong."""
        with open(os.path.join(self.world.output, f"{self.name}.log"), encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in file if COMPLAINT.search(line)]

    # ---- the screen -------------------------------------------------------------------------------

    def _x_windows(self):
        """Those of the program that are on the screen."""
        return self.world.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                              check=False).split()

    def _is_active(self):
        return self.windows()[-1].has("active")

    def _geometry(self, window):
        words = dict(line.split("=") for line in self.world.run(
            ["xdotool", "getwindowgeometry", "--shell", window]).split())
        return tuple(int(words[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def _frame(self, window):
        """How wide the shadow is: left, right, top, bottom."""
        found = re.search(r"= (\d+), (\d+), (\d+), (\d+)",
                          self.world.run(["xprop", "-id", window, "_GTK_FRAME_EXTENTS"]))
        return tuple(int(number) for number in found.groups()) if found else (0, 0, 0, 0)

    def _visible_part(self, window):
        x, y, width, height = self._geometry(window)
        left, right, top, bottom = self._frame(window)
        return x + left, y + top, width - left - right, height - top - bottom

    def boxes(self):
        """The windows on the screen, popovers among them, with place and size, shadows included."""
        return {window: self._geometry(window) for window in self._x_windows()}

    @staticmethod
    def popover_of(node, boxes):
        """The popover that a node is in, or None."""
        sizes = [box[2:] for box in boxes.values()]
        return next((above for above in [node, *node.ancestors]
                     if above.parent is not None and above.extents[2:] in sizes), None)

    @staticmethod
    def _is_scrolled_away(node, popover):
        x, y, width, height = node.extents
        middle = x + width // 2, y + height // 2
        for above in node.ancestors:
            if above is popover:
                return False
            if above.scrolls and not all(above.extents[side] <= middle[side] < above.extents[side] + above.extents[side + 2]
                                         for side in (0, 1)):
                return True
        return False

    def place_of(self, node):
        """The middle of a node on the screen. A popover is a window of its own, and is found by its size; what GTK 4.8 tells of
        its place in the window it belongs to is wrong."""
        x, y, width, height = node.extents
        if width <= 0 or height <= 0:
            return None
        boxes = self.boxes()
        popover = self.popover_of(node, boxes)
        if self._is_scrolled_away(node, popover):
            return None
        if popover is not None:
            box = next(box for box in boxes.values() if box[2:] == popover.extents[2:])
            return box[0] + x - popover.extents[0] + width // 2, box[1] + y - popover.extents[1] + height // 2
        size = node.window.extents[2:]
        for window in boxes:
            left, top, *visible = self._visible_part(window)
            if tuple(visible) == size:
                return left + x + width // 2, top + y + height // 2
        return None
