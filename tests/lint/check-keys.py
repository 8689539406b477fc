# SPDX-License-Identifier: GPL-3.0-or-later
"""The shortcuts window shows each key that the application sets, and none that does nothing. Keys of GTK and of
single widgets are named here, with the file that hears them.

    check-keys.py ROOT
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

# What the window shows by its key: where it is heard, and by what.
OTHERS = {
    "<Control>question": ("data/securepass.gresource.xml", "gtk/help-overlay.ui"),
    "<Control>a": ("src/ui/sp-item-selection.c", "set_selection"),
    "<Shift>Down": ("src/ui/sp-item-selection.c", "set_selection"),
    "Alt_L": ("src/ui/sp-item-page.c", "GDK_KEY_Alt_L"),
    "Escape": ("src/ui/sp-item-list-search.c", "GDK_KEY_Escape"),
    "F2": ("src/ui/sp-sidebar-rows.c", "GDK_KEY_F2"),
    "Left Right": ("src/ui/sp-sidebar-rows.c", "GDK_KEY_Right"),
}


def find_problems(root):
    table = (root / "src/app/sp-application.c").read_text()
    table = re.search(r"Key keys\[\] = \{(.*?)\n\};", table, re.S).group(1)
    set_keys = set(re.findall(r'\{\s*"((?:app|win)\.[^"]+)",', table))
    tree = ElementTree.parse(root / "data/ui/sp-shortcuts.ui")
    shown = [p.text for p in tree.iter("property") if p.get("name") == "action-name"]
    accels = [p.text for p in tree.iter("property") if p.get("name") == "accelerator"]

    if not set_keys:
        yield "no key was found in src/app/sp-application.c"
    for action in sorted(set_keys - set(shown)):
        yield f"{action} has a key that data/ui/sp-shortcuts.ui does not show"
    for action in sorted(set(shown) - set_keys):
        yield f"{action} is shown in data/ui/sp-shortcuts.ui, but has no key"
    for name in sorted({n for n in shown + accels if (shown + accels).count(n) > 1}):
        yield f"{name} is shown twice in data/ui/sp-shortcuts.ui"
    for accel in sorted(set(accels) ^ set(OTHERS)):
        yield f"{accel} is not both in data/ui/sp-shortcuts.ui and in this check"
    for accel, (path, text) in sorted(OTHERS.items()):
        if text not in (root / path).read_text():
            yield f"{accel} is no longer heard in {path}"


problems = list(find_problems(Path(sys.argv[1])))
for problem in problems:
    print(problem)
print("the shortcuts window is true" if not problems else f"{len(problems)} problems")
sys.exit(1 if problems else 0)
