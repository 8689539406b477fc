/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The last step of every change: the seal is part of the transaction that it seals. An object file of its
 * own, so that a test program can link one that does it the wrong way round, and see the crash suite
 * notice. */

#pragma once

#include <glib.h>

#include "store/sp-records.h"

G_BEGIN_DECLS

gboolean sp_commit_order_finish (SpDb *db,
                                 guint64 revision,
                                 const guint8 *seal,
                                 gsize len,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
