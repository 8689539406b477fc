#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the desktop reads about the program is valid, and the icons are such as GTK 4.8 can recolour.
# Usage: check-desktop.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/../..}
cd "$root/data"
id=org.securepass.SecurePass
failed=0
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT

complain() {
  echo "$1"
  failed=1
}

# Both tools look at the name's ending too.
cp "$id.desktop.in" "$copies/$id.desktop"
cp "$id.metainfo.xml.in" "$copies/$id.metainfo.xml"
desktop-file-validate "$copies/$id.desktop" || failed=1
appstreamcli validate --no-net --explain "$copies/$id.metainfo.xml" || failed=1

version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" ../meson.build | head -n 1)
grep -q "<release version=\"$version\"" "$id.metainfo.xml.in" ||
  complain "$id.metainfo.xml.in: no release $version, the version in meson.build"

icon=$(sed -n 's/^Icon=//p' "$id.desktop.in")
for file in "scalable/apps/$icon.svg" "symbolic/apps/$icon-symbolic.svg"; do
  [ -f "icons/hicolor/$file" ] || complain "icons/hicolor/$file: not there"
done

count=0
for file in icons/hicolor/scalable/actions/*.svg icons/hicolor/symbolic/apps/*.svg; do
  count=$((count + 1))
  grep -q 'width="16" height="16" viewBox="0 0 16 16"' "$file" || complain "$file: not 16 pixels in size"
  if grep -vE '^(<\?xml .*|<!-- .* -->|</?svg.*>|  <path fill="#2e3436" d="[^"]*"/>)$' "$file"; then
    complain "$file: only paths filled with #2e3436 follow the colour of the text"
  fi
done

[ "$failed" -eq 0 ] || exit 1
echo "$count symbolic icons"
