/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-activity-window"

#include "config.h"

#include "ui/sp-activity-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "services/sp-activity-model.h"
#include "services/sp-session-job.h"
#include "ui/sp-activity-chart.h"
#include "ui/sp-activity-export-dialog.h"
#include "ui/sp-activity-rows.h"
#include "ui/sp-activity-text.h"
#include "ui/sp-child-window.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"

#define MS_PER_DAY G_GINT64_CONSTANT (86400000)
#define MAX_FAULTS 5 /* that are told one by one */

struct _SpActivityWindow {
  AdwWindow parent_instance;

  SpActivityLog *activity;    /* (owned) */
  SpSession *session;         /* (owned) */
  SpSettings *settings;       /* (owned) */
  SpActivityModel *model;     /* (owned) */
  SpItemTitles *titles;       /* (owned) */
  GSimpleAction *keep_action; /* (owned) */
  SpId item;                  /* null: all */

  GtkLabel *alarm_label;
  GtkRevealer *alarm_revealer;
  SpActivityChart *chart;
  GtkLabel *chart_label;
  GtkWidget *item_button;
  GtkLabel *item_label;
  GtkDropDown *kind_drop_down;
  GtkListView *list;
  GtkStack *pages;
  GtkDropDown *time_drop_down;
  AdwToastOverlay *toasts;
  GtkImage *verified_image;
  GtkLabel *verified_label;
};

G_DEFINE_FINAL_TYPE (SpActivityWindow, sp_activity_window, ADW_TYPE_WINDOW)

/* In the order of the layout's list. */
static const guint spans_days[] = { 0, 1, 7, 30, 365 };

/* ---- what is shown ---------------------------------------------------------------------------------- */

static SpId
get_vault_id (SpActivityWindow *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  const SpId none = { { 0 } };

  return info != NULL ? info->vault_id : none;
}

static void
get_filter (SpActivityWindow *self, SpLogFilter *filter)
{
  guint kind = gtk_drop_down_get_selected (self->kind_drop_down);
  guint span = gtk_drop_down_get_selected (self->time_drop_down);
  guint days = span < G_N_ELEMENTS (spans_days) ? spans_days[span] : 0;

  memset (filter, 0, sizeof *filter);
  filter->subject = self->item;
  if (kind < SP_N_ACTIVITY_GROUPS)
    sp_activity_group_add_to ((SpActivityGroup) kind, filter);
  /* Whole minutes, so that the same choice is the same filter for a while, and what is on screen stays. */
  if (days > 0)
    filter->since_ms = sp_session_now_ms (self->session) / 60000 * 60000 - days * MS_PER_DAY;
}

static void
show_chart (SpActivityWindow *self)
{
  guint n_unlocks, n_failures;
  g_autofree char *unlocks = NULL;
  g_autofree char *failures = NULL;
  g_autofree char *text = NULL;

  sp_activity_chart_set (self->chart, sp_activity_log_get_log (self->activity),
                         sp_session_now_ms (self->session));
  n_unlocks = sp_activity_chart_get_n_unlocks (self->chart);
  n_failures = sp_activity_chart_get_n_failures (self->chart);
  /* Translators: a part of "Last 30 days: 41 unlocks, 2 failed". */
  unlocks = g_strdup_printf (ngettext ("%'u unlock", "%'u unlocks", n_unlocks), n_unlocks);
  /* Translators: a part of "Last 30 days: 41 unlocks, 2 failed". */
  failures = g_strdup_printf (ngettext ("%'u failed", "%'u failed", n_failures), n_failures);
  /* Translators: "Last 30 days: 41 unlocks, 2 failed". */
  text = g_strdup_printf (_ ("Last 30 days: %s, %s"), unlocks, failures);
  gtk_label_set_text (self->chart_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chart), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static char *
dup_faults (const GArray *faults)
{
  GString *text = g_string_new (
      _ ("Somebody who could write the file, but not open the vault, changed this log."));

  for (guint i = 0; i < MIN (faults->len, MAX_FAULTS); i++) {
    g_autofree char *sentence = sp_activity_fault_text (&g_array_index (faults, SpLogFault, i));

    g_string_append_printf (text, "\n%s", sentence);
  }
  if (faults->len > MAX_FAULTS) {
    guint more = faults->len - MAX_FAULTS;

    g_string_append_c (text, '\n');
    /* Translators: %u is how many things more are wrong with the log. */
    g_string_append_printf (text, ngettext ("And %u more.", "And %u more.", more), more);
  }
  return g_string_free (text, FALSE);
}

static char *
dup_verified (SpActivityWindow *self)
{
  g_autofree char *time = sp_shown_time (sp_activity_log_get_verified_ms (self->activity));
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                             sp_activity_log_get_verified (self->activity));

  /* Translators: the number of an entry, and a time: "Verified up to entry 1234, 3 March 2024, 14:05". */
  return g_strdup_printf (_ ("Verified up to entry %s, %s"), number, time);
}

