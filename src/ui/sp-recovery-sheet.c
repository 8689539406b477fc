/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recovery-sheet"

#include "config.h"

#include "ui/sp-recovery-sheet.h"

#include <glib/gi18n.h>

#include "crypto/sp-random.h"
#include "password/sp-recovery-key.h"
#include "services/sp-secret-file.h"
#include "ui/sp-entry-error.h"
#include "ui/sp-error-text.h"
#include "ui/sp-recovery-code.h"
#include "ui/sp-recovery-groups.h"
#include "ui/sp-recovery-paper.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"

#define MAX_STEM_LEN 100

struct _SpRecoverySheet {
  AdwBin parent_instance;

  SpClipboard *clipboard;        /* (owned) (nullable) */
  char *vault;                   /* (nullable) */
  GPtrArray *keys;               /* (element-type SpNewRecoveryKey) (owned) (nullable) */
  guint position;                /* of the one that is shown */
  SpSecret *text;                /* (owned) (nullable) its */
  SpRecoveryCode *code;          /* (owned) (nullable) its */
  guint asked[2];                /* the groups asked for, from 0 */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */

  GtkWidget *confirm_button;
  GtkDrawingArea *code_area;
  SpSecretRow *first_row;
  SpRecoveryGroups *groups;
  GtkLabel *message_label;
  GtkLabel *note_label;
  GtkStack *pages;
  SpSecretRow *second_row;
  GtkWidget *show_page;
  GtkLabel *subtitle_label;
  GtkLabel *title_label;
};

G_DEFINE_FINAL_TYPE (SpRecoverySheet, sp_recovery_sheet, ADW_TYPE_BIN)

enum {
  SIGNAL_CONFIRMED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const SpNewRecoveryKey *
peek_key (SpRecoverySheet *self)
{
  return g_ptr_array_index (self->keys, self->position);
}

static SpRecoveryPaper *
make_paper (SpRecoverySheet *self)
{
  const SpNewRecoveryKey *key = peek_key (self);
  SpRecoveryPaper *paper = g_new0 (SpRecoveryPaper, 1);

  paper->vault = g_strdup (self->vault);
  paper->name = g_strdup (key->name);
  paper->created_ms = key->created_ms;
  paper->expires_ms = key->expires_ms;
  paper->text = sp_secret_ref (self->text);
  return paper;
}

/* ---- showing it ------------------------------------------------------------------------------------- */

/* Of what was done with it, or could not be. */
static void
show_note (SpRecoverySheet *self, const char *text, gboolean is_error)
{
  GtkWidget *label = GTK_WIDGET (self->note_label);

  gtk_label_set_text (self->note_label, text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL);
  if (is_error)
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}

static void
show_error (SpRecoverySheet *self, const GError *error)
{
  g_autofree char *text = sp_error_text (error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_note (self, text, TRUE);
}

static char *
dup_title (SpRecoverySheet *self)
{
  g_autofree char *name = sp_dup_shown_text (peek_key (self)->name, SP_SHOWN_TITLE_MAX);

  if (*name == '\0')
    return g_strdup (_("Your New Recovery Key"));
  /* Translators: %s is what the recovery key is called, such as “Drawer”. */
  return g_strdup_printf (_("New Recovery Key “%s”"), name);
}

static char *
dup_subtitle (SpRecoverySheet *self)
{
  const SpNewRecoveryKey *key = peek_key (self);
  g_autofree char *expires = key->expires_ms != 0 ? sp_shown_date (key->expires_ms) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->keys->len > 1) {
    /* Translators: which of several recovery keys is shown: “1 of 3”. */
    g_string_append_printf (text, _("%u of %u"), self->position + 1, self->keys->len);
    g_string_append_c (text, '\n');
  }
  if (expires != NULL) {
    /* Translators: %s is a date. */
    g_string_append_printf (text, _("It opens the vault until %s."), expires);
    g_string_append_c (text, '\n');
  }
  g_string_append (
      text,
      _("Write it down, print it or save it, and keep it where nobody finds it: it opens the "
                           "vault by itself. It is shown this once."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* One of each half. Without random numbers they are the first ones: they prove the same. */
static void
choose_groups (SpRecoverySheet *self)
{
  for (guint half = 0; half < 2; half++) {
    g_autoptr (GError) error = NULL;
    guint32 chosen = 0;

    if (!sp_random_uniform (SP_RECOVERY_KEY_HALF_GROUPS, &chosen, &error))
      g_warning ("%s", error->message);
    self->asked[half] = half * SP_RECOVERY_KEY_HALF_GROUPS + chosen;
  }
}

static void
name_row (SpSecretRow *row, guint group)
{
  /* Translators: %u is the number of one of the eight groups of a recovery key. */
  g_autofree char *title = g_strdup_printf (_("Group %u"), group + 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
}

static void
forget_key (SpRecoverySheet *self)
{
  sp_recovery_groups_show (self->groups, NULL, 0);
  g_clear_pointer (&self->code, sp_recovery_code_free);
  g_clear_pointer (&self->text, sp_secret_unref);
}

static void
show_key (SpRecoverySheet *self)
{
  g_autofree char *title = dup_title (self);
  g_autofree char *subtitle = dup_subtitle (self);

  forget_key (self);
  self->text = sp_recovery_key_format (peek_key (self)->key);
  self->code = sp_recovery_code_new (self->text);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->subtitle_label, subtitle);
  sp_recovery_groups_show (self->groups, self->text, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->code_area), self->code != NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self->code_area));
  show_note (self, NULL, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "show");
}

static void
draw_code_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  SpRecoverySheet *self = SP_RECOVERY_SHEET (user_data);
  int size = MIN (width, height);

  if (self->code != NULL)
    sp_recovery_code_draw (self->code, cr, (width - size) / 2.0, (height - size) / 2.0, size);
}

/* ---- keeping it ------------------------------------------------------------------------------------- */

static void
copy_cb (SpRecoverySheet *self)
{
  if (self->text == NULL)
    return;
  sp_clipboard_copy (self->clipboard, self->text, _("Recovery key"));
  show_note (self, _("Copied. Put it where it stays: the clipboard will be cleared."), FALSE);
}

static void
printed_cb (const GError *error, gpointer user_data)
{
  SpRecoverySheet *self = SP_RECOVERY_SHEET (user_data);

  if (error != NULL && self->keys != NULL)
    show_error (self, error);
}

static void
print_cb (SpRecoverySheet *self)
{
  g_autoptr (SpRecoveryPaper) paper = NULL;

  if (self->text == NULL)
    return;
  paper = make_paper (self);
  sp_recovery_paper_print (paper, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), printed_cb,
                           g_object_ref (self), g_object_unref);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoverySheet) self = SP_RECOVERY_SHEET (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_secret_file_save_finish (G_FILE (object), result, &error);

  if (self->keys == NULL) /* disposed, or cleared */
    return;
  if (ok)
    show_note (self, _("Saved. Take the file away from this computer, or print it and delete it."),
                        FALSE);
  else
    show_error (self, error);
}

