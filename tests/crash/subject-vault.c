/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The vault through its public interface, driven by script.h. */

#include "config.h"

#include "common/sp-test-item.h"
#include "common/sp-test.h"
#include "crash.h"
#include "script.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots.h"
#include "vault/sp-vault.h"

#define FILE_NAME "crash.spvault"
#define KEY_FILE  "paper" /* in the side folder: what somebody wrote down */

static const SpKdfCost cheap_cost = { .memory_kib = 64, .passes = 1, .lanes = 1 };

static gpointer
create (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *side = crash_get_side_folder (folder);
  g_autoptr (SpSecret) password = sp_test_secret (script_get_password (0));
  SpVaultEnvironment environment = { .state_dir = side, .device_name = "crash" };

  return sp_vault_create (path, "Crash", password, &cheap_cost, &environment, error);
}

static void
write_down (const char *folder, const SpSecret *key)
{
  g_autofree char *side = crash_get_side_folder (folder);
  g_autofree char *path = g_build_filename (side, KEY_FILE, NULL);

  g_assert_true (g_file_set_contents (path, (const char *) sp_secret_peek (key, NULL),
                                      (gssize) sp_secret_get_length (key), NULL));
}

static SpSecret *
read_what_was_written_down (const char *folder)
{
  g_autofree char *side = crash_get_side_folder (folder);
  g_autofree char *path = g_build_filename (side, KEY_FILE, NULL);
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  return sp_secret_new ((const guint8 *) data, len);
}

/* The password is forgotten just before the recovery key is used. */
static gpointer
open_state (const char *folder, guint state, GError **error)
{
  gboolean forgotten = state == SCRIPT_ADD_RECOVERY;
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *side = crash_get_side_folder (folder);
  g_autoptr (SpSecret) secret = forgotten ? read_what_was_written_down (folder)
                                          : sp_test_secret (script_get_password (state));
  SpKeyslotFactors factors = { .secret = secret };
  SpVaultEnvironment environment = { .state_dir = side, .device_name = "crash" };

  return sp_vault_open_with (path, forgotten ? SP_SLOT_RECOVERY : SP_SLOT_PASSWORD, &factors,
                             SP_VAULT_OPEN_DEFAULT, &environment, error);
}

static void
close_session (gpointer session)
{
  sp_vault_close (session);
}

/* Aborts where the script is wrong: the item must be there. */
static guint64
find (SpVault *vault, guint item)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
  SpOverview overview;
  SpPosition position;
  SpId id;

  script_get_id (item, &id);
  position = sp_snapshot_find_id (snapshot, &id);
  g_assert_cmpuint (position, !=, SP_POSITION_NONE);
  sp_snapshot_get_overview (snapshot, position, &overview);
  return overview.number;
}

static gboolean
insert (SpVault *vault, guint item, GError **error)
{
  g_autoptr (SpItem) made = script_make_item (item, 1);

  return sp_vault_save (vault, made, error);
}

static gboolean
edit (SpVault *vault, guint item, guint version, GError **error)
{
  g_autoptr (SpItem) stored = sp_vault_load (vault, find (vault, item), error);

  if (stored == NULL)
    return FALSE;
  script_apply_version (stored, item, version);
  return sp_vault_save (vault, stored, error);
}

static gboolean delete (SpVault *vault, guint item, GError **error)
{
  guint64 number = find (vault, item);

  return sp_vault_change (vault, SP_CHANGE_TRASH, NULL, &number, 1, error);
}

static gboolean
attach (SpVault *vault, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (
      script_make_attachment (), SCRIPT_ATTACHMENT_SIZE, g_free);

  return sp_vault_attach (vault, find (vault, SCRIPT_ATTACHED_ITEM), "photo.jpg", stream, NULL,
                          error);
}

static gboolean
change_password (SpVault *vault, GError **error)
{
  g_autoptr (SpSecret) password = sp_test_secret (script_get_password (SCRIPT_CHANGE_PASSWORD));

  return sp_vault_change_password (vault, NULL, password, &cheap_cost, error);
}

static gboolean
add_slot (SpVault *vault, GError **error)
{
  g_autoptr (SpSecret) password = sp_test_secret ("A third password, for the second slot");
  SpId id;

  return sp_vault_add_password_slot (vault, "Second", password, &cheap_cost, &id, error);
}

static gboolean
find_slot (SpVault *vault, const char *name, SpId *out_id, GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);

  for (guint i = 0; slots != NULL && i < slots->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (slots, i);

    if (g_strcmp0 (slot->name, name) == 0) {
      *out_id = slot->id;
      return TRUE;
    }
  }
  g_assert_null (slots);
  return FALSE;
}

static gboolean
remove_slot (SpVault *vault, GError **error)
{
  SpId id;

  return find_slot (vault, "Second", &id, error) && sp_vault_remove_slot (vault, &id, error);
}

static gboolean
add_recovery (SpVault *vault, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (sp_vault_get_path (vault));
  g_autoptr (SpSecret) key = sp_vault_add_recovery_key (vault, "Paper", 0, NULL, error);

  if (key != NULL)
    write_down (folder, key);
  return key != NULL;
}

