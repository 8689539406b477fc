#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# No character of a recovery key or key file is an index into one of GLib's or the C library's tables.
# Usage: check-no-tables.sh FILE...
set -euo pipefail
[ $# -gt 0 ]
if grep -nE '\bg_ascii_(is|to|digit|xdigit|table|str)|(^|[^_a-z])(is(space|x?digit|alnum|alpha)|to(upper|lower)) *\(' "$@"; then
  echo "this looks a character up in a table"
  exit 1
fi
