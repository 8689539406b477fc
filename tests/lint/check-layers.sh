#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Reads every #include of src/ and holds it against build-aux/layers.txt: own and lower layers only, no
# "../", no private header of another layer, no external header that the layer is not allowed.
# Usage: check-layers.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
table=$root/build-aux/layers.txt

mapfile -t files < <(find "$root/src" -name '*.[ch]' | sort)
[ ${#files[@]} -gt 0 ] || { echo "no source file found"; exit 2; }

awk -v table="$table" -v root="$root" '
  function complain(what) {
    file = FILENAME
    sub("^" root "/", "", file)
    printf "%s:%d: %s\n", file, FNR, what
    failed = 1
  }
  BEGIN {
    while ((getline line < table) > 0) {
      n = split(line, word, " ")
      if (word[1] == "layer") {
        known[word[2]] = 1
        for (i = 2; i <= n; i++) may[word[2], word[i]] = 1
      } else if (word[1] == "header") {
        guarded[word[2]] = 1
        for (i = 3; i <= n; i++) uses[word[i], word[2]] = 1
      }
    }
  }
  FNR == 1 {
    layer = FILENAME
    sub("^" root "/src/", "", layer)
    sub("/.*", "", layer)
    files++
    if (!(layer in known)) complain("the folder src/" layer " is not in build-aux/layers.txt")
  }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    name = part[2]
    if (name == "config.h") next
    if (index(name, "../")) { complain("includes are written from src/, without ../"); next }
    if (!index(name, "/")) { complain("write \"" layer "/" name "\""); next }
    other = name
    sub("/.*", "", other)
    if (!((layer, other) in may)) complain(layer " may not include " name)
    else if (other != layer && name ~ /-private\.h$/) complain(name " is private to " other)
  }
  /^[ \t]*#[ \t]*include[ \t]*</ {
    name = $0
    sub(/^[^<]*</, "", name)
    sub(/>.*/, "", name)
    folder = name
    sub("/.*", "/", folder)
    key = (name in guarded) ? name : (folder in guarded) ? folder : ""
    if (key != "" && !((layer, key) in uses)) complain(layer " may not include <" name ">")
    if (index(name, "../") || name ~ /^sp-/) complain("project headers are included in quotes")
  }
  END {
    if (failed) exit 1
    printf "%d files keep to their layers\n", files
  }' "${files[@]}"
