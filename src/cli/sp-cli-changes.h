/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What "add" and "edit" are asked to change in an item. Secrets are read once and before the item is
 * touched, so that the same changes can be made again when somebody else was quicker. */

#pragma once

#include <glib.h>

#include "cli/sp-cli.h"
#include "vault/sp-item.h"

G_BEGIN_DECLS

typedef struct _SpCliChanges SpCliChanges;

SpCliChanges *sp_cli_changes_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_changes_free (SpCliChanges *self);
char **sp_cli_changes_parse (SpCliChanges *self,
                             SpCli *cli,
                             guint min_operands,
                             guint max_operands,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *sp_cli_changes_get_title (const SpCliChanges *self); /* NULL when not given */
/* What can be checked before the vault is opened. The type is that given, or login. */
gboolean sp_cli_changes_get_type (const SpCliChanges *self,
                                  SpItemType *out_type,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads files and asks; the item says which fields are secret. */
gboolean sp_cli_changes_prepare (SpCliChanges *self, SpCli *cli, const SpItem *item, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_changes_apply (const SpCliChanges *self,
                               SpItem *item,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpCliChanges, sp_cli_changes_free)

G_END_DECLS
