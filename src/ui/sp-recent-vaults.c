/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recent-vaults"

#include "config.h"

#include "ui/sp-recent-vaults.h"

#include <string.h>

#include "ui/sp-shown-path.h"

#define SUFFIX ".securepass"

struct _SpRecentVaults {
  GObject parent_instance;

  SpSettings *settings;  /* (owned) */
  GPtrArray *vaults;     /* (element-type SpRecentVault) (owned) */
  GCancellable *looking; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (SpRecentVaults, sp_recent_vaults, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
recent_vault_free (gpointer data)
{
  SpRecentVault *self = data;

  g_free (self->path);
  g_free (self->name);
  g_free (self->shown_path);
  g_free (self);
}

static char *
dup_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *name = g_filename_display_name (base);

  if (g_str_has_suffix (name, SUFFIX) && strlen (name) > strlen (SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return name;
}

static void
recent_cb (SpRecentVaults *self)
{
  g_auto (GStrv) paths = sp_settings_dup_recent_vaults (self->settings);

  g_ptr_array_set_size (self->vaults, 0);
  for (gsize i = 0; paths[i] != NULL; i++) {
    SpRecentVault *vault = g_new0 (SpRecentVault, 1);

    vault->path = g_strdup (paths[i]);
    vault->name = dup_name (paths[i]);
    vault->shown_path = sp_dup_shown_path (paths[i]);
    g_ptr_array_add (self->vaults, vault);
  }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  sp_recent_vaults_look (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_recent_vaults_dispose (GObject *object)
{
  SpRecentVaults *self = SP_RECENT_VAULTS (object);

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_recent_vaults_parent_class)->dispose (object);
}

static void
sp_recent_vaults_finalize (GObject *object)
{
  g_ptr_array_unref (SP_RECENT_VAULTS (object)->vaults);
  G_OBJECT_CLASS (sp_recent_vaults_parent_class)->finalize (object);
}

static void
sp_recent_vaults_class_init (SpRecentVaultsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sp_recent_vaults_dispose;
  object_class->finalize = sp_recent_vaults_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_RECENT_VAULTS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sp_recent_vaults_init (SpRecentVaults *self)
{
  self->vaults = g_ptr_array_new_with_free_func (recent_vault_free);
}

SpRecentVaults *
sp_recent_vaults_new (SpSettings *settings)
{
  SpRecentVaults *self = g_object_new (SP_TYPE_RECENT_VAULTS, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::" SP_SETTING_RECENT_VAULTS, G_CALLBACK (recent_cb),
                           self, G_CONNECT_SWAPPED);
  recent_cb (self);
  return self;
}

const GPtrArray *
sp_recent_vaults_peek (SpRecentVaults *self)
{
  g_return_val_if_fail (SP_IS_RECENT_VAULTS (self), NULL);
  return self->vaults;
}

/* ---- which are there -------------------------------------------------------------------------------- */

static void
set_missing (SpRecentVaults *self, const char *path, gboolean missing)
{
  for (guint i = 0; i < self->vaults->len; i++) {
    SpRecentVault *vault = g_ptr_array_index (self->vaults, i);

    if (!g_str_equal (vault->path, path) || vault->missing == missing)
      continue;
    vault->missing = missing;
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    return;
  }
}

/* Only what is surely not there is missing: of a folder that cannot be read nobody knows. */
static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecentVaults) self = SP_RECENT_VAULTS (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_missing (self, g_file_peek_path (G_FILE (object)),
               info == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
}

void
sp_recent_vaults_look (SpRecentVaults *self)
{
  g_return_if_fail (SP_IS_RECENT_VAULTS (self));

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  for (guint i = 0; i < self->vaults->len; i++) {
    const SpRecentVault *vault = g_ptr_array_index (self->vaults, i);
    g_autoptr (GFile) file = g_file_new_for_path (vault->path);

    g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                             G_PRIORITY_DEFAULT, self->looking, looked_cb, g_object_ref (self));
  }
}
