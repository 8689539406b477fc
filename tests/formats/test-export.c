/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exports: everything is in the JSON, strictly written; a CSV comes back as it went. */

#include "config.h"

#include "formats/sp-export.h"

#include <string.h>

#include "formats/sp-test-vault.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"

typedef gboolean (*ExportFunc) (SpVault *vault,
                                GOutputStream *stream,
                                const SpExportRun *run,
                                GError **error);

static char *
export_run (SpVault *vault, ExportFunc function, const SpExportRun *run)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (function (vault, stream, run, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (stream, NULL, &error));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static char *
export_text (SpVault *vault, ExportFunc function, SpExportFlags flags)
{
  const SpExportRun run = { .flags = flags };

  return export_run (vault, function, &run);
}

static SpField *
set_field (SpItem *item, const char *name, const char *value)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (value);

  return sp_item_add_field (item, name, secret);
}

static void
add_custom (SpItem *item, const char *label, SpFieldKind kind, const char *value)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (value);

  sp_item_add_custom (item, NULL, label, kind, secret);
}

static void
save (SpTestVault *vault, SpItem *item)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_save (vault->vault, item, &error));
  g_assert_no_error (error);
}

/* Every kind of content, with what a format would rather not see in it. */
static SpItem *
make_item (void)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, "Title \"quoted\" \\ \xf0\x9f\x94\x91 \x01");
  g_autoptr (SpSecret) notes = sp_secret_new_text ("one\n\n\ttwo, \"three\"\r\n");

  set_field (item, "username", "ann");
  set_field (item, "password", "=cmd|' /C calc'!A0 \"x\" \\");
  set_field (item, "url", "https://a.example");
  set_field (item, "url", "https://b.example/?q=a,b");
  set_field (item, "otp", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP");
  add_custom (item, "Colour", SP_FIELD_TEXT, "red: dark");
  add_custom (item, "Backup token", SP_FIELD_HIDDEN_MULTILINE, "l1\nLabel: l2\n\tl3");
  sp_item_set_notes (item, notes);
  sp_item_add_tag (item, "work/web");
  sp_item_add_tag (item, "two words");
  sp_item_add_tag (item, "three");
  item->favourite = TRUE;
  item->archived = TRUE;
  item->expires_ms = SP_TEST_VAULT_NOW + 5;
  return item;
}

static void
fill (SpTestVault *vault)
{
  g_autoptr (SpItem) login = make_item ();
  g_autoptr (SpItem) card = sp_item_new (SP_ITEM_CARD, "Card");
  g_autoptr (GError) error = NULL;

  save (vault, login);
  vault->clock.now_ms += 1000;
  set_field (card, "number", "4111 1111");
  set_field (card, "cardholder", "Ann B");
  save (vault, card);
  sp_item_set_title (login, "New title");
  save (vault, login);
  g_assert_true (sp_vault_change (vault->vault, SP_CHANGE_TRASH, NULL, &card->number, 1, &error));
  g_assert_no_error (error);
}

static void
test_json (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = NULL;

  fill (vault);
  text = export_text (vault->vault, sp_export_json, SP_EXPORT_DEFAULT);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, "\"format\": \"securepass-export\""));
  g_assert_nonnull (strstr (text, "\"title\": \"New title\""));
  /* The earlier version is in the history. */
  g_assert_nonnull (
      strstr (text, "\"title\": \"Title \\\"quoted\\\" \\\\ \xf0\x9f\x94\x91 \\u0001\""));
  g_assert_nonnull (strstr (text, "\"notes\": \"one\\n\\n\\ttwo, \\\"three\\\"\\r\\n\""));
  g_assert_nonnull (strstr (text, "\"value\": \"=cmd|' /C calc'!A0 \\\"x\\\" \\\\\""));
  g_assert_nonnull (strstr (text, "\"kind\": \"hidden-multiline\""));
  g_assert_nonnull (strstr (text, "\"trashed\": true"));
  g_assert_nonnull (strstr (text, "\"expires\": \"2026-09-21T14:13:20.005Z\""));
  g_assert_nonnull (strstr (text, "4111 1111"));
}

static void
test_json_without (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = NULL;

  fill (vault);
  text = export_text (vault->vault, sp_export_json, SP_EXPORT_NO_TRASH | SP_EXPORT_NO_HISTORY);
  g_assert_null (strstr (text, "4111 1111"));
  g_assert_null (strstr (text, "quoted\\\" \\\\"));
  g_assert_null (strstr (text, "\"history\""));
  g_assert_nonnull (strstr (text, "New title"));
}

