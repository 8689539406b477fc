/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-subject FOLDER ascii|composed: uses a vault as a person would, locks it, and waits, so that
 * test-memory.py can look for what is left in memory.
 *
 * Every secret is made here, at random, and never leaves in the clear: "secret NAME HEX" has its bytes XORed
 * with MASK. After "stage NAME" the program waits for a byte on standard input. */

#include "config.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-random.h"
#include "formats/sp-export.h"
#include "formats/sp-import.h"
#include "password/sp-key-file.h"
#include "password/sp-recovery-key.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots.h"

#define MASK           0x5a
#define MASTER_LEN     32
#define ATTACHMENT_LEN 100000
#define N_ROWS         20
#define LONG_LEN       1000 /* of the wrong password: what it leaves is too large to be reused soon */

typedef enum {
  MASTER,
  NEW_MASTER,
  WRONG_MASTER,
  PASSWORD,
  NEW_PASSWORD,
  NOTES,
  CUSTOM,
  ONE_TIME_CODE,
  USER_NAME,
  TITLE,
  URL,
  TAG,
  IMPORTED_PASSWORD,
  IMPORTED_NOTES,
  IMPORTED_CUSTOM,
  ATTACHMENT,
} Name;
#define N_NAMES (ATTACHMENT + 1)

static const char *const names[N_NAMES] = {
  "master",
  "new-master",
  "wrong-master",
  "password",
  "new-password",
  "notes",
  "custom",
  "otp",
  "user-name",
  "title",
  "url",
  "tag",
  "imported-password",
  "imported-notes",
  "imported-custom",
  "attachment",
};

static const SpKdfCost cost = { .memory_kib = 1024, .passes = 2, .lanes = 4 };

typedef struct {
  char *path;
  SpVaultEnvironment environment;
  SpSecret *secrets[N_NAMES]; /* (owned) */
  guint8 masked[MASTER_LEN];
  SpSecret *recovery; /* (owned) the key that opens the vault */
  SpSecret *key_file; /* (owned) */
  SpVault *vault;
  guint64 number;
  SpItem *shown;
} Subject;

/* Letters and digits; where `composed`, the middle is an "ä" of two characters, which normalising joins. */
static SpSecret *
make_secret (gsize len, gboolean composed)
{
  static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  guint8 *data;
  SpSecret *secret = sp_secret_new_uninitialized (len, &data);

  for (gsize i = 0; i < len; i++) {
    guint32 chosen;

    g_assert_true (sp_random_uniform (sizeof alphabet - 1, &chosen, NULL));
    data[i] = (guint8) alphabet[chosen];
  }
  if (composed)
    memcpy (data + len / 2, "a\xcc\x88", 3);
  return secret;
}

static void
print_masked (const char *name, const SpSecret *secret)
{
  gsize len;
  const guint8 *data = sp_secret_peek (secret, &len);

  printf ("secret %s ", name);
  for (gsize i = 0; i < MIN (len, LONG_LEN); i++)
    printf ("%02x", data[i] ^ MASK);
  putchar ('\n');
}

static void
make_secrets (Subject *self, gboolean composed)
{
  for (guint i = 0; i < N_NAMES; i++) {
    gsize len = i == ATTACHMENT ? ATTACHMENT_LEN : i == WRONG_MASTER ? LONG_LEN : MASTER_LEN;

    self->secrets[i] = make_secret (len, composed && i <= WRONG_MASTER);
    print_masked (names[i], self->secrets[i]);
  }
  memcpy (self->masked, sp_secret_peek (self->secrets[MASTER], NULL), MASTER_LEN);
  for (guint i = 0; i < MASTER_LEN; i++)
    self->masked[i] ^= MASK;
}

static void
wait_at (const char *stage)
{
  char byte;

  printf ("stage %s\n", stage);
  fflush (stdout);
  g_assert_cmpint (read (STDIN_FILENO, &byte, 1), ==, 1);
}

static const char *
peek (const Subject *self, Name name)
{
  return sp_secret_peek_text (self->secrets[name]);
}

#define must(call)             \
  G_STMT_START                 \
  {                            \
    GError *error = NULL;      \
    gboolean done = (call);    \
                               \
    g_assert_no_error (error); \
    g_assert_true (done);      \
  }                            \
  G_STMT_END

static void
add_item (Subject *self)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, peek (self, TITLE));

  sp_item_set_field (item, "username", self->secrets[USER_NAME]);
  sp_item_set_field (item, "password", self->secrets[PASSWORD]);
  sp_item_set_field (item, "url", self->secrets[URL]);
  sp_item_set_field (item, "otp", self->secrets[ONE_TIME_CODE]);
  sp_item_add_custom (item, "Section", "Label", SP_FIELD_HIDDEN, self->secrets[CUSTOM]);
  sp_item_set_notes (item, self->secrets[NOTES]);
  sp_item_add_tag (item, peek (self, TAG));
  must (sp_vault_save (self->vault, item, &error));
  self->number = item->number;
  sp_item_free (item);
}

