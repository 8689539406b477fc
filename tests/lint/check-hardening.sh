#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Looks at a built program: position-independent, relocations read-only before it starts, no executable
# stack, stack protector, fortified calls, no library path of its own. Speaks TAP.
# Usage: check-hardening.sh PROGRAM
set -euo pipefail
program=$1
number=0
status=0

headers=$(readelf --wide --file-header --program-headers "$program")
dynamic=$(readelf --wide --dynamic "$program")
symbols=$(readelf --wide --dyn-syms "$program")

# expect WHAT TEXT PATTERN
expect() {
  number=$((number + 1))
  if grep -qE -- "$3" <<<"$2"; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    status=1
  fi
}

expect 'it is position-independent' "$headers" '^ *Type: +DYN'
expect 'it is a program, not a library' "$dynamic" 'FLAGS_1.*PIE'
expect 'relocations become read-only' "$headers" 'GNU_RELRO'
expect 'all symbols are bound at the start' "$dynamic" '(FLAGS.*BIND_NOW|FLAGS_1.*NOW)'
expect 'the stack is not executable' "$headers" 'GNU_STACK .* RW +0x'
expect 'no segment can be both written and executed' "$(grep -cE 'LOAD .* RWE ' <<<"$headers" || true)" '^0$'
expect 'functions check their stack' "$symbols" '__stack_chk_fail'
expect 'calls of the C library are fortified' "$symbols" '__[a-z]+_chk'
expect 'it names no library path' "$(grep -cE 'RPATH|RUNPATH' <<<"$dynamic" || true)" '^0$'

echo "1..$number"
exit "$status"
