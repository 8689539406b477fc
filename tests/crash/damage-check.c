/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold of a damaged file: it is refused with a reason, or opens and shows nothing wrong, and what is lost
 * is named. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/sp-encoding.h"
#include "common/sp-test.h"
#include "damage.h"
#include "vault/sp-vault-repair.h"

#define AN_HOUR_MS   (3600 * G_GINT64_CONSTANT (1000))
#define START_MS     G_GINT64_CONSTANT (1800000000000)
#define MAX_MESSAGES 2 /* of a case */

void
damage_fail (Damage *self, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_atomic_int_inc (&self->counts->n_failures);
  if (self->n_messages++ < MAX_MESSAGES)
    g_print ("# %s: %s\n", self->what, message);
}

static SpVault *
open_vault (Damage *self, GError **error)
{
  SpTestClock clock;
  SpVaultEnvironment environment = { .device_name = "damage", .clock = &clock.clock };
  SpVault *vault;

  sp_test_clock_init (&clock, START_MS);
  vault = sp_vault_open (self->path, self->model->password, SP_VAULT_OPEN_DEFAULT, &environment,
                         error);
  if (vault != NULL || !g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT))
    return vault;

  /* Whatever stands in the file, nobody waits longer than an hour. */
  g_clear_error (error);
  clock.now_ms += AN_HOUR_MS;
  return sp_vault_open (self->path, self->model->password, SP_VAULT_OPEN_DEFAULT, &environment,
                        error);
}

/* Without its key slot no password fits; if a slot cannot be read, or stands where none is listed, that must be
 * told. */
static gboolean
may_be_wrong_key (const Damage *self, const GError *error)
{
  g_autofree char *copies = damage_read_copies (self->path);
  gsize len;
  const guint8 *fixed = g_bytes_get_data (self->model->slot_fixed, &len);
  g_autofree char *hex = sp_hex_encode (fixed, len);
  g_autofree char *upper = g_ascii_strup (hex, -1);

  return g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY) &&
         (strstr (error->message, "damaged") != NULL ||
          strstr (error->message, "was removed") != NULL || copies == NULL ||
          strstr (copies, upper) == NULL);
}

static void
check_refusal (Damage *self, const GError *error)
{
  gboolean expected = g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED) ||
                      g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_A_VAULT) ||
                      g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);

  g_atomic_int_inc (&self->counts->n_refused[self->kind]);
  if (!expected && !may_be_wrong_key (self, error))
    damage_fail (self, "refused for another reason: %s", error->message);
  if (self->kind == DAMAGE_ONE_COPY)
    damage_fail (self, "does not open, though one copy is sound: %s", error->message);
}

static gboolean
names_item (const SpProblem *problem, const DamageItem *item)
{
  return sp_id_equal (&problem->item, &item->id) ||
         (strcmp (problem->table, "detail") == 0 && problem->record == item->number) ||
         problem->kind == SP_PROBLEM_UNREADABLE;
}

/* Each item of which something is lost is named, by its id if that is known. */
static void
check_names (Damage *self,
             const GPtrArray *problems,
             const GPtrArray *more,
             const DamageFound *found)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->model->items);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    gboolean named = g_hash_table_contains (found->whole, value);

    for (guint i = 0; i < problems->len && !named; i++)
      named = names_item (g_ptr_array_index (problems, i), value);
    for (guint i = 0; i < more->len && !named; i++)
      named = names_item (g_ptr_array_index (more, i), value);
    if (!named)
      damage_fail (self, "\"%s\" is not whole, which is not told", ((DamageItem *) value)->title);
  }
}

static void
check_reached (Damage *self, const DamageFound *found)
{
  GHashTableIter iter;
  gpointer item;

  if (self->reached == NULL)
    return;
  g_hash_table_iter_init (&iter, self->reached);
  while (g_hash_table_iter_next (&iter, &item, NULL)) {
    if (!g_hash_table_contains (found->read, item))
      damage_fail (self, "\"%s\" can be reached, but not read", ((DamageItem *) item)->title);
  }
}

