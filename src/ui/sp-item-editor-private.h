/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the item editor share. */

#pragma once

#include "services/sp-session.h"
#include "ui/sp-draft-keeper.h"
#include "ui/sp-field-editor.h"
#include "ui/sp-item-editor.h"

G_BEGIN_DECLS

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

  SpField *removed; /* (owned) (nullable) for as long as it can be brought back */
  int removed_position;
  SpFieldEditor *asked_row; /* (nullable) weak; whose section is asked for */
  char *asked_section;      /* (nullable) the section that is renamed */
  char **vault_tags;        /* (owned) (nullable) */
  gboolean filling;

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
  GtkFlowBox *suggestions;
  GtkWidget *suggestions_row;
  AdwEntryRow *tags_row;
  AdwEntryRow *title_row;
  AdwToastOverlay *toasts;
  AdwComboRow *type_row;
  AdwWindowTitle *window_title;
};

/* A call of the session for an edit. */
typedef struct {
  SpItemEditor *editor; /* (owned) */
  guint edit_count;
} SpItemEditorCall;

/* sp-item-editor.c */
void sp_item_editor_changed (SpItemEditor *self);
void sp_item_editor_begin (SpItemEditor *self, const SpItem *item, gboolean from_draft);
void sp_item_editor_save (SpItemEditor *self);
void sp_item_editor_show_error (SpItemEditor *self,
                                const char *text,
                                const char *button,
                                const char *action);

/* sp-item-editor-fields.c: the rows of the fields */
void sp_item_editor_install_fields (GtkWidgetClass *widget_class);
void sp_item_editor_fill_fields (SpItemEditor *self, const SpItem *item);
void sp_item_editor_clear_fields (SpItemEditor *self);

SpFieldEditor *sp_item_editor_insert_field (SpItemEditor *self, const SpField *field, int position);

/* sp-item-editor-sections.c: the headings over the fields */
void sp_item_editor_install_sections (GtkWidgetClass *widget_class);
void sp_item_editor_init_sections (SpItemEditor *self);
void sp_item_editor_ask_section (SpItemEditor *self, SpFieldEditor *row);

/* sp-item-editor-tags.c: what is suggested while tags are typed */
void sp_item_editor_load_tags (SpItemEditor *self);
void sp_item_editor_suggest_tags (SpItemEditor *self);

/* sp-item-editor-type.c: another type for the item */
void sp_item_editor_fill_type (SpItemEditor *self);
void sp_item_editor_type_cb (SpItemEditor *self);

/* sp-item-editor-content.c: from the item into the widgets and back */
void sp_item_editor_fill (SpItemEditor *self, const SpItem *item);
void sp_item_editor_clear (SpItemEditor *self);
SpItem *sp_item_editor_collect (SpItemEditor *self) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE when what was typed is no date. */
gboolean sp_item_editor_get_expires (SpItemEditor *self, gint64 *out_ms);

/* sp-item-editor-elsewhere.c: what is asked about an edit, and what was changed elsewhere */
void sp_item_editor_install_elsewhere (GtkWidgetClass *widget_class);
SpItemEditorCall *sp_item_editor_call_new (SpItemEditor *self) G_GNUC_WARN_UNUSED_RESULT;
/* The editor (owned), if it is still at the same edit. */
SpItemEditor *sp_item_editor_call_finish (SpItemEditorCall *call) G_GNUC_WARN_UNUSED_RESULT;
AdwMessageDialog *sp_item_editor_ask (SpItemEditor *self,
                                      const char *heading,
                                      const char *body,
                                      GCallback response_cb);
void sp_item_editor_close_question (SpItemEditor *self);

G_END_DECLS
