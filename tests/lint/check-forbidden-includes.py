#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles forbidden includes in each layer and expects the failure.

The flags are those of the build itself (compile_commands.json), so this proves what meson set up, against
what build-aux/layers.txt says. For each layer: a header of every layer above and every external header
that it may not use must fail, for the right reason; what it may use must compile.

Usage: check-forbidden-includes.py SOURCE_ROOT BUILD_ROOT       (speaks TAP)
"""

import json
import pathlib
import shlex
import subprocess
import sys


def read_table(path):
    layers, headers = {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["layer"]:
            layers[words[1]] = words[2:]
        elif words[:1] == ["header"]:
            headers[words[1]] = words[2:]
    return layers, headers


def layer_compilers(source, build, layers):
    """The command that compiles a C file of each layer, without input and outputs."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        parts = path.relative_to(source).parts if path.is_relative_to(source) else ()
        if len(parts) < 3 or parts[0] != "src" or parts[1] not in layers or parts[1] in commands:
            continue
        words, kept = iter(shlex.split(entry["command"])), []
        for word in words:
            if word in ("-o", "-MQ", "-MF", "-MT", "-c"):
                next(words)
            elif word not in ("-MD", "-MMD"):
                kept.append(word)
        commands[parts[1]] = (kept + ["-fsyntax-only", "-x", "c", "-"], entry["directory"])
    return commands


def compile_include(command, include):
    words, directory = command
    code = f"#include {include}\nextern int sp_nothing;\n"
    done = subprocess.run(words, cwd=directory, input=code, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stderr


def first_header(source, layer):
    headers = sorted((source / "src" / layer).glob("*.h"))
    public = [header.name for header in headers if not header.name.endswith("-private.h")]
    return f"{layer}/{public[0]}" if public else None


def cases(source, layers, headers, layer):
    """(include, must it compile, words expected in the failure)"""
    for other in layers:
        header = first_header(source, other)
        if header is None:
            continue
        allowed = other == layer or other in layers[layer]
        yield f'"{header}"', allowed, "No such file" if not allowed else None
    for header, users in headers.items():
        if header.endswith("/"):
            found = sorted(pathlib.Path("/usr/include", header).glob("*.h"))
            if not found:
                continue
            header += "evp.h" if (found[0].parent / "evp.h").exists() else found[0].name
        allowed = layer in users
        yield f"<{header}>", allowed, "this layer may not use" if not allowed else None


def main():
    source, build = (pathlib.Path(arg).resolve() for arg in sys.argv[1:3])
    layers, headers = read_table(source / "build-aux" / "layers.txt")
    compilers = layer_compilers(source, build, layers)
    number = failed = 0
    for layer in (name for name in layers if name in compilers):
        for include, allowed, reason in cases(source, layers, headers, layer):
            compiled, errors = compile_include(compilers[layer], include)
            good = compiled if allowed else not compiled and reason in errors
            number += 1
            failed += not good
            verb = "may" if allowed else "may not"
            print(f"{'ok' if good else 'not ok'} {number} - {layer} {verb} include {include}")
            if not good:
                print("\n".join("# " + line for line in errors.splitlines()[:8]))
    print(f"1..{number}")
    return 1 if failed or number == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