static gboolean
names_copy (const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    if (g_str_has_prefix (problem->table, "slot") || g_str_has_prefix (problem->table, "seal"))
      return TRUE;
  }
  return FALSE;
}

static void
count (Damage *self, const DamageFound *found, guint n_problems)
{
  guint n_items = g_hash_table_size (self->model->items);
  gboolean whole = g_hash_table_size (found->whole) == n_items;

  g_atomic_int_inc (whole ? &self->counts->n_sound[self->kind]
                          : &self->counts->n_named[self->kind]);
  g_atomic_int_add (&self->counts->n_lost_items[self->kind],
                    (gint) (n_items - g_hash_table_size (found->read)));
  if (!whole && n_problems == 0)
    damage_fail (self, "something is lost, which is not told");
}

static void
print_problems (const Damage *self, const char *who, const GPtrArray *problems)
{
  for (guint i = 0; self->verbose && i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    g_print ("# %s: %s %s %" G_GUINT64_FORMAT " \"%s\": %s\n", who,
             sp_problem_kind_to_name (problem->kind), problem->table, problem->record,
             problem->title != NULL ? problem->title : "", problem->text);
  }
}

/* Some bits of a row's header say nothing: with them flipped, SQLite reads the same row. */
static gboolean
must_name_copy (const Damage *self)
{
  g_autofree char *copies = NULL;

  if (self->kind != DAMAGE_ONE_COPY && self->kind != DAMAGE_BOTH_COPIES)
    return FALSE;
  copies = damage_read_copies (self->path);
  return g_strcmp0 (copies, self->model->copies) != 0;
}

static void
check_opened (Damage *self, SpVault *vault, gboolean must_name)
{
  const GPtrArray *problems = sp_vault_peek_problems (vault);
  g_autoptr (GPtrArray) more = NULL;
  g_autoptr (GError) error = NULL;
  DamageFound found;

  damage_compare (self, vault, &found);
  check_reached (self, &found);
  more = sp_vault_verify (vault, NULL, NULL, NULL, &error);
  if (more == NULL) {
    damage_fail (self, "cannot be verified: %s", error->message);
  } else {
    print_problems (self, "opening", problems);
    print_problems (self, "verifying", more);
    count (self, &found, problems->len + more->len);
    check_names (self, problems, more, &found);
  }
  if (must_name && !names_copy (problems) && (more == NULL || !names_copy (more)))
    damage_fail (self, "the damaged copy is not named");
  damage_found_clear (&found);
}

static void
write_file (Damage *self, const GByteArray *file)
{
  g_autofree char *journal = g_strconcat (self->path, "-journal", NULL);
  g_autoptr (GError) error = NULL;

  (void) g_unlink (journal);
  (void) g_unlink (self->path);
  g_assert_true (g_file_set_contents_full (self->path, (const char *) file->data,
                                           (gssize) file->len, G_FILE_SET_CONTENTS_NONE, 0600,
                                           &error));
  g_assert_no_error (error);
}

/* Bits of slots and seals differ little to it, and are many. */
static gboolean
wants_salvage (const Damage *self)
{
  return self->kind != DAMAGE_ONE_COPY &&
         (self->kind != DAMAGE_BOTH_COPIES || self->number % 16 == 0);
}

void
damage_check_case (Damage *self, const GByteArray *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpVault) vault = NULL;
  gboolean must_name;

  g_atomic_int_inc (&self->counts->n_cases[self->kind]);
  write_file (self, file);
  if (wants_salvage (self))
    damage_check_salvage (self, file);
  must_name = must_name_copy (self);
  vault = open_vault (self, &error);
  if (vault == NULL)
    check_refusal (self, error);
  else
    check_opened (self, vault, must_name);
  g_clear_pointer (&self->reached, g_hash_table_unref);
}
