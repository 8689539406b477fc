/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-settings"

#include "config.h"

#include "services/sp-settings.h"

#include <string.h>

#define MAX_MINUTES (24 * 60)
#define MAX_SECONDS (60 * 60)

struct _SpSettings {
  GObject parent_instance;

  GSettings *settings; /* (owned) */
};

G_DEFINE_FINAL_TYPE (SpSettings, sp_settings, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const keys[] = {
  SP_SETTING_ACTIVITY_SEEN,     SP_SETTING_APPEARANCE,       SP_SETTING_AUTO_LOCK_MINUTES,
  SP_SETTING_CLIPBOARD_SECONDS, SP_SETTING_CONCEAL_SECONDS,  SP_SETTING_FORWARD_ACTIVITY,
  SP_SETTING_LOCK_ON_SUSPEND,   SP_SETTING_LOCK_WITH_SCREEN, SP_SETTING_RECENT_VAULTS,
  SP_SETTING_SORT_ORDER,        SP_SETTING_WINDOW_MAXIMIZED, SP_SETTING_WINDOW_SIZE,
};

/* ---- the schema ------------------------------------------------------------------------------------- */

/* GSettings ends the process when it is asked for a key that the schema lacks: one of an older version serves nobody. */
static GSettingsSchema *
look_up (GSettingsSchemaSource *source)
{
  g_autoptr (GSettingsSchema) schema = g_settings_schema_source_lookup (source, SP_APP_ID, TRUE);

  if (schema == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!g_settings_schema_has_key (schema, keys[i]))
      return NULL;
  return g_steal_pointer (&schema);
}

static GSettingsSchema *
look_up_in_folder (const char *folder)
{
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autofree char *file = g_build_filename (folder, "gschemas.compiled", NULL);

  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return NULL;
  source = g_settings_schema_source_new_from_directory (folder, NULL, FALSE, NULL);
  return source != NULL ? look_up (source) : NULL;
}

static GSettingsSchema *
find_schema (const char *const *folders)
{
  GSettingsSchemaSource *system = g_settings_schema_source_get_default ();
  GSettingsSchema *schema = NULL;

  for (gsize i = 0; schema == NULL && folders != NULL && folders[i] != NULL; i++)
    schema = look_up_in_folder (folders[i]);
  if (schema == NULL && system != NULL)
    schema = look_up (system);
  return schema;
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
settings_changed_cb (GSettings *settings, const char *key, SpSettings *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (key), key);
}

static void
sp_settings_finalize (GObject *object)
{
  g_clear_object (&SP_SETTINGS (object)->settings);
  G_OBJECT_CLASS (sp_settings_parent_class)->finalize (object);
}

static void
sp_settings_class_init (SpSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sp_settings_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new (
      "changed", SP_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
sp_settings_init (SpSettings *self)
{
}

/**
 * sp_settings_new:
 * @folders: (nullable) (array zero-terminated=1) (element-type filename): where the compiled schema may be
 * @error: return location for a [error@Gio.IOErrorEnum]
 *
 * Returns: (transfer full) (nullable): the settings, or `NULL` when there is no schema for them
 */
SpSettings *
sp_settings_new (const char *const *folders, GError **error)
{
  g_autoptr (GSettingsSchema) schema = find_schema (folders);
  SpSettings *self;

  if (schema == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "The settings schema %s is not installed, or is that of another version.",
                 SP_APP_ID);
    return NULL;
  }
  self = g_object_new (SP_TYPE_SETTINGS, NULL);
  self->settings = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self, 0);
  /* Of a key that was never read no change is told. */
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_variant_unref (g_settings_get_value (self->settings, keys[i]));
  return self;
}

void
sp_settings_bind (SpSettings *self, const char *key, gpointer object, const char *property)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  g_settings_bind (self->settings, key, object, property, G_SETTINGS_BIND_DEFAULT);
}

/* What the administrator has locked stays as it is. */
static void
set_value (SpSettings *self, const char *key, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  if (g_settings_is_writable (self->settings, key) &&
      !g_settings_set_value (self->settings, key, owned))
    g_warning ("The setting “%s” could not be kept.", key);
}

