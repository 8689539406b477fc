/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-welcome-page"

#include "config.h"

#include "ui/sp-welcome-page.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

struct _SpWelcomePage {
  AdwBin parent_instance;

  SpSession *session;     /* (owned) (nullable) */
  SpRecentVaults *recent; /* (owned) (nullable) */
  GPtrArray *recent_rows; /* (element-type GtkWidget) in the group */

  GtkWidget *buttons;
  GtkWidget *create_button;
  AdwPreferencesGroup *recent_group;
};

G_DEFINE_FINAL_TYPE (SpWelcomePage, sp_welcome_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- recent vaults ---------------------------------------------------------------------------------- */

static GtkWidget *
make_forget_button (const SpRecentVault *vault)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  /* Translators: %s is the name of a vault. */
  g_autofree char *label = g_strdup_printf (_("Forget “%s”"), vault->name);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.forget-recent");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button),
                                          g_variant_new_bytestring (vault->path));
  return button;
}

static GtkWidget *
make_recent_row (const SpRecentVault *vault)
{
  GtkWidget *row = adw_action_row_new ();
  /* Translators: %s is the path of a file that is not there any more. */
  g_autofree char *gone = g_strdup_printf (_("%s (missing)"), vault->shown_path);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), vault->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), vault->missing ? gone : vault->shown_path);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  if (vault->missing) {
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_forget_button (vault));
    return row;
  }
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-recent");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (row),
                                          g_variant_new_bytestring (vault->path));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
recent_changed_cb (SpWelcomePage *self)
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
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), vaults->len > 0);
}

/* ---- the focus -------------------------------------------------------------------------------------- */

static gboolean
sp_welcome_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SP_WELCOME_PAGE (widget)->create_button);
}

static void
sp_welcome_page_map (GtkWidget *widget)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (widget);

  GTK_WIDGET_CLASS (sp_welcome_page_parent_class)->map (widget);
  if (self->recent != NULL)
    sp_recent_vaults_look (self->recent);
}

static void
sp_welcome_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_welcome_page_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (g_set_object (&self->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_welcome_page_dispose (GObject *object)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_WELCOME_PAGE);
  g_clear_object (&self->recent);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_welcome_page_parent_class)->dispose (object);
}

static void
sp_welcome_page_finalize (GObject *object)
{
  g_ptr_array_unref (SP_WELCOME_PAGE (object)->recent_rows);
  G_OBJECT_CLASS (sp_welcome_page_parent_class)->finalize (object);
}

static void
sp_welcome_page_class_init (SpWelcomePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_welcome_page_dispose;
  object_class->finalize = sp_welcome_page_finalize;
  object_class->get_property = sp_welcome_page_get_property;
  object_class->set_property = sp_welcome_page_set_property;
  widget_class->grab_focus = sp_welcome_page_grab_focus;
  widget_class->map = sp_welcome_page_map;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SpWelcomePage, buttons);
  gtk_widget_class_bind_template_child (widget_class, SpWelcomePage, create_button);
  gtk_widget_class_bind_template_child (widget_class, SpWelcomePage, recent_group);
}

/* A long language or large letters would make the page wider than a telephone. */
static void
let_labels_wrap (GtkWidget *buttons)
{
  GtkWidget *button;

  for (button = gtk_widget_get_first_child (buttons); button != NULL;
       button = gtk_widget_get_next_sibling (button)) {
    GtkLabel *label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));

    gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
    gtk_label_set_wrap (label, TRUE);
  }
}

static void
sp_welcome_page_init (SpWelcomePage *self)
{
  self->recent_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  let_labels_wrap (self->buttons);
}

void
sp_welcome_page_set_recent (SpWelcomePage *self, SpRecentVaults *recent)
{
  g_return_if_fail (SP_IS_WELCOME_PAGE (self) && self->recent == NULL);

  self->recent = g_object_ref (recent);
  g_signal_connect_object (recent, "changed", G_CALLBACK (recent_changed_cb), self,
                           G_CONNECT_SWAPPED);
  recent_changed_cb (self);
}
