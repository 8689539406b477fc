/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What both campaigns need: files put in place, and the question what is in them. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"

gboolean
crash_is_chosen (const Crash *self, guint64 number)
{
  /* Scattered, so that a sample does not always hit the same operation of a transaction. */
  guint64 scattered = (number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32;

  return scattered % self->sample == 0 && (scattered / self->sample) % self->n_jobs == self->job;
}

void
crash_fail (Crash *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (g_atomic_int_add (&self->counts->n_failures, 1) < 20)
    g_print ("# %s: %s\n", crash_mutant != NULL ? "noticed" : "FAILED", text);
}

gboolean
crash_has_enough (const Crash *self)
{
  return (guint) g_atomic_int_get (&self->counts->n_failures) >= self->max_failures;
}

char *
crash_get_path (const Crash *self)
{
  return g_build_filename (self->folder, self->subject->file_name, NULL);
}

static void
clear_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
}

void
crash_clear_folder (Crash *self)
{
  clear_folder (self->folder);
}

char *
crash_get_side_folder (const char *folder)
{
  g_autofree char *base = g_path_get_dirname (folder);

  return g_build_filename (base, "side", NULL);
}

CrashSide *
crash_read_side (Crash *self)
{
  CrashSide *side = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (self->side, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->side, name, NULL);
    char *data;
    gsize len;

    g_assert_true (g_file_get_contents (path, &data, &len, NULL));
    g_hash_table_insert (side, g_strdup (name), g_bytes_new_take (data, len));
  }
  return side;
}

static void
write_file (const char *path, gconstpointer data, gsize len)
{
  FILE *file = g_fopen (path, "wbe");

  g_assert_nonnull (file);
  if (len > 0)
    g_assert_cmpuint (fwrite (data, 1, len, file), ==, len);
  g_assert_cmpint (fclose (file), ==, 0);
}

void
crash_write_side (Crash *self, CrashSide *side)
{
  GHashTableIter iter;
  gpointer name;
  gpointer bytes;

  clear_folder (self->side);
  if (side == NULL)
    return;
  g_hash_table_iter_init (&iter, side);
  while (g_hash_table_iter_next (&iter, &name, &bytes)) {
    g_autofree char *path = g_build_filename (self->side, name, NULL);

    write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
}

void
crash_write_disk (Crash *self, GByteArray *files[static SP_N_DISK_FILES])
{
  g_autofree char *path = crash_get_path (self);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  crash_clear_folder (self);
  if (files[0] != NULL)
    write_file (path, files[0]->data, files[0]->len);
  if (files[1] != NULL)
    write_file (journal, files[1]->data, files[1]->len);
}

GByteArray *
crash_read_file (Crash *self)
{
  g_autofree char *path = crash_get_path (self);
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  return g_byte_array_new_take ((guint8 *) data, len);
}

/* A journal whose header was never written in full asks for nothing. SQLite leaves it where it is until
 * the next change overwrites and deletes it. */
static gboolean
is_idle_journal (Crash *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *data = NULL;
  gsize len;

  return g_str_has_prefix (name, self->subject->file_name) && g_str_has_suffix (name, "-journal") &&
         g_file_get_contents (path, &data, &len, NULL) && (len == 0 || data[0] == '\0');
}

static void
check_folder (Crash *self, const char *what)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    if (strcmp (name, self->subject->file_name) != 0 && !is_idle_journal (self, name))
      crash_fail (self, "%s: a stray file \"%s\" is left", what, name);
  }
}

/* The first line in which the texts differ. */
static char *
describe_difference (const char *expected, const char *got)
{
  g_auto (GStrv) expected_lines = g_strsplit (expected, "\n", -1);
  g_auto (GStrv) got_lines = g_strsplit (got, "\n", -1);

  for (gsize i = 0;; i++) {
    if (expected_lines[i] == NULL || got_lines[i] == NULL ||
        strcmp (expected_lines[i], got_lines[i]) != 0)
      return g_strdup_printf ("expected \"%s\", got \"%s\"",
                              expected_lines[i] != NULL ? expected_lines[i] : "",
                              got_lines[i] != NULL ? got_lines[i] : "");
  }
}

static gpointer
open_any (Crash *self, gint lowest, gint highest, GError **error)
{
  gpointer session = NULL;

  for (gint state = MAX (lowest, 0); session == NULL && state <= highest; state++) {
    g_clear_error (error);
    session = self->subject->open (self->folder, (guint) state, error);
  }
  return session;
}

void
crash_check (Crash *self, gint lowest, gint highest, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *difference = NULL;
  gpointer session = open_any (self, lowest, highest, &error);

  if (session == NULL) {
    /* Before the file was acknowledged there may be none, or a beginning of one. */
    if (lowest >= 0)
      crash_fail (self, "%s: does not open: %s", what, error->message);
    return;
  }
  text = self->subject->observe (session, &error);
  self->subject->close (session);
  if (text == NULL) {
    crash_fail (self, "%s: does not verify: %s", what, error->message);
    return;
  }
  for (gint state = MAX (lowest, 0); state <= highest; state++) {
    if (strcmp (text, g_ptr_array_index (self->texts, state)) == 0) {
      check_folder (self, what);
      return;
    }
  }
  difference = describe_difference (g_ptr_array_index (self->texts, highest), text);
  crash_fail (self, "%s: neither state %d nor %d: %s", what, lowest, highest, difference);
}
