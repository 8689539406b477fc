/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking into an item, and showing it. */

#pragma once

#include <glib.h>

#include "cli/sp-cli.h"
#include "vault/sp-item.h"

G_BEGIN_DECLS

/* By the template's name; failing that by label; failing that by label in any case.
 * (element-type SpField), borrowed from the item; empty when there is none. */
GPtrArray *sp_cli_item_match_fields (const SpItem *item,
                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_item_has_template_field (const SpItem *item, const char *name);
/* "username, password, url" for an error's text. */
char *sp_cli_item_list_fields (const SpItem *item) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_item_print (SpCliOutput *output, const SpItem *item, guint n_history, gboolean reveal);
/* The short id (eight digits), as tables show it. */
void sp_cli_id_to_short (const SpId *id, char out_text[static 9]);

G_END_DECLS
