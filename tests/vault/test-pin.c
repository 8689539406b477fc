/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pin: an older copy and one that took another way are noticed, and nothing else is. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/sp-encoding.h"
#include "sp-vault-fixture.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-private.h"
#include "vault/sp-vault-rotate.h"

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
  expected = g_strdup_printf ("securepass-pin 2\nepoch 1\nlineage %s\nsequence 1\naudit 1\n"
                              "head %s\nslot ",
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
  g_assert_cmpuint (pin.epoch, ==, 1);
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

/* The first version did not know of key epochs. */
static void
test_first_version (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autofree char *path = get_pin_path (fixture, vault);
  g_autofree char *text = NULL;
  g_autoptr (GString) older = NULL;
  SpPin pin;

  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_copy (fixture->path, copy);
  change (fixture, "one");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  older = g_string_new (text);
  g_assert_cmpuint (g_string_replace (older, "pin 2\nepoch 1\n", "pin 1\n", 1), ==, 1);
  g_string_append (older, "\n\n\n\n\n\n\n\n");
  g_assert_true (g_file_set_contents (path, older->str, 512, NULL));
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  sp_pin_read (fixture->state_dir, &vault->vault_id, &pin);
  g_assert_cmpuint (pin.epoch, ==, 1);
  g_clear_pointer (&vault, sp_vault_close);

  g_assert_true (g_file_set_contents (path, older->str, 512, NULL));
  vault_fixture_copy (copy, fixture->path);
  assert_state (fixture, SP_VAULT_STATE_OLDER);
}

/* What somebody can write who has the vault key: a log without entries, pruned beyond everything that was seen. */
static void
forge (VaultFixture *fixture, guint64 sequence)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  SpTransaction *tx;

  fixture->environment.state_dir = NULL;
  vault = vault_fixture_open (fixture);
  tx = sp_transaction_begin (vault, &error);
  g_assert_no_error (error);
  g_assert_true (sp_records_delete_range (vault->db, SP_RECORDS_AUDIT, 0, G_MAXINT64, &error));
  tx->seal->audit_first = 1000001;
  tx->seal->audit_last = 1000000;
  memcpy (tx->seal->audit_base, tx->seal->audit_head, SP_HASH_LEN);
  if (sequence != 0)
    tx->seal->sequence = sequence;
  g_assert_true (sp_transaction_commit (tx, &error));
  g_assert_no_error (error);
  fixture->environment.state_dir = fixture->state_dir;
}

static void
rotate (VaultFixture *fixture)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  SpKeyslotFactors factors = { .secret = password };
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (SpRotation) plan = sp_rotation_new (vault, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* The vault key was replaced, and the password kept; who has the former key writes the vault anew under it. */
static void
test_former_key (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  rotate (fixture);
  vault_fixture_copy (copy, fixture->path);
  forge (fixture, G_GUINT64_CONSTANT (1) << 40);
  assert_state (fixture, SP_VAULT_STATE_OLDER);
  assert_state (fixture, SP_VAULT_STATE_OLDER);
}

static void
test_pruned (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, copy);
  for (guint i = 0; i < 5; i++)
    change (fixture, "newer");
  vault_fixture_copy (copy, fixture->path);
  forge (fixture, 0);
  assert_state (fixture, SP_VAULT_STATE_OLDER);

  /* Where nothing else speaks against it, a pruned log is none to be alarmed of. */
  vault_fixture_copy (copy, fixture->path);
  forge (fixture, 1000);
  assert_state (fixture, SP_VAULT_STATE_SOUND);
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
  vault_fixture_test ("/vault/pin/first-version", test_first_version);
  vault_fixture_test ("/vault/pin/former-key", test_former_key);
  vault_fixture_test ("/vault/pin/pruned", test_pruned);
  return sp_test_run ();
}
