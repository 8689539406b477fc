/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A duration is chosen from a few; one that was set otherwise stands among them, so that looking at it changes
 * nothing. */

#define G_LOG_DOMAIN "sp-preferences-window"

#include "config.h"

#include "ui/sp-preferences-window.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

/* Seconds; 0 is never. */
static const guint auto_lock_choices[] = { 60, 120, 300, 600, 900, 1800, 3600, 0 };
static const guint clipboard_choices[] = { 10, 20, 30, 60, 120, 300, 0 };
static const guint conceal_choices[] = { 5, 10, 30, 60, 120, 300, 0 };

struct _SpPreferencesWindow {
  AdwPreferencesWindow parent_instance;

  SpSession *session;     /* (owned) */
  SpSettings *settings;   /* (owned) */
  SpRecentVaults *recent; /* (owned) */
  GPtrArray *recent_rows; /* (element-type GtkWidget) in the group */
  GArray *auto_lock;      /* (element-type guint) seconds, as in the row */
  GArray *clipboard;
  GArray *conceal;

  AdwComboRow *appearance_row;
  AdwComboRow *auto_lock_row;
  AdwComboRow *clipboard_row;
  AdwComboRow *conceal_row;
  GtkWidget *forget_button;
  GtkSwitch *lock_on_suspend_switch;
  GtkSwitch *lock_with_screen_switch;
  AdwPreferencesGroup *recent_group;
  AdwComboRow *sort_row;
};

