#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-keyring.sh PROGRAM...: runs it with a session bus, an unlocked keyring and folders of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home XDG_RUNTIME_DIR=$folder/run XDG_DATA_HOME=$folder/data XDG_CONFIG_HOME=$folder/config
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS FLATPAK_ID
# The frames of what is left have to be followed far to know whose it is.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}fast_unwind_on_malloc=0
export LSAN_OPTIONS=print_suppressions=0:suppressions=${0%.sh}.supp
# The keyring's own warnings are not ours to end it for.
# shellcheck disable=SC2016  # the inner shell's words
dbus-run-session -- bash -c '
  printf keyring | env -u G_DEBUG gnome-keyring-daemon --unlock --components=secrets >"$HOME/keyring.log" 2>&1
  "$@"' with-keyring "$@"
