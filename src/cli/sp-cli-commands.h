/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands, each in the cmd-*.c of its name, for main.c's table. */

#pragma once

#include "cli/sp-cli.h"

G_BEGIN_DECLS

gboolean cmd_add (SpCli *cli, GError **error);
gboolean cmd_attach (SpCli *cli, GError **error);
gboolean cmd_clear_clipboard (SpCli *cli, GError **error);
gboolean cmd_copy (SpCli *cli, GError **error);
gboolean cmd_create (SpCli *cli, GError **error);
gboolean cmd_duplicate (SpCli *cli, GError **error);
gboolean cmd_edit (SpCli *cli, GError **error);
gboolean cmd_export (SpCli *cli, GError **error);
gboolean cmd_generate (SpCli *cli, GError **error);
gboolean cmd_history (SpCli *cli, GError **error);
gboolean cmd_import (SpCli *cli, GError **error);
gboolean cmd_info (SpCli *cli, GError **error);
gboolean cmd_list (SpCli *cli, GError **error);
gboolean cmd_log (SpCli *cli, GError **error);
gboolean cmd_passwd (SpCli *cli, GError **error);
gboolean cmd_purge (SpCli *cli, GError **error);
gboolean cmd_recovery (SpCli *cli, GError **error);
gboolean cmd_remove (SpCli *cli, GError **error);
gboolean cmd_restore (SpCli *cli, GError **error);
gboolean cmd_rotate (SpCli *cli, GError **error);
gboolean cmd_salvage (SpCli *cli, GError **error);
gboolean cmd_search (SpCli *cli, GError **error);
gboolean cmd_show (SpCli *cli, GError **error);
gboolean cmd_slot (SpCli *cli, GError **error);
gboolean cmd_strength (SpCli *cli, GError **error);
gboolean cmd_totp (SpCli *cli, GError **error);
gboolean cmd_verify (SpCli *cli, GError **error);

G_END_DECLS
