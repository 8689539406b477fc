/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpDb: one SQLite connection to a file of opaque records. It knows no plaintext and no meaning.
 *
 * Opened with what VAULT-FORMAT.md §2.1 asks of a reader and writer: rollback journal, synchronous=EXTRA,
 * secure_delete, no mmap, defensive, untrusted schema, cell size checks, no extensions, a busy timeout.
 * Used by one thread at a time. Statements are prepared once and reset after each use, so that no read
 * cursor stays open between calls. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_STORE_ERROR (sp_store_error_quark ())
GQuark sp_store_error_quark (void);

typedef enum {
  SP_STORE_ERROR_NOT_FOUND,    /* no such file */
  SP_STORE_ERROR_EXISTS,       /* the file is there already */
  SP_STORE_ERROR_NOT_OURS,     /* not a SQLite file, or with another application_id */
  SP_STORE_ERROR_NEWER_FORMAT, /* user_version is larger than this program knows */
  SP_STORE_ERROR_CORRUPT,      /* SQLite's own structures do not hold, at least where it looked */
  SP_STORE_ERROR_SCHEMA, /* tables are missing or of another shape, or there are triggers or views */
  SP_STORE_ERROR_BUSY,   /* another process holds the lock */
  SP_STORE_ERROR_READ_ONLY,
  SP_STORE_ERROR_PERMISSION,
  SP_STORE_ERROR_NO_SPACE,
  SP_STORE_ERROR_IO,
} SpStoreError;

typedef enum {
  SP_DB_READ_WRITE = 0,
  SP_DB_READ_ONLY = 1 << 0,
  SP_DB_CREATE =
      1
      << 1, /* makes a new file (0600, its folder 0700) with the newest schema; it must not exist */
  SP_DB_LENIENT = 1 << 2, /* salvage: a schema that is only partly there is accepted */
} SpDbFlags;

typedef struct _SpDb SpDb;

SpDb *sp_db_open (const char *path, SpDbFlags flags, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_db_close (SpDb *self);
gboolean sp_db_is_read_only (const SpDb *self); /* the file or the folder cannot be written */
guint32 sp_db_get_format (const SpDb *self);    /* user_version */
/* FALSE when the path leads to another file by now (device or inode), or to none. */
gboolean sp_db_is_same_file (const SpDb *self);
void sp_db_set_busy_timeout (SpDb *self, guint ms); /* default 10,000 */

/* One transaction at a time. begin_read takes a shared lock at the first read and keeps one state of the
 * file until end_read. begin_write is BEGIN IMMEDIATE; commit is durable when it returns TRUE, and rolls
 * back when it returns FALSE. rollback never fails. */
gboolean sp_db_begin_read (SpDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_db_end_read (SpDb *self);
gboolean sp_db_begin_write (SpDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_db_begin_exclusive (SpDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_db_commit (SpDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_db_rollback (SpDb *self);
gboolean sp_db_in_transaction (const SpDb *self);

/* Grows with every commit of any connection: PRAGMA data_version. */
gboolean
sp_db_get_data_version (SpDb *self, guint32 *out_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PRAGMA integrity_check; an array of its lines, empty when all is well. (element-type utf8) */
GPtrArray *sp_db_check (SpDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SQLite's online backup of the whole file into a new one at `target_path` (0600, must not exist). */
gboolean
sp_db_backup (SpDb *self, const char *target_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDb, sp_db_close)

G_END_DECLS
