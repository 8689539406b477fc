/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The timer is set to the moment when the time would be over if nothing happened any more. When it comes and something has
 * happened, it is set again: a vault that is open and used costs a wake-up per idle time, not one per key.
 *
 * The timer stands still while the computer sleeps, the clock does not. So input that comes after the time is over does
 * not begin a new one: it locks.
 *
 * logind waits for us before it sends the computer to sleep for as long as we hold its "delay" inhibitor: until
 * the vault is closed, or some seconds. */

#define G_LOG_DOMAIN "sp-auto-lock"

#include "config.h"

#include "services/sp-auto-lock.h"

#include <gio/gunixfdlist.h>
#include <time.h>
#include <unistd.h>

#define LOGIND         "org.freedesktop.login1"
#define LOGIND_PATH    "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

/* Who says that the screen was locked, each by "ActiveChanged" of an interface of its own name. */
static const char *const screen_savers[] = {
  "org.cinnamon.ScreenSaver", "org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver",
  "org.mate.ScreenSaver",     "org.xfce.ScreenSaver",
};

struct _SpAutoLock {
  GObject parent_instance;

  SpSession *session;   /* (owned) */
  SpSettings *settings; /* (owned) */
  SpClock clock;
  gint64 input_ms; /* by the clock */
  gint64 idle_ms;  /* how long it may be idle; 0 for ever */
  guint timer_id;

  GDBusConnection *session_bus; /* (owned) (nullable) */
  guint screen_saver_ids[G_N_ELEMENTS (screen_savers)];

  GDBusConnection *system_bus; /* (owned) (nullable) */
  guint sleep_id;
  GCancellable *inhibiting; /* (owned) (nullable) while it is asked for */
  int inhibitor;            /* a descriptor, or -1 */
};

G_DEFINE_FINAL_TYPE (SpAutoLock, sp_auto_lock, G_TYPE_OBJECT)

static gint64
since_start_ms (gpointer data)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time () / 1000;
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- idle time -------------------------------------------------------------------------------------- */

/* Milliseconds until it is time, 0 when it is; -1 when there is nothing to wait for. */
static gint64
get_left_ms (SpAutoLock *self)
{
  if (self->idle_ms == 0 || !sp_session_is_held (self->session))
    return -1;
  return MAX (self->input_ms + self->idle_ms - sp_clock_now_ms (&self->clock), 0);
}

static gboolean
timer_cb (gpointer user_data)
{
  SpAutoLock *self = SP_AUTO_LOCK (user_data);

  self->timer_id = 0;
  sp_auto_lock_check (self);
  return G_SOURCE_REMOVE;
}

void
sp_auto_lock_check (SpAutoLock *self)
{
  gint64 left_ms;

  g_return_if_fail (SP_IS_AUTO_LOCK (self));

  g_clear_handle_id (&self->timer_id, g_source_remove);
  left_ms = get_left_ms (self);
  if (left_ms == 0)
    sp_session_lock (self->session, SP_LOCK_IDLE);
  else if (left_ms > 0)
    self->timer_id = g_timeout_add ((guint) MIN (left_ms, G_MAXINT), timer_cb, self);
}

void
sp_auto_lock_touch (SpAutoLock *self)
{
  g_return_if_fail (SP_IS_AUTO_LOCK (self));

  if (get_left_ms (self) == 0)
    sp_session_lock (self->session, SP_LOCK_IDLE);
  self->input_ms = sp_clock_now_ms (&self->clock);
}

/* ---- the screen ------------------------------------------------------------------------------------- */

static void
screen_saver_cb (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GVariant *parameters,
                 gpointer user_data)
{
  SpAutoLock *self = SP_AUTO_LOCK (user_data);
  gboolean active;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &active);
  if (active && sp_settings_get_lock_with_screen (self->settings))
    sp_session_lock (self->session, SP_LOCK_SCREEN);
}

static void
leave_session_bus (SpAutoLock *self)
{
  if (self->session_bus == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (screen_savers); i++)
    g_dbus_connection_signal_unsubscribe (self->session_bus, self->screen_saver_ids[i]);
  g_clear_object (&self->session_bus);
}

void
sp_auto_lock_set_session_bus (SpAutoLock *self, GDBusConnection *bus)
{
  g_return_if_fail (SP_IS_AUTO_LOCK (self) && G_IS_DBUS_CONNECTION (bus));

  leave_session_bus (self);
  self->session_bus = g_object_ref (bus);
  for (gsize i = 0; i < G_N_ELEMENTS (screen_savers); i++)
    self->screen_saver_ids[i] = g_dbus_connection_signal_subscribe (
        bus, screen_savers[i], screen_savers[i], "ActiveChanged", NULL, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, screen_saver_cb, self, NULL);
}

/* ---- sleep ------------------------------------------------------------------------------------------ */

static void
release (SpAutoLock *self)
{
  g_cancellable_cancel (self->inhibiting);
  g_clear_object (&self->inhibiting);
  if (self->inhibitor >= 0)
    (void) close (self->inhibitor);
  self->inhibitor = -1;
}

