# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window as a person does: keys and clicks come from xdotool, and what is on the screen is read as a
screen reader reads it, by AT-SPI, which is never used to act.

    from harness import PASSWORD, main

    def welcomes(stage):
        app = stage.start()
        app.see("Welcome to SecurePass")
        app.press("Return")

    main(welcomes, ...)

world.py     World: a screen, a window manager, a session bus and a home that nothing else uses
reading.py   Node: something a screen reader can tell of
program.py   Program: the application on that screen: see(), press(), type(), click(), clipboard(), shot(), quit()
screens.py   every screen, and the way to it
demo.py      a vault of an invented person
tap.py       Stage, which the steps of a story share, and main(), which runs them and speaks TAP

A wait is always for something to be there; there is no sleep to hope for the best."""

from .tap import PASSWORD, Stage, main
from .world import Unready, World, wait_until

__all__ = ["PASSWORD", "Stage", "Unready", "World", "main", "wait_until"]