G_DEFINE_FINAL_TYPE (SpPreferencesWindow, sp_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* ---- durations -------------------------------------------------------------------------------------- */

static char *
dup_duration (guint seconds)
{
  if (seconds == 0)
    return g_strdup (C_ ("duration", "Never"));
  if (seconds % 3600 == 0)
    /* Translators: as in “Lock after: 1 hour”. */
    return g_strdup_printf (ngettext ("%u hour", "%u hours", seconds / 3600), seconds / 3600);
  if (seconds % 60 == 0)
    /* Translators: as in “Lock after: 10 minutes”. */
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", seconds / 60), seconds / 60);
  /* Translators: as in “Clear the clipboard after: 30 seconds”. */
  return g_strdup_printf (ngettext ("%u second", "%u seconds", seconds), seconds);
}

static guint
find_duration (const GArray *durations, guint seconds)
{
  for (guint i = 0; i < durations->len; i++)
    if (g_array_index (durations, guint, i) == seconds)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* Never is the longest. */
static gint
compare_durations (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a - 1;
  guint second = *(const guint *) b - 1;

  return (first > second) - (first < second);
}

static GArray *
fill_durations (AdwComboRow *row, const guint *choices, guint n_choices, guint now)
{
  GArray *durations = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_array_append_vals (durations, choices, n_choices);
  if (find_duration (durations, now) == GTK_INVALID_LIST_POSITION)
    g_array_append_val (durations, now);
  g_array_sort (durations, compare_durations);
  for (guint i = 0; i < durations->len; i++)
    gtk_string_list_take (names, dup_duration (g_array_index (durations, guint, i)));
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, find_duration (durations, now));
  return durations;
}

static guint
get_duration (AdwComboRow *row, const GArray *durations)
{
  guint selected = adw_combo_row_get_selected (row);

  return selected < durations->len ? g_array_index (durations, guint, selected) : 0;
}

static void
auto_lock_cb (SpPreferencesWindow *self)
{
  sp_settings_set_auto_lock_minutes (self->settings,
                                     get_duration (self->auto_lock_row, self->auto_lock) / 60);
}

static void
clipboard_cb (SpPreferencesWindow *self)
{
  sp_settings_set_clipboard_seconds (self->settings,
                                     get_duration (self->clipboard_row, self->clipboard));
}

static void
conceal_cb (SpPreferencesWindow *self)
{
  sp_settings_set_conceal_seconds (self->settings, get_duration (self->conceal_row, self->conceal));
}

static void
fill_all_durations (SpPreferencesWindow *self)
{
  self->auto_lock = fill_durations (self->auto_lock_row, auto_lock_choices,
                                    G_N_ELEMENTS (auto_lock_choices),
                                    sp_settings_get_auto_lock_minutes (self->settings) * 60);
  self->clipboard = fill_durations (self->clipboard_row, clipboard_choices,
                                    G_N_ELEMENTS (clipboard_choices),
                                    sp_settings_get_clipboard_seconds (self->settings));
  self->conceal = fill_durations (self->conceal_row, conceal_choices,
                                  G_N_ELEMENTS (conceal_choices),
                                  sp_settings_get_conceal_seconds (self->settings));
  g_signal_connect_object (self->auto_lock_row, "notify::selected", G_CALLBACK (auto_lock_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clipboard_row, "notify::selected", G_CALLBACK (clipboard_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->conceal_row, "notify::selected", G_CALLBACK (conceal_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- the others ------------------------------------------------------------------------------------- */

static void
appearance_cb (SpPreferencesWindow *self)
{
  sp_settings_set_appearance (self->settings,
                              (SpAppearance) adw_combo_row_get_selected (self->appearance_row));
}

static void
sort_cb (SpPreferencesWindow *self)
{
  sp_settings_set_sort_order (self->settings,
                              (SpOrderKind) adw_combo_row_get_selected (self->sort_row));
}

static void
lock_on_suspend_cb (SpPreferencesWindow *self)
{
  sp_settings_set_lock_on_suspend (self->settings,
                                   gtk_switch_get_active (self->lock_on_suspend_switch));
}

static void
lock_with_screen_cb (SpPreferencesWindow *self)
{
  sp_settings_set_lock_with_screen (self->settings,
                                    gtk_switch_get_active (self->lock_with_screen_switch));
}

static void
fill_others (SpPreferencesWindow *self)
{
  adw_combo_row_set_selected (self->appearance_row,
                              (guint) sp_settings_get_appearance (self->settings));
  adw_combo_row_set_selected (self->sort_row, (guint) sp_settings_get_sort_order (self->settings));
  gtk_switch_set_active (self->lock_on_suspend_switch,
                         sp_settings_get_lock_on_suspend (self->settings));
  gtk_switch_set_active (self->lock_with_screen_switch,
                         sp_settings_get_lock_with_screen (self->settings));
  g_signal_connect_object (self->appearance_row, "notify::selected", G_CALLBACK (appearance_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sort_row, "notify::selected", G_CALLBACK (sort_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lock_on_suspend_switch, "notify::active",
                           G_CALLBACK (lock_on_suspend_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lock_with_screen_switch, "notify::active",
                           G_CALLBACK (lock_with_screen_cb), self, G_CONNECT_SWAPPED);
}

/* ---- recent vaults ---------------------------------------------------------------------------------- */

static GtkWidget *
make_recent_row (const SpRecentVault *vault)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  /* Translators: %s is the path of a file that is not there any more. */
  g_autofree char *gone = g_strdup_printf (_("%s (missing)"), vault->shown_path);
  /* Translators: %s is the name of a vault. */
  g_autofree char *label = g_strdup_printf (_("Forget “%s”"), vault->name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), vault->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), vault->missing ? gone : vault->shown_path);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "preferences.forget");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button),
                                          g_variant_new_bytestring (vault->path));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
recent_changed_cb (SpPreferencesWindow *self)
{
  const GPtrArray *vaults = sp_recent_vaults_peek (self->recent);

  for (guint i = 0; i < self->recent_rows->len; i++)
    adw_preferences_group_remove (self->recent_group, g_ptr_array_index (self->recent_rows, i));
  g_ptr_array_set_size (self->recent_rows, 0);
  for (guint i = 0; i < vaults->len; i++) {
    GtkWidget *row = make_recent_row (g_ptr_array_index (vaults, i));

    adw_preferences_group_add (self->recent_group, row);
    g_ptr_array_add (self->recent_rows, row);
  }
  adw_preferences_group_set_description (self->recent_group, vaults->len == 0
                                         ? _("None was opened yet, or all are forgotten.")
                                         : NULL);
  gtk_widget_set_visible (self->forget_button, vaults->len > 0);
}

static void
forget_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpPreferencesWindow *self = SP_PREFERENCES_WINDOW (widget);

  sp_settings_forget_recent_vault (self->settings, g_variant_get_bytestring (parameter));
}

static void
forget_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpPreferencesWindow *self = SP_PREFERENCES_WINDOW (widget);
  g_auto (GStrv) paths = sp_settings_dup_recent_vaults (self->settings);

  for (gsize i = 0; paths[i] != NULL; i++)
    sp_settings_forget_recent_vault (self->settings, paths[i]);
}

/* ---- the vault -------------------------------------------------------------------------------------- */

/* The main window's own, which shows it in the place of this one. */
static void
hand_over (GtkWidget *widget, const char *action_name)
{
  g_autoptr (GtkWindow) parent = NULL;

  g_set_object (&parent, gtk_window_get_transient_for (GTK_WINDOW (widget)));
  gtk_window_close (GTK_WINDOW (widget));
  if (parent == NULL || !gtk_widget_activate_action (GTK_WIDGET (parent), action_name, NULL))
    g_warning ("There is no window for %s.", action_name);
}

static void
change_password_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  hand_over (widget, "win.change-password");
}

static void
quick_unlock_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  hand_over (widget, "win.quick-unlock");
}

