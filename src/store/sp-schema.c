/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables of format version 1 (VAULT-FORMAT.md §2), and whether a file has exactly these. Anything
 * more, be it a table, an index, a trigger or a view, was put there by somebody else: it could make SQLite
 * run what we did not write, so the file is refused. */

#define G_LOG_DOMAIN "sp-schema"

#include "config.h"

#include "store/sp-migrations.h"

#include <string.h>

#include "store/sp-db-private.h"

/* Each as SQLite keeps it, without the name: VAULT-FORMAT.md §2.3. */
#define RECORD_COLUMNS \
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL) STRICT"
#define SLOT_COLUMNS \
  "(id INTEGER PRIMARY KEY, fixed BLOB NOT NULL, revision INTEGER NOT NULL, changing BLOB NOT NULL) STRICT"
#define LOCKOUT_COLUMNS \
  "(id INTEGER PRIMARY KEY, failures INTEGER NOT NULL, last_ms INTEGER NOT NULL, event_key BLOB NOT NULL, limits BLOB NOT NULL) STRICT"
#define OPAQUE_COLUMNS "(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT"

static const struct {
  const char *name;
  const char *columns;
} tables[] = {
  { "attachment", RECORD_COLUMNS },   { "audit", RECORD_COLUMNS },
  { "detail", RECORD_COLUMNS },       { "draft", RECORD_COLUMNS },
  { "history", RECORD_COLUMNS },      { "index_block", RECORD_COLUMNS },
  { "locked_event", OPAQUE_COLUMNS }, { "lockout", LOCKOUT_COLUMNS },
  { "outbox", OPAQUE_COLUMNS },       { "page", RECORD_COLUMNS },
  { "seal_a", RECORD_COLUMNS },       { "seal_b", RECORD_COLUMNS },
  { "setting", RECORD_COLUMNS },      { "slot_a", SLOT_COLUMNS },
  { "slot_b", SLOT_COLUMNS },
};

#define CREATE(name, columns) "CREATE TABLE " name " " columns ";\n"

/**
 * sp_schema_get_sql:
 *
 * Returns: the script that makes a new database of the newest format. The page size must be set before
 *   the first write, so those pragmas stand before the transaction.
 */
const char *
sp_schema_get_sql (void)
{
  return "PRAGMA page_size = 2048;\n"
         "PRAGMA encoding = 'UTF-8';\n"
         "PRAGMA auto_vacuum = NONE;\n"
         "BEGIN EXCLUSIVE;\n"
         "PRAGMA application_id = 0x53507674;\n"
         "PRAGMA user_version = 1;\n" CREATE ("slot_a", SLOT_COLUMNS)
             CREATE ("slot_b", SLOT_COLUMNS) CREATE ("seal_a", RECORD_COLUMNS)
                 CREATE ("seal_b", RECORD_COLUMNS) CREATE ("setting", RECORD_COLUMNS)
                     CREATE ("index_block", RECORD_COLUMNS) CREATE ("page", RECORD_COLUMNS)
                         CREATE ("detail", RECORD_COLUMNS) CREATE ("history", RECORD_COLUMNS)
                             CREATE ("attachment", RECORD_COLUMNS) CREATE ("audit", RECORD_COLUMNS)
                                 CREATE ("draft", RECORD_COLUMNS) CREATE ("outbox", OPAQUE_COLUMNS)
                                     CREATE ("lockout", LOCKOUT_COLUMNS)
                                         CREATE ("locked_event", OPAQUE_COLUMNS) "COMMIT;\n";
}

/**
 * sp_schema_get_version:
 *
 * Returns: the newest format that this program knows
 */
guint32
sp_schema_get_version (void)
{
  return 1;
}

static gboolean
fail_schema (const char *what, const char *name, GError **error)
{
  /* The name comes from the file: shown as ASCII, and not in full. */
  g_autofree char *shown = g_strndup (name != NULL ? name : "", 40);

  for (char *c = shown; *c != '\0'; c++) {
    if (!g_ascii_isprint (*c))
      *c = '?';
  }
  g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
               "The file is not a sound vault: %s \"%s\". Nothing was changed.", what, shown);
  return FALSE;
}

static gboolean
check_row (SpStatement *statement, guint index, GError **error)
{
  const char *type = (const char *) sqlite3_column_text (statement, 0);
  const char *name = (const char *) sqlite3_column_text (statement, 1);
  const char *sql = (const char *) sqlite3_column_text (statement, 2);
  g_autofree char *expected = NULL;

  if (g_strcmp0 (type, "table") != 0)
    return fail_schema ("something that does not belong there is called", name, error);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    if (g_strcmp0 (tables[i].name, name) != 0)
      continue;
    if (i != index)
      return fail_schema ("there is no table", tables[index].name, error);
    expected = g_strdup_printf ("CREATE TABLE %s %s", tables[i].name, tables[i].columns);
    if (g_strcmp0 (sql, expected) != 0)
      return fail_schema ("there are other columns than expected in the table", name, error);
    return TRUE;
  }
  return fail_schema ("there is a foreign table called", name, error);
}

/**
 * sp_schema_check:
 * @handle: a connection
 * @error: return location for the error
 *
 * Compares what is in the database, word for word, with the statements of VAULT-FORMAT.md §2.3.
 *
 * Returns: whether it is exactly that
 */
gboolean
sp_schema_check (sqlite3 *handle, GError **error)
{
  static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
  g_autoptr (SpStatement) statement = NULL;
  guint index = 0;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    return sp_db_fail (handle, code, SP_DB_WHILE_OPENING, error);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    if (index == G_N_ELEMENTS (tables))
      return fail_schema ("there is something foreign called",
                          (const char *) sqlite3_column_text (statement, 1), error);
    if (!check_row (statement, index, error))
      return FALSE;
    index++;
  }
  if (code != SQLITE_DONE)
    return sp_db_fail (handle, code, SP_DB_WHILE_OPENING, error);
  if (index < G_N_ELEMENTS (tables))
    return fail_schema ("there is no table", tables[index].name, error);
  return TRUE;
}
