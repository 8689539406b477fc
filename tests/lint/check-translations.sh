#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Everything that people read can be translated, and the languages of po/LINGUAS are complete: each file with
# a text stands in po/POTFILES, no text of a layout is left unmarked, no catalogue has a text that is missing,
# fuzzy or broken. docs/TRANSLATING.md says how to mend it.
# Usage: check-translations.sh [ROOT]
set -euo pipefail
export LC_ALL=C.UTF-8
cd "${1:-$(dirname "$0")/../..}"
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

complain() {
  echo "$1"
  failed=1
}

# extract LIST TEMPLATE: what xgettext finds in the files; what it cannot read is a failure, too
extract() {
  xgettext "${options[@]}" --files-from="$1" --force-po --output="$2" 2>"$scratch/messages" ||
    complain 'xgettext failed'
  [ ! -s "$scratch/messages" ] || complain "$(cat "$scratch/messages")"
}

mapfile -t options <po/XGETTEXT_OPTIONS
mapfile -t languages < <(grep -v '^#' po/LINGUAS)
grep -v '^#' po/POTFILES >"$scratch/listed"

# ---- the list of files ---------------------------------------------------------------------------------

sort -cu "$scratch/listed" || complain 'po/POTFILES: keep it sorted, each file once'
while read -r file; do
  [ -f "$file" ] || complain "po/POTFILES: $file is not there"
done <"$scratch/listed"

find src data \( -name '*.[ch]' -o -name '*.ui' -o -name '*.desktop.in' -o -name '*.metainfo.xml.in' \
  -o -name '*.gschema.xml' \) | sort >"$scratch/all"
comm -23 "$scratch/all" "$scratch/listed" >"$scratch/others"
extract "$scratch/others" "$scratch/others.pot"
while read -r file; do
  complain "po/POTFILES: $file has a text, and is missing"
done < <(sed -n 's/^#: //p' "$scratch/others.pot" | tr ' ' '\n' | sed 's/:[0-9]*$//' | sort -u)

# ---- the layouts ---------------------------------------------------------------------------------------

names='label|title|subtitle|description|tooltip-text|placeholder-text|heading|body|text|summary|comments'
mapfile -t layouts < <(grep '\.ui$' "$scratch/all")
if [ ${#layouts[@]} -gt 0 ] &&
  grep -nHP "<(property|attribute) name=\"($names)\"(?![^>]*translatable=\"yes\")[^>]*>(?!(SecurePass|[A-Z]+)<)[^<]*\\pL{2}" "${layouts[@]}"; then
  complain 'a text without translatable="yes"'
fi

# ---- the languages -------------------------------------------------------------------------------------

if [ "$failed" -eq 0 ]; then
  extract "$scratch/listed" "$scratch/new.pot"
fi

# count WHAT MSGATTRIB-OPTION FILE LANGUAGE: complains about entries that are so
count() {
  local entries
  entries=$(msgattrib "$2" --no-obsolete --no-wrap "$3" | grep -A 2 '^msgid' | grep -v '^msgid ""$' || true)
  if [ -n "$entries" ]; then
    printf '%s\n' "$entries"
    complain "po/$4.po: the texts above are $1"
  fi
}

for language in "${languages[@]}"; do
  if [ ! -f "po/$language.po" ]; then
    complain "po/$language.po is not there"
    continue
  fi
  msgfmt --check --check-accelerators=_ --output-file=/dev/null "po/$language.po" ||
    complain "po/$language.po: see above"
  if [ -f "$scratch/new.pot" ]; then
    msgmerge --quiet --output-file="$scratch/$language.po" "po/$language.po" "$scratch/new.pot"
    count 'not translated' --untranslated "$scratch/$language.po" "$language"
    count 'fuzzy: look at them' --only-fuzzy "$scratch/$language.po" "$language"
  fi
done
for file in po/*.po; do
  [ ! -f "$file" ] || grep -qx "$(basename "$file" .po)" po/LINGUAS || complain "$file: not in po/LINGUAS"
done

[ "$failed" -eq 0 ] || exit 1
echo "$(wc -l <"$scratch/listed") files with texts, ${#languages[@]} complete languages"
