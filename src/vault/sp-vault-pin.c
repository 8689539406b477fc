/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pin (VAULT-FORMAT.md §11): what this machine saw last, outside the vault. Written by renaming, not
 * synced: losing the newest one after a power cut only makes the next check a little weaker. */

#define G_LOG_DOMAIN "sp-vault-pin"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sp-encoding.h"
#include "base/sp-wipe.h"
#include "vault/sp-vault-private.h"

#define PIN_LEN 512

static char *
make_path (const char *state_dir, const SpId *vault_id)
{
  char id[SP_ID_STRING_LEN + 1];
  g_autofree char *name = NULL;

  sp_id_to_string (vault_id, id);
  name = g_strconcat (id, ".pin", NULL);
  return g_build_filename (state_dir, name, NULL);
}

static gboolean
take_line (char **lines, guint index, const char *name, const char **out_value)
{
  gsize len = strlen (name);

  if (g_strv_length (lines) <= index || strncmp (lines[index], name, len) != 0 ||
      lines[index][len] != ' ')
    return FALSE;
  *out_value = lines[index] + len + 1;
  return TRUE;
}

static gboolean
take_hex (char **lines, guint index, const char *name, guint8 *out, gsize len)
{
  const char *value;

  return take_line (lines, index, name, &value) && sp_hex_decode (value, out, len);
}

static gboolean
take_number (char **lines, guint index, const char *name, guint64 *out)
{
  const char *value;

  return take_line (lines, index, name, &value) &&
         g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, out, NULL);
}

static gboolean
parse_pin (char **lines, SpPin *out)
{
  guint64 seen;

  if (g_strcmp0 (lines[0], "securepass-pin 1") != 0) {
    if (g_strcmp0 (lines[0], "securepass-pin 2") != 0 ||
        !take_number (lines, 1, "epoch", &out->epoch))
      return FALSE;
    lines++;
  }
  if (!take_hex (lines, 1, "lineage", out->lineage.bytes, SP_ID_LEN) ||
      !take_number (lines, 2, "sequence", &out->sequence) ||
      !take_number (lines, 3, "audit", &out->audit) ||
      !take_hex (lines, 4, "head", out->head, sizeof out->head) ||
      !take_hex (lines, 5, "slot", out->slot.bytes, SP_ID_LEN) ||
      !take_hex (lines, 6, "fixed", out->fixed, sizeof out->fixed) ||
      !take_number (lines, 7, "seen", &seen))
    return FALSE;
  out->seen_ms = (gint64) seen;
  return TRUE;
}

/**
 * sp_pin_read: (skip)
 * @state_dir: (nullable): where pins are
 * @vault_id: whose
 * @out_pin: (out): the pin; not present when there is none, or none that can be read
 */
void
sp_pin_read (const char *state_dir, const SpId *vault_id, SpPin *out_pin)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize len;

  memset (out_pin, 0, sizeof *out_pin);
  if (state_dir == NULL)
    return;
  path = make_path (state_dir, vault_id);
  if (!g_file_get_contents (path, &text, &len, NULL) || len != PIN_LEN)
    return;
  lines = g_strsplit (text, "\n", 16);
  out_pin->present = parse_pin (lines, out_pin);
}

static char *
format_pin (const SpVault *self)
{
  static const guint8 zeros[SP_HASH_LEN] = { 0 };
  const SpSeal *seal = self->seal;
  const guint8 *fixed = zeros;
  g_autofree char *lineage = sp_hex_encode (seal->lineage.bytes, SP_ID_LEN);
  g_autofree char *head = sp_hex_encode (seal->audit_head, SP_HASH_LEN);
  g_autofree char *slot = sp_hex_encode (self->slot_id.bytes, SP_ID_LEN);
  g_autofree char *fixed_text = NULL;

  for (guint i = 0; i < seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (seal->slots, SpSealSlot, i);

    if (sp_id_equal (&listed->slot_id, &self->slot_id))
      fixed = listed->fixed_hash;
  }
  fixed_text = sp_hex_encode (fixed, SP_HASH_LEN);
  return g_strdup_printf ("securepass-pin 2\nepoch %u\nlineage %s\nsequence %" G_GUINT64_FORMAT
                          "\naudit %" G_GUINT64_FORMAT
                          "\nhead %s\nslot %s\nfixed %s\nseen %" G_GINT64_FORMAT "\n",
                          seal->key_epoch, lineage, seal->sequence, seal->audit_last, head, slot,
                          fixed_text, sp_vault_now (self));
}

/* Makes a new file of a name of its own: `path` ends in XXXXXX. */
static gboolean
write_file (char *path, const char *text, gsize len)
{
  int file = g_mkstemp_full (path, O_WRONLY | O_CLOEXEC, 0600);
  gboolean done;

  if (file < 0)
    return FALSE;
  done = write (file, text, len) == (gssize) len;
  return close (file) == 0 && done;
}

