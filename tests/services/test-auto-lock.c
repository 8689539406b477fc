/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Locking when nobody is there: a clock that the tests move, and buses of their own on which a screen saver and a
 * logind of their own speak. */

#include "services/sp-auto-lock.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "sp-session-fixture.h"

#define MINUTE_MS (60 * 1000)

typedef struct {
  SessionFixture session;
  SpTestClock clock; /* of the idle time */
  SpSettings *settings;
  SpAutoLock *auto_lock;

  /* Where there is a bus. */
  GTestDBus *bus;
  GDBusConnection *ours;
  GDBusConnection *theirs; /* the screen saver's, or logind's */
  guint registration_id;
  guint name_id;
  gboolean has_name;
  guint n_inhibited;
  int inhibitor; /* our end of the pipe whose other end was handed out; -1 for none */
} Fixture;

static void
setup (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "..", "data", NULL);
  const char *const folders[] = { folder, NULL };
  g_autoptr (GError) error = NULL;

  session_fixture_setup (&self->session, NULL);
  sp_test_clock_init (&self->clock, 5);
  self->inhibitor = -1;
  self->settings = sp_settings_new (folders, &error);
  g_assert_no_error (error);
  sp_settings_set_auto_lock_minutes (self->settings, 10);
  sp_settings_set_lock_on_suspend (self->settings, TRUE);
  sp_settings_set_lock_with_screen (self->settings, TRUE);
  self->auto_lock = sp_auto_lock_new (self->session.session, self->settings, &self->clock.clock);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->auto_lock);
  session_fixture_teardown (&self->session, NULL);
  g_assert_finalize_object (self->settings);
}

static gboolean
is_open (Fixture *self)
{
  return sp_session_is_open (self->session.session);
}

static void
assert_locked (Fixture *self, SpLockReason reason)
{
  g_assert_false (is_open (self));
  g_assert_cmpint (sp_session_get_lock_reason (self->session.session), ==, reason);
  session_fixture_flush (&self->session);
}

/* ---- idle time -------------------------------------------------------------------------------------- */

static void
test_idle (Fixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 10 * MINUTE_MS - 1;
  sp_auto_lock_check (self->auto_lock);
  g_assert_true (is_open (self));
  self->clock.now_ms += 1;
  sp_auto_lock_check (self->auto_lock);
  assert_locked (self, SP_LOCK_IDLE);
}

static void
test_input (Fixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 9 * MINUTE_MS;
  sp_auto_lock_touch (self->auto_lock);
  self->clock.now_ms += 9 * MINUTE_MS;
  sp_auto_lock_check (self->auto_lock);
  g_assert_true (is_open (self));
  self->clock.now_ms += MINUTE_MS;
  sp_auto_lock_check (self->auto_lock);
  assert_locked (self, SP_LOCK_IDLE);
}

/* The time before an unlock does not count. */
static void
test_begins_with_unlock (Fixture *self, gconstpointer data)
{
  self->clock.now_ms += 60 * MINUTE_MS;
  session_fixture_unlock_or_abort (&self->session);
  sp_auto_lock_check (self->auto_lock);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

/* After a sleep the timer is late, and the first input must not be taken for presence. */
static void
test_input_too_late (Fixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 11 * MINUTE_MS;
  sp_auto_lock_touch (self->auto_lock);
  assert_locked (self, SP_LOCK_IDLE);
}

static void
test_timer (Fixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 10 * MINUTE_MS - 1;
  sp_auto_lock_check (self->auto_lock);
  self->clock.now_ms += 1;
  session_fixture_wait_until (&self->session, !is_open (self));
  assert_locked (self, SP_LOCK_IDLE);
}

static void
test_never (Fixture *self, gconstpointer data)
{
  sp_settings_set_auto_lock_minutes (self->settings, 0);
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 1000 * MINUTE_MS;
  sp_auto_lock_check (self->auto_lock);
  sp_auto_lock_touch (self->auto_lock);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

/* A shorter time holds at once. */
static void
test_setting_changed (Fixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 6 * MINUTE_MS;
  sp_auto_lock_check (self->auto_lock);
  g_assert_true (is_open (self));
  sp_settings_set_auto_lock_minutes (self->settings, 5);
  assert_locked (self, SP_LOCK_IDLE);
}

/* ---- the buses -------------------------------------------------------------------------------------- */

static GDBusConnection *
connect_to (GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
setup_bus (Fixture *self, gconstpointer data)
{
  setup (self, data);
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->ours = connect_to (self->bus);
  self->theirs = connect_to (self->bus);
}

static void
close_connection (GDBusConnection **connection)
{
  g_assert_true (g_dbus_connection_close_sync (*connection, NULL, NULL));
  g_clear_object (connection);
}

static void
teardown_bus (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&self->auto_lock));
  if (self->name_id != 0)
    g_bus_unown_name (self->name_id);
  if (self->registration_id != 0)
    g_dbus_connection_unregister_object (self->theirs, self->registration_id);
  if (self->inhibitor >= 0)
    g_assert_cmpint (close (self->inhibitor), ==, 0);
  close_connection (&self->ours);
  close_connection (&self->theirs);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
  session_fixture_teardown (&self->session, NULL);
  g_assert_finalize_object (self->settings);
}

static void
name_acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  ((Fixture *) user_data)->has_name = TRUE;
}

