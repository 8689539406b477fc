/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this layer share. */

#pragma once

#include <sqlite3.h>
#include <sys/types.h>

#include "store/sp-db.h"
#include "store/sp-records.h"

G_BEGIN_DECLS

#define SP_DB_APPLICATION_ID 0x53507674 /* "SPvt" */

typedef enum {
  SP_DB_IDLE,
  SP_DB_READING,
  SP_DB_WRITING,
} SpDbTransaction;

/* Statements that belong to no table. */
typedef enum {
  SP_DB_STATEMENT_BEGIN,
  SP_DB_STATEMENT_BEGIN_WRITE,
  SP_DB_STATEMENT_BEGIN_EXCLUSIVE,
  SP_DB_STATEMENT_FIRST_READ,
  SP_DB_STATEMENT_COMMIT,
  SP_DB_STATEMENT_WIDEN_CACHE,
  SP_DB_STATEMENT_DATA_VERSION,
  SP_DB_N_STATEMENTS,
} SpDbStatement;

/* Statements of a table of the common shape. */
typedef enum {
  SP_RECORDS_STATEMENT_GET,
  SP_RECORDS_STATEMENT_PUT,
  SP_RECORDS_STATEMENT_EMPTY,
  SP_RECORDS_STATEMENT_OVERWRITE,
  SP_RECORDS_STATEMENT_DELETE,
  SP_RECORDS_STATEMENT_DELETE_RANGE,
  SP_RECORDS_STATEMENT_COUNT,
  SP_RECORDS_N_STATEMENTS,
} SpRecordsStatement;

typedef struct {
  sqlite3_stmt *statements[SP_RECORDS_N_STATEMENTS]; /* prepared when first used */
  guint8 *buffer;                                    /* the row of the last sp_records_get() */
  gsize buffer_size;
} SpRecordsTable;

struct _SpDb {
  sqlite3 *handle;
  char *path;   /* as the caller gave it */
  char *folder; /* where the journal stands: symbolic links resolved */
  SpDbFlags flags;
  guint32 format;
  dev_t device;
  ino_t inode;
  SpDbTransaction transaction;
  gboolean wide;                                /* SQLite's cache has the size for writing */
  sqlite3_stmt *statements[SP_DB_N_STATEMENTS]; /* prepared when first used */
  SpRecordsTable tables[SP_N_RECORDS];
};

/* Statements that are prepared once keep no cursor: whoever steps one resets it before returning. */
typedef sqlite3_stmt SpStatement;
void sp_statement_finish (SpStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpStatement, sp_statement_finish)

const char *sp_db_get_vfs (void);

/* What was going on when an error came: it decides what the message may promise. */
typedef enum {
  SP_DB_WHILE_OPENING,
  SP_DB_WHILE_READING,
  SP_DB_WHILE_WRITING,
  SP_DB_WHILE_COMMITTING,
} SpDbWhile;

/* Sets `error` from an (extended) result code of the connection. Always returns FALSE. */
gboolean sp_db_fail (sqlite3 *handle, int code, SpDbWhile doing, GError **error);
gboolean sp_db_fail_errno (int errnum, const char *what, GError **error);
gboolean sp_db_fail_row (const char *table, GError **error);
gboolean sp_db_code_is_damage (int code);

gboolean sp_db_exec (sqlite3 *handle, const char *sql, SpDbWhile doing, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_db_query_int (sqlite3 *handle, const char *sql, gint64 *out_value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_db_prepare (SpDb *self,
                        SpStatement **statement,
                        const char *sql,
                        SpDbWhile doing,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Steps a statement that gives no rows, and resets it. Refuses to write once SQLite has taken the
 * caller's transaction away, for the write would then stand alone. */
gboolean
sp_db_step_write (SpDb *self, SpStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a new empty file, 0600, and its name durable. */
gboolean sp_db_create_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_db_sync_folder (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_db_remove_file (const char *path); /* and its journal */
void sp_db_restrict (sqlite3 *handle, SpDbFlags flags);
gboolean sp_db_configure (sqlite3 *handle, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SCHEMA when the tables are not exactly those of VAULT-FORMAT.md §2.2. */
gboolean sp_schema_check (sqlite3 *handle, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The row's three columns; FALSE when they are not of the types that the format says. */
gboolean sp_records_read_row (SpStatement *statement,
                              guint64 *out_id,
                              guint64 *out_revision,
                              const guint8 **out_data,
                              gsize *out_len) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
