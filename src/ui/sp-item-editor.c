/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widgets are the edit: collect() makes the item of them. Whether there are changes is told by
 * comparing it with the one that was collected at the beginning. While there are, SpDraftKeeper keeps them. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include "ui/sp-item-editor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-clock.h"
#include "base/sp-wipe.h"
#include "services/sp-session-drafts.h"
#include "services/sp-session-items.h"
#include "ui/sp-draft-keeper.h"
#include "ui/sp-error-text.h"
#include "ui/sp-field-editor.h"
#include "ui/sp-ui.h"
#include "vault/sp-vault-error.h"

struct _SpItemEditor {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  GSignalGroup *session_signals;
  SpItem *base; /* (owned) (nullable) what the edit began with; NULL when there is none */
  SpItem *
      unchanged; /* (owned) (nullable) the same, as the widgets give it; NULL when all of it is a change */
  SpDraftKeeper *drafts;
  GCancellable *reloading; /* (owned) (nullable) */
  guint edit_count;        /* tells an answer for an earlier edit */
  gboolean saving;
  gboolean overwriting; /* the reload that runs is for saving over what it brings */

  GtkWindow *question;   /* (nullable) weak; what is asked about this edit */
  SpItemEditorThen then; /* (nullable) for when it is left */
  gpointer then_data;

  GtkButton *error_button;
  GtkLabel *error_label;
  GtkRevealer *error_strip;
  AdwEntryRow *expires_row;
  GtkSwitch *favourite_switch;
  GtkListBox *fields;
  GtkTextView *notes_view;
  AdwEntryRow *tags_row;
  AdwEntryRow *title_row;
  AdwWindowTitle *window_title;
};

G_DEFINE_FINAL_TYPE (SpItemEditor, sp_item_editor, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum {
  SIGNAL_DONE,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* ---- the rows of the fields ------------------------------------------------------------------------- */

static void
changed_cb (SpItemEditor *self)
{
  if (self->drafts != NULL)
    sp_draft_keeper_changed (self->drafts);
}

static void
field_remove_cb (SpItemEditor *self, SpFieldEditor *row)
{
  sp_field_editor_clear (row);
  gtk_list_box_remove (self->fields, GTK_WIDGET (row));
  changed_cb (self);
}

static void
field_move_cb (SpItemEditor *self, int by, SpFieldEditor *row)
{
  int position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + by;

  if (gtk_list_box_get_row_at_index (self->fields, position) == NULL)
    return;
  g_object_ref (row);
  gtk_list_box_remove (self->fields, GTK_WIDGET (row));
  gtk_list_box_insert (self->fields, GTK_WIDGET (row), position);
  sp_field_editor_focus (row);
  g_object_unref (row);
  changed_cb (self);
}

static SpFieldEditor *
insert_field (SpItemEditor *self, const SpField *field, int position)
{
  const char *label = field->name != NULL ? sp_item_get_field_label (self->base, field) : NULL;
  SpFieldEditor *row = sp_field_editor_new (field, label);

  g_signal_connect_object (row, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (field_remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "move", G_CALLBACK (field_move_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->fields, GTK_WIDGET (row), position);
  return row;
}

/* Those of the item, and of the template's those that it lacks, each after its predecessor. */
static void
fill_fields (SpItemEditor *self, const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  g_autoptr (SpItem) whole = sp_item_copy (item);
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");

  for (gsize i = 0; info != NULL && i < info->n_fields; i++)
    if (sp_item_find_field (whole, info->fields[i].name) == NULL)
      (void) sp_item_set_field (whole, info->fields[i].name, nothing);
  for (guint i = 0; i < whole->fields->len; i++)
    (void) insert_field (self, g_ptr_array_index (whole->fields, i), -1);
}

static void
clear_fields (SpItemEditor *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->fields, 0)) != NULL)
    field_remove_cb (self, SP_FIELD_EDITOR (row));
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *section = sp_field_editor_get_section (SP_FIELD_EDITOR (row));
  GtkWidget *label;

  gtk_list_box_row_set_header (row, NULL);
  if (section == NULL || *section == '\0' ||
      (before != NULL &&
       g_strcmp0 (section, sp_field_editor_get_section (SP_FIELD_EDITOR (before))) == 0))
    return;
  label = gtk_label_new (section);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "sp-section");
  gtk_list_box_row_set_header (row, label);
}