static void
file_chosen_cb (SpRecoverySheet *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autoptr (SpRecoveryPaper) paper = NULL;
  g_autoptr (SpSecret) pdf = NULL;
  g_autoptr (GError) error = NULL;

  if (response != GTK_RESPONSE_ACCEPT || file == NULL || self->text == NULL)
    return;
  paper = make_paper (self);
  pdf = sp_recovery_paper_make_pdf (paper, &error);
  if (pdf != NULL)
    sp_secret_file_save_async (file, pdf, NULL, saved_cb, g_object_ref (self));
  else
    show_error (self, error);
}

/* "Personal – Drawer.pdf" */
static char *
dup_proposed_name (SpRecoverySheet *self)
{
  const char *name = peek_key (self)->name;
  g_autofree char *stem = *name != '\0' ? g_strdup_printf ("%s – %s", self->vault, name)
                                        : g_strdup (self->vault);

  g_strdelimit (stem, G_DIR_SEPARATOR_S, '-');
  if (*stem == '\0' || *stem == '.' || strlen (stem) > MAX_STEM_LEN) {
    g_free (stem);
    stem = g_strdup (_("Recovery Sheet"));
  }
  return g_strconcat (stem, ".pdf", NULL);
}

static void
save_cb (SpRecoverySheet *self)
{
  const char *title = _("Save the Recovery Sheet");
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *name = NULL;

  if (self->text == NULL || self->chooser != NULL)
    return;
  name = dup_proposed_name (self);
  self->chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- typing it back --------------------------------------------------------------------------------- */

static gboolean
is_right (SpRecoverySheet *self, SpSecretRow *row, guint group)
{
  g_autoptr (SpSecret) typed = sp_secret_row_dup_secret (row);
  g_autoptr (SpSecret) symbols = sp_recovery_symbols (typed, SP_RECOVERY_KEY_GROUP_LEN + 1);
  g_autoptr (SpSecret) all = sp_recovery_symbols (self->text, SP_RECOVERY_KEY_SYMBOLS);
  g_autoptr (SpSecret) wanted = sp_secret_new (sp_secret_peek (all, NULL) +
                                                   (gsize) group * SP_RECOVERY_KEY_GROUP_LEN,
                                               SP_RECOVERY_KEY_GROUP_LEN);

  return sp_secret_equal (symbols, wanted);
}

static void
show_message (SpRecoverySheet *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
typed_cb (SpRecoverySheet *self)
{
  show_message (self, NULL);
  sp_entry_set_error (ADW_ENTRY_ROW (self->first_row), NULL);
  sp_entry_set_error (ADW_ENTRY_ROW (self->second_row), NULL);
  gtk_widget_set_sensitive (self->confirm_button, !sp_secret_row_is_empty (self->first_row) &&
                                                      !sp_secret_row_is_empty (self->second_row));
}

static void
first_activated_cb (SpRecoverySheet *self)
{
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->second_row));
}

