#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# cppcheck over src/, with its knowledge of GLib.
# Usage: check-static.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
cd "$root"

cppcheck --quiet -j 2 --std=c11 --library=gtk --error-exitcode=1 --inline-suppr \
  --enable=warning,performance,portability -I src \
  --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
  --template='{file}:{line}: {severity}: {message} [{id}]' src
