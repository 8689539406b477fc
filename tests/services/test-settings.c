/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The settings, with the schema of the build and the backend that keeps nothing. */

#include "services/sp-settings.h"

#include "common/sp-test.h"

typedef struct {
  SpSettings *settings;
  GString *changes; /* keys, each with a blank */
} Fixture;

static void
changed_cb (SpSettings *settings, const char *key, Fixture *self)
{
  g_string_append_printf (self->changes, "%s ", key);
}

/* The backend lives as long as the process: each test begins with the defaults that it looks at. */
static void
setup (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "..", "data", NULL);
  const char *const folders[] = { "/nowhere", folder, NULL };
  g_autoptr (GError) error = NULL;

  self->settings = sp_settings_new (folders, &error);
  g_assert_no_error (error);
  self->changes = g_string_new (NULL);
  g_signal_connect (self->settings, "changed", G_CALLBACK (changed_cb), self);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->settings);
  g_string_free (self->changes, TRUE);
}

static void
test_defaults (Fixture *self, gconstpointer data)
{
  g_auto (GStrv) recent = sp_settings_dup_recent_vaults (self->settings);
  int width;
  int height;

  g_assert_cmpint (sp_settings_get_appearance (self->settings), ==, SP_APPEARANCE_SYSTEM);
  g_assert_cmpuint (sp_settings_get_auto_lock_minutes (self->settings), ==, 10);
  g_assert_cmpuint (sp_settings_get_clipboard_seconds (self->settings), ==, 30);
  g_assert_cmpuint (sp_settings_get_conceal_seconds (self->settings), ==, 30);
  g_assert_true (sp_settings_get_lock_on_suspend (self->settings));
  g_assert_true (sp_settings_get_lock_with_screen (self->settings));
  g_assert_cmpint (sp_settings_get_sort_order (self->settings), ==, SP_ORDER_TITLE);
  g_assert_false (sp_settings_get_window_maximized (self->settings));
  sp_settings_get_window_size (self->settings, &width, &height);
  g_assert_cmpint (width, ==, 1100);
  g_assert_cmpint (height, ==, 720);
  g_assert_cmpuint (g_strv_length (recent), ==, 0);
}

static void
test_set_and_told (Fixture *self, gconstpointer data)
{
  int width;
  int height;

  sp_settings_set_appearance (self->settings, SP_APPEARANCE_DARK);
  sp_settings_set_auto_lock_minutes (self->settings, 3);
  sp_settings_set_clipboard_seconds (self->settings, 0);
  sp_settings_set_conceal_seconds (self->settings, 5);
  sp_settings_set_lock_on_suspend (self->settings, FALSE);
  sp_settings_set_lock_with_screen (self->settings, FALSE);
  sp_settings_set_sort_order (self->settings, SP_ORDER_MODIFIED);
  sp_settings_set_window_maximized (self->settings, TRUE);
  sp_settings_set_window_size (self->settings, 400, 500);
  g_assert_cmpint (sp_settings_get_appearance (self->settings), ==, SP_APPEARANCE_DARK);
  g_assert_cmpuint (sp_settings_get_auto_lock_minutes (self->settings), ==, 3);
  g_assert_cmpuint (sp_settings_get_clipboard_seconds (self->settings), ==, 0);
  g_assert_cmpuint (sp_settings_get_conceal_seconds (self->settings), ==, 5);
  g_assert_false (sp_settings_get_lock_on_suspend (self->settings));
  g_assert_false (sp_settings_get_lock_with_screen (self->settings));
  g_assert_cmpint (sp_settings_get_sort_order (self->settings), ==, SP_ORDER_MODIFIED);
  g_assert_true (sp_settings_get_window_maximized (self->settings));
  sp_settings_get_window_size (self->settings, &width, &height);
  g_assert_cmpint (width, ==, 400);
  g_assert_cmpint (height, ==, 500);
  g_assert_cmpstr (self->changes->str, ==,
                   "appearance auto-lock-minutes clipboard-seconds conceal-seconds lock-on-suspend "
                   "lock-with-screen sort-order window-maximized window-size ");
}

static void
test_in_range (Fixture *self, gconstpointer data)
{
  sp_settings_set_auto_lock_minutes (self->settings, G_MAXUINT);
  sp_settings_set_clipboard_seconds (self->settings, G_MAXUINT);
  sp_settings_set_conceal_seconds (self->settings, G_MAXUINT);
  g_assert_cmpuint (sp_settings_get_auto_lock_minutes (self->settings), ==, 24 * 60);
  g_assert_cmpuint (sp_settings_get_clipboard_seconds (self->settings), ==, 60 * 60);
  g_assert_cmpuint (sp_settings_get_conceal_seconds (self->settings), ==, 60 * 60);
}

static void
assert_recent (Fixture *self, const char *expected)
{
  g_auto (GStrv) recent = sp_settings_dup_recent_vaults (self->settings);
  g_autofree char *joined = g_strjoinv (" ", recent);

  g_assert_cmpstr (joined, ==, expected);
}

/* A path is bytes, and not always text. */
static void
test_reminders (Fixture *self, gconstpointer data)
{
  g_assert_false (sp_settings_has_recovery_reminder (self->settings, "/a"));
  sp_settings_add_recovery_reminder (self->settings, "/a");
  sp_settings_add_recovery_reminder (self->settings, "/b");
  g_assert_true (sp_settings_has_recovery_reminder (self->settings, "/a"));
  sp_settings_forget_recovery_reminder (self->settings, "/a");
  g_assert_false (sp_settings_has_recovery_reminder (self->settings, "/a"));
  g_assert_true (sp_settings_has_recovery_reminder (self->settings, "/b"));
  sp_settings_forget_recovery_reminder (self->settings, "/b");
}

static void
test_recent (Fixture *self, gconstpointer data)
{
  sp_settings_add_recent_vault (self->settings, "/a");
  sp_settings_add_recent_vault (self->settings, "/\xff");
  assert_recent (self, "/\xff /a");
  sp_settings_add_recent_vault (self->settings, "/a");
  assert_recent (self, "/a /\xff");
  sp_settings_forget_recent_vault (self->settings, "/\xff");
  assert_recent (self, "/a");
  for (char c = '1'; c <= '9'; c++) {
    const char path[] = { '/', c, '\0' };

    sp_settings_add_recent_vault (self->settings, path);
  }
  assert_recent (self, "/9 /8 /7 /6 /5 /4 /3 /2");
  for (char c = '2'; c <= '9'; c++) {
    const char path[] = { '/', c, '\0' };

    sp_settings_forget_recent_vault (self->settings, path);
  }
  assert_recent (self, "");
}

static void
test_no_schema (void)
{
  const char *const folders[] = { "/nowhere", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_settings_new (folders, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) \
  g_test_add ("/services/settings/" path, Fixture, NULL, setup, function, teardown)
  add ("defaults", test_defaults);
  add ("set-and-told", test_set_and_told);
  add ("in-range", test_in_range);
  add ("recent", test_recent);
  add ("reminders", test_reminders);
#undef add
  g_test_add_func ("/services/settings/no-schema", test_no_schema);
  return sp_test_run ();
}
