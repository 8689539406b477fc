/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A save writes less than 64 KiB, the journal included, whatever it happens to be: the vault is small, so that details
 * grow, pages of the index are split, and tables get new pages, several of these at once too. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <string.h>

#include "sp-vault-fixture.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-private.h"

#define N_ITEMS     1000
#define N_EDITS     1200
#define MAX_WRITTEN (64 * 1024)

/* Nothing here depends on what survives a power failure. SQLite's calls come here rather than to the C library. */
int
fsync (int fd)
{
  return 0;
}

int
fdatasync (int fd)
{
  return 0;
}

/* All bytes that this process ever handed to the kernel. */
static guint64
get_written (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/io", &text, NULL, NULL));
  line = strstr (text, "wchar: ");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("wchar: "), NULL, 10);
}

static void
set_text (SpItem *item, const char *name, const char *what, guint number)
{
  g_autofree char *text = g_strdup_printf ("%s%u.example.org", what, number);
  g_autoptr (SpSecret) value = sp_secret_new_text (text);

  sp_item_set_field (item, name, value);
}

static GArray *
fill (SpVault *vault)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 state = 7;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_IMPORT, NULL));
  for (guint i = 0; i < N_ITEMS; i++) {
    g_autofree char *title = g_strdup_printf ("Item %u", i);
    g_autofree char *text = g_strnfill (sp_test_random (&state) % 200, 'n');
    g_autoptr (SpSecret) notes = sp_secret_new_text (text);
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);

    set_text (item, "username", "somebody.of@mail", i);
    set_text (item, "password", "pass", i);
    set_text (item, "url", "https://www.site", i);
    sp_item_set_notes (item, notes);
    g_assert_true (sp_vault_save (vault, item, NULL));
    g_array_append_val (numbers, item->number);
  }
  g_assert_true (sp_vault_commit (vault, NULL));
  return numbers;
}

static void
test_edits (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GArray) numbers = fill (vault);
  guint n_pages = vault->snapshot->n_pages;
  guint64 state = 20240607;
  guint64 worst = 0;

  for (guint i = 0; i < N_EDITS; i++) {
    guint64 number = g_array_index (numbers, guint64, sp_test_random (&state) % N_ITEMS);
    g_autoptr (GError) error = NULL;
    g_autoptr (SpItem) item = sp_vault_load (vault, number, &error);
    guint64 before;
    gboolean done;

    g_assert_no_error (error);
    set_text (item, "username", "edited.by.somebody.else.of@mail", i);
    before = get_written ();
    done = sp_vault_save (vault, item, &error);
    g_assert_no_error (error);
    g_assert_true (done);
    worst = MAX (worst, get_written () - before);
  }
  g_test_message ("worst %" G_GUINT64_FORMAT " bytes", worst);
  g_assert_cmpuint (worst, <, MAX_WRITTEN);
  /* Pages that were too large for a while were split in the end. */
  g_assert_cmpuint (vault->snapshot->n_pages, >, n_pages + 5);
  vault_fixture_assert_verifies (vault);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/save-size/edits", test_edits);
  return sp_test_run ();
}
