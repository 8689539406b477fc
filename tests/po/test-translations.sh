#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The programs speak the language that the user asks for. The pseudo-locale stands for one that is complete.
# Speaks TAP. Usage: test-translations.sh SOURCE-FOLDER SECUREPASS-CLI
set -euo pipefail
source=$1
program=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$source"
export LC_ALL=C.UTF-8
number=0
status=0

# check WHAT COMMAND...: one test
check() {
  local what=$1
  shift
  number=$((number + 1))
  if "$@"; then
    echo "ok $number - $what"
  else
    echo "not ok $number - $what"
    status=1
  fi
}

# help LANGUAGE LOCALEDIR: what the program says of itself
help() {
  LANGUAGE=$1 SECUREPASS_LOCALEDIR=$2 "$program" --help
}

mapfile -t options <po/XGETTEXT_OPTIONS
xgettext "${options[@]}" --files-from=<(grep -v '^#' po/POTFILES) --output="$scratch/new.pot"
check 'the pseudo-locale keeps every placeholder and mnemonic' \
  tests/po/pseudo-locale.py "$scratch/new.pot" "$scratch/locale" xx
msgunfmt --no-wrap "$scratch/locale/xx/LC_MESSAGES/securepass.mo" >"$scratch/xx.po"

bare=$(grep -P '^msgstr(\[\d\])? "(?!(\\n)?\[|"$)' "$scratch/xx.po" || true)
check 'it puts every text in brackets' test -z "$bare"
check 'it is longer' grep -q '^msgstr "\[.*·····.*\]"' "$scratch/xx.po"

english=$(help '' "$scratch/locale")
strange=$(help xx "$scratch/locale")
check 'the program speaks English by itself' grep -q 'Make a new vault$' <<<"$english"
check 'and another language when it is asked to' grep -q '\[Ḿåķé å ñéŵ ṽåûļţ.*\]$' <<<"$strange"
check 'a language that is not there is English' test "$(help yy "$scratch/locale")" = "$english"
check 'so is one whose folder is not there' test "$(help xx "$scratch/none")" = "$english"

echo "1..$number"
exit "$status"
