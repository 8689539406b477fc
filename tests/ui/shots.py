# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a picture of every screen (harness/screens.py), as people have theirs (harness/variants.py)."""

import argparse
import os
import sys

sys.dont_write_bytecode = True
from harness import Stage, World  # pylint: disable=wrong-import-position
from harness.tour import WIDTHS, Tour  # pylint: disable=wrong-import-position
from harness.variants import VARIANTS  # pylint: disable=wrong-import-position


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["program", "command_line", "folder"]:
        parser.add_argument(name, type=os.path.abspath)
    parser.add_argument("screens", nargs="*", metavar="SCREEN", help="its name; all of them without one")
    parser.add_argument("--as", dest="variants", action="append", choices=VARIANTS, metavar="VARIANT",
                        help=f"may be repeated; light and dark without it. Known: {', '.join(VARIANTS)}")
    parser.add_argument("--width", dest="widths", action="append", type=int, metavar="PIXELS",
                        help="may be repeated; 360 and 1200 without it")
    return parser.parse_intermixed_args()


def main():
    arguments = read_arguments()
    missing = 0
    with World(arguments.folder, max([*WIDTHS, *(arguments.widths or [])])) as world:
        stage = Stage(world, arguments.program, arguments.command_line)
        for variant in arguments.variants or ["light", "dark"]:
            tour = Tour(stage, VARIANTS[variant], arguments.screens)
            for width in arguments.widths or WIDTHS:
                def look(app, screen, suffix=f"{variant}-{width}"):
                    print(os.path.relpath(app.shot(f"{screen.name}-{suffix}")), flush=True)

                def tell(screen, error, suffix=f"{variant}-{width}"):
                    nonlocal missing
                    if error is not None:
                        missing += 1
                        print(f"{screen.name}-{suffix}: not reached\n{error}", flush=True)

                tour.visit(width, look, tell)
    sys.exit(1 if missing else 0)


main()
