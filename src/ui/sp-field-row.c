/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The value is in the label only while it may be seen: the toolkit's copy of it is ordinary memory. The label neither
 * interprets markup nor lets itself be selected, which would put it onto the primary selection and into drags. */

#define G_LOG_DOMAIN "sp-field-row"

#include "config.h"

#include "ui/sp-field-row.h"

#include <glib/gi18n.h>

#include "password/sp-otp.h"
#include "ui/sp-link.h"
#include "ui/sp-otp-ring.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-value.h"
#include "ui/sp-ui.h"

struct _SpFieldRow {
  AdwPreferencesRow parent_instance;

  SpSession *session; /* (owned) */
  char *label;
  SpFieldKind kind;
  SpSecret *value;  /* (owned) */
  SpOtp *otp;       /* (owned) (nullable) of a one-time code that can be read */
  SpSecret *code;   /* (owned) (nullable) the code that is shown */
  gboolean untaken; /* of a counter that no code was taken of */
  gboolean revealed;
  gboolean peeking;
  guint conceal_seconds; /* 0 is never */
  guint conceal_id;
  guint tick_id; /* while mapped */

  GtkWidget *copy_button;
  GtkWidget *large_button;
  GtkLabel *name_label;
  GtkWidget *next_button;
  GtkWidget *open_button;
  GtkWidget *reveal_button;
  SpOtpRing *ring;
  GtkLabel *value_label;
};

G_DEFINE_FINAL_TYPE (SpFieldRow, sp_field_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  SIGNAL_COPY,
  SIGNAL_LARGE_TYPE,
  SIGNAL_NEXT_CODE,
  SIGNAL_OPEN_LINK,
  SIGNAL_REVEALED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- the value -------------------------------------------------------------------------------------- */

static void
set_value_text (SpFieldRow *self, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (self->value_label), text) != 0)
    gtk_label_set_text (self->value_label, text);
}

/* "123456" is easier to read as "123 456". */
static SpSecret *
group_code (const SpSecret *code)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  gsize len;
  const guint8 *digits = sp_secret_peek (code, &len);
  gsize half = len >= 6 ? (len + 1) / 2 : len;

  sp_secret_buffer_append (buffer, digits, half);
  if (half < len) {
    sp_secret_buffer_append_text (buffer, " ");
    sp_secret_buffer_append (buffer, digits + half, len - half);
  }
  return sp_secret_buffer_finish (buffer);
}

static void
update_code (SpFieldRow *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) grouped = NULL;
  g_autoptr (SpSecret) code = NULL;
  int left = 0;

  if (self->untaken) {
    set_value_text (self, _ ("No code taken yet"));
    return;
  }
  code = sp_otp_code (self->otp, sp_session_now_ms (self->session), &left, &error);
  if (code == NULL) {
    g_clear_pointer (&self->code, sp_secret_unref);
    set_value_text (self, error->message);
    return;
  }
  if (self->otp->kind == SP_OTP_TOTP)
    sp_otp_ring_set_left (self->ring, (guint) left, self->otp->period);
  if (self->code != NULL && sp_secret_equal (self->code, code))
    return;
  g_clear_pointer (&self->code, sp_secret_unref);
  self->code = g_steal_pointer (&code);
  grouped = group_code (self->code);
  set_value_text (self, sp_secret_peek_text (grouped));
}

static void
update_value (SpFieldRow *self)
{
  gboolean shown = !sp_field_row_is_secret (self) || self->revealed || self->peeking;

  if (self->otp != NULL)
    return;
  if (shown)
    sp_shown_value_set (self->value_label, self->value);
  else
    set_value_text (self, SP_FIELD_ROW_DOTS);
  gtk_button_set_icon_name (GTK_BUTTON (self->reveal_button),
                            self->revealed ? "sp-conceal-symbolic" : "sp-reveal-symbolic");
}

