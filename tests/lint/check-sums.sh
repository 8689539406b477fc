#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The line that everybody looks at is made by build-aux/sum-tests.py: here it counts invented logs. Speaks TAP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
python=/usr/bin/python3
[ -x "$python" ] || python=python3
number=0
status=0

# sums TITLE EXIT-STATUS LAST-LINE ARGUMENT...
sums() {
  local title=$1 expected_status=$2 expected=$3 got got_status=0
  shift 3
  got=$("$python" "$here/../../build-aux/sum-tests.py" "$@" | tail -n 1) || got_status=$?
  number=$((number + 1))
  if [ "$got" = "$expected" ] && [ "$got_status" -eq "$expected_status" ]; then
    echo "ok $number - $title"
  else
    printf 'not ok %d - %s\n# got "%s" and %d\n' "$number" "$title" "$got" "$got_status"
    status=1
  fi
}

cat >"$log" <<'LOG'
{"name": "plain", "result": "OK", "stdout": ""}
{"name": "tap", "result": "OK", "stdout": "1..2\nok 1 /a\nok 2 /b\n"}
LOG
sums 'a plain program counts once, TAP by its cases' 0 '3 passed, 0 failed' "$log"
sums 'steps count too' 1 '4 passed, 1 failed' "$log" '+built' '-not built'
printf '%s\n' '{"name": "bad", "result": "FAIL", "stdout": "ok 1 /a\nnot ok 2 /b\n"}' >"$log"
sums 'a failed case is one failure' 1 '1 passed, 1 failed' "$log"
printf '%s\n' '{"name": "crash", "result": "ERROR", "stdout": "1..3\nok 1 /a\nok 2 /b\n"}' >"$log"
sums 'a crash after passed cases is a failure' 1 '2 passed, 1 failed' "$log"
printf '%s\n' '{"name": "slow", "result": "TIMEOUT"}' >"$log"
sums 'so is a timeout' 1 '0 passed, 1 failed' "$log"
printf '%s\n' '{"name": "nested", "result": "OK", "stdout": "    ok 1 /a\n    ok 2 /b\n    1..2\nok 1 group\n1..1\n"}' >"$log"
sums 'the line that closes a group is no case' 0 '2 passed, 0 failed' "$log"
printf '%s\n' '{"name": "skipped", "result": "SKIP", "stdout": ""}' >"$log"
sums 'skipped is not passed' 1 '0 passed, 1 failed' "$log"
sums 'a log that is not there is a failure' 1 '0 passed, 1 failed' /nonexistent.json
: >"$log"
sums 'nothing ran: that is no success' 1 '0 passed, 0 failed' "$log"

echo "1..$number"
exit "$status"