static const char check_script[] =
    "import json, sys\n"
    "def once(pairs):\n"
    "  assert len({k for k, _ in pairs}) == len(pairs), 'a key twice'\n"
    "  return dict(pairs)\n"
    "def never(word):\n"
    "  raise ValueError(word)\n"
    "d = json.load(open(sys.argv[1], encoding='utf-8'), object_pairs_hook=once,\n"
    "              parse_constant=never)\n"
    "assert list(d) == ['format', 'version', 'exported', 'vault', 'items'], list(d)\n"
    "a, b = d['items']\n"
    "assert [t for t in a['tags']] == ['work/web', 'two words', 'three']\n"
    "assert [f['value'] for f in a['fields'] if f['name'] == 'url'] == \\\n"
    "  ['https://a.example', 'https://b.example/?q=a,b']\n"
    "assert [f['label'] for f in a['fields'] if f['name'] is None] == ['Colour', 'Backup token']\n"
    "assert [v['title'][:3] for v in a['history']] == ['New', 'Tit']\n"
    "assert a['favourite'] is True and b['trashed'] is True and b['type'] == 'card'\n"
    "assert [(x['name'], x['size']) for x in a['attachments']] == [('f.txt', 5)]\n"
    "assert a['attachments'][0]['sha256'] == \\\n"
    "  '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'\n";

/* Python's reader, told to be strict. The hash is that of "hello" (SHA-256). */
static void
test_json_for_python (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autofree char *path = g_build_filename (vault->dir, "export.json", NULL);
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr (GError) error = NULL;
  const char *const argv[] = { "python3", "-c", check_script, path, NULL };
  int status = -1;

  fill (vault);
  item = sp_test_vault_load (vault, 0);
  g_assert_true (sp_vault_attach (vault->vault, item->number, "f.txt", stream, NULL, &error));
  g_assert_no_error (error);
  text = export_text (vault->vault, sp_export_json, SP_EXPORT_DEFAULT);
  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_true (g_spawn_sync (NULL, (char **) (guintptr) argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_assert_no_error (error);
}

static void
test_conceal (void)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, FALSE);
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  sp_export_write_item (writer, item, NULL, SP_EXPORT_CONCEAL);
  g_assert_true (sp_json_writer_flush (writer, &error));
  g_assert_no_error (error);
  text = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
  g_assert_null (strstr (text, "cmd"));
  g_assert_null (strstr (text, "JBSWY3DP"));
  g_assert_null (strstr (text, "l1"));
  g_assert_nonnull (strstr (text, "red: dark"));
  g_assert_null (strstr (text, "\"history\""));
}

static void
test_overview (SpTestVault *vault, gconstpointer data)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, FALSE);
  SpSnapshot *snapshot;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  SpOverview overview;

  fill (vault);
  snapshot = sp_vault_get_snapshot (vault->vault);
  sp_snapshot_get_overview (snapshot, sp_snapshot_first (snapshot), &overview);
  sp_export_write_overview (writer, &overview);
  g_assert_true (sp_json_writer_flush (writer, &error));
  g_assert_no_error (error);
  text = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
  g_assert_nonnull (strstr (text, "\"title\":\"New title\""));
  g_assert_nonnull (strstr (text, "\"username\":\"ann\""));
  g_assert_nonnull (strstr (text, "\"https://a.example\",\"https://b.example/?q=a,b\""));
  g_assert_nonnull (strstr (text, "\"work/web\",\"two words\",\"three\""));
  g_assert_null (strstr (text, "cmd"));
}

/* Kinds and sections of custom fields are the only things that a CSV loses of these. */
static void
assert_same (const SpItem *a, const SpItem *b)
{
  g_assert_cmpint (a->type, ==, b->type);
  g_assert_cmpstr (a->title, ==, b->title);
  g_assert_true (sp_secret_equal (a->notes, b->notes));
  g_assert_cmpint (a->favourite, ==, b->favourite);
  g_assert_cmpint (a->archived, ==, b->archived);
  g_assert_cmpint (a->created_ms, ==, b->created_ms);
  g_assert_cmpint (a->modified_ms, ==, b->modified_ms);
  g_assert_cmpint (a->expires_ms, ==, b->expires_ms);
  g_assert_cmpuint (a->tags->len, ==, b->tags->len);
  for (guint i = 0; i < a->tags->len; i++)
    g_assert_cmpstr (g_ptr_array_index (a->tags, i), ==, g_ptr_array_index (b->tags, i));
  g_assert_cmpuint (a->fields->len, ==, b->fields->len);
  for (guint i = 0; i < a->fields->len; i++) {
    const SpField *field_a = g_ptr_array_index (a->fields, i);
    const SpField *field_b = g_ptr_array_index (b->fields, i);

    g_assert_cmpstr (field_a->name, ==, field_b->name);
    g_assert_cmpstr (field_a->label, ==, field_b->label);
    g_assert_true (sp_secret_equal (field_a->value, field_b->value));
  }
}