static void
set_button_text (GtkWidget *button, const char *text)
{
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_reveal_button (SpFieldRow *self)
{
  set_button_text (self->reveal_button, self->revealed ? _ ("Conceal") : _ ("Reveal"));
}

static gboolean
conceal_cb (gpointer user_data)
{
  SpFieldRow *self = SP_FIELD_ROW (user_data);

  self->conceal_id = 0;
  sp_field_row_conceal (self);
  return G_SOURCE_REMOVE;
}

static gboolean
tick_cb (gpointer user_data)
{
  update_code (SP_FIELD_ROW (user_data));
  return G_SOURCE_CONTINUE;
}

/* ---- callbacks -------------------------------------------------------------------------------------- */

static void
copy_clicked_cb (SpFieldRow *self)
{
  g_signal_emit (self, signals[SIGNAL_COPY], 0);
}

static void
large_clicked_cb (SpFieldRow *self)
{
  g_signal_emit (self, signals[SIGNAL_LARGE_TYPE], 0);
}

static void
next_clicked_cb (SpFieldRow *self)
{
  gtk_widget_set_sensitive (self->next_button, FALSE);
  g_signal_emit (self, signals[SIGNAL_NEXT_CODE], 0);
}

static void
open_clicked_cb (SpFieldRow *self)
{
  g_signal_emit (self, signals[SIGNAL_OPEN_LINK], 0);
}

static void
reveal_clicked_cb (SpFieldRow *self)
{
  if (self->revealed)
    sp_field_row_conceal (self);
  else
    sp_field_row_reveal (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_field_row_map (GtkWidget *widget)
{
  SpFieldRow *self = SP_FIELD_ROW (widget);

  GTK_WIDGET_CLASS (sp_field_row_parent_class)->map (widget);
  if (self->otp == NULL)
    return;
  update_code (self);
  if (self->otp->kind == SP_OTP_TOTP && self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

static void
sp_field_row_unmap (GtkWidget *widget)
{
  SpFieldRow *self = SP_FIELD_ROW (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  sp_field_row_conceal (self);
  GTK_WIDGET_CLASS (sp_field_row_parent_class)->unmap (widget);
}

static void
sp_field_row_dispose (GObject *object)
{
  SpFieldRow *self = SP_FIELD_ROW (object);

  g_clear_handle_id (&self->conceal_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_FIELD_ROW);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_field_row_parent_class)->dispose (object);
}

static void
sp_field_row_finalize (GObject *object)
{
  SpFieldRow *self = SP_FIELD_ROW (object);

  g_clear_pointer (&self->code, sp_secret_unref);
  g_clear_pointer (&self->otp, sp_otp_free);
  g_clear_pointer (&self->value, sp_secret_unref);
  g_free (self->label);
  G_OBJECT_CLASS (sp_field_row_parent_class)->finalize (object);
}

static void
sp_field_row_class_init (SpFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_field_row_dispose;
  object_class->finalize = sp_field_row_finalize;
  widget_class->map = sp_field_row_map;
  widget_class->unmap = sp_field_row_unmap;

  signals[SIGNAL_COPY] = g_signal_new ("copy", SP_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LARGE_TYPE] = g_signal_new ("large-type", SP_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NEXT_CODE] = g_signal_new ("next-code", SP_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_OPEN_LINK] = g_signal_new ("open-link", SP_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REVEALED] = g_signal_new ("revealed", SP_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, large_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, next_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, ring);
  gtk_widget_class_bind_template_child (widget_class, SpFieldRow, value_label);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, large_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_clicked_cb);
}

static void
sp_field_row_init (SpFieldRow *self)
{
  self->conceal_seconds = SP_FIELD_ROW_REVEAL_SECONDS;
  g_type_ensure (SP_TYPE_OTP_RING);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What the kind asks for; a one-time code that cannot be read is a concealed text like another. */
static void
set_up (SpFieldRow *self)
{
  g_autoptr (SpSecret) link = NULL;
  g_autofree char *name = sp_dup_shown_text (self->label, SP_SHOWN_TITLE_MAX);

  gtk_label_set_text (self->name_label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label,
                                  -1);
  if (self->kind == SP_FIELD_OTP) {
    g_autoptr (GError) error = NULL;

    self->otp = sp_otp_parse (self->value, &error);
    if (self->otp == NULL)
      gtk_widget_set_tooltip_text (GTK_WIDGET (self), error->message);
  }
  if (self->otp != NULL) {
    gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "numeric");
    gtk_widget_set_visible (GTK_WIDGET (self->ring), self->otp->kind == SP_OTP_TOTP);
    gtk_widget_set_visible (self->next_button, sp_field_row_is_counter (self));
    self->untaken = sp_field_row_is_counter (self) && self->otp->counter == 0;
    if (sp_field_row_is_counter (self) && !self->untaken)
      self->otp->counter--;
    if (!self->untaken)
      gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "title-3");
  }
  gtk_widget_set_visible (self->large_button, self->kind == SP_FIELD_HIDDEN);
  if (sp_field_row_is_secret (self))
    gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "monospace");
  gtk_widget_set_visible (self->reveal_button, sp_field_row_is_secret (self));
  link = sp_field_row_dup_link (self);
  gtk_widget_set_visible (self->open_button, link != NULL);
  if (self->kind == SP_FIELD_EMAIL)
    set_button_text (self->open_button, _ ("Write an E-mail"));
  else if (self->kind == SP_FIELD_PHONE)
    set_button_text (self->open_button, _ ("Call"));
  update_value (self);
}

/**
 * sp_field_row_new:
 * @session: tells the time
 * @label: for people
 * @kind: how it is shown
 * @value: UTF-8 text
 *
 * Returns: (transfer floating): a row of a list
 */
SpFieldRow *
sp_field_row_new (SpSession *session, const char *label, SpFieldKind kind, const SpSecret *value)
{
  SpFieldRow *self;

  g_return_val_if_fail (SP_IS_SESSION (session) && label != NULL && value != NULL, NULL);

  self = g_object_new (SP_TYPE_FIELD_ROW, NULL);
  self->session = g_object_ref (session);
  self->label = g_strdup (label);
  self->kind = kind;
  self->value = sp_secret_ref (value);
  set_up (self);
  return self;
}

const char *
sp_field_row_get_label (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), NULL);
  return self->label;
}