/* ---- from the item into the widgets and back -------------------------------------------------------- */

static void
set_notes (SpItemEditor *self, const SpSecret *notes)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes_view),
                            sp_secret_peek_text (notes), (int) sp_secret_get_length (notes));
}

static SpSecret *
dup_notes (SpItemEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->notes_view);
  GtkTextIter start;
  GtkTextIter end;
  SpSecret *notes;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  notes = sp_secret_new_text (text);
  sp_wipe (text, strlen (text));
  g_free (text);
  return notes;
}

static void
set_expires (SpItemEditor *self, gint64 ms)
{
  g_autofree char *text = ms != 0 ? sp_time_to_iso8601 (ms) : g_strdup ("");
  char *time = strchr (text, 'T');

  if (time != NULL)
    *time = '\0';
  gtk_editable_set_text (GTK_EDITABLE (self->expires_row), text);
}

/* The end of a day is kept to the second if that day was not touched. FALSE when it is no date. */
static gboolean
get_expires (SpItemEditor *self, gint64 *out_ms)
{
  g_autofree char *day = g_strstrip (
      g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->expires_row))));
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (*day == '\0') {
    *out_ms = 0;
    return TRUE;
  }
  before = self->base->expires_ms != 0 ? sp_time_to_iso8601 (self->base->expires_ms) : NULL;
  if (before != NULL && strlen (day) == 10 && g_str_has_prefix (before, day)) {
    *out_ms = self->base->expires_ms;
    return TRUE;
  }
  text = g_strconcat (day, "T00:00:00Z", NULL);
  return sp_time_from_iso8601 (text, out_ms);
}

static void
set_tags (SpItem *item, const char *text)
{
  g_auto (GStrv) tags = g_strsplit (text, ",", -1);

  g_ptr_array_set_size (item->tags, 0);
  for (gsize i = 0; tags[i] != NULL; i++)
    sp_item_add_tag (item, tags[i]);
}

static SpItem *
collect (SpItemEditor *self)
{
  SpItem *item = sp_item_copy (self->base);
  g_autoptr (SpSecret) notes = dup_notes (self);
  GtkListBoxRow *row;

  sp_item_set_title (item, gtk_editable_get_text (GTK_EDITABLE (self->title_row)));
  sp_item_set_notes (item, notes);
  set_tags (item, gtk_editable_get_text (GTK_EDITABLE (self->tags_row)));
  item->favourite = gtk_switch_get_active (self->favourite_switch);
  if (!get_expires (self, &item->expires_ms))
    item->expires_ms = self->base->expires_ms;
  g_ptr_array_set_size (item->fields, 0);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->fields, i)) != NULL; i++)
    if (!sp_field_editor_is_empty (SP_FIELD_EDITOR (row)))
      g_ptr_array_add (item->fields, sp_field_editor_dup_field (SP_FIELD_EDITOR (row)));
  return item;
}

static gboolean
has_changes (SpItemEditor *self)
{
  g_autoptr (SpItem) item = NULL;
  gint64 ms;

  if (self->base == NULL)
    return FALSE;
  if (self->unchanged == NULL)
    return TRUE;
  item = collect (self);
  return !get_expires (self, &ms) || !sp_item_equal_content (item, self->unchanged);
}

static SpItem *
collect_draft (gpointer user_data)
{
  SpItemEditor *self = SP_ITEM_EDITOR (user_data);

  return has_changes (self) ? collect (self) : NULL;
}

/* ---- the beginning and the end ---------------------------------------------------------------------- */

static void
close_question (SpItemEditor *self)
{
  GtkWindow *question = self->question;

  g_clear_weak_pointer (&self->question);
  if (question != NULL)
    gtk_window_destroy (question);
}

static void
forget (SpItemEditor *self)
{
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");

  sp_draft_keeper_end (self->drafts, FALSE);
  close_question (self);
  self->then = NULL;
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  self->edit_count++;
  self->saving = FALSE;
  g_clear_pointer (&self->base, sp_item_free);
  g_clear_pointer (&self->unchanged, sp_item_free);
  clear_fields (self);
  set_notes (self, nothing);
  gtk_editable_set_text (GTK_EDITABLE (self->title_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->expires_row), "");
  gtk_revealer_set_reveal_child (self->error_strip, FALSE);
}