/* ---- simple ones ------------------------------------------------------------------------------------ */

SpAppearance
sp_settings_get_appearance (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), SP_APPEARANCE_SYSTEM);
  return (SpAppearance) g_settings_get_enum (self->settings, SP_SETTING_APPEARANCE);
}

void
sp_settings_set_appearance (SpSettings *self, SpAppearance appearance)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  (void) g_settings_set_enum (self->settings, SP_SETTING_APPEARANCE, (int) appearance);
}

SpOrderKind
sp_settings_get_sort_order (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), SP_ORDER_TITLE);
  return (SpOrderKind) g_settings_get_enum (self->settings, SP_SETTING_SORT_ORDER);
}

void
sp_settings_set_sort_order (SpSettings *self, SpOrderKind order)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  (void) g_settings_set_enum (self->settings, SP_SETTING_SORT_ORDER, (int) order);
}

guint
sp_settings_get_auto_lock_minutes (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), 0);
  return g_settings_get_uint (self->settings, SP_SETTING_AUTO_LOCK_MINUTES);
}

void
sp_settings_set_auto_lock_minutes (SpSettings *self, guint minutes)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_AUTO_LOCK_MINUTES, g_variant_new_uint32 (MIN (minutes, MAX_MINUTES)));
}

guint
sp_settings_get_clipboard_seconds (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), 0);
  return g_settings_get_uint (self->settings, SP_SETTING_CLIPBOARD_SECONDS);
}

void
sp_settings_set_clipboard_seconds (SpSettings *self, guint seconds)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_CLIPBOARD_SECONDS, g_variant_new_uint32 (MIN (seconds, MAX_SECONDS)));
}

guint
sp_settings_get_conceal_seconds (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), 0);
  return g_settings_get_uint (self->settings, SP_SETTING_CONCEAL_SECONDS);
}

void
sp_settings_set_conceal_seconds (SpSettings *self, guint seconds)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_CONCEAL_SECONDS, g_variant_new_uint32 (MIN (seconds, MAX_SECONDS)));
}

gboolean
sp_settings_get_lock_on_suspend (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), TRUE);
  return g_settings_get_boolean (self->settings, SP_SETTING_LOCK_ON_SUSPEND);
}

void
sp_settings_set_lock_on_suspend (SpSettings *self, gboolean wanted)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_LOCK_ON_SUSPEND, g_variant_new_boolean (wanted));
}

gboolean
sp_settings_get_lock_with_screen (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), TRUE);
  return g_settings_get_boolean (self->settings, SP_SETTING_LOCK_WITH_SCREEN);
}

void
sp_settings_set_lock_with_screen (SpSettings *self, gboolean wanted)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_LOCK_WITH_SCREEN, g_variant_new_boolean (wanted));
}

gboolean
sp_settings_get_forward_activity (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), FALSE);
  return g_settings_get_boolean (self->settings, SP_SETTING_FORWARD_ACTIVITY);
}

void
sp_settings_set_forward_activity (SpSettings *self, gboolean wanted)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_FORWARD_ACTIVITY, g_variant_new_boolean (wanted));
}

/* ---- what was seen of a vault's activity ------------------------------------------------------------ */

guint64
sp_settings_get_activity_seen (SpSettings *self, const SpId *vault_id)
{
  g_autoptr (GVariant) all = NULL;
  char id[SP_ID_STRING_LEN + 1];
  guint64 number = 0;

  g_return_val_if_fail (SP_IS_SETTINGS (self), 0);

  all = g_settings_get_value (self->settings, SP_SETTING_ACTIVITY_SEEN);
  sp_id_to_string (vault_id, id);
  (void) g_variant_lookup (all, id, "t", &number);
  return number;
}

