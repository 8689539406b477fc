/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpLogCheck: holds the activity log against the seal, in as many steps as one likes, and goes on from where it was
 * when there is more (VAULT-FORMAT.md §9). */

#pragma once

#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef enum {
  SP_LOG_FAULT_MISSING, /* the entries are not in the file */
  SP_LOG_FAULT_DAMAGED, /* they are, but not as they were written */
  SP_LOG_FAULT_OTHER, /* written with the key of this vault, but not in this log: from another copy */
  SP_LOG_FAULT_FOREIGN, /* rows of numbers that the log does not have */
} SpLogFaultKind;

typedef struct {
  SpLogFaultKind kind;
  guint64 first;
  guint64 last;
} SpLogFault;

typedef struct _SpLogCheck SpLogCheck;

SpLogCheck *sp_log_check_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_log_check_free (SpLogCheck *self);

/* Reads at most `max` entries more. Other processes may write meanwhile. */
gboolean sp_vault_check_log (SpVault *self, SpLogCheck *check, guint max, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether everything was read that there was. */
gboolean sp_log_check_is_complete (const SpLogCheck *self);
/* The entries that were read. last < first: none. */
void sp_log_check_get_range (const SpLogCheck *self, guint64 *out_first, guint64 *out_last);
/* What is wrong, the lowest number first; means something once the check is complete. (element-type SpLogFault) */
GArray *sp_log_check_dup_faults (const SpLogCheck *self) G_GNUC_WARN_UNUSED_RESULT;

const char *sp_log_fault_kind_to_name (SpLogFaultKind kind);                    /* "missing", ... */
char *sp_log_fault_describe (const SpLogFault *self) G_GNUC_WARN_UNUSED_RESULT; /* a sentence */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpLogCheck, sp_log_check_free)

G_END_DECLS
