/* SPDX-License-Identifier: GPL-3.0-or-later */

/* securepass-cli: the table of commands. */

#define G_LOG_DOMAIN "securepass-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/sp-locale.h"
#include "cli/sp-cli-commands.h"

static const SpCliCommand commands[] = {
  { "create", "", N_ ("Make a new vault"), cmd_create },
  { "import", N_ ("FILE | --undo"), N_ ("Bring in another manager’s CSV export"), cmd_import },
  { "export", N_ ("--format csv|json"), N_ ("Write everything out in the clear"), cmd_export },
  { "list", "", N_ ("List items"), cmd_list },
  { "search", N_ ("WORDS…"), N_ ("Find items, best match first"), cmd_search },
  { "show", N_ ("ID|TITLE"), N_ ("Show an item"), cmd_show },
  { "copy", N_ ("ID|TITLE"), N_ ("Copy a value to the clipboard"), cmd_copy },
  { "add", N_ ("--title TITLE"), N_ ("Add an item"), cmd_add },
  { "edit", N_ ("ID|TITLE"), N_ ("Change an item"), cmd_edit },
  { "duplicate", N_ ("ID|TITLE"), N_ ("Make a copy of an item"), cmd_duplicate },
  { "remove", N_ ("ID|TITLE…"), N_ ("Move items to the trash"), cmd_remove },
  { "restore", N_ ("ID|TITLE…"), N_ ("Take items out of the trash"), cmd_restore },
  { "purge", N_ ("[ID|TITLE…]"), N_ ("Delete what is in the trash for good"), cmd_purge },
  { "history", N_ ("ID|TITLE"), N_ ("List earlier versions, or restore one"), cmd_history },
  { "attach", N_ ("add|save|list|remove ID|TITLE [NAME]"), N_ ("Attachments"), cmd_attach },
  { "generate", "", N_ ("Make a password, a passphrase or a PIN"), cmd_generate },
  { "totp", N_ ("ID|TITLE…"), N_ ("Show one-time codes"), cmd_totp },
  { "strength", "", N_ ("Tell how strong a password is"), cmd_strength },
  { "passwd", "", N_ ("Change the master password"), cmd_passwd },
  { "slot", N_ ("list|add|rename|expire|remove [ID] [NAME|DATE]"), N_ ("What opens the vault"),
    cmd_slot },
  { "recovery", "new|use", N_ ("Make a recovery key, or use one"), cmd_recovery },
  { "rotate", "", N_ ("Replace the vault key, and encrypt everything anew"), cmd_rotate },
  { "verify", "", N_ ("Check everything in the vault"), cmd_verify },
  { "salvage", N_ ("TARGET"), N_ ("Bring what can be read into a new vault"), cmd_salvage },
  { "info", "", N_ ("Tell about the vault"), cmd_info },
  { "log", "", N_ ("Show or verify the activity log"), cmd_log },
  { "clear-clipboard", N_ ("SECONDS"), NULL, cmd_clear_clipboard },
};

int
main (int argc, char **argv)
{
  const struct rlimit no_core = { 0, 0 };

  /* Before anything is read: no core file, and no other process of this user looks in. */
  (void) setrlimit (RLIMIT_CORE, &no_core);
  (void) prctl (PR_SET_DUMPABLE, 0);
  sp_locale_set_up ();
  return sp_cli_main (argc, argv, commands, G_N_ELEMENTS (commands));
}