/**
 * sp_pin_write: (skip)
 * @self: a vault, just committed
 *
 * Remembers its state on this machine. A failure weakens a later check and is no reason to fail now.
 */
void
sp_pin_write (SpVault *self)
{
  g_autofree char *path = NULL;
  g_autofree char *temporary = NULL;
  g_autofree char *text = NULL;
  char padded[PIN_LEN];

  if (self->state_dir == NULL)
    return;
  if (g_mkdir_with_parents (self->state_dir, 0700) != 0)
    return;

  text = format_pin (self);
  memset (padded, '\n', sizeof padded);
  memcpy (padded, text, MIN (strlen (text), sizeof padded));
  path = make_path (self->state_dir, &self->vault_id);
  temporary = g_strconcat (path, ".XXXXXX", NULL);
  if (!write_file (temporary, padded, sizeof padded) || g_rename (temporary, path) != 0) {
    g_debug ("The pin could not be written.");
    (void) g_unlink (temporary);
  }
}

/**
 * sp_pin_forget: (skip)
 * @state_dir: (nullable): where pins are
 * @vault_id: whose
 * @left: (element-type filename): gets the paths of what could not be removed
 *
 * Removes the pin, and what a write that was cut short may have left of one.
 */
void
sp_pin_forget (const char *state_dir, const SpId *vault_id, GPtrArray *left)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autofree char *prefix = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *entry;

  if (state_dir == NULL)
    return;
  path = make_path (state_dir, vault_id);
  name = g_path_get_basename (path);
  prefix = g_strconcat (name, ".", NULL);
  dir = g_dir_open (state_dir, 0, NULL);
  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL) {
    g_autofree char *found = NULL;

    if (!g_str_equal (entry, name) && !g_str_has_prefix (entry, prefix))
      continue;
    found = g_build_filename (state_dir, entry, NULL);
    if (g_unlink (found) != 0)
      g_ptr_array_add (left, g_steal_pointer (&found));
  }
}

/* Replacing the vault key made another chain of the same log; its entries tell what they were in the earlier one. */
static gboolean
was_rotated_since (SpVault *self, const SpPin *pin, gboolean *out_rotated, GError **error)
{
  const SpSeal *seal = self->seal;
  guint8 chain[SP_HASH_LEN];
  GError *local_error = NULL;
  guint64 bad;

  *out_rotated = FALSE;
  if (pin->audit < seal->audit_first ||
      !sp_vault_had_head (self, pin->audit, pin->head, out_rotated, error))
    return pin->audit < seal->audit_first;
  if (!*out_rotated)
    return TRUE;
  memcpy (chain, seal->audit_base, sizeof chain);
  *out_rotated = sp_vault_run_chain (self, seal->audit_first, seal->audit_last, chain, &bad,
                                     &local_error) &&
                 sp_bytes_equal (chain, seal->audit_head, sizeof chain);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
set_older (SpVault *self, const SpPin *pin, SpVaultState *out_state)
{
  *out_state = SP_VAULT_STATE_OLDER;
  self->pin_seen_ms = pin->seen_ms;
  return TRUE;
}

/**
 * sp_vault_check_pin: (skip)
 * @self: a vault with the state that was read
 * @pin: what this machine saw last
 * @out_state: (out): SOUND, OLDER or FORKED
 * @error: return location for a [error@VaultError]
 *
 * Whoever has a vault key can write any log under it, so a key that was replaced is told first, whatever the log says.
 *
 * Returns: whether it could be checked
 */
gboolean
sp_vault_check_pin (SpVault *self, const SpPin *pin, SpVaultState *out_state, GError **error)
{
  const SpSeal *seal = self->seal;
  g_autoptr (GError) local_error = NULL;
  guint8 chain[SP_HASH_LEN];
  guint64 bad;
  gboolean holds;

  *out_state = SP_VAULT_STATE_SOUND;
  if (!pin->present)
    return TRUE;
  if (seal->key_epoch < pin->epoch)
    return set_older (self, pin, out_state);
  if (pin->audit + 1 < seal->audit_first && pin->sequence <= seal->sequence)
    return TRUE;

  if (pin->audit <= seal->audit_last && pin->sequence <= seal->sequence) {
    memcpy (chain, pin->head, sizeof chain);
    holds = sp_vault_run_chain (self, pin->audit + 1, seal->audit_last, chain, &bad, &local_error);
    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (holds && sp_bytes_equal (chain, seal->audit_head, sizeof chain))
      return TRUE;
    if (!was_rotated_since (self, pin, &holds, error))
      return FALSE;
    if (holds)
      return TRUE;
  }
  if (seal->sequence < pin->sequence)
    return set_older (self, pin, out_state);
  *out_state = SP_VAULT_STATE_FORKED;
  self->pin_seen_ms = pin->seen_ms;
  return TRUE;
}
