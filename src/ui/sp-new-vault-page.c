/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-new-vault-page"

#include "config.h"

#include "ui/sp-new-vault-page.h"

#include <glib/gi18n.h>

#include "ui/sp-entry-error.h"
#include "ui/sp-error-text.h"
#include "ui/sp-new-password.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

#define MAX_STEM_LEN 120

struct _SpNewVaultPage {
  AdwBin parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while the vault is being made */
  char *old_path;            /* (nullable) the session's, before */

  GtkWidget *back_button;
  GtkStack *button_stack;
  GtkWidget *cancel_button;
  GtkWidget *create_button;
  GtkWidget *form;
  GtkLabel *message_label;
  AdwPreferencesGroup *name_group;
  AdwEntryRow *name_row;
  SpNewPassword *new_password;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpNewVaultPage, sp_new_vault_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- where the file goes ---------------------------------------------------------------------------- */

static char *
dup_name (SpNewVaultPage *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

/* The session's path, or beside it a file that is called like the vault. */
static char *
dup_free_path (SpNewVaultPage *self)
{
  const char *path = sp_session_get_path (self->session);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *stem = dup_name (self);
  g_autofree char *stored = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup (path);
  g_strdelimit (stem, G_DIR_SEPARATOR_S, '-');
  if (*stem != '\0' && *stem != '.' && strlen (stem) <= MAX_STEM_LEN)
    stored = g_filename_from_utf8 (stem, -1, NULL, NULL, NULL);
  if (stored == NULL)
    stored = g_strdup ("vault");
  return sp_dup_free_path (folder, stored);
}

static void
show_path (SpNewVaultPage *self)
{
  g_autofree char *path = dup_free_path (self);
  g_autofree char *shown = sp_dup_shown_path (path);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);
  /* Translators: %s is the path of the file that the vault will be. */
  g_autofree char *text = g_strdup_printf (_("The vault will be the file %s"), escaped);

  adw_preferences_group_set_description (self->name_group, text);
}

/* ---- what is shown ---------------------------------------------------------------------------------- */

static gboolean
is_busy (SpNewVaultPage *self)
{
  return self->cancellable != NULL;
}

static void
update_buttons (SpNewVaultPage *self)
{
  gboolean busy = is_busy (self);
  g_autofree char *name = dup_name (self);

  gtk_stack_set_visible_child_name (self->button_stack, busy ? "busy" : "idle");
  gtk_spinner_set_spinning (self->spinner, busy);
  /* Before what has it turns insensitive: GTK does not take it from there in order. */
  if (busy)
    (void) gtk_widget_grab_focus (self->cancel_button);
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (self->back_button, !busy);
  gtk_widget_set_sensitive (self->create_button,
                            sp_new_password_is_acceptable (self->new_password) && *name != '\0');
}

static void
show_message (SpNewVaultPage *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
  sp_entry_set_error (self->name_row, text);
}

static void
password_changed_cb (SpNewVaultPage *self)
{
  show_message (self, NULL);
  update_buttons (self);
}

/* A password with the vault's name in it is easy to guess. */
static void
show_name (SpNewVaultPage *self)
{
  g_autofree char *name = dup_name (self);

  show_path (self);
  sp_new_password_set_name (self->new_password, name);
  update_buttons (self);
}

static void
name_changed_cb (SpNewVaultPage *self)
{
  if (self->session == NULL)
    return;
  show_message (self, NULL);
  show_name (self);
}

/* ---- creating --------------------------------------------------------------------------------------- */

static void
created_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpNewVaultPage) self = SP_NEW_VAULT_PAGE (user_data);
  SpSession *session = SP_SESSION (object);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok = sp_session_create_finish (session, result, &error);
  gboolean by_user;

  if (self->session == NULL) /* disposed */
    return;
  by_user = g_cancellable_is_cancelled (self->cancellable);
  g_clear_object (&self->cancellable);
  /* What was there before is the vault to unlock again. */
  if (!ok && sp_session_get_state (session) == SP_SESSION_LOCKED)
    sp_session_set_path (session, self->old_path);
  g_clear_pointer (&self->old_path, g_free);
  if (!ok && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    text = sp_error_text (error);
    show_message (self, text);
  }
  /* The session was locked: nobody may be there any more. */
  if (!ok && !by_user && text == NULL)
    sp_new_password_clear (self->new_password);
  update_buttons (self);
  if (ok)
    (void) gtk_widget_activate_action (GTK_WIDGET (self), "win.first-recovery-key", NULL);
  if (ok || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  /* The file is called like the vault, and it is the file that could not be made. */
  if (text != NULL)
    (void) gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  else
    sp_new_password_focus (self->new_password);
}

