/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pin: an older copy and one that took another way are noticed, and nothing else is. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/sp-encoding.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-private.h"

static void
change (VaultFixture *fixture, const char *name)
{
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_set_name (vault, name, &error));
  g_assert_no_error (error);
}

static void
assert_state (VaultFixture *fixture, SpVaultState state)
{
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);

  g_assert_cmpint (sp_vault_get_state (vault), ==, state);
  g_assert_cmpint (sp_vault_is_writable (vault), ==, state == SP_VAULT_STATE_SOUND);
}

static char *
get_pin_path (VaultFixture *fixture, const SpVault *vault)
{
  char id[SP_ID_STRING_LEN + 1];
  g_autofree char *name = NULL;

  sp_id_to_string (&vault->vault_id, id);
  name = g_strconcat (id, ".pin", NULL);
  return g_build_filename (fixture->state_dir, name, NULL);
}

static void
test_file (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autofree char *path = get_pin_path (fixture, vault);
  g_autofree char *lineage = sp_hex_encode (vault->seal->lineage.bytes, SP_ID_LEN);
  g_autofree char *head = sp_hex_encode (vault->seal->audit_head, SP_HASH_LEN);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  GStatBuf status;
  gsize len;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->state_dir, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  g_assert_cmpuint (len, ==, 512);
  expected = g_strdup_printf ("securepass-pin 1\nlineage %s\nsequence 1\naudit 1\nhead %s\nslot ",
                              lineage, head);
  g_assert_true (g_str_has_prefix (text, expected));
  g_assert_nonnull (strstr (text, "\nseen 1700000000000\n\n"));
}

static void
test_read_back (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  const SpSealSlot *slot = &g_array_index (vault->seal->slots, SpSealSlot, 0);
  SpPin pin;

  sp_pin_read (fixture->state_dir, &vault->vault_id, &pin);
  g_assert_true (pin.present);
  g_assert_true (sp_id_equal (&pin.lineage, &vault->seal->lineage));
  g_assert_cmpuint (pin.sequence, ==, vault->seal->sequence);
  g_assert_cmpuint (pin.audit, ==, vault->seal->audit_last);
  sp_test_assert_mem (pin.head, sizeof pin.head, vault->seal->audit_head, SP_HASH_LEN);
  g_assert_true (sp_id_equal (&pin.slot, &slot->slot_id));
  sp_test_assert_mem (pin.fixed, sizeof pin.fixed, slot->fixed_hash, SP_HASH_LEN);
  g_assert_cmpint (pin.seen_ms, ==, VAULT_FIXTURE_START_MS);
}

static void
test_continuation (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *elsewhere = g_build_filename (fixture->dir, "elsewhere", NULL);

  vault_fixture_create_and_close (fixture);
  change (fixture, "one");
  assert_state (fixture, SP_VAULT_STATE_SOUND);
  fixture->environment.state_dir = elsewhere;
  change (fixture, "two");
  fixture->environment.state_dir = fixture->state_dir;
  assert_state (fixture, SP_VAULT_STATE_SOUND);
}

static void
test_older (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);
  g_autoptr (SpVault) vault = NULL;
  SpVaultInfo info;

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  fixture->clock.now_ms += 1000;
  change (fixture, "one");
  fixture->clock.now_ms += 1000;
  vault_fixture_copy (copy, fixture->path);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_OLDER);
  g_assert_false (sp_vault_is_writable (vault));
  sp_vault_get_info (vault, &info);
  g_assert_cmpint (info.pin_seen_ms, ==, VAULT_FIXTURE_START_MS + 1000);
}

/* Looking at an older copy must not make it the one that is known. */
static void
test_older_stays_older (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  change (fixture, "one");
  vault_fixture_copy (copy, fixture->path);
  assert_state (fixture, SP_VAULT_STATE_OLDER);
  assert_state (fixture, SP_VAULT_STATE_OLDER);
}

/* `n_elsewhere` changes to a copy of the file on another machine; here there was one. */
static void
assert_forked (VaultFixture *fixture, guint n_elsewhere)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);
  g_autofree char *elsewhere = g_build_filename (fixture->dir, "elsewhere", NULL);

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  change (fixture, "one");
  vault_fixture_copy (copy, fixture->path);
  fixture->environment.state_dir = elsewhere;
  for (guint i = 0; i < n_elsewhere; i++)
    change (fixture, "other");
  fixture->environment.state_dir = fixture->state_dir;
  assert_state (fixture, SP_VAULT_STATE_FORKED);
}

static void
test_forked (VaultFixture *fixture, gconstpointer data)
{
  assert_forked (fixture, 3);
}

static void
test_forked_at_the_same_sequence (VaultFixture *fixture, gconstpointer data)
{
  assert_forked (fixture, 1);
}

static void
test_other_machine (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);
  g_autofree char *elsewhere = g_build_filename (fixture->dir, "elsewhere", NULL);

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  change (fixture, "one");
  vault_fixture_copy (copy, fixture->path);
  fixture->environment.state_dir = elsewhere;
  assert_state (fixture, SP_VAULT_STATE_SOUND);
}

static void
test_no_state_dir (VaultFixture *fixture, gconstpointer data)
{
  fixture->environment.state_dir = NULL;
  vault_fixture_create_and_close (fixture);
  assert_state (fixture, SP_VAULT_STATE_SOUND);
  g_assert_false (g_file_test (fixture->state_dir, G_FILE_TEST_EXISTS));
}

static void
test_cannot_be_written (VaultFixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->state_dir, "a file", -1, NULL));
  vault_fixture_create_and_close (fixture);
  change (fixture, "one");
  assert_state (fixture, SP_VAULT_STATE_SOUND);
}

/* A byte of the first lines is another one, or the file is too short: as if there were no pin. */
static void
test_malformed (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autofree char *path = get_pin_path (fixture, vault);
  g_autofree char *text = NULL;
  gsize len;
  SpPin pin;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  for (gsize i = 0; i < 60; i++) {
    char kept = text[i];

    text[i] = 'x';
    g_assert_true (
        g_file_set_contents_full (path, text, 512, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    sp_pin_read (fixture->state_dir, &vault->vault_id, &pin);
    g_assert_false (pin.present);
    text[i] = kept;
  }
  g_assert_true (g_file_set_contents (path, text, 511, NULL));
  sp_pin_read (fixture->state_dir, &vault->vault_id, &pin);
  g_assert_false (pin.present);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  sp_pin_read (fixture->state_dir, &vault->vault_id, &pin);
  g_assert_false (pin.present);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/pin/file", test_file);
  vault_fixture_test ("/vault/pin/read-back", test_read_back);
  vault_fixture_test ("/vault/pin/continuation", test_continuation);
  vault_fixture_test ("/vault/pin/older", test_older);
  vault_fixture_test ("/vault/pin/older-stays-older", test_older_stays_older);
  vault_fixture_test ("/vault/pin/forked", test_forked);
  vault_fixture_test ("/vault/pin/forked-at-the-same-sequence", test_forked_at_the_same_sequence);
  vault_fixture_test ("/vault/pin/other-machine", test_other_machine);
  vault_fixture_test ("/vault/pin/no-state-dir", test_no_state_dir);
  vault_fixture_test ("/vault/pin/cannot-be-written", test_cannot_be_written);
  vault_fixture_test ("/vault/pin/malformed", test_malformed);
  return sp_test_run ();
}