/* A new vault key, and a new one on paper: with a new password, or with the one that is set. */
static gboolean
rotate (SpVault *vault, guint step, GError **error)
{
  g_autoptr (SpSecret) password = sp_test_secret (script_get_password (step));
  SpKeyslotFactors factors = { .secret = password };
  g_autoptr (SpRotation) plan = sp_rotation_new (vault, error);
  g_autoptr (SpSecret) key = NULL;
  gboolean planned;
  SpId id;

  if (plan == NULL || !find_slot (vault, "Paper", &id, error))
    return FALSE;
  planned = step == SCRIPT_USE_RECOVERY
                ? sp_rotation_set_password (plan, NULL, &factors, &cheap_cost, error)
                : sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, error);
  key = planned ? sp_rotation_renew_recovery_key (plan, &id, error) : NULL;
  return key != NULL && sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, error);
}

static gboolean
import_all (SpVault *vault, GError **error)
{
  for (guint item = SCRIPT_N_INSERTS; item < SCRIPT_N_ITEMS; item++) {
    if (!insert (vault, item, error))
      return FALSE;
  }
  for (guint i = 0; i < SCRIPT_N_UPDATES; i++) {
    guint item = script_get_updated (i);

    if (!edit (vault, item, script_get_version (item, SCRIPT_IMPORT), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
import (SpVault *vault, GError **error)
{
  if (!sp_vault_begin (vault, SP_BATCH_IMPORT, error))
    return FALSE;
  if (import_all (vault, error))
    return sp_vault_commit (vault, error);
  sp_vault_rollback (vault);
  return FALSE;
}

/* Reads all there is, under the faults of its step: where a disk that fails is named as a problem. */
static gboolean
verify (SpVault *vault, GError **error)
{
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, error);

  return problems != NULL;
}

static gboolean
run (gpointer session, guint step, GError **error)
{
  if (step < SCRIPT_FIRST_EDIT)
    return insert (session, step - SCRIPT_FIRST_INSERT, error);
  if (step < SCRIPT_FIRST_DELETE)
    return edit (session, script_get_edited (step), 2, error);
  switch (step) {
  case SCRIPT_ADD_RECOVERY:
    return add_recovery (session, error);
  case SCRIPT_USE_RECOVERY:
  case SCRIPT_ROTATE:
    return rotate (session, step, error);
  case SCRIPT_ATTACH:
    return attach (session, error);
  case SCRIPT_CHANGE_PASSWORD:
    return change_password (session, error);
  case SCRIPT_ADD_SLOT:
    return add_slot (session, error);
  case SCRIPT_REMOVE_SLOT:
    return verify (session, error) && remove_slot (session, error);
  case SCRIPT_PURGE:
    return sp_vault_purge_trash (session, NULL, error);
  case SCRIPT_IMPORT:
    return import (session, error);
  default:
    return delete (session, script_get_deleted (step), error);
  }
}

static gboolean
observe_slots (SpVault *vault, GString *text, GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);

  for (guint i = 0; slots != NULL && i < slots->len; i++)
    g_string_append_printf (text, "slot \"%s\"\n",
                            ((const SpSlotInfo *) g_ptr_array_index (slots, i))->name);
  return slots != NULL;
}

static gboolean
observe_item (SpVault *vault, GString *text, guint64 number, GError **error)
{
  g_autoptr (SpItem) item = sp_vault_load (vault, number, error);
  g_autoptr (GPtrArray) history = item != NULL ? sp_vault_load_history (vault, number, error)
                                               : NULL;

  if (history == NULL)
    return FALSE;
  script_describe (text, item);
  for (guint i = 0; i < history->len; i++) {
    g_string_append (text, "  earlier: ");
    script_describe (text, g_ptr_array_index (history, i));
  }
  return TRUE;
}

static gboolean
observe_items (SpVault *vault, GString *text, GError **error)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);

  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    if (!observe_item (vault, text, overview.number, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
observe_soundness (SpVault *vault, GString *text, GError **error)
{
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, error);

  if (sp_vault_get_state (vault) != SP_VAULT_STATE_SOUND)
    g_string_append_printf (text, "state %d\n", (int) sp_vault_get_state (vault));
  for (guint i = 0; problems != NULL && i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    g_string_append_printf (text, "problem: %s\n", problem->text);
  }
  return problems != NULL;
}

static char *
observe (gpointer session, GError **error)
{
  SpVault *vault = session;
  g_autofree char *name = sp_vault_dup_name (vault);
  GString *text = g_string_new (NULL);
  gboolean done = observe_soundness (vault, text, error);

  g_string_append_printf (text, "name \"%s\"\n", name);
  done = done && observe_slots (vault, text, error) && observe_items (vault, text, error);
  return g_string_free (text, !done);
}

const CrashSubject crash_subject = {
  .name = "vault",
  .file_name = FILE_NAME,
  .n_steps = SCRIPT_N_STEPS,
  .create = create,
  .open = open_state,
  .close = close_session,
  .run = run,
  .observe = observe,
  .expect = script_expect,
};
