#!/bin/sh
# Makes one include folder per layer, holding links to just those layers that it may see, so that an
# #include upward or sideways does not compile. Usage: include-roots.sh SOURCE_DIR OUTPUT_DIR LAYER DEP...
set -eu
source=$1 output=$2 layer=$3
shift 3
mkdir -p "$output/$layer"
for name in "$layer" "$@"; do
  ln -sfn "$source/$name" "$output/$layer/$name"
done
