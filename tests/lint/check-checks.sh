#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Plants one violation after the other in a copy of a tiny tree and expects that the check that is there
# for it finds it: a lint that cannot fail proves nothing. Speaks TAP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
number=0
status=0

report() {
  number=$((number + 1))
  echo "$1 $number - $2"
  [ "$1" = ok ] || status=1
}

lay_tree() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/src/base" "$tree/src/vault" "$tree/build-aux"
  cp "$here/../../build-aux/layers.txt" "$tree/build-aux/"
  cp "$here/../../.clang-format" "$tree/"
  cat >"$tree/src/base/sp-tiny.c" <<'C'
/* SPDX-License-Identifier: GPL-3.0-or-later */
int
sp_tiny (void)
{
  return 0;
}
C
  sed 's/sp_tiny/sp_vault_tiny/' "$tree/src/base/sp-tiny.c" >"$tree/src/vault/sp-tiny.c"
  mkdir -p "$tree/po" "$tree/data/ui"
  cp "$here/../../po/XGETTEXT_OPTIONS" "$tree/po/"
  {
    head -n 1 "$tree/src/base/sp-tiny.c"
    echo 'static const char *text = _("The vault is %s");'
  } >"$tree/src/vault/sp-text.c"
  echo src/vault/sp-text.c >"$tree/po/POTFILES"
  echo de >"$tree/po/LINGUAS"
  printf '%s\n' 'msgid ""' 'msgstr ""' '"Project-Id-Version: x\n"' '"PO-Revision-Date: 2026-11-24 12:00+0000\n"' \
    '"Last-Translator: x\n"' '"Language-Team: x\n"' '"Language: de\n"' '"MIME-Version: 1.0\n"' \
    '"Content-Type: text/plain; charset=UTF-8\n"' '"Content-Transfer-Encoding: 8bit\n"' '' \
    '#, c-format' 'msgid "The vault is %s"' 'msgstr "Der Tresor ist %s"' '' >"$tree/po/de.po"
}

# finds CHECK FILE LINE: the check passes on the clean tree, and fails once LINE stands at FILE's end
finds() {
  lay_tree
  if ! "$here/check-$1.sh" "$tree" >/dev/null; then
    report "not ok" "$1 passes on a clean tree"
    return
  fi
  printf '%s\n' "$3" >>"$tree/$2"
  if "$here/check-$1.sh" "$tree" >/dev/null 2>&1; then
    report "not ok" "$1 finds ${3%%$'\n'*} in $2"
  else
    report ok "$1 finds ${3%%$'\n'*} in $2"
  fi
}

long_function=$(printf 'void\nf (void)\n{\n'; for _ in {1..90}; do echo '  g ();'; done; echo '}')
long_file=$(for _ in {1..900}; do echo '/* a line */'; done)

finds layers src/base/sp-tiny.c '#include "vault/sp-vault.h"'
finds layers src/base/sp-tiny.c '#include "../vault/sp-vault.h"'
finds layers src/vault/sp-tiny.c '#include "store/sp-db-private.h"'
finds layers src/vault/sp-tiny.c '#include <sqlite3.h>'
finds layers src/vault/sp-tiny.c '#include <openssl/evp.h>'
finds layers src/vault/sp-tiny.c '#include <gtk/gtk.h>'
finds sizes src/base/sp-tiny.c "$long_function"
finds sizes src/base/sp-tiny.c "$long_file"
finds words src/base/sp-tiny.c 'static void f (char *a) { strcpy (a, "b"); }'
finds words src/vault/sp-tiny.c 'static int f (void) { return memcmp (a, b, 16); }'
finds words src/vault/sp-tiny.c 'static char *f (void) { return g_strdup (sp_secret_peek (s)); }'
finds words src/vault/sp-tiny.c 'static int f (void) { return g_random_int (); }'
finds words src/base/sp-tiny.c '/* TO''DO: later */'
finds words src/base/sp-tiny.c '// a comment'
finds words src/base/sp-tiny.c "/* /ro""ot/file */"
finds format src/base/sp-tiny.c 'int  f(void){return 0;}'
finds static src/base/sp-tiny.c 'int f (void) { int a[2]; return a[2]; }'
finds translations src/base/sp-tiny.c 'static const char *text = _("In a file that is not listed");'
finds translations src/vault/sp-text.c 'static const char *other = _("Another one");'
finds translations src/vault/sp-text.c 'static const char *other = _("The vaults are %s");'
finds translations data/ui/sp-tiny.ui '<interface><property name="label">Forgotten</property></interface>'
finds translations data/ui/sp-tiny.ui '<interface><requires lib="gtk" version="4.8"/><object class="GtkLabel"><property
  name="label" translatable="yes">Not listed</property></object></interface>'
finds translations po/POTFILES src/base/sp-gone.c
finds translations po/LINGUAS fr
finds translations po/de.po "$(printf '%s\n' '#, c-format' 'msgid "%d items"' 'msgstr "%s Einträge"')"
finds translations po/de.po "$(printf '%s\n' 'msgid "_Lock"' 'msgstr "Sperren"')"

lay_tree
sed -i 1d "$tree/src/base/sp-tiny.c"
if "$here/check-words.sh" "$tree" >/dev/null; then
  report "not ok" "words misses a licence line that is not there"
else
  report ok "words finds a missing licence line"
fi

echo "1..$number"
exit "$status"
