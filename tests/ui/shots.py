# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a picture of every screen (harness/screens.py), light and dark, narrow and wide.

Usage: shots.py PROGRAM COMMAND-LINE FOLDER [SCREEN...]"""

import os
import sys

sys.dont_write_bytecode = True
from harness import Stage, World  # pylint: disable=wrong-import-position
from harness.tour import WIDTHS, Tour  # pylint: disable=wrong-import-position

SCHEMES = {"light": "default", "dark": "prefer-dark"}


def main():
    program, cli, folder = (os.path.abspath(argument) for argument in sys.argv[1:4])
    missing = 0
    with World(folder) as world:
        stage = Stage(world, program, cli)
        for scheme, setting in SCHEMES.items():
            tour = Tour(stage, setting, sys.argv[4:])
            for width in WIDTHS:
                def look(app, screen, suffix=f"{scheme}-{width}"):
                    print(os.path.relpath(app.shot(f"{screen.name}-{suffix}")), flush=True)

                def tell(screen, error, suffix=f"{scheme}-{width}"):
                    nonlocal missing
                    if error is not None:
                        missing += 1
                        print(f"{screen.name}-{suffix}: not reached\n{error}", flush=True)

                tour.visit(width, look, tell)
    sys.exit(1 if missing else 0)


main()