static void
test_csv_round_trip (SpTestVault *vault, gconstpointer data)
{
  SpTestVault other;
  SpImportSummary summary;
  g_autofree char *text = NULL;

  {
    g_autoptr (SpItem) first = make_item ();
    g_autoptr (SpItem) second = sp_item_new (SP_ITEM_NOTE, "Note");
    g_autoptr (SpItem) third = sp_item_new (SP_ITEM_SSH_KEY, "Key");

    save (vault, first);
    add_custom (second, "Empty", SP_FIELD_TEXT, "");
    save (vault, second);
    set_field (third, "private-key", "-----BEGIN\n A: b\n-----END\n");
    save (vault, third);
  }
  text = export_text (vault->vault, sp_export_csv, SP_EXPORT_DEFAULT);

  sp_test_vault_init (&other);
  other.clock.now_ms += 123456;
  sp_test_import (other.vault, text, SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (SpItem) a = sp_test_vault_load (vault, i);
    g_autoptr (SpItem) b = sp_test_vault_load (&other, i);

    assert_same (a, b);
  }
  sp_test_vault_clear (&other);
}

static void
test_csv_without_trash (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = NULL;

  fill (vault);
  text = export_text (vault->vault, sp_export_csv, SP_EXPORT_DEFAULT);
  g_assert_null (strstr (text, "4111 1111"));
  g_assert_true (g_str_has_prefix (text, "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\","
                                         "\"Notes\",\"TOTP\","));
}

static void
test_cancelled (SpTestVault *vault, gconstpointer data)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const SpExportRun run = { .cancellable = cancellable };
  g_autoptr (GError) error = NULL;

  fill (vault);
  g_cancellable_cancel (cancellable);
  g_assert_false (sp_export_json (vault->vault, stream, &run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (sp_export_csv (vault->vault, stream, &run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A stream that is full after a few bytes. */
static void
test_no_space (SpTestVault *vault, gconstpointer data)
{
  char room[64];
  ExportFunc functions[] = { sp_export_json, sp_export_csv };

  fill (vault);
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++) {
    g_autoptr (GOutputStream) stream = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_false (functions[i](vault->vault, stream, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  }
}

typedef struct {
  guint n_calls;
  guint64 n_done;
  guint64 n_items;
} Progress;

static void
progress_cb (guint64 n_done, guint64 n_items, gpointer data)
{
  Progress *self = data;

  self->n_calls++;
  g_assert_cmpuint (n_done, ==, self->n_done + 1);
  self->n_done = n_done;
  self->n_items = n_items;
}

static guint64
number_of (const SpTestVault *vault, guint index)
{
  g_autoptr (SpItem) item = sp_test_vault_load (vault, index);

  return item->number;
}

/* What was named is exported, in the trash or not, and nothing else. */
static void
test_selection (SpTestVault *vault, gconstpointer data)
{
  const ExportFunc functions[] = { sp_export_json, sp_export_csv };

  fill (vault);
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++) {
    const guint64 number = number_of (vault, 1);
    Progress progress = { 0 };
    const SpExportRun run = { .numbers = &number,
                              .n_numbers = 1,
                              .progress = progress_cb,
                              .progress_data = &progress };
    g_autofree char *text = export_run (vault->vault, functions[i], &run);

    g_assert_nonnull (strstr (text, "4111 1111"));
    g_assert_null (strstr (text, "New title"));
    g_assert_cmpuint (progress.n_calls, ==, 1);
    g_assert_cmpuint (progress.n_items, ==, 1);
  }
}

static void
test_selection_gone (SpTestVault *vault, gconstpointer data)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  guint64 numbers[2];
  const SpExportRun run = { .numbers = numbers, .n_numbers = 2 };

  fill (vault);
  numbers[0] = number_of (vault, 0);
  numbers[1] = G_MAXUINT32;
  g_assert_false (sp_export_csv (vault->vault, stream, &run, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
}

static void
test_logged (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GError) error = NULL;
  const SpEvent *event;

  fill (vault);
  text = export_text (vault->vault, sp_export_json, SP_EXPORT_DEFAULT);
  log = sp_vault_read_log (vault->vault, 0, 1, &error);
  g_assert_no_error (error);
  event = g_ptr_array_index (log, 0);
  g_assert_cmpint (event->kind, ==, SP_EVENT_EXPORTED);
  g_assert_cmpuint (event->count, ==, 2);
}

static void
set_up (SpTestVault *vault, gconstpointer data)
{
  sp_test_vault_init (vault);
}

static void
tear_down (SpTestVault *vault, gconstpointer data)
{
  sp_test_vault_clear (vault);
}

static void
add_test (const char *path, void (*function) (SpTestVault *vault, gconstpointer data))
{
  g_test_add (path, SpTestVault, NULL, set_up, function, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/formats/export/json", test_json);
  add_test ("/formats/export/json-without", test_json_without);
  add_test ("/formats/export/json-for-python", test_json_for_python);
  g_test_add_func ("/formats/export/conceal", test_conceal);
  add_test ("/formats/export/overview", test_overview);
  add_test ("/formats/export/csv-round-trip", test_csv_round_trip);
  add_test ("/formats/export/csv-without-trash", test_csv_without_trash);
  add_test ("/formats/export/cancelled", test_cancelled);
  add_test ("/formats/export/no-space", test_no_space);
  add_test ("/formats/export/selection", test_selection);
  add_test ("/formats/export/selection-gone", test_selection_gone);
  add_test ("/formats/export/logged", test_logged);
  return sp_test_run ();
}
