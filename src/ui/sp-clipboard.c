/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-clipboard"

#include "config.h"

#include "ui/sp-clipboard.h"

#define DEFAULT_SECONDS 30

struct _SpClipboard {
  GObject parent_instance;

  GdkClipboard *clipboard;      /* (owned) */
  GdkContentProvider *provider; /* (owned) (nullable) ours, while it is there */
  char *label;
  guint seconds;
  int seconds_left;
  gint64 end_us; /* by the monotonic clock */
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (SpClipboard, sp_clipboard, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_LABEL,
  PROP_SECONDS_LEFT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
set_shown (SpClipboard *self, const char *label, int seconds_left)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->label, label) != 0) {
    g_free (self->label);
    self->label = g_strdup (label);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
  }
  if (self->seconds_left != seconds_left) {
    self->seconds_left = seconds_left;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECONDS_LEFT]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
forget (SpClipboard *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->provider);
  set_shown (self, NULL, 0);
}

static gboolean
tick_cb (gpointer user_data)
{
  SpClipboard *self = SP_CLIPBOARD (user_data);
  gint64 left_us = self->end_us - g_get_monotonic_time ();

  if (left_us <= 0) {
    self->tick_id = 0;
    sp_clipboard_clear (self);
    return G_SOURCE_REMOVE;
  }
  set_shown (self, self->label, (int) ((left_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC));
  return G_SOURCE_CONTINUE;
}

/* Somebody else, or we, put something else there. */
static void
clipboard_changed_cb (GdkClipboard *clipboard, SpClipboard *self)
{
  if (self->provider != NULL && gdk_clipboard_get_content (clipboard) != self->provider)
    forget (self);
}

static void
session_locking_cb (SpSession *session, int reason, SpClipboard *self)
{
  sp_clipboard_clear (self);
}

static void
sp_clipboard_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpClipboard *self = SP_CLIPBOARD (object);

  switch (prop_id) {
  case PROP_LABEL:
    g_value_set_string (value, self->label);
    break;
  case PROP_SECONDS_LEFT:
    g_value_set_int (value, self->seconds_left);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_clipboard_dispose (GObject *object)
{
  SpClipboard *self = SP_CLIPBOARD (object);

  if (self->clipboard != NULL)
    sp_clipboard_clear (self);
  g_clear_object (&self->clipboard);
  G_OBJECT_CLASS (sp_clipboard_parent_class)->dispose (object);
}

static void
sp_clipboard_finalize (GObject *object)
{
  SpClipboard *self = SP_CLIPBOARD (object);

  g_free (self->label);
  G_OBJECT_CLASS (sp_clipboard_parent_class)->finalize (object);
}

static void
sp_clipboard_class_init (SpClipboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_clipboard_dispose;
  object_class->finalize = sp_clipboard_finalize;
  object_class->get_property = sp_clipboard_get_property;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_SECONDS_LEFT] = g_param_spec_int ("seconds-left", NULL, NULL, 0, G_MAXINT, 0,
                                                    flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sp_clipboard_init (SpClipboard *self)
{
  self->seconds = DEFAULT_SECONDS;
}

SpClipboard *
sp_clipboard_new (GdkDisplay *display, SpSession *session)
{
  SpClipboard *self = g_object_new (SP_TYPE_CLIPBOARD, NULL);

  self->clipboard = g_object_ref (gdk_display_get_clipboard (display));
  g_signal_connect_object (self->clipboard, "changed", G_CALLBACK (clipboard_changed_cb), self, 0);
  g_signal_connect_object (session, "locking", G_CALLBACK (session_locking_cb), self, 0);
  return self;
}

void
sp_clipboard_set_seconds (SpClipboard *self, guint seconds)
{
  g_return_if_fail (SP_IS_CLIPBOARD (self));
  self->seconds = seconds;
}

/**
 * sp_clipboard_copy:
 * @self: a clipboard
 * @value: UTF-8 text
 * @label: what it is, for people; never the value
 *
 * Offers the text, in place of what was there. The bytes stay where they are, in guarded memory, until another program asks
 * for them.
 */
void
sp_clipboard_copy (SpClipboard *self, const SpSecret *value, const char *label)
{
  g_autoptr (GBytes) bytes = NULL;
  GdkContentProvider *both[2];

  g_return_if_fail (SP_IS_CLIPBOARD (self) && value != NULL);

  forget (self);
  bytes = g_bytes_new_with_free_func (sp_secret_peek (value, NULL), sp_secret_get_length (value),
                                      (GDestroyNotify) sp_secret_unref, sp_secret_ref (value));
  both[0] = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
  both[1] = gdk_content_provider_new_for_bytes ("text/plain", bytes);
  self->provider = gdk_content_provider_new_union (both, G_N_ELEMENTS (both));
  if (!gdk_clipboard_set_content (self->clipboard, self->provider)) {
    g_warning ("The clipboard could not be taken.");
    forget (self);
    return;
  }
  self->end_us = g_get_monotonic_time () + (gint64) self->seconds * G_USEC_PER_SEC;
  if (self->seconds > 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  set_shown (self, label, (int) self->seconds);
}

void
sp_clipboard_clear (SpClipboard *self)
{
  gboolean ours;

  g_return_if_fail (SP_IS_CLIPBOARD (self));

  ours = self->provider != NULL && gdk_clipboard_get_content (self->clipboard) == self->provider;
  forget (self);
  if (ours)
    (void) gdk_clipboard_set_content (self->clipboard, NULL);
}

const char *
sp_clipboard_get_label (SpClipboard *self)
{
  g_return_val_if_fail (SP_IS_CLIPBOARD (self), NULL);
  return self->label;
}

int
sp_clipboard_get_seconds_left (SpClipboard *self)
{
  g_return_val_if_fail (SP_IS_CLIPBOARD (self), 0);
  return self->seconds_left;
}
