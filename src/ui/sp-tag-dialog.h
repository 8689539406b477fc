/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpTagDialog: the tags of some items, to be ticked; what is typed narrows the list, or becomes a tag. It closes itself
 * when the vault is locked. */

#pragma once

#include <adwaita.h>

#include "services/sp-session-bulk.h"

G_BEGIN_DECLS

#define SP_TYPE_TAG_DIALOG (sp_tag_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpTagDialog, sp_tag_dialog, SP, TAG_DIALOG, AdwWindow)

/* Signal: ::applied, when it is to be done as it was ticked; the dialog closes itself then. */

/* `tags` are all that there are. Open vaults only. */
SpTagDialog *sp_tag_dialog_new (GtkWindow *parent,
                                SpSession *session,
                                GArray *numbers,
                                const char *const *tags) G_GNUC_WARN_UNUSED_RESULT;
/* The changes that it takes; without any when all was left as it is. */
SpBulk *sp_tag_dialog_make_bulk (SpTagDialog *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