static void
attach (Subject *self)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (peek (self, ATTACHMENT),
                                                                         ATTACHMENT_LEN, NULL);

  must (sp_vault_attach (self->vault, self->number, "photo.jpg", stream, NULL, &error));
}

static void
create (Subject *self)
{
  must ((self->vault = sp_vault_create (self->path, "Memory", self->secrets[MASTER], &cost,
                                        &self->environment, &error)) != NULL);
  add_item (self);
  attach (self);
  sp_vault_close (g_steal_pointer (&self->vault));
}

static void
edit (Subject *self)
{
  g_autoptr (SpItem) item = NULL;

  must ((item = sp_vault_load (self->vault, self->number, &error)) != NULL);
  sp_item_set_field (item, "password", self->secrets[NEW_PASSWORD]);
  must (sp_vault_save (self->vault, item, &error));
}

static void
read_everything (Subject *self)
{
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (SpQuery) query = sp_query_new ("photo in:all");
  g_autoptr (SpResults) results = NULL;
  g_autofree char *buffer = g_malloc (ATTACHMENT_LEN);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new (buffer, ATTACHMENT_LEN, NULL,
                                                                 NULL);

  must ((history = sp_vault_load_history (self->vault, self->number, &error)) != NULL);
  must ((results = sp_vault_search (self->vault, query, NULL, NULL, &error)) != NULL);
  must (sp_vault_read_attachment (self->vault, g_ptr_array_index (self->shown->attachments, 0),
                                  stream, NULL, &error));
  sp_wipe (buffer, ATTACHMENT_LEN);
}

static void
export_all (Subject *self)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (open ("/dev/null", O_WRONLY), TRUE);

  must (sp_export_json (self->vault, stream, NULL, &error));
  must (sp_export_csv (self->vault, stream, NULL, &error));
}

/* The file is as plain as any export; what the program keeps of it is the question. */
static void
write_export (const Subject *self, const char *path)
{
  SpSecretBuffer *buffer = sp_secret_buffer_new ();
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  sp_secret_buffer_append_text (buffer, "title,username,password,notes,colour\n");
  for (guint i = 0; i < N_ROWS; i++) {
    sp_secret_buffer_append_text (buffer, "Imported,anna,");
    sp_secret_buffer_append_text (buffer, peek (self, IMPORTED_PASSWORD));
    sp_secret_buffer_append_text (buffer, ",\"first \"\"line\"\"\n");
    sp_secret_buffer_append_text (buffer, peek (self, IMPORTED_NOTES));
    sp_secret_buffer_append_text (buffer, "\",");
    sp_secret_buffer_append_text (buffer, peek (self, IMPORTED_CUSTOM));
    sp_secret_buffer_append_text (buffer, "\n");
  }
  g_assert_cmpint (write (fd, sp_secret_buffer_peek (buffer), sp_secret_buffer_get_length (buffer)),
                   ==, sp_secret_buffer_get_length (buffer));
  close (fd);
  sp_secret_buffer_free (buffer);
}

static void
import (Subject *self)
{
  g_autofree char *path = g_strconcat (self->path, ".csv", NULL);
  SpImportOptions options = { NULL };
  SpImportRun run = { SP_DUPLICATES_KEEP };
  g_autoptr (SpImport) file = NULL;
  SpImportSummary summary;

  write_export (self, path);
  must ((file = sp_import_open_path (path, &options, NULL, &error)) != NULL);
  must (sp_import_run (file, self->vault, &run, &summary, &error));
  g_assert_cmpuint (summary.n_added, ==, N_ROWS);
}

static void
check_vault (Subject *self)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) refusal = NULL;

  must ((problems = sp_vault_verify (self->vault, NULL, NULL, NULL, &error)) != NULL);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_false (sp_vault_check_password (self->vault, self->secrets[WRONG_MASTER], &refusal));
  must (sp_vault_check_password (self->vault, self->secrets[MASTER], &error));
}

/* Made, written down, typed in again. */
static void
write_down (const SpSecret *key, const char *name, const char *paper)
{
  g_autoptr (SpSecret) text = sp_recovery_key_format (key);
  g_autoptr (SpSecret) typed = NULL;

  must ((typed = sp_recovery_key_parse (text, &error)) != NULL);
  g_assert_true (sp_secret_equal (key, typed));
  print_masked (name, key);
  print_masked (paper, text);
}

