# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader reads of the application. Nothing here acts on it.

It asks the application itself, by D-Bus, many things at a time: on a busy machine an answer takes its time, and a
library that asks for one thing after another takes seconds for a window. What the last look had to ask, level by
level, the next one asks all at once; and then only what else it comes upon."""

import re

from gi.repository import Gio, GLib

ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
TEXT = "org.a11y.atspi.Text"
PROPERTIES = "org.freedesktop.DBus.Properties"
REGISTRY = "org.a11y.atspi.Registry"
DBUS = "org.freedesktop.DBus"
IN_WINDOW = 1
TIMEOUT_MS = 60000
PAGE = "GtkStackPage"  # has no size of its own
SAMPLES = [0.5, 0.25, 0.75, 0.1, 0.9]
LARGE = 60 * 60  # pixels; smaller things may lie over each other and both be seen

# The bits of AT-SPI that are used, by their names in its documentation.
STATES = {"active": 1, "checked": 4, "editable": 7, "expandable": 9, "expanded": 10, "focusable": 11, "focused": 12,
          "pressed": 20, "selected": 23, "sensitive": 24, "visible": 30}


class Bus:
    """The bus on which applications answer screen readers."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                     0, TIMEOUT_MS, None).unpack()
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.context = GLib.MainContext.default()
        self.owners = {}  # by process; a name on the bus is never used again
        self.asked = {}  # in the present look, with the answers
        self.wanted = {}  # of what was asked, what was of use

    def ask(self, questions):
        """Asks all of them at once: (owner, path, interface, method, arguments), the arguments as GLib.Variant takes them, or None.
        The answers in their order, None for what has no answer: it may have gone since."""
        answers = [None] * len(questions)
        missing = len(questions)

        def answered(connection, result, number):
            nonlocal missing
            missing -= 1
            try:
                answers[number] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass

        for number, (owner, path, interface, method, arguments) in enumerate(questions):
            self.connection.call(owner, path, interface, method, GLib.Variant(*arguments) if arguments else None, None, 0,
                                 TIMEOUT_MS, None, answered, number)
        while missing > 0:
            self.context.iteration(True)
        return answers

    def ask_one(self, *question):
        return self.ask([question])[0]

    def look_up(self, questions):
        """As ask(), of what is to be as it was at one moment: asked once in a look, and beforehand if it was of use in the last."""
        new = [question for question in dict.fromkeys(questions) if question not in self.asked]
        if new:
            self.asked.update(zip(new, self.ask(new)))
        self.wanted.update(dict.fromkeys(questions))
        return [self.asked[question] for question in questions]

    def _owner_of(self, pid):
        """The application's name on the bus, None as long as it has none."""
        if pid not in self.owners:
            applications = (self.ask_one(REGISTRY, ROOT, ACCESSIBLE, "GetChildren", None) or [[]])[0]
            pids = self.ask([(DBUS, "/org/freedesktop/DBus", DBUS, "GetConnectionUnixProcessID", ("(s)", (owner,)))
                             for owner, _ in applications])
            self.owners.update((answer[0], owner) for (owner, _), answer in zip(applications, pids) if answer)
        return self.owners.get(pid)

    def windows_of(self, pid):
        """The windows of a process with everything in them that can be seen, or could by scrolling, as it is now; in the order in
        which they were made."""
        owner = self._owner_of(pid)
        if owner is None:
            return []
        again = list(self.wanted)
        self.wanted = {}
        self.asked = dict(zip(again, self.ask(again)))
        level = [Node(self, owner, ROOT)]
        windows = None
        while level:
            below = self._read(level)
            if windows is None:
                below = windows = [Node(self, node.owner, node.path) for node in below]
            level = below
        return windows or []

    def ask_more(self, nodes):
        """Roles and states, which are not asked for before they are wanted: most nodes are told apart by their names."""
        answers = self.ask([(node.owner, node.path, ACCESSIBLE, method, None) for node in nodes
                            for method in ("GetRoleName", "GetState")])
        for number, node in enumerate(nodes):
            node.take_more(*answers[number * 2:number * 2 + 2])

    def _read(self, level):
        """Fills in the nodes, leaves out those that cannot be seen, and returns what is below the others."""
        questions = [question for node in level for question in node.questions()]
        answers = self.look_up(questions)
        step = len(questions) // len(level)
        for number, node in enumerate(level):
            node.take(*answers[number * step:(number + 1) * step])
        parents = {node.parent.path: node.parent for node in level if node.parent is not None}
        for parent in parents.values():
            self._leave_out_hidden(parent)
        seen = [node for node in level if node.parent is None or node in node.parent.children]
        return [child for node in seen for child in node.children]

    def _leave_out_hidden(self, parent):
        """GTK 4.8 tells neither of a page of a stack nor of a pane of a leaflet that it is not the one shown, and each keeps the
        size that it had. So where two lie over each other it is asked which one a click would meet."""
        parent.scrolls = any(child.name == "GtkScrollbar" for child in parent.children)
        parent.children = [child for child in parent.children if child.box() is not None]
        if parent.name == "AdwLeaflet":
            # A pane that was folded away is where it was before.
            inside = [child for child in parent.children if _is_inside(child.box(), parent.extents)]
            if any(child.role != "separator" for child in inside):
                parent.children = inside
        for first in list(parent.children):
            for second in list(parent.children):
                if first is not second and first in parent.children and second in parent.children:
                    met = self._which_is_met(first, second)
                    if met is not None:
                        parent.children.remove(second if met is first else first)

    def _which_is_met(self, first, second):
        """Which of two siblings a click meets where both are; None if they do not share their place, or it cannot be told."""
        boxes = [node.box() for node in (first, second)]
        left, top = (max(box[side] for box in boxes) for side in (0, 1))
        right, bottom = (min(box[side] + box[side + 2] for box in boxes) for side in (0, 1))
        common = max(right - left, 0) * max(bottom - top, 0)
        small, large = sorted(box[2] * box[3] for box in boxes)
        if common < LARGE or common * 2 < small or small * 6 < large:
            return None  # the small one may be a toast, or a scroll bar
        window = first.window
        points = [(left + int((right - left) * across), top + int((bottom - top) * down))
                  for down in SAMPLES for across in SAMPLES]
        for number in range(0, len(points), len(SAMPLES)):  # the first row of them mostly tells
            for answer in self.look_up([(window.owner, window.path, COMPONENT, "GetAccessibleAtPoint",
                                         ("(iiu)", (x, y, IN_WINDOW))) for x, y in points[number:number + len(SAMPLES)]]):
                path = answer[0][1] if answer is not None else None
                while path is not None and not path.endswith(("/null", "/root")):
                    for node in (first, second):
                        if path == node.path:
                            return node
                    answer, = self.look_up([(window.owner, path, PROPERTIES, "Get", ("(ss)", (ACCESSIBLE, "Parent")))])
                    path = answer[0][1] if answer is not None else None
        return None


