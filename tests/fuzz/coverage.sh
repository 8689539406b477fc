#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# After the corpora were replayed by a build with -Db_coverage=true: prints which part of each reader's
# lines they reached (readers.txt), and fails where it is less than 90 %.
# Usage: coverage.sh BUILD_FOLDER
set -euo pipefail
build=$1
here=$(dirname "$0")
status=0

while read -r source; do
  case $source in '' | '#'*) continue ;; esac
  layer=$(basename "$(dirname "$source")")
  data=$build/src/libsp-$layer.a.p/${layer}_$(basename "$source").gcda
  percent=0.00
  [ ! -f "$data" ] || percent=$(gcov -n "$data" 2>/dev/null |
    awk -v name="$source" 'index($0, name "\x27") { found = 1 } found && /^Lines executed/ {
      sub(/^Lines executed:/, ""); sub(/%.*/, ""); print; exit }')
  printf '%6s %%  %s\n' "$percent" "$source"
  awk -v p="$percent" 'BEGIN { exit p < 90 }' || status=1
done <"$here/readers.txt"
[ "$status" -eq 0 ] || echo 'The corpora reach less than 90 % of a reader.'
exit "$status"