/* A recovery key, a key file, and another vault key. */
static void
rotate (Subject *self)
{
  SpKeyslotFactors factors = { .secret = self->secrets[NEW_MASTER] };
  g_autoptr (SpSecret) first = NULL;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) content = NULL;
  g_autoptr (SpSecret) digits = NULL;
  SpId id;

  must ((first = sp_vault_add_recovery_key (self->vault, "Drawer", 0, &id, &error)) != NULL);
  write_down (first, "first-recovery-key", "first-recovery-text");
  must ((self->key_file = sp_key_file_new (&error)) != NULL);
  must ((content = sp_key_file_format (self->key_file, &error)) != NULL);
  print_masked ("key-file", self->key_file);
  /* The key's digits: what stands around them is no secret. */
  digits = sp_secret_new ((const guint8 *) strstr (sp_secret_peek_text (content), "\nkey ") + 5,
                          64);
  print_masked ("key-file-text", digits);
  factors.key_file = self->key_file;
  must (sp_vault_add_password_slot_with (self->vault, "Both", &factors, &cost, NULL, &error));

  must ((plan = sp_rotation_new (self->vault, &error)) != NULL);
  must (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  factors.key_file = NULL;
  must (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  must ((self->recovery = sp_rotation_renew_recovery_key (plan, &id, &error)) != NULL);
  write_down (self->recovery, "recovery-key", "recovery-text");
  must (sp_vault_rotate_keys (self->vault, plan, NULL, NULL, NULL, &error));
}

static void
use (Subject *self)
{
  SpId slot;

  must ((self->vault = sp_vault_open (self->path, self->secrets[MASTER], SP_VAULT_OPEN_DEFAULT,
                                      &self->environment, &error)) != NULL);
  must ((self->shown = sp_vault_load (self->vault, self->number, &error)) != NULL);
  must (sp_vault_touch (self->vault, self->number, SP_EVENT_ITEM_COPIED, &error));
  edit (self);
  read_everything (self);
  export_all (self);
  import (self);
  check_vault (self);
  must (sp_vault_add_password_slot (self->vault, "Second", self->secrets[NEW_MASTER], &cost, &slot,
                                    &error));
  must (sp_vault_change_password (self->vault, NULL, self->secrets[NEW_MASTER], &cost, &error));
  rotate (self);
}

/* A person enters a wrong password, then the right one, and locks again. */
static void
reopen (Subject *self)
{
  SpKeyslotFactors factors = { .secret = self->recovery };
  g_autoptr (GError) refusal = NULL;

  must ((self->vault = sp_vault_open_with (self->path, SP_SLOT_RECOVERY, &factors,
                                           SP_VAULT_OPEN_DEFAULT, &self->environment, &error)) !=
        NULL);
  sp_vault_close (g_steal_pointer (&self->vault));
  g_assert_null (sp_vault_open (self->path, self->secrets[WRONG_MASTER], SP_VAULT_OPEN_DEFAULT,
                                &self->environment, &refusal));
  must ((self->vault = sp_vault_open (self->path, self->secrets[NEW_MASTER], SP_VAULT_OPEN_DEFAULT,
                                      &self->environment, &error)) != NULL);
}

/* Passwords are asked for last, so that nothing has yet overwritten what that may have left. */
static void
lock (Subject *self)
{
  g_autoptr (GError) refusal = NULL;

  must (sp_vault_check_password (self->vault, self->secrets[NEW_MASTER], &error));
  g_assert_false (sp_vault_check_password (self->vault, self->secrets[WRONG_MASTER], &refusal));
  sp_vault_close (g_steal_pointer (&self->vault));
  g_clear_pointer (&self->shown, sp_item_free);
  g_clear_pointer (&self->recovery, sp_secret_unref);
  g_clear_pointer (&self->key_file, sp_secret_unref);
  for (guint i = 0; i < N_NAMES; i++)
    g_clear_pointer (&self->secrets[i], sp_secret_unref);
}

static char *
plant (const Subject *self)
{
  char *copy = g_malloc (MASTER_LEN);

  for (guint i = 0; i < MASTER_LEN; i++)
    copy[i] = (char) (self->masked[i] ^ MASK);
  return copy;
}

int
main (int argc, char **argv)
{
  Subject self = { 0 };
  g_autofree char *state_dir = NULL;
  char *planted;

  g_assert_cmpint (argc, ==, 3);
  must (sp_crypto_init (&error));
  self.path = g_build_filename (argv[1], "memory.securepass", NULL);
  state_dir = g_build_filename (argv[1], "state", NULL);
  self.environment.state_dir = state_dir;
  self.environment.device_name = "memory";
  make_secrets (&self, strcmp (argv[2], "composed") == 0);

  create (&self);
  wait_at ("created");
  use (&self);
  wait_at ("used");
  sp_vault_close (g_steal_pointer (&self.vault));
  reopen (&self);
  wait_at ("open");
  lock (&self);
  wait_at ("locked");
  planted = plant (&self);
  wait_at ("planted");
  sp_wipe (planted, MASTER_LEN);
  g_free (planted);
  g_free (self.path);
  return sp_secret_count_live () == 0 ? 0 : 1;
}
