/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCsvText: a file's bytes in wiped pages, turned into UTF-8. Private to SpCsv. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *data;     /* in pages; not terminated */
  gsize len;      /* bytes of text */
  gsize capacity; /* bytes mapped */
  gsize start;    /* where the text begins, behind a byte-order mark */
} SpCsvText;

typedef enum {
  SP_CSV_TEXT_FINE,
  SP_CSV_TEXT_NOT_UTF8,
  SP_CSV_TEXT_NUL,
} SpCsvTextFault;

gboolean
sp_csv_text_reserve (SpCsvText *self, gsize capacity, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_csv_text_append (SpCsvText *self, const guint8 *data, gsize len, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_csv_text_read (SpCsvText *self,
                           GInputStream *stream,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_csv_text_decode (SpCsvText *self,
                             gboolean windows_1252,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpCsvTextFault sp_csv_text_check (const SpCsvText *self, gsize *out_offset);
void sp_csv_text_clear (SpCsvText *self);

G_END_DECLS
