/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A counter's code counts once: the next number is stored before the code is shown or copied. */

#define G_LOG_DOMAIN "sp-item-page"

#include "config.h"

#include <glib/gi18n.h>

#include "password/sp-otp.h"
#include "ui/sp-item-page-private.h"
#include "ui/sp-window.h"

typedef struct {
  SpItemPage *page; /* (owned) */
  SpSecret *code;   /* (owned) (nullable) to be copied */
  char *label;
} Taking;

static void
taking_free (Taking *self)
{
  g_object_unref (self->page);
  g_clear_pointer (&self->code, sp_secret_unref);
  g_free (self->label);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Taking, taking_free)

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Taking) taking = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) saved = sp_session_save_item_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;
  SpItemPage *page = taking->page;

  page->taking_code = FALSE;
  if (saved == NULL) {
    sp_window_toast_error (GTK_WIDGET (page), error);
    /* The button of its row is to be had again. */
    if (page->item != NULL)
      sp_item_page_build_rows (page);
    return;
  }
  if (taking->code == NULL || page->clipboard == NULL)
    return;
  sp_clipboard_copy (page->clipboard, taking->code, taking->label);
  sp_session_touch (page->session, saved->number, SP_EVENT_ITEM_COPIED);
  /* Translators: %s is the name of a field, such as "Password". */
  text = g_strdup_printf (_ ("%s copied"), taking->label);
  sp_window_toast (GTK_WIDGET (page), text);
}

/* Of a copy of the item, the field that the row is of: rows are those of the fields with a value, in order. */
static SpField *
find_field (SpItemPage *self, const SpItem *item, SpFieldRow *row)
{
  guint n_rows = 0;
  guint index;

  if (!g_ptr_array_find (self->rows, row, &index))
    return NULL;
  for (guint i = 0; i < item->fields->len; i++) {
    SpField *field = g_ptr_array_index (item->fields, i);

    if (!sp_secret_is_empty (field->value) && n_rows++ == index)
      return field;
  }
  return NULL;
}

/**
 * sp_item_page_take_code:
 * @self: a page
 * @row: of a one-time code that counts
 * @copy: whether it is copied once it is taken
 *
 * Takes the next code. The row shows it as soon as it is stored that it was taken.
 */
void
sp_item_page_take_code (SpItemPage *self, SpFieldRow *row, gboolean copy)
{
  g_autoptr (SpItem) changed = self->item != NULL ? sp_item_copy (self->item) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) code = NULL;
  g_autoptr (SpOtp) otp = NULL;
  SpField *field = changed != NULL ? find_field (self, changed, row) : NULL;
  Taking *taking;

  if (field == NULL || self->taking_code)
    return;
  otp = sp_otp_parse (field->value, &error);
  if (otp != NULL)
    code = sp_otp_code (otp, sp_session_now_ms (self->session), NULL, &error);
  if (code == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  otp->counter++;
  sp_secret_unref (field->value);
  field->value = sp_otp_to_uri (otp);
  taking = g_new0 (Taking, 1);
  taking->page = g_object_ref (self);
  taking->code = copy ? sp_secret_ref (code) : NULL;
  taking->label = g_strdup (sp_field_row_get_label (row));
  self->taking_code = TRUE;
  sp_session_save_item_async (self->session, changed, saved_cb, taking);
}