/* Saved or dropped, there is nothing left to be offered again. */
static void
finish (SpItemEditor *self, guint64 number)
{
  SpItemEditorThen then = self->then;
  gpointer then_data = self->then_data;

  sp_draft_keeper_end (self->drafts, TRUE);
  forget (self);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, number);
  if (then != NULL)
    then (then_data);
}

static void
fill (SpItemEditor *self, const SpItem *item)
{
  g_autofree char **tags = g_new0 (char *, item->tags->len + 1);
  g_autofree char *joined = NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->title_row), item->title);
  fill_fields (self, item);
  set_notes (self, item->notes);
  for (guint i = 0; i < item->tags->len; i++)
    tags[i] = g_ptr_array_index (item->tags, i);
  joined = g_strjoinv (", ", tags);
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), joined);
  set_expires (self, item->expires_ms);
  gtk_switch_set_active (self->favourite_switch, item->favourite);
  adw_window_title_set_title (self->window_title,
                              item->number == 0 ? _("New Item") : _("Edit Item"));
}

static void
expires_changed_cb (SpItemEditor *self)
{
  gint64 ms;
  gboolean valid = self->base == NULL || get_expires (self, &ms);

  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->expires_row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->expires_row), "error");
  changed_cb (self);
}

/* ---- saving ----------------------------------------------------------------------------------------- */

static void
show_strip (SpItemEditor *self, const char *text, const char *button, const char *action)
{
  gtk_label_set_text (self->error_label, text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->error_label), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->error_button), button != NULL);
  if (button != NULL) {
    gtk_button_set_label (self->error_button, button);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->error_button), action);
  }
  gtk_revealer_set_reveal_child (self->error_strip, TRUE);
}

static void
show_error (SpItemEditor *self, const char *text, const char *button, const char *action)
{
  self->then = NULL;
  show_strip (self, text, button, action);
  gtk_widget_add_css_class (GTK_WIDGET (self->error_label), "error");
}

static void
set_saving (SpItemEditor *self, gboolean saving)
{
  self->saving = saving;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", !saving);
}

/* An item without an id cannot be kept, but it can be edited. */
static void
begin (SpItemEditor *self, const SpItem *item, gboolean from_draft)
{
  g_autoptr (GError) error = NULL;

  forget (self);
  set_saving (self, FALSE);
  self->base = sp_item_copy (item);
  fill (self, item);
  if (!from_draft)
    self->unchanged = collect (self);
  if (sp_session_name_draft (self->base, &error))
    sp_draft_keeper_begin (self->drafts, self->session, &self->base->id, from_draft);
  else
    g_warning ("What is being edited cannot be kept: %s", error->message);
  gtk_widget_grab_focus (GTK_WIDGET (self->title_row));
}

typedef struct {
  SpItemEditor *editor; /* (owned) */
  guint edit_count;
} Call;

static Call *
call_new (SpItemEditor *self)
{
  Call *call = g_new (Call, 1);

  call->editor = g_object_ref (self);
  call->edit_count = self->edit_count;
  return call;
}

/* The editor, if it is still at the same edit. */
static SpItemEditor *
call_finish (Call *call)
{
  SpItemEditor *self = call->editor;

  if (self->edit_count != call->edit_count)
    g_clear_object (&self);
  g_free (call);
  return self;
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemEditor) self = call_finish (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) saved = sp_session_save_item_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (self == NULL) {
    if (saved == NULL)
      g_warning ("An item could not be saved after its editor was left.");
    return;
  }
  set_saving (self, FALSE);
  if (saved != NULL) {
    finish (self, saved->number);
    return;
  }
  text = sp_error_text (error);
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT))
    show_error (self, text, _("_Decide…"), "editor.decide");
  else if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND))
    show_error (self, _("This item was deleted elsewhere in the meantime."),
                         _("_Save as New"), "editor.save-as-new");
  else
    show_error (self, text, _("_Try Again"), "editor.save");
}