static void
own_name (Fixture *self, const char *name)
{
  self->name_id = g_bus_own_name_on_connection (self->theirs, name, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                name_acquired_cb, NULL, self, NULL);
  session_fixture_wait_until (&self->session, self->has_name);
}

static void
sync_answer_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result,
                                                              NULL);

  g_assert_nonnull (reply);
  *(gboolean *) user_data = TRUE;
}

/* The bus knows our rules, and we know who has which name: messages of one connection keep their order. */
static void
sync_ours (Fixture *self)
{
  gboolean done = FALSE;

  g_dbus_connection_call (self->ours, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, sync_answer_cb, &done);
  session_fixture_wait_until (&self->session, done);
}

static void
say (Fixture *self, const char *path, const char *interface, const char *signal, gboolean value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_dbus_connection_emit_signal (self->theirs, NULL, path, interface, signal,
                                                g_variant_new ("(b)", value), &error));
  g_assert_no_error (error);
  g_assert_true (g_dbus_connection_flush_sync (self->theirs, NULL, NULL));
}

/* A ping from them to us goes the way of their signals, after them. */
static void
wait_for_signals (Fixture *self)
{
  gboolean done = FALSE;

  g_dbus_connection_call (self->theirs, g_dbus_connection_get_unique_name (self->ours), "/",
                          "org.freedesktop.DBus.Peer", "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE,
                          -1, NULL, sync_answer_cb, &done);
  session_fixture_wait_until (&self->session, done);
  sync_ours (self);
}

/* ---- the screen ------------------------------------------------------------------------------------- */

#define GNOME      "org.gnome.ScreenSaver"
#define GNOME_PATH "/org/gnome/ScreenSaver"

static void
test_screen (Fixture *self, gconstpointer data)
{
  own_name (self, GNOME);
  sp_auto_lock_set_session_bus (self->auto_lock, self->ours);
  sync_ours (self);
  session_fixture_unlock_or_abort (&self->session);
  say (self, GNOME_PATH, GNOME, "ActiveChanged", FALSE);
  wait_for_signals (self);
  g_assert_true (is_open (self));
  say (self, GNOME_PATH, GNOME, "ActiveChanged", TRUE);
  session_fixture_wait_until (&self->session, !is_open (self));
  assert_locked (self, SP_LOCK_SCREEN);
}

static void
test_screen_not_wanted (Fixture *self, gconstpointer data)
{
  sp_settings_set_lock_with_screen (self->settings, FALSE);
  own_name (self, "org.freedesktop.ScreenSaver");
  sp_auto_lock_set_session_bus (self->auto_lock, self->ours);
  sync_ours (self);
  session_fixture_unlock_or_abort (&self->session);
  say (self, "/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", TRUE);
  wait_for_signals (self);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

/* Anybody can send a signal; only who has the name is believed. */
static void
test_screen_of_a_stranger (Fixture *self, gconstpointer data)
{
  sp_auto_lock_set_session_bus (self->auto_lock, self->ours);
  sync_ours (self);
  session_fixture_unlock_or_abort (&self->session);
  say (self, GNOME_PATH, GNOME, "ActiveChanged", TRUE);
  wait_for_signals (self);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

/* ---- sleep ------------------------------------------------------------------------------------------ */

static const char introspection[] = "<node><interface name='org.freedesktop.login1.Manager'>"
                                    "<method name='Inhibit'>"
                                    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                    "<arg type='h' direction='out'/>"
                                    "</method>"
                                    "</interface></node>";

static void
inhibit (Fixture *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) descriptors = NULL;
  const char *what;
  const char *mode;
  int ends[2];

  g_variant_get (parameters, "(&s&s&s&s)", &what, NULL, NULL, &mode);
  g_assert_cmpstr (what, ==, "sleep");
  g_assert_cmpstr (mode, ==, "delay");
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
  if (self->inhibitor >= 0)
    g_assert_cmpint (close (self->inhibitor), ==, 0);
  self->inhibitor = ends[0];
  descriptors = g_unix_fd_list_new_from_array (&ends[1], 1);
  self->n_inhibited++;
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           descriptors);
}

