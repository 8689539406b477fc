# SPDX-License-Identifier: GPL-3.0-or-later
"""Goes to every screen of screens.py, in windows of several widths."""

import os
import traceback

from .demo import make_demo_vault
from .screens import FIRST, LOCKED, OPEN, READ_ONLY, SCREENS
from .variants import VARIANTS

WIDTHS = {360: 720, 1200: 800}  # and the heights; others may be asked for
HEIGHT = 800
STATES = [FIRST, LOCKED, OPEN, READ_ONLY]


class Tour:
    """Starts the application in each state at most once, unless a screen is not reached: then it is started anew."""

    def __init__(self, stage, variant=VARIANTS["light"], wanted=()):
        self.stage = stage
        self.env = variant.begin(stage)
        unknown = set(wanted) - {screen.name for screen in SCREENS}
        if unknown:
            raise SystemExit("no such screen: " + ", ".join(sorted(unknown)))
        self.screens = [screen for screen in SCREENS if not wanted or screen.name in wanted]

    def _vault(self, state):
        name = "Damaged" if state == READ_ONLY else "Anna"
        path = self.stage.path(f"{name}.securepass")
        return path if os.path.exists(path) else make_demo_vault(self.stage, name)

    def _begin(self, state, width):
        arguments = [] if state == FIRST else [self._vault(state)]
        app = self.stage.start(*arguments, env=self.env)
        app.resize(1200, HEIGHT)
        if state in (OPEN, READ_ONLY):
            self.stage.unlock()
        app.resize(width, WIDTHS.get(width, HEIGHT))
        if state in (OPEN, READ_ONLY) and app.folded:
            for _ in range(3):
                if app.find("Items", "list") is not None:
                    break
                app.press("alt+Left")
        return app

    def visit(self, width, look, tell):
        """Calls look(app, screen) on each, and tell(screen, error) afterwards; the error is None when all went well."""
        for state in STATES:
            app = None
            for screen in self.screens:
                if screen.state != state:
                    continue
                error = None
                try:
                    app = app or self._begin(state, width)
                    way = screen.visit(app)
                    next(way)
                    if app.folded:
                        app.fit_dialogs()
                    look(app, screen)
                    next(way, None)
                except Exception:  # pylint: disable=broad-except
                    error = traceback.format_exc()
                tell(screen, error)
                if error is not None:
                    self.stage.keep_evidence(f"failed-{screen.name}-{width}")
                    self.stage.app.kill()
                    app = None
            if app is not None:
                app.quit()