static void
save (SpItemEditor *self)
{
  g_autoptr (SpItem) item = NULL;
  gint64 expires_ms;

  if (self->base == NULL || self->saving)
    return;
  if (!get_expires (self, &expires_ms)) {
    show_error (self, _("The expiry date must be written as year-month-day, such as 2030-12-31."),
                         NULL, NULL);
    gtk_widget_grab_focus (GTK_WIDGET (self->expires_row));
    return;
  }
  item = collect (self);
  gtk_revealer_set_reveal_child (self->error_strip, FALSE);
  set_saving (self, TRUE);
  sp_session_save_item_async (self->session, item, saved_cb, call_new (self));
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  save (SP_ITEM_EDITOR (widget));
}

/* What it had attached went with it. */
static void
save_as_new_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);

  if (self->base == NULL || self->saving)
    return;
  self->base->number = 0;
  self->base->revision = 0;
  g_ptr_array_set_size (self->base->attachments, 0);
  save (self);
}

/* ---- what was changed elsewhere --------------------------------------------------------------------- */

static void
reloaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemEditor) self = call_finish (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_session_load_item_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (item == NULL) {
    text = sp_error_text (error);
    show_error (self, text, _("_Try Again"), "editor.save");
  } else if (self->overwriting) {
    /* The widgets are the edit; what it is saved over is another state, which its history keeps. */
    sp_item_free (self->base);
    self->base = g_steal_pointer (&item);
    save (self);
  } else {
    sp_draft_keeper_end (self->drafts, TRUE);
    begin (self, item, FALSE);
  }
}

static void
reload (SpItemEditor *self, gboolean overwriting)
{
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  self->reloading = g_cancellable_new ();
  self->overwriting = overwriting;
  sp_session_load_item_async (self->session, self->base->number, self->reloading, reloaded_cb,
                              call_new (self));
}

/* It closes itself. */
static void
answered_cb (SpItemEditor *self)
{
  g_clear_weak_pointer (&self->question);
}

/* A question about this edit, of which there is one at a time; it goes when the edit goes. */
static AdwMessageDialog *
ask (SpItemEditor *self, const char *heading, const char *body, GCallback response_cb)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog;

  close_question (self);
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, NULL));
  adw_message_dialog_set_body (dialog, body);
  adw_message_dialog_add_response (dialog, "cancel", _("_Go On Editing"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "response", response_cb, self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->question, GTK_WINDOW (dialog));
  return dialog;
}

static void
decide_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base == NULL || self->saving)
    return;
  if (g_str_equal (response, "theirs"))
    reload (self, FALSE);
  else if (g_str_equal (response, "mine"))
    reload (self, TRUE);
}

static void
decide_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  AdwMessageDialog *dialog;

  if (self->base == NULL || self->saving)
    return;
  dialog = ask (
      self,
      _("Changed in Two Places"),
         _("This item was changed elsewhere while you were editing it. If you save yours, the "
                  "other version stays in the item’s history."),
            G_CALLBACK (decide_response_cb));
  adw_message_dialog_add_response (dialog, "theirs", _("_Discard Mine"));
  adw_message_dialog_add_response (dialog, "mine", _("_Save Mine"));
  adw_message_dialog_set_response_appearance (dialog, "theirs", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "mine", ADW_RESPONSE_SUGGESTED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
start_over_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base != NULL && !self->saving && g_str_equal (response, "discard"))
    reload (self, FALSE);
}

static void
start_over_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  AdwMessageDialog *dialog;

  if (self->base == NULL || self->base->number == 0 || self->saving)
    return;
  dialog = ask (self, _("Start Over?"), _("What you changed in this item will be lost."),
                                            G_CALLBACK (start_over_response_cb));
  adw_message_dialog_add_response (dialog, "discard", _("_Discard"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the other actions ------------------------------------------------------------------------------ */

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_editor_leave (SP_ITEM_EDITOR (widget), NULL, NULL);
}

/* Another website of a type that has one is a field of the template; all else is the item's own. */
static void
add_field_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");
  g_autoptr (SpItem) scratch = NULL;
  const SpItemTypeInfo *info;
  SpField *field;
  SpFieldKind kind;

  if (self->base == NULL ||
      !sp_field_kind_from_name (g_variant_get_string (parameter, NULL), &kind))
    return;
  info = sp_item_type_get_info (self->base->type);
  scratch = sp_item_new (self->base->type, "");
  if (kind == SP_FIELD_URL && info != NULL && sp_item_type_find_field (info, "url") != NULL)
    field = sp_item_add_field (scratch, "url", nothing);
  else
    field = sp_item_add_custom (scratch, NULL, "", kind, nothing);
  sp_field_editor_focus (insert_field (self, field, -1));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_locking_cb (SpItemEditor *self)
{
  sp_draft_keeper_keep (self->drafts);
}

/* What was kept of it stays. */
static void
session_state_cb (SpItemEditor *self)
{
  if (sp_session_is_open (self->session) || self->base == NULL)
    return;
  forget (self);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, (guint64) 0);
}

