#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Files and functions that a reader can hold: a .c file of more than 900 lines fails and one of more than
# 600 asks for a second look; so do functions of more than 80 and 60 lines. It relies on the house format:
# a function's braces stand alone in column 0.
# Usage: check-sizes.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}

mapfile -t files < <(find "$root/src" "$root/tests" "$root/bench" -name '*.[ch]' 2>/dev/null | sort)
[ ${#files[@]} -gt 0 ] || { echo "no source file found"; exit 2; }

awk -v root="$root" '
  function report(lines, fail, warn, what) {
    if (lines > fail) { printf "%s: %d lines, at most %d\n", what, lines, fail; failed = 1 }
    else if (lines > warn) printf "warning: %s: %d lines\n", what, lines
  }
  function end_of_file() {
    if (name == "") return
    if (name ~ /\.c$/) report(length_so_far, 900, 600, name)
    else report(length_so_far, 300, 200, name)
  }
  FNR == 1 {
    end_of_file()
    name = FILENAME
    sub("^" root "/", "", name)
    files++
    inside = 0
  }
  { length_so_far = FNR }
  /^[a-zA-Z_].*\(/ { title = $1 }
  /^{$/ { inside = 1; begin = FNR }
  /^}/ && inside {
    if (title !~ /_class_init$/) report(FNR - begin + 1, 80, 60, name ":" begin ": " title "()")
    inside = 0
  }
  END {
    end_of_file()
    if (failed) exit 1
    printf "%d files and their functions are of a readable size\n", files
  }' "${files[@]}"