/* Of a few vaults only: those that are gone are not remembered for ever. */
void
sp_settings_set_activity_seen (SpSettings *self, const SpId *vault_id, guint64 number)
{
  g_autoptr (GVariant) all = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{st}"));
  GVariantIter iter;
  char id[SP_ID_STRING_LEN + 1];
  const char *other;
  guint64 seen;
  guint n = 1;

  g_return_if_fail (SP_IS_SETTINGS (self));

  all = g_settings_get_value (self->settings, SP_SETTING_ACTIVITY_SEEN);
  sp_id_to_string (vault_id, id);
  g_variant_builder_add (&builder, "{st}", id, number);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "{&st}", &other, &seen) && n < SP_SETTINGS_MAX_RECENT) {
    if (g_str_equal (other, id))
      continue;
    g_variant_builder_add (&builder, "{st}", other, seen);
    n++;
  }
  set_value (self, SP_SETTING_ACTIVITY_SEEN, g_variant_builder_end (&builder));
}

/* ---- the window ------------------------------------------------------------------------------------- */

gboolean
sp_settings_get_window_maximized (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), FALSE);
  return g_settings_get_boolean (self->settings, SP_SETTING_WINDOW_MAXIMIZED);
}

void
sp_settings_set_window_maximized (SpSettings *self, gboolean maximized)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_WINDOW_MAXIMIZED, g_variant_new_boolean (maximized));
}

void
sp_settings_get_window_size (SpSettings *self, int *out_width, int *out_height)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  g_settings_get (self->settings, SP_SETTING_WINDOW_SIZE, "(ii)", out_width, out_height);
}

void
sp_settings_set_window_size (SpSettings *self, int width, int height)
{
  g_return_if_fail (SP_IS_SETTINGS (self));
  set_value (self, SP_SETTING_WINDOW_SIZE, g_variant_new ("(ii)", width, height));
}

/* ---- recent vaults ---------------------------------------------------------------------------------- */

static char **
dup_paths (SpSettings *self, const char *key)
{
  g_autoptr (GVariant) value = g_settings_get_value (self->settings, key);

  return g_variant_dup_bytestring_array (value, NULL);
}

/* All but `path`, after `first`. */
static void
put_path (SpSettings *self, const char *key, const char *first, const char *path)
{
  g_auto (GStrv) before = dup_paths (self, key);
  const char *after[SP_SETTINGS_MAX_RECENT];
  gsize n = 0;

  if (first != NULL)
    after[n++] = first;
  for (gsize i = 0; before[i] != NULL && n < G_N_ELEMENTS (after); i++)
    if (!g_str_equal (before[i], path))
      after[n++] = before[i];
  set_value (self, key, g_variant_new_bytestring_array (after, (gssize) n));
}

char **
sp_settings_dup_recent_vaults (SpSettings *self)
{
  g_return_val_if_fail (SP_IS_SETTINGS (self), NULL);
  return dup_paths (self, SP_SETTING_RECENT_VAULTS);
}

void
sp_settings_add_recent_vault (SpSettings *self, const char *path)
{
  g_return_if_fail (SP_IS_SETTINGS (self) && path != NULL);
  put_path (self, SP_SETTING_RECENT_VAULTS, path, path);
}

void
sp_settings_forget_recent_vault (SpSettings *self, const char *path)
{
  g_return_if_fail (SP_IS_SETTINGS (self) && path != NULL);
  put_path (self, SP_SETTING_RECENT_VAULTS, NULL, path);
}

gboolean
sp_settings_has_recovery_reminder (SpSettings *self, const char *path)
{
  g_auto (GStrv) paths = NULL;

  g_return_val_if_fail (SP_IS_SETTINGS (self) && path != NULL, FALSE);

  paths = dup_paths (self, SP_SETTING_RECOVERY_REMINDERS);
  return g_strv_contains ((const char *const *) paths, path);
}

void
sp_settings_add_recovery_reminder (SpSettings *self, const char *path)
{
  g_return_if_fail (SP_IS_SETTINGS (self) && path != NULL);
  put_path (self, SP_SETTING_RECOVERY_REMINDERS, path, path);
}

void
sp_settings_forget_recovery_reminder (SpSettings *self, const char *path)
{
  g_return_if_fail (SP_IS_SETTINGS (self) && path != NULL);

  if (sp_settings_has_recovery_reminder (self, path))
    put_path (self, SP_SETTING_RECOVERY_REMINDERS, NULL, path);
}
