#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Words that must not stand in the tree: calls that are unsafe or leak secrets, unfinished work without
# an issue, paths and hosts of the machine it was written on; and the licence line that must.
# A line that is right all the same says why in a comment that begins with "lint:".
# Usage: check-words.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
cd "$root"
failed=0

# What stands in a C string is no call and no comment.
no_string='"([^"\\]|\\.)*"(*SKIP)(*F)|'

# ban REASON PATTERN FILE...
ban() {
  local reason=$1 pattern=$2 hits
  shift 2
  [ $# -gt 0 ] || return 0
  hits=$(grep -nHP -e "$pattern" -- "$@" | grep -v 'lint: ' || true)
  if [ -n "$hits" ]; then
    printf '%s\n  -> %s\n' "$hits" "$reason"
    failed=1
  fi
}

files() {
  find "$@" -not -path '*/.git/*' -not -path './build/*' -not -path './build-*/*' 2>/dev/null | sort
}

mapfile -t c_files < <(files src tests bench -name '*.[ch]')
mapfile -t engine_files < <(files src -name '*.[ch]')
mapfile -t compare_files < <(files src/vault src/crypto src/base src/password -name '*.c')
mapfile -t scripts < <(files . \( -name '*.sh' -o -name '*.py' -o -path ./dev -o -path ./.ci/run \))
mapfile -t text_files < <(files . -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \
  -o -name '*.md' -o -name '*.txt' -o -name 'meson.build' -o -path ./dev -o -path ./.ci/run \))
[ ${#c_files[@]} -gt 0 ] || { echo "no source file found"; exit 2; }

ban 'unbounded or obsolete; use the GLib call that takes a size' \
  "$no_string"'(?<![\w.>])(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|atoi|atol|atof|mktemp|tmpnam|tempnam)\s*\(' \
  "${c_files[@]}"
ban 'no shell is started, and randomness comes from crypto/sp-random.h' \
  "$no_string"'(?<![\w.>])(system|popen|rand|srand|random|drand48|g_random_\w+|g_rand_\w+)\s*\(' "${engine_files[@]}"
ban 'compare with sp_bytes_equal(); where nothing secret is compared, say so after "lint:"' \
  "$no_string"'(?<![\w])(memcmp|bcmp)\s*\(' "${compare_files[@]}"
ban 'a secret must not be copied into ordinary memory, printed or logged' \
  '\b(g_strn?dup\w*|g_string_\w+|g_memdup2|g_print\w*|g_debug|g_message|g_info|g_warning|g_set_error\w*|printf|fprintf)\s*\(.*sp_secret_peek' \
  "${engine_files[@]}"
ban 'assertions stay in the release' 'G_DISABLE_(ASSERT|CHECKS)|\bNDEBUG\b' "${c_files[@]}"
ban 'comments are written /* so */' "$no_string"'(^|[;{})\s])//( |$)' "${c_files[@]}"
ban 'unfinished work names its issue: TODO(#123)' \
  '\b(TODO(?!\(#\d+\))|FIXME|XXX|HACK)\b(?!\\)' "${c_files[@]}" "${scripts[@]/*check-words.sh/dev}"
ban 'a path of one machine' '(?<![\w./$}"])/(w[o]rk|r[o]ot|h[o]me/\w+)/' "${text_files[@]}"
ban 'a package registry host' \
  '(deb[.]debian[.]org|snapshot[.]debian|security[.]debian|archive[.]ubuntu|registry[.]npmjs|pypi[.]org|pythonhoste[d]|crates[.]io|proxy[.]golang|nodesourc[e])' \
  "${text_files[@]}"

awk '
  function end_of_file() { if (name != "" && !licensed) { print name ": the licence line is missing"; failed = 1 } }
  FNR == 1 { end_of_file(); name = FILENAME; licensed = 0 }
  FNR <= 3 && /SPDX-License-Identifier: GPL-3\.0-or-later/ { licensed = 1 }
  END { end_of_file(); exit failed }
' "${c_files[@]}" "${scripts[@]}" || failed=1

[ "$failed" -eq 0 ] || exit 1
echo "${#text_files[@]} files without a banned word"
