#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a language that nobody speaks, to see what a translation will meet.

Each text is accented, lengthened by about 40 % and put in brackets: [Ûñļöçķ···]. So a walk through the
window sees which text was forgotten (no brackets), which does not fit (the closing bracket is cut off), and
which is put together from parts (brackets inside). Placeholders, mnemonics, markup and line ends stay.

Usage: pseudo-locale.py POT FOLDER [LANGUAGE]     writes FOLDER/LANGUAGE/LC_MESSAGES/securepass.mo
Then:  LANGUAGE=LANGUAGE SECUREPASS_LOCALEDIR=FOLDER securepass
"""

import ast
import os
import re
import subprocess
import sys

DOMAIN = "securepass"
PLAIN = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz"
STRANGE = "ÅåƁƀÇçÐđÉéƑƒĜĝĤĥÎîĴĵĶķĻļḾɱÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž"
ACCENTS = str.maketrans(PLAIN, STRANGE)
HEADER = (
    "Project-Id-Version: securepass\n"
    "PO-Revision-Date: 2026-11-24 12:00+0000\n"
    "Last-Translator: Nobody\n"
    "Language-Team: none\n"
    "Language: xx\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)

# What is not for people: placeholders of printf, also <PRIu64>; a mnemonic and its letter; markup; entities.
KEPT = re.compile(
    r"%<\w+>|%(?:\d+\$)?[-+ #0'I]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|q|j|z|t|L)?[a-zA-Z%]"
    r"|_\w|</?[a-z]+>|&\w+;|&#\d+;|\n"
)


def pseudo(text):
    """Returns the text in the language that nobody speaks."""
    parts, start = [], 0
    for kept in KEPT.finditer(text):
        parts += [text[start : kept.start()].translate(ACCENTS), kept.group()]
        start = kept.end()
    parts.append(text[start:].translate(ACCENTS))
    body = "".join(parts)
    end = "\n" if body.endswith("\n") else ""
    start = "\n" if body.startswith("\n") else ""
    body = body[len(start) : len(body) - len(end)]
    letters = sum(character.isalpha() for character in text)
    # In words, so that a long text can still break.
    tail = re.sub("(·{8})(?=·)", r"\1 ", "·" * round(letters * 0.4))
    return f"{start}[{body}{' ' if len(tail) > 8 else ''}{tail}]{end}"


def read_entries(pot):
    """Yields each entry of a template as (lines before the texts, context, singular, plural)."""
    for block in pot.split("\n\n"):
        before, texts, last = [], {}, None
        for line in block.splitlines():
            if line.startswith("#"):
                before.append(line)
            elif line.startswith('"'):
                texts[last] += ast.literal_eval(line)
            elif line:
                last, value = line.split(" ", 1)
                texts[last] = ast.literal_eval(value)
        if texts.get("msgid"):
            yield before, texts.get("msgctxt"), texts["msgid"], texts.get("msgid_plural")


def quote(text):
    """Returns the text as a catalogue writes it."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'


def translate(pot):
    """Returns the catalogue for a template."""
    blocks = [f'msgid ""\nmsgstr {quote(HEADER)}']
    for before, context, singular, plural in read_entries(pot):
        lines = list(before)
        if context is not None:
            lines.append(f"msgctxt {quote(context)}")
        lines.append(f"msgid {quote(singular)}")
        if plural is None:
            lines.append(f"msgstr {quote(pseudo(singular))}")
        else:
            lines.append(f"msgid_plural {quote(plural)}")
            lines.append(f"msgstr[0] {quote(pseudo(singular))}")
            lines.append(f"msgstr[1] {quote(pseudo(plural))}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def main(pot_file, folder, language="xx"):
    """Writes the language into a folder of locales."""
    with open(pot_file, encoding="utf-8") as stream:
        catalogue = translate(stream.read())
    target = os.path.join(folder, language, "LC_MESSAGES")
    os.makedirs(target, exist_ok=True)
    subprocess.run(
        ["msgfmt", "--check", "--check-accelerators=_", "-o", os.path.join(target, DOMAIN + ".mo"), "-"],
        input=catalogue,
        encoding="utf-8",
        check=True,
    )


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
