/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log as a file in the clear. Items and key slots stand there by id: what they are called is for the vault
 * to tell. Every cell of CSV is quoted; text that a spreadsheet would take for a formula gets an apostrophe. */

#define G_LOG_DOMAIN "sp-activity-export"

#include "config.h"

#include <string.h>

#include "base/sp-clock.h"
#include "base/sp-json-writer.h"
#include "services/sp-activity-private.h"
#include "services/sp-private-file.h"
#include "services/sp-session-private.h"
#include "vault/sp-vault-slots.h"

#define HEADER \
  "\"Number\",\"Time\",\"Kind\",\"While Locked\",\"Session\",\"Subject\",\"Count\",\"Device\"\n"
#define FLUSH_AT 65536

typedef struct {
  SpSecret *password;
  GFile *file;
  gboolean json;
  SpLog *log;
  GArray *numbers; /* (element-type guint64) */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  sp_secret_unref (self->password);
  g_object_unref (self->file);
  sp_log_unref (self->log);
  g_array_unref (self->numbers);
  g_free (self);
}

typedef struct {
  char number[24];
  char count[24];
  char session[SP_ID_STRING_LEN + 1];
  char subject[SP_ID_STRING_LEN + 1]; /* empty when there is none */
  const char *kind;
  const char *device;
  char *time; /* (owned) (nullable) */
} Texts;

static void
texts_init (Texts *self, const SpLog *log, const SpLogEntry *entry)
{
  g_snprintf (self->number, sizeof self->number, "%" G_GUINT64_FORMAT, entry->number);
  g_snprintf (self->count, sizeof self->count, "%" G_GUINT64_FORMAT, entry->count);
  sp_id_to_string (&entry->session, self->session);
  sp_id_to_string (&entry->subject, self->subject);
  if (sp_id_is_null (&entry->subject))
    self->subject[0] = '\0';
  self->kind = entry->kind != 0 ? sp_event_kind_to_name ((SpEventKind) entry->kind) : "unreadable";
  self->device = sp_log_get_device (log, entry);
  self->time = entry->kind != 0 ? sp_time_to_iso8601 (entry->time_ms) : NULL;
}

static void
append_cell (GString *out, const char *text)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ',');
  g_string_append_c (out, '"');
  if (*text != '\0' && strchr ("=+-@\t\r", *text) != NULL)
    g_string_append_c (out, '\'');
  for (; *text != '\0'; text++) {
    if (*text == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *text);
  }
  g_string_append_c (out, '"');
}

static void
append_row (GString *out, const Texts *texts, const SpLogEntry *entry)
{
  append_cell (out, texts->number);
  append_cell (out, texts->time != NULL ? texts->time : "");
  append_cell (out, texts->kind);
  append_cell (out, entry->while_locked ? "yes" : "no");
  append_cell (out, texts->session);
  append_cell (out, texts->subject);
  append_cell (out, texts->count);
  append_cell (out, texts->device);
  g_string_append_c (out, '\n');
}

static gboolean
send (GString *out, GOutputStream *stream, GError **error)
{
  gboolean done = g_output_stream_write_all (stream, out->str, out->len, NULL, NULL, error);

  g_string_truncate (out, 0);
  return done;
}

static gboolean
write_csv (const Export *self, GOutputStream *stream, GError **error)
{
  g_autoptr (GString) out = g_string_new (HEADER);

  for (guint i = 0; i < self->numbers->len; i++) {
    const SpLogEntry *entry = sp_log_get (self->log, g_array_index (self->numbers, guint64, i));
    Texts texts;

    texts_init (&texts, self->log, entry);
    append_row (out, &texts, entry);
    g_free (texts.time);
    if (out->len >= FLUSH_AT && !send (out, stream, error))
      return FALSE;
  }
  return send (out, stream, error);
}

static void
write_object (SpJsonWriter *writer, const Texts *texts, const SpLogEntry *entry)
{
  sp_json_begin_object (writer);
  sp_json_key (writer, "number");
  sp_json_int (writer, (gint64) entry->number);
  sp_json_key (writer, "time");
  sp_json_string (writer, texts->time);
  sp_json_key (writer, "kind");
  sp_json_string (writer, texts->kind);
  sp_json_key (writer, "while_locked");
  sp_json_bool (writer, entry->while_locked);
  sp_json_key (writer, "session");
  sp_json_string (writer, texts->session);
  sp_json_key (writer, "subject");
  sp_json_string (writer, *texts->subject != '\0' ? texts->subject : NULL);
  sp_json_key (writer, "count");
  sp_json_int (writer, (gint64) entry->count);
  sp_json_key (writer, "device");
  sp_json_string (writer, texts->device);
  sp_json_end_object (writer);
}

static gboolean
write_json (const Export *self, GOutputStream *stream, GError **error)
{
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, TRUE);

  sp_json_begin_array (writer);
  for (guint i = 0; i < self->numbers->len; i++) {
    const SpLogEntry *entry = sp_log_get (self->log, g_array_index (self->numbers, guint64, i));
    Texts texts;

    texts_init (&texts, self->log, entry);
    write_object (writer, &texts, entry);
    g_free (texts.time);
    if (!sp_json_writer_flush (writer, error))
      return FALSE;
  }
  sp_json_end_array (writer);
  return sp_json_writer_flush (writer, error);
}

/* Logged before it is written, where the vault may be written at all: an export that is in no log must not be. */
static gboolean
export_log (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Export *self = data;
  SpPrivateFile *file;
  GOutputStream *stream;
  gboolean written;

  if (!sp_session_check_target (vault, self->file, error) ||
      !sp_vault_check_password (vault, self->password, error) ||
      g_cancellable_set_error_if_cancelled (sp_job_get_cancellable (job), error))
    return FALSE;
  file = sp_private_file_new (g_file_peek_path (self->file), error);
  if (file == NULL)
    return FALSE;
  stream = sp_private_file_get_stream (file);
  written = (!sp_vault_is_writable (vault) ||
             sp_vault_log (vault, SP_EVENT_LOG_EXPORTED, NULL, self->numbers->len, error)) &&
            (self->json ? write_json (self, stream, error) : write_csv (self, stream, error));
  return sp_private_file_finish (file, written, written ? error : NULL);
}

/**
 * sp_activity_log_export_async:
 * @self: an activity log that was read
 * @password: what the person typed
 * @file: where to
 * @json: JSON, or else CSV
 * @numbers: (element-type guint64): which entries, in this order
 * @cancellable: (nullable): stops it before it is written
 * @callback: (scope async): what to call when it is done
 * @user_data: for @callback
 *
 * Writes entries in the clear, if the password is right.
 */
void
sp_activity_log_export_async (SpActivityLog *self,
                              const SpSecret *password,
                              GFile *file,
                              gboolean json,
                              const GArray *numbers,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Export *data;

  g_return_if_fail (SP_IS_ACTIVITY_LOG (self) && password != NULL && G_IS_FILE (file));
  g_return_if_fail (sp_activity_log_get_log (self) != NULL);

  data = g_new0 (Export, 1);
  data->password = sp_secret_ref (password);
  data->file = g_object_ref (file);
  data->json = json;
  data->log = sp_log_ref (sp_activity_log_get_log (self));
  data->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_vals (data->numbers, numbers->data, numbers->len);
  sp_session_run_async (sp_activity_log_get_session (self), SP_JOB_LONG, export_log, data,
                        export_free, cancellable, callback, user_data);
}

gboolean
sp_activity_log_export_finish (SpActivityLog *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (sp_activity_log_get_session (self), result, error) != NULL;
}
