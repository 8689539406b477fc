/* SPDX-License-Identifier: GPL-3.0-or-later */

/* COMPAT (adw-1.3): AdwBanner. */

#define G_LOG_DOMAIN "sp-recovery-bar"

#include "config.h"

#include "ui/sp-recovery-bar.h"

#include <glib/gi18n.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"

#define REMIND_MS (G_GINT64_CONSTANT (30) * 24 * 60 * 60 * 1000) /* before a key expires */

/* What matters more comes first. */
typedef enum {
  NOTICE_EXPIRING,
  NOTICE_NO_KEY,
  N_NOTICES,
} Notice;

struct _SpRecoveryBar {
  AdwBin parent_instance;

  SpSession *session;   /* (owned) (nullable) */
  SpSettings *settings; /* (owned) (nullable) */
  guint look_id;        /* idle source */
  gboolean looked;      /* since the vault was opened; then, what was known: */
  guint n_slots;
  guint32 key_epoch;
  char *texts[N_NOTICES]; /* (nullable) what there is to tell */

  GtkWidget *make_button;
  GtkRevealer *revealer;
  GtkLabel *text_label;
};

G_DEFINE_FINAL_TYPE (SpRecoveryBar, sp_recovery_bar, ADW_TYPE_BIN)

static Notice
get_notice (SpRecoveryBar *self)
{
  Notice notice = NOTICE_EXPIRING;

  while (notice < N_NOTICES && self->texts[notice] == NULL)
    notice++;
  return notice;
}

static void
update (SpRecoveryBar *self)
{
  Notice notice = get_notice (self);

  /* What it said stays while it slides away. */
  if (notice < N_NOTICES) {
    gtk_label_set_text (self->text_label, self->texts[notice]);
    gtk_widget_set_visible (self->make_button, notice == NOTICE_NO_KEY);
  }
  gtk_revealer_set_reveal_child (self->revealer, notice < N_NOTICES);
}

static void
take_text (SpRecoveryBar *self, Notice notice, char *text)
{
  g_free (self->texts[notice]);
  self->texts[notice] = text;
}

/* ---- what there is to tell -------------------------------------------------------------------------- */

static gboolean
expires_soon (const SpSlotInfo *slot, gint64 now_ms)
{
  return slot->kind == SP_SLOT_RECOVERY && slot->expires_ms > 0 &&
         slot->expires_ms != SP_SLOT_EXPIRY_UNKNOWN && slot->expires_ms < now_ms + REMIND_MS;
}

static void
tell_expiring (SpRecoveryBar *self, const SpSlotInfo *slot, gint64 now_ms)
{
  g_autofree char *name = sp_dup_shown_text (slot->name, SP_SHOWN_TITLE_MAX);
  g_autofree char *date = sp_shown_date (slot->expires_ms);

  if (slot->expires_ms <= now_ms)
    /* Translators: the name of a recovery key, and a date. */
    take_text (self, NOTICE_EXPIRING,
               g_strdup_printf (_("The recovery key “%s” expired on %s."), name, date));
  else
    /* Translators: the name of a recovery key, and a date. */
    take_text (self, NOTICE_EXPIRING,
               g_strdup_printf (_("The recovery key “%s” expires on %s."), name, date));
}

static void
tell_keys (SpRecoveryBar *self, const GPtrArray *slots)
{
  const char *path = sp_session_get_path (self->session);
  gint64 now_ms = sp_session_now_ms (self->session);
  const SpSlotInfo *first = NULL;
  gboolean has_key = FALSE;

  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (slots, i);

    has_key |= slot->kind == SP_SLOT_RECOVERY;
    if (expires_soon (slot, now_ms) && (first == NULL || slot->expires_ms < first->expires_ms))
      first = slot;
  }
  take_text (self, NOTICE_EXPIRING, NULL);
  take_text (self, NOTICE_NO_KEY, NULL);
  if (first != NULL)
    tell_expiring (self, first, now_ms);
  if (has_key)
    sp_settings_forget_recovery_reminder (self->settings, path);
  else if (sp_settings_has_recovery_reminder (self->settings, path))
    take_text (self, NOTICE_NO_KEY,
               g_strdup (_("This vault has no recovery key. If the master password is forgotten, "
                           "nobody can open it.")));
}

static void
slots_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoveryBar) self = SP_RECOVERY_BAR (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = sp_session_list_slots_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL || !sp_session_is_open (self->session))
    return;
  if (slots != NULL)
    tell_keys (self, slots);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("The key slots could not be listed: %s", error->message);
  update (self);
}

static void
look_at_keys (SpRecoveryBar *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);

  self->n_slots = info->n_slots;
  self->key_epoch = info->key_epoch;
  sp_session_list_slots_async (self->session, NULL, slots_cb, g_object_ref (self));
}

/* Of all that changes, only the number of slots and the vault key tell of other keys. */
static void
session_changed_cb (SpRecoveryBar *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);

  if (self->looked && info != NULL &&
      (info->n_slots != self->n_slots || info->key_epoch != self->key_epoch))
    look_at_keys (self);
}

static void
reminders_cb (SpRecoveryBar *self)
{
  if (self->looked)
    look_at_keys (self);
}

static gboolean
look_cb (gpointer user_data)
{
  SpRecoveryBar *self = SP_RECOVERY_BAR (user_data);

  self->look_id = 0;
  if (!sp_session_is_open (self->session) || !sp_session_is_writable (self->session))
    return G_SOURCE_REMOVE;
  self->looked = TRUE;
  look_at_keys (self);
  return G_SOURCE_REMOVE;
}

/* Not before what was unlocked is on the screen. */
static void
session_state_cb (SpRecoveryBar *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  if (sp_session_is_open (self->session)) {
    self->look_id = g_idle_add_full (G_PRIORITY_LOW, look_cb, self, NULL);
    return;
  }
  self->looked = FALSE;
  for (guint i = 0; i < N_NOTICES; i++)
    g_clear_pointer (&self->texts[i], g_free);
  update (self);
}

/* For now: it is told again at the next unlock. */
static void
dismiss_cb (SpRecoveryBar *self)
{
  Notice notice = get_notice (self);

  if (notice < N_NOTICES)
    take_text (self, notice, NULL);
  update (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_recovery_bar_dispose (GObject *object)
{
  SpRecoveryBar *self = SP_RECOVERY_BAR (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_RECOVERY_BAR);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_recovery_bar_parent_class)->dispose (object);
}

static void
sp_recovery_bar_finalize (GObject *object)
{
  SpRecoveryBar *self = SP_RECOVERY_BAR (object);

  for (guint i = 0; i < N_NOTICES; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (sp_recovery_bar_parent_class)->finalize (object);
}

static void
sp_recovery_bar_class_init (SpRecoveryBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_recovery_bar_dispose;
  object_class->finalize = sp_recovery_bar_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-recovery-bar.ui");
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryBar, make_button);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryBar, text_label);
}

static void
sp_recovery_bar_init (SpRecoveryBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

SpRecoveryBar *
sp_recovery_bar_new (SpSession *session, SpSettings *settings)
{
  SpRecoveryBar *self = g_object_new (SP_TYPE_RECOVERY_BAR, NULL);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" SP_SETTING_RECOVERY_REMINDERS,
                           G_CALLBACK (reminders_cb), self, G_CONNECT_SWAPPED);
  return self;
}
