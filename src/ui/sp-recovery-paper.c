/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drawn by one function for the PDF and for the printer. The PDF is made in guarded memory, so that there is no file of it but
 * the one that was asked for. (A printing system keeps what it is given in a file of its own until it is printed.) */

#define G_LOG_DOMAIN "sp-recovery-paper"

#include "config.h"

#include "ui/sp-recovery-paper.h"

#include <cairo-pdf.h>
#include <glib/gi18n.h>

#include "password/sp-recovery-key.h"
#include "ui/sp-recovery-code.h"
#include "ui/sp-recovery-groups.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"

#define A4_WIDTH  595.276 /* points */
#define A4_HEIGHT 841.89
#define MARGIN    54.0

#define N_COLUMNS 4

typedef struct {
  cairo_t *cr;
  double left;
  double width;
  double y;
} Pen;

SpRecoveryPaper *
sp_recovery_paper_copy (const SpRecoveryPaper *self)
{
  SpRecoveryPaper *copy = g_new0 (SpRecoveryPaper, 1);

  copy->vault = g_strdup (self->vault);
  copy->name = g_strdup (self->name);
  copy->created_ms = self->created_ms;
  copy->expires_ms = self->expires_ms;
  copy->text = sp_secret_ref (self->text);
  return copy;
}

void
sp_recovery_paper_free (SpRecoveryPaper *self)
{
  g_free (self->vault);
  g_free (self->name);
  sp_secret_unref (self->text);
  g_free (self);
}

/* ---- drawing ---------------------------------------------------------------------------------------- */

