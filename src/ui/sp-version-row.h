/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One value of an item in an earlier version, and what it is now. */

#pragma once

#include <adwaita.h>

#include "ui/sp-item-diff.h"

G_BEGIN_DECLS

#define SP_TYPE_VERSION_ROW (sp_version_row_get_type ())
G_DECLARE_FINAL_TYPE (SpVersionRow, sp_version_row, SP, VERSION_ROW, AdwPreferencesRow)

/* Signals: ::copy, when the earlier value is asked for; ::revealed, when concealed ones are shown. */

SpVersionRow *sp_version_row_new (const SpDifference *difference,
                                  guint conceal_seconds) G_GNUC_WARN_UNUSED_RESULT;
const SpDifference *sp_version_row_peek_difference (SpVersionRow *self);
void sp_version_row_set_stacked (SpVersionRow *self, gboolean stacked); /* one above the other */
void sp_version_row_conceal (SpVersionRow *self);

G_END_DECLS