gboolean
sp_field_row_is_counter (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), FALSE);
  return self->otp != NULL && self->otp->kind == SP_OTP_HOTP;
}

gboolean
sp_field_row_has_code (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), FALSE);
  return self->otp != NULL && !self->untaken;
}

SpSecret *
sp_field_row_dup_copy (SpFieldRow *self, GError **error)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), NULL);

  if (self->otp != NULL)
    return sp_otp_code (self->otp, sp_session_now_ms (self->session), NULL, error);
  return sp_secret_ref (self->value);
}

SpSecret *
sp_field_row_dup_link (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), NULL);
  return sp_link_new (self->kind, self->value);
}

gboolean
sp_field_row_is_secret (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), TRUE);
  return self->otp == NULL && sp_field_kind_is_secret (self->kind);
}

gboolean
sp_field_row_is_revealed (SpFieldRow *self)
{
  g_return_val_if_fail (SP_IS_FIELD_ROW (self), FALSE);
  return self->revealed;
}

void
sp_field_row_set_conceal_seconds (SpFieldRow *self, guint seconds)
{
  g_return_if_fail (SP_IS_FIELD_ROW (self));
  self->conceal_seconds = seconds;
}

void
sp_field_row_reveal (SpFieldRow *self)
{
  g_return_if_fail (SP_IS_FIELD_ROW (self));

  if (!sp_field_row_is_secret (self))
    return;
  g_clear_handle_id (&self->conceal_id, g_source_remove);
  if (self->conceal_seconds > 0)
    self->conceal_id = g_timeout_add_seconds (self->conceal_seconds, conceal_cb, self);
  if (self->revealed)
    return;
  self->revealed = TRUE;
  update_value (self);
  update_reveal_button (self);
  g_signal_emit (self, signals[SIGNAL_REVEALED], 0);
}

void
sp_field_row_conceal (SpFieldRow *self)
{
  g_return_if_fail (SP_IS_FIELD_ROW (self));

  g_clear_handle_id (&self->conceal_id, g_source_remove);
  self->peeking = FALSE;
  self->revealed = FALSE;
  update_value (self);
  update_reveal_button (self);
}

void
sp_field_row_set_peeking (SpFieldRow *self, gboolean peeking)
{
  g_return_if_fail (SP_IS_FIELD_ROW (self));

  if (self->peeking == peeking || !sp_field_row_is_secret (self))
    return;
  self->peeking = peeking;
  update_value (self);
  if (peeking && !self->revealed)
    g_signal_emit (self, signals[SIGNAL_REVEALED], 0);
}