def _is_inside(one, other):
    return all(one[side] >= other[side] and one[side] + one[side + 2] <= other[side] + other[side + 2]
               for side in (0, 1))


class Node:
    """Something in the tree, as it was when it was read; its role and states as they are when first asked for, and its text each
    time anew."""

    def __init__(self, bus, owner, path, parent=None):
        self.bus = bus
        self.owner = owner
        self.path = path
        self.parent = parent
        self.name = ""
        self._role = self._states = None
        self.extents = (0, 0, 0, 0)  # x, y, width, height in the window, without the padding of its style
        self.children = []
        self.child_boxes = []
        self.scrolls = False  # what is in it may be out of sight

    def __repr__(self):
        return f"{self.role} “{self.name}”"

    def questions(self):
        one = [(ACCESSIBLE, "GetChildren", None), (COMPONENT, "GetExtents", ("(u)", (IN_WINDOW,))),
               (PROPERTIES, "Get", ("(ss)", (ACCESSIBLE, "Name")))]
        return [(self.owner, self.path, *question) for question in one]

    def take(self, children, extents, name):
        """What it was told. What was gone when it was asked has no size, and so is left out."""
        if extents is not None:
            self.extents = extents[0]
        if children is None or name is None:
            return
        self.children = [Node(self.bus, *reference, self) for reference in children[0]]
        self.name = name[0]

    def box(self):
        """Its extents, or those of the page that it stands for; None when there are none."""
        if self.extents[2] > 0 or self.extents[3] > 0:
            return self.extents
        if self.name != PAGE or not self.children:
            return None
        if self.child_boxes == []:
            self.child_boxes = [answer[0] for answer in self.bus.look_up([
                (child.owner, child.path, COMPONENT, "GetExtents", ("(u)", (IN_WINDOW,)))
                for child in self.children]) if answer is not None]
        return next((box for box in self.child_boxes if box[2] > 0 or box[3] > 0), None)

    @property
    def role(self):
        if self._role is None:
            self.bus.ask_more([self])
        return self._role

    def has(self, state):
        if self._states is None:
            self.bus.ask_more([self])
        return bool(self._states >> STATES[state] & 1)

    def take_more(self, role, states):
        self._role = role[0] if role is not None else ""
        self._states = states[0][0] | states[0][1] << 32 if states is not None else 0

    @property
    def text(self):
        """What an entry or a label says now."""
        answer = self.bus.ask_one(self.owner, self.path, TEXT, "GetText", ("(ii)", (0, self.length)))
        return answer[0] if answer is not None else None

    @property
    def length(self):
        answer = self.bus.ask_one(self.owner, self.path, PROPERTIES, "Get",
                                  ("(ss)", (TEXT, "CharacterCount")))
        return answer[0] if answer is not None else 0

    @property
    def description(self):
        """What a screen reader says of it after its name; of what has the focus, also when it changes."""
        answer = self.bus.ask_one(self.owner, self.path, PROPERTIES, "Get",
                                  ("(ss)", (ACCESSIBLE, "Description")))
        return answer[0] if answer is not None else None

    @property
    def n_selections(self):
        answer = self.bus.ask_one(self.owner, self.path, TEXT, "GetNSelections", None)
        return answer[0] if answer is not None else 0

    @property
    def ancestors(self):
        """From the nearest to the window."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def window(self):
        top = self
        for top in self.ancestors:
            pass
        return top

    def walk(self):
        """Everything below it."""
        for child in self.children:
            yield child
            yield from child.walk()

    def is_named(self, name):
        """GTK 4.8 puts what labels a control before the name it has itself: “_Save Save”."""
        if isinstance(name, list):
            return any(self.is_named(one) for one in name)
        if isinstance(name, re.Pattern):
            return name.search(self.name) is not None
        return self.name == name or (self.name.endswith(f" {name}") and
                                     self.name[:-len(name) - 1].replace("_", "") == name)
