/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpId: 16 bytes that name an item, a vault, a key slot; written as a lower-case RFC 4122 UUID. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_ID_LEN        16
#define SP_ID_STRING_LEN 36

typedef struct {
  guint8 bytes[SP_ID_LEN];
} SpId;

void sp_id_to_string (const SpId *self, char out_text[static SP_ID_STRING_LEN + 1]);
gboolean sp_id_from_string (const char *text, SpId *out_id) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_id_is_null (const SpId *self);
gboolean sp_id_equal (gconstpointer a, gconstpointer b);
guint sp_id_hash (gconstpointer self);

G_END_DECLS
