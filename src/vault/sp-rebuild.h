/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Overviews made anew from the details of items whose page is lost (VAULT-FORMAT.md §7.1). */

#pragma once

#include "vault/sp-vault-private.h"

G_BEGIN_DECLS

/* Appends to `pages` (element-type SpPage) what the details numbered first..last say, in order, marked
 * unproven; and to `problems` one line for each item so rebuilt and for each detail that is damaged too. */
gboolean sp_rebuild_pages (SpVault *vault,
                           guint64 first,
                           guint64 last,
                           GPtrArray *pages,
                           GPtrArray *problems,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