static void
key_slots_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  hand_over (widget, "win.key-slots");
}

static void
session_cb (SpPreferencesWindow *self)
{
  gboolean writable = sp_session_is_writable (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "preferences.change-password", writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "preferences.quick-unlock", writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "preferences.key-slots",
                                 sp_session_is_open (self->session));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_preferences_window_dispose (GObject *object)
{
  SpPreferencesWindow *self = SP_PREFERENCES_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_PREFERENCES_WINDOW);
  g_clear_object (&self->recent);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_preferences_window_parent_class)->dispose (object);
}

static void
sp_preferences_window_finalize (GObject *object)
{
  SpPreferencesWindow *self = SP_PREFERENCES_WINDOW (object);

  g_clear_pointer (&self->auto_lock, g_array_unref);
  g_clear_pointer (&self->clipboard, g_array_unref);
  g_clear_pointer (&self->conceal, g_array_unref);
  g_clear_pointer (&self->recent_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (sp_preferences_window_parent_class)->finalize (object);
}

static void
sp_preferences_window_class_init (SpPreferencesWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_preferences_window_dispose;
  object_class->finalize = sp_preferences_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, appearance_row);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, auto_lock_row);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, clipboard_row);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, conceal_row);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, forget_button);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, lock_on_suspend_switch);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, lock_with_screen_switch);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, recent_group);
  gtk_widget_class_bind_template_child (widget_class, SpPreferencesWindow, sort_row);

  gtk_widget_class_install_action (widget_class, "preferences.change-password", NULL,
                                   change_password_action);
  gtk_widget_class_install_action (widget_class, "preferences.quick-unlock", NULL,
                                   quick_unlock_action);
  gtk_widget_class_install_action (widget_class, "preferences.key-slots", NULL, key_slots_action);
  gtk_widget_class_install_action (widget_class, "preferences.forget", "ay", forget_action);
  gtk_widget_class_install_action (widget_class, "preferences.forget-all", NULL, forget_all_action);
}

static void
sp_preferences_window_init (SpPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->recent_rows = g_ptr_array_new ();
}

SpPreferencesWindow *
sp_preferences_window_new (GtkWindow *parent,
                           SpSession *session,
                           SpSettings *settings,
                           SpRecentVaults *recent)
{
  SpPreferencesWindow *self = g_object_new (SP_TYPE_PREFERENCES_WINDOW, "transient-for", parent,
                                            NULL);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->recent = g_object_ref (recent);
  fill_all_durations (self);
  fill_others (self);
  g_signal_connect_object (recent, "changed", G_CALLBACK (recent_changed_cb), self,
                           G_CONNECT_SWAPPED);
  recent_changed_cb (self);
  sp_recent_vaults_look (recent);
  g_signal_connect_object (session, "notify::writable", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  session_cb (self);
  return self;
}
