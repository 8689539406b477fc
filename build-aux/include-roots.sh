#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes one include folder per layer: links to just those layers that it may see, so that an #include
# upward or sideways does not compile, and for every external header that layers.txt keeps from it a
# header of that name that ends the compilation (what is installed in the system's own include folder
# could be included by anyone). A name that layers.txt does not know, such as `all`, is kept from nothing.
# Usage: include-roots.sh SOURCE_DIR OUTPUT_DIR LAYER DEP...
set -eu
source=$1 output=$2 layer=$3
table=$(dirname "$0")/layers.txt
shift 3

rm -rf "${output:?}/$layer"
mkdir -p "$output/$layer"
for name in "$layer" "$@"; do
  ln -sfn "$source/$name" "$output/$layer/$name"
done
grep -q "^layer $layer\b" "$table" || exit 0

# forbid FOLDER FILE: starts no process of its own for each of a library's hundred headers
forbid() {
  [ -d "$output/$layer/$1" ] || mkdir -p "$output/$layer/$1"
  printf '#error "%s: this layer may not use <%s>"\n' "$layer" "${1:+$1/}$2" >"$output/$layer/$1/$2"
}

grep '^header ' "$table" | while read -r _ header allowed; do
  case " $allowed " in *" $layer "*) continue ;; esac
  case $header in
    */)
      header=${header%/}
      for folder in /usr/include /usr/local/include; do
        for file in "$folder/$header"/*.h; do
          [ ! -e "$file" ] || forbid "$header" "${file##*/}"
        done
      done
      ;;
    */*) forbid "${header%/*}" "${header##*/}" ;;
    *) forbid '' "$header" ;;
  esac
done
exit 0
