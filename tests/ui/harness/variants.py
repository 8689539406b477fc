# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which people have their screen: colours, contrast, size of letters, language, direction.

Nothing moves by itself in any of them (world.py): that is what reduced motion shows."""

import gettext
import importlib.util
import os
import subprocess

from .world import GTK_SETTINGS

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
GERMAN = "de"
NOBODYS = "xx"  # tests/po/pseudo-locale.py


class Variant:
    def __init__(self, name, language="", dpi=96, **env):
        self.name = name
        self.language = language
        self.dpi = dpi
        self.env = {"ADW_DEBUG_COLOR_SCHEME": "default", **env}

    def begin(self, stage):
        """What is started from now on is shown like this. Returns what to start it with."""
        world = stage.world
        world.write("home/.config/gtk-4.0/settings.ini", GTK_SETTINGS)
        # Without a desktop that tells its settings, GTK on X11 takes the resolution of letters from here.
        world.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", f"Xft.dpi: {self.dpi}\n"])
        stage.words = {}
        if not self.language:
            return self.env
        folder = os.path.join(world.folder, "locale")
        for language in self.language.split(":"):
            if language == NOBODYS:
                _pseudo_locale().main(os.path.join(ROOT, "po/de.po"), folder, language)  # its texts are those of the template
            elif os.path.exists(source := os.path.join(ROOT, f"po/{language}.po")):
                target = os.path.join(folder, language, "LC_MESSAGES")
                os.makedirs(target, exist_ok=True)
                subprocess.run(["msgfmt", "-o", f"{target}/securepass.mo", source], check=True)
        stage.words = words_of(os.path.join(folder, self.language.split(":", maxsplit=1)[0], "LC_MESSAGES/securepass.mo"))
        return {**self.env, "LANGUAGE": self.language, "SECUREPASS_LOCALEDIR": folder}


VARIANTS = {variant.name: variant for variant in [
    Variant("light"),
    Variant("dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark"),
    Variant("contrast", ADW_DEBUG_HIGH_CONTRAST="1"),
    Variant("dark-contrast", ADW_DEBUG_COLOR_SCHEME="prefer-dark", ADW_DEBUG_HIGH_CONTRAST="1"),
    Variant("large-text", dpi=192),
    Variant("german", GERMAN),
    Variant("pseudo", NOBODYS),
    Variant("right-to-left", f"{NOBODYS}:he"),
]}


def _pseudo_locale():
    spec = importlib.util.spec_from_file_location("pseudo_locale", os.path.join(ROOT, "tests/po/pseudo-locale.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain(text):
    """Without the marks of mnemonics."""
    return text.replace("_", "")


def words_of(catalogue):
    """What each English text is called in the language of a catalogue: one text may be called several things."""
    words = {}
    with open(catalogue, "rb") as file:
        for message, translation in gettext.GNUTranslations(file)._catalog.items():  # pylint: disable=protected-access
            message = message[0] if isinstance(message, tuple) else message
            english = plain(message.split("\4")[-1])
            if not english:
                continue  # the heading of the catalogue
            words.setdefault(english, [])
            if plain(translation) not in words[english]:
                words[english].append(plain(translation))
    return words
