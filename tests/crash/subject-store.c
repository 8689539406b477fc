/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The store alone: transactions over several tables. State n is computed anew from n, so there is no
 * book-keeping that could be wrong in the same way as the store. */

#include "config.h"

#include <string.h>

#include "crash.h"
#include "store/sp-db.h"
#include "store/sp-records.h"

#define FILE_NAME "records"
#define N_STEPS   40
#define N_ROWS    60

static const SpRecords used[] = { SP_RECORDS_PAGE, SP_RECORDS_DETAIL };

/* Row `id` after `step` steps: 0 for none, else the step that wrote it last. Each step writes a third of
 * the rows, deletes a few, and now and then writes a large one. */
static guint
get_writer (guint64 id, guint step)
{
  for (; step > 0; step--) {
    if ((id + step) % 11 == 0)
      return 0;
    if ((id * 7 + step) % 3 == 0)
      return step;
  }
  return 0;
}

static gsize
get_length (guint64 id, guint writer)
{
  return (id + writer) % 29 == 0 ? 70000 : 100 + (id * 37 + writer * 11) % 900;
}

static gpointer
create (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  return sp_db_open (path, SP_DB_CREATE, error);
}

static gpointer
open_state (const char *folder, guint state, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  return sp_db_open (path, SP_DB_READ_WRITE, error);
}

static void
close_session (gpointer session)
{
  sp_db_close (session);
}

static gboolean
write_row (SpDb *db, SpRecords table, guint64 id, guint step, GError **error)
{
  gsize len = get_length (id, step);
  g_autofree guint8 *data = NULL;

  if (get_writer (id, step) == 0)
    return sp_records_delete (db, table, id, error);
  if (get_writer (id, step) != step)
    return TRUE;
  data = g_malloc (len);
  memset (data, (int) (step & 0xff), len);
  return sp_records_put (db, table, id, step, data, len, error);
}

static gboolean
write_rows (SpDb *db, guint step, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (used); i++) {
    for (guint64 id = 1; id <= N_ROWS; id++) {
      if (!write_row (db, used[i], id, step, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
run (gpointer session, guint step, GError **error)
{
  SpDb *db = session;

  if (!sp_db_begin_write (db, error))
    return FALSE;
  if (write_rows (db, step, error))
    return sp_db_commit (db, error);
  sp_db_rollback (db);
  return FALSE;
}

static void
describe_row (GString *text, SpRecords table, guint64 id, guint64 revision, gsize len)
{
  g_string_append_printf (text,
                          "%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT "\n",
                          sp_records_get_name (table), id, revision, len);
}

typedef struct {
  GString *text;
  SpRecords table;
} Observer;

static gboolean
observe_row_cb (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  Observer *self = user_data;

  describe_row (self->text, self->table, id, revision, len);
  for (gsize i = 0; i < len; i++) {
    if (data[i] != (revision & 0xff)) {
      g_string_append (self->text, "contents differ\n");
      break;
    }
  }
  return TRUE;
}

static char *
observe (gpointer session, GError **error)
{
  SpDb *db = session;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) complaints = sp_db_check (db, error);

  if (complaints == NULL)
    return NULL;
  for (guint i = 0; i < complaints->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (complaints, i));
  for (guint i = 0; i < G_N_ELEMENTS (used); i++) {
    Observer observer = { .text = text, .table = used[i] };
    gboolean complete;

    if (!sp_records_visit (db, used[i], observe_row_cb, &observer, &complete, error))
      return NULL;
    if (!complete)
      g_string_append (text, "not complete\n");
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
expect (guint state)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (used); i++) {
    for (guint64 id = 1; id <= N_ROWS; id++) {
      guint writer = get_writer (id, state);

      if (writer != 0)
        describe_row (text, used[i], id, writer, get_length (id, writer));
    }
  }
  return g_string_free (text, FALSE);
}

const CrashSubject crash_subject = {
  .name = "store",
  .file_name = FILE_NAME,
  .n_steps = N_STEPS,
  .create = create,
  .open = open_state,
  .close = close_session,
  .run = run,
  .observe = observe,
  .expect = expect,
};
