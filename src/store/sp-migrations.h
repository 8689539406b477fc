/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The schema of each format version, and the steps from one to the next. A step runs SQL only; what needs
 * the vault key is done by the vault, which asks for the step it needs. A migration is one transaction,
 * made after a backup beside the file. */

#pragma once

#include "store/sp-db.h"

G_BEGIN_DECLS

typedef struct {
  guint32 from; /* to is from + 1 */
  const char *sql;
} SpMigration;

/* Version 1's CREATE TABLE statements and pragmas, as one script. */
const char *sp_schema_get_sql (void);
guint32 sp_schema_get_version (void);
/* Runs the steps from the file's version to the newest; `steps` ends with a row of sql NULL. */
gboolean sp_migrations_run (SpDb *db,
                            const SpMigration *steps,
                            const char *backup_path,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