static void
show_verified (SpActivityWindow *self)
{
  const GArray *faults = sp_activity_log_peek_faults (self->activity);
  gboolean holds = faults != NULL && faults->len == 0;
  g_autofree char *text = faults == NULL ? g_strdup (_ ("Verifying…"))
: holds                                    ? dup_verified (self)
                                         : dup_faults (faults);

  gtk_label_set_text (self->verified_label, text);
  gtk_image_set_from_icon_name (
      self->verified_image, faults == NULL || holds ? "sp-shield-symbolic" : "sp-warning-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->verified_image), holds ? "error" : "success");
  if (faults != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->verified_image), holds ? "success" : "error");
}

static void
show_alarms (SpActivityWindow *self)
{
  SpId id = get_vault_id (self);
  guint64 seen = sp_settings_get_activity_seen (self->settings, &id);
  /* That the log does not hold is told beside, and cannot be dismissed. */
  SpAlarms alarms = sp_activity_log_find_alarms (self->activity, seen) & ~SP_ALARM_FAULTS;

  if (alarms != 0) {
    g_autofree char *text = sp_activity_alarms_text (alarms);

    gtk_label_set_text (self->alarm_label, text);
  }
  gtk_revealer_set_reveal_child (self->alarm_revealer, alarms != 0);
}

static void
show_list (SpActivityWindow *self)
{
  SpLog *log = sp_activity_log_get_log (self->activity);
  SpLogFilter filter;
  gboolean empty;

  get_filter (self, &filter);
  sp_activity_model_set (self->model, log, &filter);
  empty = g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0;
  gtk_stack_set_visible_child_name (self->pages, !empty ? "list"
                                                 : sp_activity_log_is_loaded (self->activity)
                                                     ? "empty"
                                                     : "loading");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export",
                                 !empty && sp_activity_log_is_loaded (self->activity));
}

static void
show_item (SpActivityWindow *self)
{
  gboolean all = sp_id_is_null (&self->item);
  g_autofree char *title = all ? NULL : sp_item_titles_dup (self->titles, &self->item);

  gtk_widget_set_visible (self->item_button, !all);
  if (title == NULL)
    title = g_strdup (_ ("An item that is gone"));
  gtk_label_set_text (self->item_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->item_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
}

static void
activity_changed_cb (SpActivityWindow *self)
{
  if (!sp_session_is_open (self->session))
    return;
  show_chart (self);
  show_verified (self);
  show_alarms (self);
  show_list (self);
}

/* ---- what is chosen --------------------------------------------------------------------------------- */

static void
filter_changed_cb (SpActivityWindow *self)
{
  if (self->activity == NULL)
    return;
  show_list (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    (void) gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0u);
}

static void
all_items_cb (SpActivityWindow *self)
{
  memset (&self->item, 0, sizeof self->item);
  show_item (self);
  filter_changed_cb (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->kind_drop_down));
}

static void
dismiss_cb (SpActivityWindow *self)
{
  SpLog *log = sp_activity_log_get_log (self->activity);
  SpId id = get_vault_id (self);

  if (log != NULL)
    sp_settings_set_activity_seen (self->settings, &id, sp_log_get_newest (log));
  show_alarms (self);
}

static void
exported_cb (GtkWindow *window)
{
  SpActivityWindow *self = SP_ACTIVITY_WINDOW (window);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Activity exported")));
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpActivityWindow *self = SP_ACTIVITY_WINDOW (widget);

  sp_activity_export_dialog_present (GTK_WINDOW (self), self->activity,
                                     sp_activity_model_peek_numbers (self->model), exported_cb);
}

/* ---- how long it is kept ---------------------------------------------------------------------------- */

typedef struct {
  gboolean set;
  SpLogRetention retention;
} Keep;

static gboolean
keep (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Keep *self = data;
  guint days = self->retention.days;

  if (!sp_vault_get_log_retention (vault, &self->retention, error))
    return FALSE;
  if (!self->set)
    return TRUE;
  self->retention.days = days;
  return sp_vault_set_log_retention (vault, &self->retention, error);
}

static void
kept_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpActivityWindow) self = SP_ACTIVITY_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  const Keep *done = sp_session_run_finish (SP_SESSION (object), result, &error);

  if (self->activity == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (done == NULL) {
    g_autofree char *text = sp_error_text (error);
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
    return;
  }
  g_simple_action_set_state (
      self->keep_action, g_variant_new_take_string (g_strdup_printf ("%u", done->retention.days)));
}