static void
method_call_cb (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  inhibit (user_data, parameters, invocation);
}

static void
start_logind (Fixture *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (introspection, NULL);

  self->registration_id = g_dbus_connection_register_object (
      self->theirs, "/org/freedesktop/login1", info->interfaces[0], &vtable, self, NULL, NULL);
  g_assert_cmpuint (self->registration_id, !=, 0);
  own_name (self, "org.freedesktop.login1");
}

/* Nobody holds the other end any more. */
static gboolean
is_released (Fixture *self)
{
  char byte;

  return self->inhibitor >= 0 && read (self->inhibitor, &byte, 1) == 0;
}

static void
prepare_for_sleep (Fixture *self, gboolean begins)
{
  say (self, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
       begins);
}

static void
test_suspend (Fixture *self, gconstpointer data)
{
  start_logind (self);
  sp_auto_lock_set_system_bus (self->auto_lock, self->ours);
  sync_ours (self);
  g_assert_cmpuint (self->n_inhibited, ==, 0);
  session_fixture_unlock_or_abort (&self->session);
  session_fixture_wait_until (&self->session, self->n_inhibited == 1);
  wait_for_signals (self);
  g_assert_false (is_released (self));
  prepare_for_sleep (self, TRUE);
  session_fixture_wait_until (&self->session, !is_open (self));
  /* Sleep waits until the vault is closed, and no longer. */
  session_fixture_wait_until (&self->session, is_released (self));
  g_assert_cmpuint (sp_secret_count_live (), ==, 0);
  assert_locked (self, SP_LOCK_SUSPEND);

  prepare_for_sleep (self, FALSE);
  session_fixture_unlock_or_abort (&self->session);
  session_fixture_wait_until (&self->session, self->n_inhibited == 2);
  session_fixture_lock_and_flush (&self->session);
  session_fixture_wait_until (&self->session, is_released (self));
}

static void
test_suspend_not_wanted (Fixture *self, gconstpointer data)
{
  start_logind (self);
  sp_auto_lock_set_system_bus (self->auto_lock, self->ours);
  sync_ours (self);
  session_fixture_unlock_or_abort (&self->session);
  session_fixture_wait_until (&self->session, self->n_inhibited == 1);
  wait_for_signals (self);
  sp_settings_set_lock_on_suspend (self->settings, FALSE);
  session_fixture_wait_until (&self->session, is_released (self));
  prepare_for_sleep (self, TRUE);
  wait_for_signals (self);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

/* Time that was slept counts. */
static void
test_woken_too_late (Fixture *self, gconstpointer data)
{
  sp_settings_set_lock_on_suspend (self->settings, FALSE);
  start_logind (self);
  sp_auto_lock_set_system_bus (self->auto_lock, self->ours);
  sync_ours (self);
  session_fixture_unlock_or_abort (&self->session);
  self->clock.now_ms += 60 * MINUTE_MS;
  prepare_for_sleep (self, FALSE);
  session_fixture_wait_until (&self->session, !is_open (self));
  assert_locked (self, SP_LOCK_IDLE);
}

/* A bus without logind: nothing is said, and nothing is missing but this. */
static void
test_no_logind (Fixture *self, gconstpointer data)
{
  sp_auto_lock_set_system_bus (self->auto_lock, self->ours);
  session_fixture_unlock_or_abort (&self->session);
  sync_ours (self);
  g_assert_true (is_open (self));
  session_fixture_lock_and_flush (&self->session);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) \
  g_test_add ("/services/auto-lock/" path, Fixture, NULL, setup, function, teardown)
  add ("idle", test_idle);
  add ("input", test_input);
  add ("begins-with-unlock", test_begins_with_unlock);
  add ("input-too-late", test_input_too_late);
  add ("timer", test_timer);
  add ("never", test_never);
  add ("setting-changed", test_setting_changed);
#undef add
#define add(path, function) \
  g_test_add ("/services/auto-lock/" path, Fixture, NULL, setup_bus, function, teardown_bus)
  add ("screen", test_screen);
  add ("screen-not-wanted", test_screen_not_wanted);
  add ("screen-of-a-stranger", test_screen_of_a_stranger);
  add ("suspend", test_suspend);
  add ("suspend-not-wanted", test_suspend_not_wanted);
  add ("woken-too-late", test_woken_too_late);
  add ("no-logind", test_no_logind);
#undef add
  return sp_test_run ();
}
