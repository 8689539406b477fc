#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every shell script passes shellcheck, every Python script parses.
# Usage: check-scripts.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
cd "$root"
python=/usr/bin/python3
[ -x "$python" ] || python=python3

{
  printf '%s\0' dev .ci/run
  find build-aux tests bench data -name '*.sh' -print0 2>/dev/null || true
} | xargs -0 shellcheck --severity=style

{ find build-aux tests bench -name '*.py' 2>/dev/null || true; } |
  "$python" -c '
import ast, sys
for path in sys.stdin.read().splitlines():
    ast.parse(open(path, encoding="utf-8").read(), path)
'
