/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The records in an SpDb: (id, revision, data) in each table of VAULT-FORMAT.md §2.2, and the few tables
 * of another shape. */

#pragma once

#include <glib.h>

#include "store/sp-db.h"

G_BEGIN_DECLS

/* Tables of the common shape. */
typedef enum {
  SP_RECORDS_SEAL_A,
  SP_RECORDS_SEAL_B,
  SP_RECORDS_SETTING,
  SP_RECORDS_INDEX_BLOCK,
  SP_RECORDS_PAGE,
  SP_RECORDS_DETAIL,
  SP_RECORDS_HISTORY,
  SP_RECORDS_ATTACHMENT,
  SP_RECORDS_AUDIT,
  SP_RECORDS_DRAFT,
} SpRecords;
#define SP_N_RECORDS 10

const char *sp_records_get_name (SpRecords table); /* "seal_a", ... */

/* Reads one row. Found: TRUE and *out_data points at the row's bytes, valid until the next call on this
 * table or sp_records_done(). Not found: TRUE and *out_data is NULL. FALSE: it cannot be read (CORRUPT, IO, ...). */
gboolean sp_records_get (SpDb *db,
                         SpRecords table,
                         guint64 id,
                         guint64 *out_revision,
                         const guint8 **out_data,
                         gsize *out_len,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_records_done (SpDb *db, SpRecords table);

gboolean sp_records_put (SpDb *db,
                         SpRecords table,
                         guint64 id,
                         guint64 revision,
                         const guint8 *data,
                         gsize len,
                         GError **error)
    G_GNUC_WARN_UNUSED_RESULT; /* inserts or replaces, in place when the length is the same */
/* The same for a row behind all others of its table, with room left near it. */
gboolean sp_records_put_new (SpDb *db,
                             SpRecords table,
                             guint64 id,
                             guint64 revision,
                             const guint8 *data,
                             gsize len,
                             gsize room,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
sp_records_delete (SpDb *db, SpRecords table, guint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_records_delete_range (SpDb *db,
                                  SpRecords table,
                                  guint64 first,
                                  guint64 last,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows below zero: nobody of us made them. */
gboolean
sp_records_delete_unnumbered (SpDb *db, SpRecords table, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_records_count (SpDb *db, SpRecords table, guint64 *out_n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Calls `visit` for each row that can be reached, ascending; where SQLite hits damage it goes on from the
 * other end, so that everything that it can reach is seen once. *out_complete is FALSE when there was damage.
 * `visit` returns FALSE to stop, which is not an error. `data` is valid during the call only. */
typedef gboolean (*SpRecordsVisit) (guint64 id,
                                    guint64 revision,
                                    const guint8 *data,
                                    gsize len,
                                    gpointer user_data);
gboolean sp_records_visit (SpDb *db,
                           SpRecords table,
                           SpRecordsVisit visit,
                           gpointer user_data,
                           gboolean *out_complete,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The ids in [first, last] of the rows that sp_records_visit() would see, ascending. (element-type guint64) */
GArray *sp_records_collect (SpDb *db,
                            SpRecords table,
                            guint64 first,
                            guint64 last,
                            gboolean *out_complete,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same over ids in [first, last], descending when first > last; stops at damage with FALSE. */
gboolean sp_records_visit_range (SpDb *db,
                                 SpRecords table,
                                 guint64 first,
                                 guint64 last,
                                 SpRecordsVisit visit,
                                 gpointer user_data,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Key slots: slot_a and slot_b. */
typedef struct {
  guint64 position;
  guint64 revision;
  GBytes *fixed;
  GBytes *changing;
} SpSlotRow;

void sp_slot_row_free (SpSlotRow *self);
/* Copy 0 is slot_a, 1 is slot_b. (element-type SpSlotRow), as far as it can be reached. */
GPtrArray *sp_slot_rows_read (SpDb *db, guint copy, gboolean *out_complete, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Both copies. */
gboolean
sp_slot_rows_put (SpDb *db, const SpSlotRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_slot_rows_delete (SpDb *db, guint64 position, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* lockout (one row) and locked_event. */
gboolean sp_lockout_read (SpDb *db,
                          guint64 *out_failures,
                          gint64 *out_last_ms,
                          guint8 out_event_key[static 32],
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_lockout_write (SpDb *db,
                           guint64 failures,
                           gint64 last_ms,
                           const guint8 event_key[static 32],
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_locked_event_add (SpDb *db, GBytes *data, guint max_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sp_locked_event_read (SpDb *db, GError **error)
    G_GNUC_WARN_UNUSED_RESULT; /* (element-type GBytes) */
gboolean sp_locked_event_clear (SpDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSlotRow, sp_slot_row_free)

G_END_DECLS