static PangoLayout *
make_layout (const Pen *pen, const char *text, const char *font, double size)
{
  PangoLayout *layout = pango_cairo_create_layout (pen->cr);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_font_description_set_absolute_size (description, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

/* Below what was written last, over the whole width. */
static void
write_text (Pen *pen, const char *text, const char *font, double size, double space)
{
  g_autoptr (PangoLayout) layout = make_layout (pen, text, font, size);
  int height;

  pango_layout_set_width (layout, (int) (pen->width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  cairo_move_to (pen->cr, pen->left, pen->y);
  pango_cairo_show_layout (pen->cr, layout);
  pango_layout_get_size (layout, NULL, &height);
  pen->y += (double) height / PANGO_SCALE + space;
}

static void
write_centred (const Pen *pen, const char *text, const char *font, double size, double x, double y)
{
  g_autoptr (PangoLayout) layout = make_layout (pen, text, font, size);
  int width;

  pango_layout_get_size (layout, &width, NULL);
  cairo_move_to (pen->cr, x - (double) width / PANGO_SCALE / 2, y);
  pango_cairo_show_layout (pen->cr, layout);
}

static void
write_heading (Pen *pen, const SpRecoveryPaper *self)
{
  g_autofree char *vault = sp_dup_shown_text (self->vault, SP_SHOWN_TITLE_MAX);
  g_autofree char *name = sp_dup_shown_text (self->name, SP_SHOWN_TITLE_MAX);
  g_autofree char *created = sp_shown_date (self->created_ms);
  g_autofree char *expires = self->expires_ms != 0 ? sp_shown_date (self->expires_ms) : NULL;
  /* Translators: on the recovery sheet; %s is the name of the vault. */
  g_autofree char *vault_text = g_strdup_printf (_("Vault: %s"), vault);
  /* Translators: on the recovery sheet; %s is a date. */
  g_autofree char *date_text = g_strdup_printf (_("Made on %s"), created);

  write_text (pen, _("SecurePass Recovery Sheet"), "Sans Bold", 24, 12);
  write_text (pen, vault_text, "Sans Bold", 13, 4);
  if (*name != '\0') {
    /* Translators: on the recovery sheet; %s is what the recovery key was called, such as “Drawer”. */
    g_autofree char *text = g_strdup_printf (_("Recovery key: %s"), name);

    write_text (pen, text, "Sans", 12, 4);
  }
  write_text (pen, date_text, "Sans", 12, 4);
  if (expires != NULL) {
    /* Translators: on the recovery sheet; %s is a date. */
    g_autofree char *text = g_strdup_printf (_("Opens the vault until %s"), expires);

    write_text (pen, text, "Sans", 12, 4);
  }
  pen->y += 14;
}

static void
draw_groups (Pen *pen, const SpSecret *text)
{
  g_autoptr (SpSecret) symbols = sp_recovery_symbols (text, SP_RECOVERY_KEY_SYMBOLS);
  const double row_height = 52;
  double column_width = pen->width / N_COLUMNS;
  guint n_rows = SP_RECOVERY_KEY_GROUPS / N_COLUMNS;

  cairo_set_line_width (pen->cr, 1);
  cairo_rectangle (pen->cr, pen->left, pen->y, pen->width, n_rows * row_height + 12);
  cairo_stroke (pen->cr);
  for (guint i = 0; i < SP_RECOVERY_KEY_GROUPS; i++) {
    double x = pen->left + (i % N_COLUMNS + 0.5) * column_width;
    double y = pen->y + 10 + i / N_COLUMNS * row_height;
    g_autoptr (SpSecret) group = sp_secret_new (sp_secret_peek (symbols, NULL) +
                                                    (gsize) i * SP_RECOVERY_KEY_GROUP_LEN,
                                                SP_RECOVERY_KEY_GROUP_LEN);
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    write_centred (pen, sp_secret_peek_text (group), "Monospace Bold", 23, x, y);
    write_centred (pen, number, "Sans", 9, x, y + 30);
  }
  pen->y += n_rows * row_height + 12 + 20;
}

static void
write_instructions (Pen *pen)
{
  write_text (pen, _("When the master password is forgotten"), "Sans Bold", 12, 5);
  write_text (pen, _("1. Start SecurePass and choose the vault."), "Sans", 11, 3);
  write_text (pen, _("2. Choose “Forgot Your Password?”"), "Sans", 11, 3);
  write_text (
      pen,
      _("3. Type the eight groups above, from left to right. Capitals, spaces and hyphens do "
                     "not matter; there is no letter O, I, L or U in them. The picture says the same, for a code scanner."),
         "Sans", 11, 3);
  write_text (pen,
              _("4. Choose a new master password. You get a new sheet; this one is void then."),
                 "Sans", 11, 16);
}

static void
write_advice (Pen *pen)
{
  write_text (pen, _("Where to keep it"), "Sans Bold", 12, 5);
  write_text (
      pen,
      _("Whoever has this sheet and the vault’s file can open the vault. Keep it where you "
                     "keep what matters, such as a safe, and not beside the computer. Do not photograph it, "
                     "and do not keep a copy of it on the computer."),
         "Sans", 11, 8);
  write_text (
      pen,
      _("Nobody can open the vault for you when the master password and all recovery keys are "
                     "lost."),
         "Sans", 11, 0);
}

static void
draw (const SpRecoveryPaper *self, cairo_t *cr, double left, double top, double width)
{
  g_autoptr (SpRecoveryCode) code = sp_recovery_code_new (self->text);
  const double code_size = 170;
  Pen pen = { .cr = cr, .left = left, .width = width, .y = top };
  Pen beside;

  cairo_set_source_rgb (cr, 0, 0, 0);
  write_heading (&pen, self);
  draw_groups (&pen, self->text);
  beside = pen;
  if (code != NULL) {
    sp_recovery_code_draw (code, cr, pen.left, pen.y, code_size);
    cairo_set_source_rgb (cr, 0, 0, 0);
    beside.left += code_size + 18;
    beside.width -= code_size + 18;
  }
  write_instructions (&beside);
  pen.y = MAX (beside.y, pen.y + (code != NULL ? code_size + 12 : 0));
  write_advice (&pen);
}

/* ---- PDF -------------------------------------------------------------------------------------------- */

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int len)
{
  sp_secret_buffer_append (closure, data, len);
  return CAIRO_STATUS_SUCCESS;
}

SpSecret *
sp_recovery_paper_make_pdf (const SpRecoveryPaper *self, GError **error)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append, buffer, A4_WIDTH,
                                                                  A4_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
                                  _("SecurePass Recovery Sheet"));
  draw (self, cr, MARGIN, MARGIN, A4_WIDTH - 2 * MARGIN);
  cairo_show_page (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
    return NULL;
  }
  return sp_secret_buffer_finish (g_steal_pointer (&buffer));
}

/* ---- the printer ------------------------------------------------------------------------------------ */

typedef struct {
  SpRecoveryPaper *paper; /* (owned) */
  SpRecoveryPaperDone done;
  gpointer user_data;
  GDestroyNotify free_data; /* (nullable) */
} Printing;

static void
printing_free (gpointer data, GClosure *closure)
{
  Printing *self = data;

  sp_recovery_paper_free (self->paper);
  if (self->free_data != NULL)
    self->free_data (self->user_data);
  g_free (self);
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Printing *printing)
{
  draw (printing->paper, gtk_print_context_get_cairo_context (context), 0, 0,
        gtk_print_context_get_width (context));
}

static gboolean
end_preview_cb (gpointer user_data)
{
  gtk_print_operation_preview_end_preview (GTK_PRINT_OPERATION_PREVIEW (user_data));
  return G_SOURCE_REMOVE;
}

/* GTK's own would write the page into a file for another program. */
static gboolean
preview_cb (GtkPrintOperation *operation, GtkPrintOperationPreview *preview)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, end_preview_cb, g_object_ref (preview), g_object_unref);
  return TRUE;
}

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, Printing *printing)
{
  g_autoptr (GError) error = NULL;

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    gtk_print_operation_get_error (operation, &error);
  printing->done (error, printing->user_data);
}

void
sp_recovery_paper_print (const SpRecoveryPaper *self,
                         GtkWindow *parent,
                         SpRecoveryPaperDone done,
                         gpointer user_data,
                         GDestroyNotify free_data)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  Printing *printing = g_new0 (Printing, 1);

  printing->paper = sp_recovery_paper_copy (self);
  printing->done = done;
  printing->user_data = user_data;
  printing->free_data = free_data;
  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, _("SecurePass Recovery Sheet"));
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), printing);
  g_signal_connect (operation, "preview", G_CALLBACK (preview_cb), NULL);
  g_signal_connect_data (operation, "done", G_CALLBACK (done_cb), printing, printing_free, 0);
  /* What it comes to is told by ::done. */
  (void) gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}
