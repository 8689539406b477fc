/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-draft-bar"

#include "config.h"

#include "ui/sp-draft-bar.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "services/sp-session-drafts.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

struct _SpDraftBar {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  GSignalGroup *session_signals;
  GCancellable *loading; /* (owned) (nullable) */
  GPtrArray *offers;     /* (element-type Offer) (owned) the latest first */
  SpId wanted;           /* what the loading is for; null: to see what there is */
  SpDraft *chosen;       /* (owned) (nullable) while ::chosen is emitted */
  GtkWindow *question;   /* (nullable) weak */
  SpId in_question;

  GtkWidget *continue_button;
  GtkWidget *discard_button;
  GtkListBox *list;
  GtkMenuButton *list_button;
  GtkRevealer *revealer;
  GtkLabel *text_label;
  GtkLabel *title_label;
};

typedef struct {
  SpId id; /* of the item */
  char *title;
} Offer;

G_DEFINE_FINAL_TYPE (SpDraftBar, sp_draft_bar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
offer_free (gpointer data)
{
  Offer *self = data;

  sp_wipe (self->title, strlen (self->title));
  g_free (self->title);
  g_free (self);
}

static const char *
get_title (const Offer *offer)
{
  return *offer->title != '\0' ? offer->title : _("New item");
}

static guint
find_offer (SpDraftBar *self, const SpId *id)
{
  for (guint i = 0; i < self->offers->len; i++)
    if (sp_id_equal (&((const Offer *) g_ptr_array_index (self->offers, i))->id, id))
      return i;
  return G_MAXUINT;
}

/* ---- what is shown ---------------------------------------------------------------------------------- */

static void list_discard_cb (GtkWidget *button, SpDraftBar *self);

static GtkWidget *
make_row (SpDraftBar *self, const Offer *offer)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("sp-trash-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_title (offer));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (button, _("Discard"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Discard"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (list_discard_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
update_list (SpDraftBar *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < self->offers->len; i++)
    gtk_list_box_append (self->list, make_row (self, g_ptr_array_index (self->offers, i)));
}

static void
update (SpDraftBar *self)
{
  guint n = self->offers->len;
  g_autofree char *several = NULL;

  update_list (self);
  gtk_widget_set_visible (self->continue_button, n == 1);
  gtk_widget_set_visible (self->discard_button, n == 1);
  gtk_widget_set_visible (GTK_WIDGET (self->list_button), n > 1);
  if (n == 0) {
    gtk_label_set_text (self->title_label, "");
    gtk_label_set_text (self->text_label, "");
  } else if (n == 1) {
    gtk_label_set_text (self->title_label, get_title (g_ptr_array_index (self->offers, 0)));
    gtk_label_set_text (self->text_label, _("You had not saved this yet."));
  } else {
    /* Translators: %u is at least two. */
    several = g_strdup_printf (ngettext ("%u unfinished item", "%u unfinished items", n), n);
    gtk_label_set_text (self->title_label, several);
    gtk_label_set_text (self->text_label, _("You had not saved these yet."));
  }
  if (n < 2)
    gtk_menu_button_popdown (self->list_button);
  gtk_revealer_set_reveal_child (self->revealer, n > 0);
}

static void
close_question (SpDraftBar *self)
{
  GtkWindow *question = self->question;

  g_clear_weak_pointer (&self->question);
  if (question != NULL)
    gtk_window_destroy (question);
}

static void
remove_offer (SpDraftBar *self, const SpId *id)
{
  guint index = find_offer (self, id);

  if (index != G_MAXUINT)
    g_ptr_array_remove_index (self->offers, index);
  update (self);
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static void
add_offer (SpDraftBar *self, const SpDraft *draft)
{
  Offer *offer = g_new (Offer, 1);

  offer->id = draft->item->id;
  offer->title = g_strdup (draft->item->title);
  g_ptr_array_add (self->offers, offer);
}

static void
offer_all (SpDraftBar *self, GPtrArray *drafts)
{
  g_ptr_array_set_size (self->offers, 0);
  for (guint i = 0; i < drafts->len; i++) {
    const SpDraft *draft = g_ptr_array_index (drafts, i);

    /* It was saved in the last moment, and the draft could not be dropped any more. */
    if (draft->saved)
      sp_session_drop_draft (self->session, &draft->item->id);
    else
      add_offer (self, draft);
  }
  update (self);
}

static void
choose (SpDraftBar *self, GPtrArray *drafts)
{
  for (guint i = 0; i < drafts->len; i++) {
    const SpDraft *draft = g_ptr_array_index (drafts, i);

    if (!sp_id_equal (&draft->item->id, &self->wanted))
      continue;
    self->chosen = g_ptr_array_steal_index (drafts, i);
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
    g_clear_pointer (&self->chosen, sp_draft_free);
    return;
  }
  /* Another process of this user has taken it away. */
  remove_offer (self, &self->wanted);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpDraftBar) self = SP_DRAFT_BAR (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts = sp_session_load_drafts_finish (SP_SESSION (object), result,
                                                                &error);

  if (drafts == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  if (sp_id_is_null (&self->wanted))
    offer_all (self, drafts);
  else
    choose (self, drafts);
}

static void
stop_loading (SpDraftBar *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
load (SpDraftBar *self, const SpId *wanted)
{
  const SpId nothing = { 0 };

  stop_loading (self);
  self->loading = g_cancellable_new ();
  self->wanted = wanted != NULL ? *wanted : nothing;
  sp_session_load_drafts_async (self->session, self->loading, loaded_cb, g_object_ref (self));
}

static void
session_state_cb (SpDraftBar *self)
{
  if (sp_session_is_open (self->session)) {
    if (sp_session_is_writable (self->session))
      load (self, NULL);
    return;
  }
  stop_loading (self);
  close_question (self);
  g_ptr_array_set_size (self->offers, 0);
  update (self);
}

/* ---- what is done with it --------------------------------------------------------------------------- */

static void
discard_response_cb (SpDraftBar *self, const char *response)
{
  g_clear_weak_pointer (&self->question);
  if (!g_str_equal (response, "discard"))
    return;
  sp_session_drop_draft (self->session, &self->in_question);
  remove_offer (self, &self->in_question);
}

static void
ask_to_discard (SpDraftBar *self, guint index)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const Offer *offer = g_ptr_array_index (self->offers, index);
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;

  close_question (self);
  self->in_question = offer->id;
  /* Translators: %s is the title of an item. */
  body = g_strdup_printf (_("What you changed in “%s” will be lost."), get_title (offer));
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _("Discard Changes?"), NULL));
  adw_message_dialog_set_body (dialog, body);
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "discard", _("_Discard"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_response_cb), self,
                           G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->question, GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
continue_clicked_cb (SpDraftBar *self)
{
  if (self->offers->len > 0)
    load (self, &((const Offer *) g_ptr_array_index (self->offers, 0))->id);
}

static void
discard_clicked_cb (SpDraftBar *self)
{
  if (self->offers->len > 0)
    ask_to_discard (self, 0);
}

static void
row_activated_cb (SpDraftBar *self, GtkListBoxRow *row)
{
  guint index = (guint) gtk_list_box_row_get_index (row);

  gtk_menu_button_popdown (self->list_button);
  load (self, &((const Offer *) g_ptr_array_index (self->offers, index))->id);
}

static void
list_discard_cb (GtkWidget *button, SpDraftBar *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  gtk_menu_button_popdown (self->list_button);
  ask_to_discard (self, (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_draft_bar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpDraftBar *self = SP_DRAFT_BAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_draft_bar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpDraftBar *self = SP_DRAFT_BAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (!g_set_object (&self->session, g_value_get_object (value)))
      break;
    g_signal_group_set_target (self->session_signals, self->session);
    g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_draft_bar_dispose (GObject *object)
{
  SpDraftBar *self = SP_DRAFT_BAR (object);

  stop_loading (self);
  close_question (self);
  g_clear_object (&self->session_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_DRAFT_BAR);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_draft_bar_parent_class)->dispose (object);
}

static void
sp_draft_bar_finalize (GObject *object)
{
  g_ptr_array_unref (SP_DRAFT_BAR (object)->offers);
  G_OBJECT_CLASS (sp_draft_bar_parent_class)->finalize (object);
}

static void
sp_draft_bar_class_init (SpDraftBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_draft_bar_dispose;
  object_class->finalize = sp_draft_bar_finalize;
  object_class->get_property = sp_draft_bar_get_property;
  object_class->set_property = sp_draft_bar_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", SP_TYPE_DRAFT_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-draft-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, continue_button);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, discard_button);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, list);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, list_button);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, text_label);
  gtk_widget_class_bind_template_child (widget_class, SpDraftBar, title_label);
  gtk_widget_class_bind_template_callback (widget_class, continue_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
sp_draft_bar_init (SpDraftBar *self)
{
  self->offers = g_ptr_array_new_with_free_func (offer_free);
  self->session_signals = g_signal_group_new (SP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (session_state_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

const SpDraft *
sp_draft_bar_peek_chosen (SpDraftBar *self)
{
  g_return_val_if_fail (SP_IS_DRAFT_BAR (self), NULL);
  return self->chosen;
}

SpDraft *
sp_draft_bar_take_chosen (SpDraftBar *self)
{
  g_return_val_if_fail (SP_IS_DRAFT_BAR (self) && self->chosen != NULL, NULL);

  remove_offer (self, &self->chosen->item->id);
  return g_steal_pointer (&self->chosen);
}

gboolean
sp_draft_bar_choose (SpDraftBar *self, const SpId *id)
{
  g_return_val_if_fail (SP_IS_DRAFT_BAR (self) && id != NULL, FALSE);

  if (find_offer (self, id) == G_MAXUINT)
    return FALSE;
  load (self, id);
  return TRUE;
}