static void
run_keep (SpActivityWindow *self, gboolean set, guint days)
{
  Keep *data = g_new0 (Keep, 1);

  data->set = set;
  data->retention.days = days;
  sp_session_run_async (self->session, SP_JOB_INTERACTIVE, keep, data, g_free, NULL, kept_cb,
                        g_object_ref (self));
}

static void
keep_cb (SpActivityWindow *self, GVariant *value)
{
  guint64 days;

  if (g_ascii_string_to_unsigned (g_variant_get_string (value, NULL), 10, 0, SP_LOG_MAX_DAYS, &days,
                                  NULL))
    run_keep (self, TRUE, (guint) days);
}

static void
forward_cb (SpActivityWindow *self, GVariant *value, GSimpleAction *action)
{
  gboolean wanted = g_variant_get_boolean (value);

  sp_settings_set_forward_activity (self->settings, wanted);
  g_simple_action_set_state (
      action, g_variant_new_boolean (sp_settings_get_forward_activity (self->settings)));
}

/* Actions with a state, which install_action() has not. */
static void
add_actions (SpActivityWindow *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) forward = g_simple_action_new_stateful (
      "forward", NULL, g_variant_new_boolean (sp_settings_get_forward_activity (self->settings)));

  self->keep_action = g_simple_action_new_stateful ("keep", G_VARIANT_TYPE_STRING,
                                                    g_variant_new_string (""));
  g_signal_connect_object (self->keep_action, "change-state", G_CALLBACK (keep_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (forward, "change-state", G_CALLBACK (forward_cb), self,
                           G_CONNECT_SWAPPED);
  g_simple_action_set_enabled (self->keep_action, sp_session_is_writable (self->session));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->keep_action));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (forward));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "log", G_ACTION_GROUP (group));
  run_keep (self, FALSE, 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_activity_window_dispose (GObject *object)
{
  SpActivityWindow *self = SP_ACTIVITY_WINDOW (object);

  if (self->activity != NULL)
    g_signal_handlers_disconnect_by_func (self->activity, activity_changed_cb, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ACTIVITY_WINDOW);
  g_clear_pointer (&self->titles, sp_item_titles_free);
  g_clear_object (&self->model);
  g_clear_object (&self->keep_action);
  g_clear_object (&self->activity);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_activity_window_parent_class)->dispose (object);
}

static void
sp_activity_window_class_init (SpActivityWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_activity_window_dispose;

  gtk_widget_class_install_action (widget_class, "activity.export", NULL, export_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-activity-window.ui");
  gtk_widget_class_bind_template_callback (widget_class, all_items_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, alarm_label);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, alarm_revealer);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, chart);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, chart_label);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, item_button);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, item_label);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, time_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, verified_image);
  gtk_widget_class_bind_template_child (widget_class, SpActivityWindow, verified_label);
}

static void
sp_activity_window_init (SpActivityWindow *self)
{
  const char *labels[SP_N_ACTIVITY_GROUPS + 1] = { NULL };
  g_autoptr (GtkStringList) groups = NULL;

  g_type_ensure (SP_TYPE_ACTIVITY_CHART);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < SP_N_ACTIVITY_GROUPS; i++)
    labels[i] = sp_activity_group_get_label ((SpActivityGroup) i);
  groups = gtk_string_list_new (labels);
  gtk_drop_down_set_model (self->kind_drop_down, G_LIST_MODEL (groups));
  self->model = sp_activity_model_new ();
}

void
sp_activity_window_present (GtkWindow *parent,
                            SpActivityLog *activity,
                            SpSettings *settings,
                            const SpId *item)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  SpActivityWindow *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_ACTIVITY_LOG (activity));
  g_return_if_fail (sp_session_is_open (sp_activity_log_get_session (activity)));

  self = g_object_new (SP_TYPE_ACTIVITY_WINDOW, NULL);
  self->activity = g_object_ref (activity);
  self->session = g_object_ref (sp_activity_log_get_session (activity));
  self->settings = g_object_ref (settings);
  self->titles = sp_item_titles_new (self->session);
  if (item != NULL)
    self->item = *item;
  factory = sp_activity_rows_new (self->titles);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (gtk_no_selection_new (
                                           G_LIST_MODEL (g_object_ref (self->model)))));
  g_signal_connect_object (activity, "changed", G_CALLBACK (activity_changed_cb), self,
                           G_CONNECT_SWAPPED);
  add_actions (self);
  show_item (self);
  activity_changed_cb (self);
  sp_activity_log_load_all (activity);
  sp_child_window_set_up (GTK_WINDOW (self), parent, self->session);
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  gtk_window_present (GTK_WINDOW (self));
}
