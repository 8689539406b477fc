#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Plays a first day with SecurePass in a throw-away folder: every command as one would type it, and what
# it prints. Needs no terminal and asks nothing.
# Usage: demo.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
sample=$(realpath "$(dirname "$0")/../data/demo/browser-passwords.csv")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
umask 077

# Nothing of the user's own is read or written.
export HOME=$folder XDG_STATE_HOME=$folder/state XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
mkdir "$folder/bin"
ln -s "$program" "$folder/bin/securepass-cli"
export PATH=$folder/bin:$PATH
cd "$folder"
cp "$sample" browser-passwords.csv

exec 2>&1 # so that a note stands where it belongs

bold='' cyan='' plain=''
if [ -t 1 ]; then
  bold=$'\033[1m' cyan=$'\033[36m' plain=$'\033[0m'
fi

tell() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }

# type_and_run COMMAND ARGUMENT...: shows it as typed, and runs it
type_and_run() {
  local word line='$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=@,-]*) line+=" '${word//\'/\'\\\'\'}'" ;;
      *) line+=" $word" ;;
    esac
  done
  printf '%s%s%s\n' "$cyan" "$line" "$plain"
  "$@"
}

cat <<'TEXT'
SecurePass in a terminal. All of this happens in a folder that is removed at the
end, with invented entries. You would be asked for the master password, without echo; here it is read from
a file with --password-file.
TEXT

printf 'Seven quiet otters count 41 lanterns\n' >password
export SECUREPASS_VAULT=home.vault
type_and_run export SECUREPASS_VAULT=home.vault

tell 'How strong is that master password?'
type_and_run securepass-cli --password-file password strength

tell 'A new vault. Opening it costs 256 MiB of memory, for us once, for a guesser with every guess.'
type_and_run securepass-cli --password-file password create --name Home

tell 'In comes what the browser knew; nothing of a row is dropped.'
type_and_run securepass-cli --password-file password import browser-passwords.csv
type_and_run securepass-cli --password-file password list

tell 'A few letters are enough: any word, any case, without its accents.'
type_and_run securepass-cli --password-file password search buch mul
type_and_run securepass-cli --password-file password search почта

tell 'Secrets stay hidden until they are asked for.'
type_and_run securepass-cli --password-file password show 'Sparkasse Musterstadt'
type_and_run securepass-cli --password-file password show 'Sparkasse Musterstadt' --reveal --field password

tell 'Copy a password, without showing it.'
if { [ -n "${WAYLAND_DISPLAY:-}" ] && command -v wl-copy >/dev/null; } ||
  { [ -n "${DISPLAY:-}" ] && command -v xclip >/dev/null; }; then
  type_and_run securepass-cli --password-file password copy Github
else
  echo '(There is no clipboard here: no screen, or neither wl-copy nor xclip. The command would be'
  echo ' "securepass-cli copy Github".)'
fi

tell 'A new account, with a generated password; and an old weak one replaced.'
type_and_run securepass-cli --password-file password add --title 'Garden forum' \
  --set username=anna --set url=https://garden.example/ --generate
type_and_run securepass-cli --password-file password show 'Garden forum' --reveal --field password
type_and_run securepass-cli --password-file password edit Router --generate
type_and_run securepass-cli --password-file password history Router

tell 'Deleted by mistake, and taken back.'
type_and_run securepass-cli --password-file password remove 'Film club'
type_and_run securepass-cli --password-file password search is:trashed
type_and_run securepass-cli --password-file password restore 'Film club'

tell 'A wrong password opens nothing.'
echo 'Seven quiet otters count 42 lanterns' >wrong
status=0
type_and_run securepass-cli --password-file wrong list || status=$?
[ "$status" -eq 3 ] || {
  echo "expected exit status 3, not $status"
  exit 1
}

tell 'Everything can be taken along again, as CSV or as complete JSON (its beginning).'
type_and_run securepass-cli --password-file password export --format json --output export.json
head -c 400 export.json
printf ' ...\n'

tell 'Is every record in the file genuine and whole?'
type_and_run securepass-cli --password-file password verify

tell 'Locked: each command ended with its keys wiped, and only the encrypted file is left.'
type_and_run ls -l home.vault
if grep -qa 'Sparkasse' home.vault; then
  echo 'A title can be read in the file!'
  exit 1
fi
type_and_run grep -c Sparkasse home.vault || true
