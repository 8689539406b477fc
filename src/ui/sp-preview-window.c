/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The content goes from the vault into guarded memory, is made a picture or a text of in a thread, and from there on to the
 * screen; no file is written. The text cannot be selected, which would put it onto the primary selection. */

#define G_LOG_DOMAIN "sp-preview-window"

#include "config.h"

#include "ui/sp-preview-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "services/sp-session-items.h"
#include "ui/sp-child-window.h"
#include "ui/sp-error-text.h"
#include "ui/sp-picture.h"
#include "ui/sp-ui.h"

#define MAX_BYTES      (32 * 1024 * 1024)
#define MAX_TEXT_BYTES (128 * 1024)
#define MAX_LINE       1000 /* characters; the text view lays out whole lines */

struct _SpPreviewWindow {
  AdwWindow parent_instance;

  GCancellable *loading; /* (owned) */

  AdwStatusPage *error_page;
  GtkWidget *part_label;
  GtkPicture *picture;
  GtkStack *stack;
  GtkTextView *text_view;
  AdwWindowTitle *window_title;
};

G_DEFINE_FINAL_TYPE (SpPreviewWindow, sp_preview_window, ADW_TYPE_WINDOW)

/* What is made of a content in the thread; one of the two. */
typedef struct {
  GdkTexture *texture;
  SpSecret *text;
  gboolean is_part; /* only the beginning of the text */
} Shown;

static void
shown_free (Shown *self)
{
  g_clear_object (&self->texture);
  g_clear_pointer (&self->text, sp_secret_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shown, shown_free)

/* ---- in the thread ---------------------------------------------------------------------------------- */

/* NULL when it is no text. */
static SpSecret *
dup_text (const guint8 *data, gsize len, gboolean *out_is_part)
{
  g_autoptr (SpSecretBuffer) buffer = NULL;
  const char *text = (const char *) data;
  const char *end;
  guint in_line = 0;
  gsize n = MIN (len, MAX_TEXT_BYTES);

  *out_is_part = n < len;
  /* The end may be in the middle of a character. */
  if (!g_utf8_validate (text, (gssize) n, &end) && (!*out_is_part || end < text + n - 4))
    return NULL;
  if (memchr (data, '\0', n) != NULL)
    return NULL;
  buffer = sp_secret_buffer_new ();
  for (const char *p = text; p < end; p = g_utf8_find_next_char (p, NULL)) {
    gunichar c = g_utf8_get_char (p);

    in_line = c == '\n' ? 0 : in_line + 1;
    sp_secret_buffer_append_unichar (buffer, c);
    if (in_line == MAX_LINE) {
      sp_secret_buffer_append_text (buffer, "\n");
      in_line = 0;
    }
  }
  return sp_secret_buffer_finish (buffer);
}

static void
make_shown (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  SpSecret *content = task_data;
  g_autoptr (Shown) shown = g_new0 (Shown, 1);
  g_autoptr (GError) error = NULL;
  gsize len;
  const guint8 *data = sp_secret_peek (content, &len);
  guint width;
  guint height;

  if (sp_picture_probe (data, len, &width, &height)) {
    g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (
        data, len, (GDestroyNotify) sp_secret_unref, sp_secret_ref (content));

    shown->texture = sp_picture_load (bytes, &error);
  } else {
    shown->text = dup_text (data, len, &shown->is_part);
    if (shown->text == NULL)
      g_set_error_literal (
          &error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
          _("Only texts and pictures (PNG, JPEG) are shown here. Save it to open it "
                             "in another program."));
  }
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&shown), (GDestroyNotify) shown_free);
}

/* ---- in the window ---------------------------------------------------------------------------------- */

static void
show_error (SpPreviewWindow *self, const GError *error)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = sp_error_text (error);
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_description (self->error_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
made_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpPreviewWindow *self = SP_PREVIEW_WINDOW (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (Shown) shown = g_task_propagate_pointer (G_TASK (result), &error);

  if (shown == NULL) {
    show_error (self, error);
  } else if (shown->texture != NULL) {
    gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (shown->texture));
    gtk_stack_set_visible_child_name (self->stack, "picture");
  } else {
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view),
                              sp_secret_peek_text (shown->text),
                              (int) sp_secret_get_length (shown->text));
    gtk_widget_set_visible (self->part_label, shown->is_part);
    gtk_stack_set_visible_child_name (self->stack, "text");
  }
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpPreviewWindow) self = SP_PREVIEW_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) content = sp_session_read_attachment_finish (SP_SESSION (object), result,
                                                                    &error);
  g_autoptr (GTask) task = NULL;

  if (content == NULL) {
    show_error (self, error);
    return;
  }
  task = g_task_new (self, self->loading, made_cb, NULL);
  g_task_set_source_tag (task, read_cb);
  g_task_set_task_data (task, g_steal_pointer (&content), (GDestroyNotify) sp_secret_unref);
  g_task_run_in_thread (task, make_shown);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_preview_window_unmap (GtkWidget *widget)
{
  SpPreviewWindow *self = SP_PREVIEW_WINDOW (widget);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
  gtk_picture_set_paintable (self->picture, NULL);
  GTK_WIDGET_CLASS (sp_preview_window_parent_class)->unmap (widget);
}

static void
sp_preview_window_dispose (GObject *object)
{
  SpPreviewWindow *self = SP_PREVIEW_WINDOW (object);

  g_cancellable_cancel (self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_PREVIEW_WINDOW);
  G_OBJECT_CLASS (sp_preview_window_parent_class)->dispose (object);
}

static void
sp_preview_window_finalize (GObject *object)
{
  SpPreviewWindow *self = SP_PREVIEW_WINDOW (object);

  g_object_unref (self->loading);
  G_OBJECT_CLASS (sp_preview_window_parent_class)->finalize (object);
}

static void
sp_preview_window_class_init (SpPreviewWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_preview_window_dispose;
  object_class->finalize = sp_preview_window_finalize;
  widget_class->unmap = sp_preview_window_unmap;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-preview-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, part_label);
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, text_view);
  gtk_widget_class_bind_template_child (widget_class, SpPreviewWindow, window_title);
}

static void
sp_preview_window_init (SpPreviewWindow *self)
{
  self->loading = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->text_view), FALSE);
}

void
sp_preview_window_present (GtkWindow *parent, SpSession *session, const SpAttachment *attachment)
{
  SpPreviewWindow *self;
  g_autofree char *size = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session) && attachment != NULL);

  self = g_object_new (SP_TYPE_PREVIEW_WINDOW, NULL);
  size = g_format_size (attachment->size);
  adw_window_title_set_title (self->window_title, attachment->name);
  adw_window_title_set_subtitle (self->window_title, size);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  attachment->name, -1);
  sp_child_window_set_up (GTK_WINDOW (self), parent, session);
  if (attachment->size > MAX_BYTES) {
    g_autoptr (GError) error = g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        _("The attachment is too large to be shown here. Save it to open it in another program."));

    show_error (self, error);
  } else {
    sp_session_read_attachment_async (session, attachment, MAX_BYTES, self->loading, read_cb,
                                      g_object_ref (self));
  }
  gtk_window_present (GTK_WINDOW (self));
}