static void
sp_item_editor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_editor_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

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
sp_item_editor_dispose (GObject *object)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

  self->edit_count++;
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  g_clear_object (&self->session_signals);
  g_clear_pointer (&self->drafts, sp_draft_keeper_free);
  close_question (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ITEM_EDITOR);
  g_clear_pointer (&self->base, sp_item_free);
  g_clear_pointer (&self->unchanged, sp_item_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_item_editor_parent_class)->dispose (object);
}

static void
sp_item_editor_class_init (SpItemEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_item_editor_dispose;
  object_class->get_property = sp_item_editor_get_property;
  object_class->set_property = sp_item_editor_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_DONE] = g_signal_new ("done", SP_TYPE_ITEM_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-item-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_label);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_strip);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, expires_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, favourite_switch);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, fields);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, notes_view);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, tags_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, title_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, window_title);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, expires_changed_cb);

  gtk_widget_class_install_action (widget_class, "editor.add-field", "s", add_field_action);
  gtk_widget_class_install_action (widget_class, "editor.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "editor.decide", NULL, decide_action);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.save-as-new", NULL, save_as_new_action);
  gtk_widget_class_install_action (widget_class, "editor.start-over", NULL, start_over_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "editor.cancel", NULL);
}

static void
sp_item_editor_init (SpItemEditor *self)
{
  self->drafts = sp_draft_keeper_new (collect_draft, self);
  self->session_signals = g_signal_group_new (SP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "locking", G_CALLBACK (session_locking_cb),
                                  self);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (session_state_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->fields, update_header, NULL, NULL);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->notes_view), FALSE);
  g_signal_connect_object (gtk_text_view_get_buffer (self->notes_view), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

/* ---- for the browser -------------------------------------------------------------------------------- */

void
sp_item_editor_edit (SpItemEditor *self, const SpItem *item)
{
  g_return_if_fail (SP_IS_ITEM_EDITOR (self) && item != NULL);
  begin (self, item, FALSE);
}

void
sp_item_editor_continue (SpItemEditor *self, const SpDraft *draft)
{
  const SpItem *item;

  g_return_if_fail (SP_IS_ITEM_EDITOR (self) && draft != NULL);

  item = draft->item;
  begin (self, item, TRUE);
  if (item->number != 0)
    show_strip (self, draft->moved
                ? _("You had not saved this, and the item was changed elsewhere since.")
                : _("You had not saved this yet."), _("_Start Over"), "editor.start-over");
}

gboolean
sp_item_editor_is_editing (SpItemEditor *self)
{
  g_return_val_if_fail (SP_IS_ITEM_EDITOR (self), FALSE);
  return self->base != NULL;
}

gboolean
sp_item_editor_has_changes (SpItemEditor *self)
{
  g_return_val_if_fail (SP_IS_ITEM_EDITOR (self), FALSE);
  return has_changes (self);
}

static void
leave_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base == NULL)
    return;
  if (g_str_equal (response, "discard"))
    finish (self, self->base->number);
  else if (g_str_equal (response, "save"))
    save (self);
  else
    self->then = NULL;
}

void
sp_item_editor_leave (SpItemEditor *self, SpItemEditorThen then, gpointer user_data)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (SP_IS_ITEM_EDITOR (self));

  if (self->base == NULL) {
    if (then != NULL)
      then (user_data);
    return;
  }
  self->then = then;
  self->then_data = user_data;
  if (self->saving)
    return;
  if (!has_changes (self)) {
    finish (self, self->base->number);
    return;
  }
  dialog = ask (self, _("Save Changes?"), _("What you changed in this item is not saved yet."),
                                              G_CALLBACK (leave_response_cb));
  adw_message_dialog_add_response (dialog, "discard", _("_Discard"));
  adw_message_dialog_add_response (dialog, "save", _("_Save"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  gtk_window_present (GTK_WINDOW (dialog));
}
