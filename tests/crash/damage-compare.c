/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads everything that a vault shows. What is not what was written is a failure; what cannot be read is only
 * counted. */

#include "config.h"

#include <string.h>

#include "crypto/sp-hash.h"
#include "damage.h"
#include "vault/sp-vault-items.h"

typedef struct {
  Damage *damage;
  SpVault *vault;
  DamageFound *found;
  DamageItem *item;  /* the one being looked at */
  gboolean unproven; /* as its overview says */
  gboolean whole;
} Comparison;

/* Which version it is, 0 for the current one, of those from `first` on; -1 if it is none. */
static gint
find_version (const DamageItem *known, const SpItem *item, guint first)
{
  g_autofree char *text = damage_describe (item);

  for (guint i = first; i < known->texts->len; i++) {
    if (strcmp (text, g_ptr_array_index (known->texts, i)) == 0)
      return (gint) i;
  }
  return -1;
}

/* SQLite tells of a damaged cell at the first use of its page only, whichever cell is asked for: what cannot be
 * read is read again. */
static void
compare_attachment (Comparison *self, const SpAttachment *attachment)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);
  g_autofree char *described = damage_describe_attachment (attachment);
  guint8 hash[SP_SHA256_LEN];

  if (g_strcmp0 (described, self->item->attachment) != 0)
    damage_fail (self->damage, "\"%s\" has an attachment that is none", self->item->title);
  if (!sp_vault_read_attachment (self->vault, attachment, stream, NULL, NULL)) {
    g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), 0, NULL, NULL));
    g_assert_true (g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, NULL));
    if (!sp_vault_read_attachment (self->vault, attachment, stream, NULL, NULL)) {
      self->whole = FALSE;
      return;
    }
  }
  self->found->n_attachments++;
  g_assert_true (sp_sha256 (g_memory_output_stream_get_data (memory),
                            g_memory_output_stream_get_data_size (memory), hash, NULL));
  if (memcmp (hash, attachment->sha256, sizeof hash) != 0)
    damage_fail (self->damage, "a wrong attachment is shown");
}

static void
compare_history (Comparison *self, const SpOverview *overview)
{
  g_autoptr (GPtrArray) history = sp_vault_load_history (self->vault, overview->number, NULL);
  gint last = 0;

  if (history == NULL)
    history = sp_vault_load_history (self->vault, overview->number, NULL);
  if (history == NULL || history->len + 1 != self->item->texts->len)
    self->whole = FALSE;
  for (guint i = 0; history != NULL && i < history->len; i++) {
    gint version = find_version (self->item, g_ptr_array_index (history, i), (guint) last + 1);

    if (version < 0) {
      damage_fail (self->damage, "a wrong earlier version of \"%s\" is shown", self->item->title);
      break;
    }
    last = version;
    self->found->n_history++;
  }
}

static SpItem *
load (Comparison *self, guint64 number, GError **error)
{
  SpItem *item = sp_vault_load (self->vault, number, NULL);

  return item != NULL ? item : sp_vault_load (self->vault, number, error);
}

static void
compare_item (Comparison *self, const SpOverview *overview)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = load (self, overview->number, &error);
  gint version;

  if (item == NULL) {
    if (self->damage->verbose)
      g_print ("# reading \"%s\": %s\n", self->item->title, error->message);
    if (!g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED))
      damage_fail (self->damage, "\"%s\" cannot be read: %s", self->item->title, error->message);
    return;
  }
  version = find_version (self->item, item, 0);
  if (version < 0 || (version > 0 && !self->unproven)) {
    damage_fail (self->damage, "a wrong item is shown for \"%s\"", self->item->title);
    return;
  }
  if (item->unproven != self->unproven)
    damage_fail (self->damage, "\"%s\" is unproven, which is not told", self->item->title);
  self->whole = version == 0 && !self->unproven;
  g_hash_table_add (self->found->read, self->item);
  compare_history (self, overview);
  if (item->attachments->len != (self->item->attachment != NULL ? 1 : 0))
    self->whole = FALSE;
  for (guint i = 0; i < item->attachments->len; i++)
    compare_attachment (self, g_ptr_array_index (item->attachments, i));
  if (self->whole)
    g_hash_table_add (self->found->whole, self->item);
}

static void
compare_overview (Comparison *self, const SpOverview *overview)
{
  self->item = damage_model_find (self->damage->model, overview->id);
  self->unproven = (overview->flags & SP_OVERVIEW_UNPROVEN) != 0;
  if (self->item == NULL) {
    damage_fail (self->damage, "an item is shown that is none: \"%s\"", overview->title);
    return;
  }
  if (!self->unproven && (strcmp (overview->title, self->item->title) != 0 ||
                          ((overview->flags & SP_OVERVIEW_TRASHED) != 0) != self->item->trashed))
    damage_fail (self->damage, "a wrong overview is shown for \"%s\"", self->item->title);
  self->found->n_unproven += self->unproven ? 1 : 0;
  compare_item (self, overview);
}

void
damage_compare (Damage *self, SpVault *vault, DamageFound *out_found)
{
  Comparison comparison = { .damage = self, .vault = vault, .found = out_found };
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);

  memset (out_found, 0, sizeof *out_found);
  out_found->whole = g_hash_table_new (NULL, NULL);
  out_found->read = g_hash_table_new (NULL, NULL);
  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    compare_overview (&comparison, &overview);
  }
}

void
damage_found_clear (DamageFound *self)
{
  g_hash_table_unref (self->whole);
  g_hash_table_unref (self->read);
}
