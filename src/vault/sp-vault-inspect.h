/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking at everything that belongs to one item, and at rows that belong to nothing: what verifying,
 * accepting and salvaging have in common. Damage is a finding here, never an error. */

#pragma once

#include "vault/sp-detail.h"
#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"

G_BEGIN_DECLS

/* An item with what holds of it. */
typedef struct {
  SpOverview overview;   /* pointers lead into the bytes that were inspected */
  SpOverviewLinks links; /* as its overview names them */
  SpItem *item;          /* (nullable) NULL when its detail does not hold */
  GArray *history;       /* (element-type SpRef) entries that hold, newest first */
  GArray *attachments;   /* (element-type SpAttachmentRef) those that are whole */
  GPtrArray *problems;   /* (element-type SpProblem) */
} SpInspection;

gboolean sp_vault_inspect (SpVault *self,
                           SpOverviewBytes overview,
                           GCancellable *cancellable,
                           SpInspection *out_inspection,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a detail whose overview is lost: `overview` is left empty but for id and number. */
gboolean sp_vault_inspect_orphan (SpVault *self,
                                  const SpRef *detail,
                                  GCancellable *cancellable,
                                  SpInspection *out_inspection,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_inspection_clear (SpInspection *self);

/* Whether an error, translated already, tells of damage rather than of a reading that failed. */
gboolean sp_error_is_damage (const GError *error);

static inline guint64
sp_attachment_count_chunks (const SpAttachmentRef *attachment)
{
  return attachment->size / SP_CHUNK_LEN + 1;
}

/* One chunk's content, valid until the next record is opened. `*inout_revision` is 0 before the first. */
gboolean sp_vault_read_chunk (SpVault *self,
                              const SpAttachmentRef *attachment,
                              guint32 index,
                              guint64 *inout_revision,
                              SpRecordBytes *out_data,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Row ids that something names. */
typedef struct {
  guint64 first;
  guint64 last;
} SpIdRange;

void sp_id_ranges_add (GArray *ranges, guint64 first, guint64 last);
/* Sorts them; returns the number of those that overlap the one before. */
guint sp_id_ranges_sort (GArray *ranges);
/* Rows outside of the sorted ranges. (element-type guint64), ascending unless the file is damaged. */
GArray *sp_vault_find_foreign (SpVault *self,
                               SpRecords table,
                               const GArray *ranges,
                               gboolean *out_complete,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
