/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When something is wrong: what exactly, and what can be done. */

#pragma once

#include <gio/gio.h>

#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

typedef enum {
  SP_PROBLEM_MISSING, /* named by its parent, not in the file */
  SP_PROBLEM_DAMAGED, /* there, but its tag or its content does not hold */
  SP_PROBLEM_OTHER, /* a valid record of this vault, but not the one named: older, replayed, swapped */
  SP_PROBLEM_FOREIGN,    /* in the file, named by nobody */
  SP_PROBLEM_UNREADABLE, /* SQLite cannot reach it */
  SP_PROBLEM_COPY,       /* one of two copies (seal, slot) does not hold; the other serves */
  SP_PROBLEM_LOG,        /* the activity log's chain does not hold */
  SP_PROBLEM_FILE,       /* what SQLite's own integrity check says */
} SpProblemKind;

typedef struct {
  SpProblemKind kind;
  const char *table; /* static: "detail", "page", "seal", ... */
  guint64 record;    /* 0 when none */
  SpId item;         /* null when not known */
  char *title;       /* NULL when not known; not for logs */
  char *text;        /* a sentence; never a secret */
} SpProblem;

void sp_problem_free (SpProblem *self);
const char *sp_problem_kind_to_name (SpProblemKind kind);

/* What opening found. (element-type SpProblem), borrowed */
const GPtrArray *sp_vault_peek_problems (const SpVault *self);

typedef void (*SpProgress) (guint64 done, guint64 total, gpointer data);

/* Decrypts and compares everything there is, the log and SQLite's own structures included. An empty
 * array is a clean bill. (element-type SpProblem) */
GPtrArray *sp_vault_verify (SpVault *self,
                            SpProgress progress,
                            gpointer data,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DAMAGED, OLDER, FORKED (or SOUND, when verifying found something): copies the file to `copy_path` (which must not exist), then seals what is there
 * anew: lost records are let go, rebuilt ones are marked unproven, and the lineage changes. Afterwards the
 * vault may be written. */
gboolean
sp_vault_accept (SpVault *self, const char *copy_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint n_items;    /* brought home whole */
  guint n_unproven; /* of these: rebuilt from their details */
  guint n_lost;     /* known to have been there, not readable */
  guint n_attachments_lost;
  GPtrArray *problems; /* (element-type SpProblem) (owned) */
} SpSalvageReport;

void sp_salvage_report_free (SpSalvageReport *self);

/* Brings everything that can be read from a vault, however damaged, into a new vault at `target_path`
 * with the same password. The damaged file is not written, but for counting a wrong password where all key
 * slots hold. */
SpSalvageReport *sp_vault_salvage (const char *path,
                                   const SpSecret *password,
                                   const char *target_path,
                                   const SpVaultEnvironment *environment,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a password slot of any factors, and for a recovery key. `next` is what opens the new vault: a new master
 * password, and what is to be asked for besides; NULL, for a password only: what opened the damaged one. */
SpSalvageReport *sp_vault_salvage_with (const char *path,
                                        SpSlotKind kind,
                                        const SpKeyslotFactors *factors,
                                        const SpKeyslotFactors *next,
                                        const char *target_path,
                                        const SpVaultEnvironment *environment,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpProblem, sp_problem_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSalvageReport, sp_salvage_report_free)

G_END_DECLS