static int
take_descriptor (GVariant *reply, GUnixFDList *descriptors, GError **error)
{
  gint32 index;

  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(h)")) || descriptors == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "No inhibitor in the answer");
    return -1;
  }
  g_variant_get (reply, "(h)", &index);
  return g_unix_fd_list_get (descriptors, index, error);
}

static void
inhibited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpAutoLock) self = SP_AUTO_LOCK (user_data);
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (object), &descriptors, result, &error);
  int descriptor = reply != NULL ? take_descriptor (reply, descriptors, &error) : -1;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->inhibiting);
  if (descriptor < 0)
    g_debug ("Sleep will not wait for the vault to be closed: %s", error->message);
  self->inhibitor = descriptor;
}

static void
inhibit (SpAutoLock *self)
{
  if (self->system_bus == NULL || self->inhibitor >= 0 || self->inhibiting != NULL)
    return;
  self->inhibiting = g_cancellable_new ();
  g_dbus_connection_call_with_unix_fd_list (
      self->system_bus, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "SecurePass", "Closes the vault first", "delay"),
      G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, self->inhibiting,
      inhibited_cb, g_object_ref (self));
}

static void
update_inhibitor (SpAutoLock *self)
{
  if (sp_session_is_held (self->session) && sp_settings_get_lock_on_suspend (self->settings))
    inhibit (self);
  else if (sp_session_is_held (self->session))
    release (self);
}

/* Locked is not yet closed: the last saves are on their way. */
static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpAutoLock) self = SP_AUTO_LOCK (user_data);
  g_autoptr (GError) error = NULL;

  if (!sp_session_flush_finish (self->session, result, &error))
    g_warning ("Not everything could be brought home: %s", error->message);
  if (!sp_session_is_held (self->session))
    release (self);
}

static void
prepare_for_sleep_cb (GDBusConnection *bus,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *name,
                      GVariant *parameters,
                      gpointer user_data)
{
  SpAutoLock *self = SP_AUTO_LOCK (user_data);
  gboolean begins;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  if (!begins)
    sp_auto_lock_check (self);
  else if (sp_settings_get_lock_on_suspend (self->settings))
    sp_session_lock (self->session, SP_LOCK_SUSPEND);
}

static void
leave_system_bus (SpAutoLock *self)
{
  release (self);
  if (self->system_bus == NULL)
    return;
  g_dbus_connection_signal_unsubscribe (self->system_bus, self->sleep_id);
  g_clear_object (&self->system_bus);
}

void
sp_auto_lock_set_system_bus (SpAutoLock *self, GDBusConnection *bus)
{
  g_return_if_fail (SP_IS_AUTO_LOCK (self) && G_IS_DBUS_CONNECTION (bus));

  leave_system_bus (self);
  self->system_bus = g_object_ref (bus);
  self->sleep_id = g_dbus_connection_signal_subscribe (
      bus, LOGIND, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      prepare_for_sleep_cb, self, NULL);
  update_inhibitor (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
idle_time_cb (SpAutoLock *self)
{
  self->idle_ms = (gint64) sp_settings_get_auto_lock_minutes (self->settings) * 60 * 1000;
  sp_auto_lock_check (self);
}

static void
session_state_cb (SpAutoLock *self)
{
  SpSessionState state = sp_session_get_state (self->session);

  if (state == SP_SESSION_OPEN)
    self->input_ms = sp_clock_now_ms (&self->clock);
  sp_auto_lock_check (self);
  update_inhibitor (self);
  if (state == SP_SESSION_LOCKED && (self->inhibitor >= 0 || self->inhibiting != NULL))
    sp_session_flush_async (self->session, closed_cb, g_object_ref (self));
}

static void
sp_auto_lock_dispose (GObject *object)
{
  SpAutoLock *self = SP_AUTO_LOCK (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  leave_session_bus (self);
  leave_system_bus (self);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_auto_lock_parent_class)->dispose (object);
}

static void
sp_auto_lock_class_init (SpAutoLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sp_auto_lock_dispose;
}

static void
sp_auto_lock_init (SpAutoLock *self)
{
  self->inhibitor = -1;
}

/**
 * sp_auto_lock_new:
 * @session: what to lock
 * @settings: when
 * @clock: (nullable): see above; the system's by default
 *
 * Returns: (transfer full): a new one, which does its work for as long as it lives
 */
SpAutoLock *
sp_auto_lock_new (SpSession *session, SpSettings *settings, const SpClock *clock)
{
  const SpClock since_start = { since_start_ms, NULL };
  SpAutoLock *self = g_object_new (SP_TYPE_AUTO_LOCK, NULL);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->clock = clock != NULL ? *clock : since_start;
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" SP_SETTING_AUTO_LOCK_MINUTES,
                           G_CALLBACK (idle_time_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" SP_SETTING_LOCK_ON_SUSPEND,
                           G_CALLBACK (update_inhibitor), self, G_CONNECT_SWAPPED);
  idle_time_cb (self);
  session_state_cb (self);
  return self;
}