static void
create_cb (SpNewVaultPage *self)
{
  g_autoptr (SpSecret) password = NULL;
  g_autofree char *name = dup_name (self);
  g_autofree char *path = NULL;

  if (is_busy (self) || !gtk_widget_get_sensitive (self->create_button) ||
      sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  password = sp_new_password_dup_secret (self->new_password);
  sp_new_password_conceal (self->new_password);
  show_message (self, NULL);
  path = dup_free_path (self);
  self->old_path = g_strdup (sp_session_get_path (self->session));
  self->cancellable = g_cancellable_new ();
  update_buttons (self);
  sp_session_create_async (self->session, path, name, password, self->cancellable, created_cb,
                           g_object_ref (self));
}

static void
cancel_cb (SpNewVaultPage *self)
{
  if (is_busy (self))
    g_cancellable_cancel (self->cancellable);
}

static void
back_cb (SpNewVaultPage *self)
{
  const char *path = sp_session_get_path (self->session);

  (void) gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s",
                                     g_file_test (path, G_FILE_TEST_EXISTS) ? "unlock" : "welcome");
}

/* ---- the object ------------------------------------------------------------------------------------- */

static gboolean
sp_new_vault_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SP_NEW_VAULT_PAGE (widget)->name_row));
}

static void
sp_new_vault_page_map (GtkWidget *widget)
{
  SpNewVaultPage *self = SP_NEW_VAULT_PAGE (widget);

  GTK_WIDGET_CLASS (sp_new_vault_page_parent_class)->map (widget);
  show_name (self);
}

/* The rows forget what was typed by themselves. */
static void
sp_new_vault_page_unmap (GtkWidget *widget)
{
  SpNewVaultPage *self = SP_NEW_VAULT_PAGE (widget);

  show_message (self, NULL);
  GTK_WIDGET_CLASS (sp_new_vault_page_parent_class)->unmap (widget);
}

static void
sp_new_vault_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpNewVaultPage *self = SP_NEW_VAULT_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_new_vault_page_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  SpNewVaultPage *self = SP_NEW_VAULT_PAGE (object);

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
sp_new_vault_page_dispose (GObject *object)
{
  SpNewVaultPage *self = SP_NEW_VAULT_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->old_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_NEW_VAULT_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_new_vault_page_parent_class)->dispose (object);
}

static void
sp_new_vault_page_class_init (SpNewVaultPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_new_vault_page_dispose;
  object_class->get_property = sp_new_vault_page_get_property;
  object_class->set_property = sp_new_vault_page_set_property;
  widget_class->grab_focus = sp_new_vault_page_grab_focus;
  widget_class->map = sp_new_vault_page_map;
  widget_class->unmap = sp_new_vault_page_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-new-vault-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, create_button);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, form);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, name_group);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, new_password);
  gtk_widget_class_bind_template_child (widget_class, SpNewVaultPage, spinner);
}

static void
sp_new_vault_page_init (SpNewVaultPage *self)
{
  g_type_ensure (SP_TYPE_NEW_PASSWORD);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Translators: what the first vault is called unless the user says otherwise. */
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), _("Personal"));
}
