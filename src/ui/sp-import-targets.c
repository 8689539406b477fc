/* SPDX-License-Identifier: GPL-3.0-or-later */

/* First what every item has, then the fields of the types, beginning with those of a login; the engine knows them by the
 * names of its table. A field that several types have is called as the first one calls it. */

#define G_LOG_DOMAIN "sp-import-targets"

#include "config.h"

#include "ui/sp-import-targets.h"

#include <glib/gi18n.h>
#include <string.h>

#include "vault/sp-item-type.h"

typedef struct {
  const char *name;
  const char *label;
} Target;

static const Target before[] = {
  { "title", N_ ("Title") },
  { "notes", N_ ("Notes") },
  { "tags", N_ ("Tags") },
  { "folder", N_ ("Folder, becomes a tag") },
};

static const Target after[] = {
  { "type", N_ ("Type of item") },
  { "favourite", N_ ("Favourite or not") },
  { "archived", N_ ("Archived or not") },
  { "created", N_ ("When it was created") },
  { "modified", N_ ("When it was changed") },
  { "expires", N_ ("When it expires") },
  { "fields", N_ ("Several fields, one a line") },
  { "custom", N_ ("A field of its own") },
  { "hidden", N_ ("A hidden field of its own") },
  { "ignore", N_ ("Leave out") },
};

static const char *const repeatable[] = { "url",    "tags",   "folder", "fields",
                                          "custom", "hidden", "ignore" };

static void
add (GtkStringList *labels, GPtrArray *names, const char *name, const char *label)
{
  if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    return;
  g_ptr_array_add (names, g_strdup (name));
  gtk_string_list_append (labels, label);
}

GtkStringList *
sp_import_targets_new (GPtrArray **out_names)
{
  GtkStringList *labels = gtk_string_list_new (NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gsize n_types;
  const SpItemTypeInfo *types = sp_item_type_list (&n_types);

  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    add (labels, names, before[i].name, _ (before[i].label));
  for (gsize i = 0; i < n_types; i++)
    for (gsize j = 0; j < types[i].n_fields; j++)
      add (labels, names, types[i].fields[j].name, _ (types[i].fields[j].label));
  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    add (labels, names, after[i].name, _ (after[i].label));
  *out_names = names;
  return labels;
}

guint
sp_import_targets_find (const GPtrArray *names, const char *target)
{
  gsize len = strcspn (target, "|");
  guint found = 0;

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);

    if (strlen (name) == len && strncmp (name, target, len) == 0)
      return i;
    if (strcmp (name, "custom") == 0)
      found = i;
  }
  return found;
}

gboolean
sp_import_target_may_repeat (const char *target)
{
  for (gsize i = 0; i < G_N_ELEMENTS (repeatable); i++)
    if (strcmp (repeatable[i], target) == 0)
      return TRUE;
  return FALSE;
}
