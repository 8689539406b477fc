#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The C of the project is formatted as clang-format 14 prints it; other versions differ in details.
# Usage: check-format.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
cd "$root"

tool=$(command -v clang-format-14 || command -v clang-format)
case $("$tool" --version) in
  *"version 14."*) ;;
  *)
    echo "warning: the format is that of clang-format 14, this is $("$tool" --version)"
    exit 0
    ;;
esac
{ find src tests bench -name '*.[ch]' -print0 2>/dev/null || true; } |
  xargs -0 "$tool" --dry-run -Werror