static void
show_wrong (SpRecoverySheet *self, SpSecretRow *row, guint group)
{
  /* Translators: %u is the number of one of the eight groups of a recovery key. */
  g_autofree char *text = g_strdup_printf (_("That is not group %u of this key. Compare it with "
                                             "what you kept."),
                                              group + 1);

  show_message (self, text);
  sp_entry_set_error (ADW_ENTRY_ROW (row), text);
  sp_secret_row_select (row);
}

static void
confirm_cb (SpRecoverySheet *self)
{
  if (self->text == NULL || !gtk_widget_get_sensitive (self->confirm_button))
    return;
  if (!is_right (self, self->first_row, self->asked[0])) {
    show_wrong (self, self->first_row, self->asked[0]);
    return;
  }
  if (!is_right (self, self->second_row, self->asked[1])) {
    show_wrong (self, self->second_row, self->asked[1]);
    return;
  }
  if (self->position + 1 < self->keys->len) {
    self->position++;
    show_key (self);
    (void) gtk_widget_grab_focus (self->show_page);
  } else {
    g_signal_emit (self, signals[SIGNAL_CONFIRMED], 0);
  }
}

static void
continue_cb (SpRecoverySheet *self)
{
  if (self->text == NULL)
    return;
  choose_groups (self);
  name_row (self->first_row, self->asked[0]);
  name_row (self->second_row, self->asked[1]);
  gtk_stack_set_visible_child_name (self->pages, "confirm");
  sp_secret_row_set_revealed (self->first_row, TRUE);
  sp_secret_row_set_revealed (self->second_row, TRUE);
  typed_cb (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->first_row));
}

static void
show_again_cb (SpRecoverySheet *self)
{
  gtk_stack_set_visible_child_name (self->pages, "show");
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_recovery_sheet_dispose (GObject *object)
{
  SpRecoverySheet *self = SP_RECOVERY_SHEET (object);

  if (self->groups != NULL)
    forget_key (self);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_object (&self->chooser);
  g_clear_object (&self->clipboard);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_RECOVERY_SHEET);
  G_OBJECT_CLASS (sp_recovery_sheet_parent_class)->dispose (object);
}

static void
sp_recovery_sheet_finalize (GObject *object)
{
  g_free (SP_RECOVERY_SHEET (object)->vault);
  G_OBJECT_CLASS (sp_recovery_sheet_parent_class)->finalize (object);
}

static void
sp_recovery_sheet_class_init (SpRecoverySheetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_recovery_sheet_dispose;
  object_class->finalize = sp_recovery_sheet_finalize;

  signals[SIGNAL_CONFIRMED] = g_signal_new ("confirmed", SP_TYPE_RECOVERY_SHEET, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-recovery-sheet.ui");
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, first_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, print_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, code_area);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, first_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, groups);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, note_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, pages);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, second_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, show_page);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoverySheet, title_label);
}

static void
sp_recovery_sheet_init (SpRecoverySheet *self)
{
  g_type_ensure (SP_TYPE_RECOVERY_GROUPS);
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->code_area, draw_code_cb, self, NULL);
}

void
sp_recovery_sheet_begin (SpRecoverySheet *self,
                         SpClipboard *clipboard,
                         const char *vault,
                         GPtrArray *keys)
{
  g_return_if_fail (SP_IS_RECOVERY_SHEET (self) && SP_IS_CLIPBOARD (clipboard));
  g_return_if_fail (vault != NULL && keys != NULL && keys->len > 0);

  g_set_object (&self->clipboard, clipboard);
  g_free (self->vault);
  self->vault = g_strdup (vault);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  self->keys = g_ptr_array_ref (keys);
  self->position = 0;
  show_key (self);
}

void
sp_recovery_sheet_clear (SpRecoverySheet *self)
{
  g_return_if_fail (SP_IS_RECOVERY_SHEET (self));

  forget_key (self);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
}
