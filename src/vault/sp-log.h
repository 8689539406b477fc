/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpLog: the activity log in memory at one moment; immutable, counted, and read from any thread. One that has more
 * entries than another shares what both have:
 *
 *   log -> block of 1024 entries -> entry
 *
 * An entry that could not be read is there all the same, with the kind 0, so that what is seen has no hole. */

#pragma once

#include "vault/sp-vault-log.h"

G_BEGIN_DECLS

typedef struct _SpLog SpLog;

typedef struct {
  guint64 number;
  gint64 time_ms;
  guint64 count;
  SpId session;
  SpId subject;
  guint16 kind;   /* SpEventKind, also one of a later version; 0: it could not be read */
  guint16 device; /* for sp_log_get_device() */
  guint8 while_locked;
} SpLogEntry;

SpLog *sp_log_ref (SpLog *self);
void sp_log_unref (SpLog *self);

/* All that `before` (nullable) has, and at most `max` entries more: first those that came since, then, newest first,
 * those from before. `before` itself when nothing is left to read. Entries pruned since are let go. */
SpLog *sp_vault_load_log (SpVault *self, SpLog *before, guint max, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether everything was read that there was. */
gboolean sp_log_is_complete (const SpLog *self);
guint64 sp_log_get_n_entries (const SpLog *self); /* that were read */
guint64 sp_log_get_newest (const SpLog *self);    /* its number; 0 when there is none */
guint64 sp_log_get_total (const SpLog *self);     /* that the log had, read or not */
/* Of an entry that was read; borrowed. */
const SpLogEntry *sp_log_get (const SpLog *self, guint64 number);
const char *sp_log_get_device (const SpLog *self, const SpLogEntry *entry);

/* What is looked for; zeros look for everything. */
#define SP_LOG_MAX_KIND 128
typedef struct {
  guint64 kinds[SP_LOG_MAX_KIND / 64]; /* bits; none set: any */
  SpId subject;                        /* null: any */
  gint64 since_ms;
  gint64 until_ms; /* not itself; 0: no end */
} SpLogFilter;

void sp_log_filter_add_kind (SpLogFilter *self, SpEventKind kind);
gboolean sp_log_filter_matches (const SpLogFilter *self, const SpLogEntry *entry);
/* Numbers of the entries that match, newest first. (element-type guint64) */
GArray *sp_log_select (const SpLog *self, const SpLogFilter *filter) G_GNUC_WARN_UNUSED_RESULT;

/* How many entries of `kind` there are in each of n_edges - 1 spans of time. `edges` ascend. */
void sp_log_count (const SpLog *self,
                   SpEventKind kind,
                   const gint64 *edges,
                   gsize n_edges,
                   guint *out_counts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpLog, sp_log_unref)

G_END_DECLS
