/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of common long passwords, in the shapes that people give them. */

#include "config.h"

#include "password/sp-common-private.h"

#include "common/sp-test.h"

static gboolean
contains (const char *text)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);

  return sp_common_contains (secret);
}

static void
test_on_the_list (void)
{
  static const char *const texts[] = {
    "correcthorsebatterystaple",
    "Correct Horse Battery Staple",
    "Correct-Horse-Battery-Staple1!",
    "c0rr3cth0rs3b@tt3ryst@pl3",
    "CORRECTHORSEBATTERYSTAPLE2024???",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
    "1QAZ2WSX3EDC4RFV",
    "Th1s 1s my p@ssw0rd!",
    "p\xc3\xa4sswordpassword",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (contains (texts[i]));
}

static void
test_not_on_the_list (void)
{
  static const char *const texts[] = {
    "",
    "!",
    "123456789",
    "correcthorsebatterystapl",
    "correcthorsebatterystaplex",
    "xcorrecthorsebatterystaple",
    "wobble gravel tidy onward",
    "kX9#vQ2$mL7!",
    "\xff\xfe",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (contains (texts[i]));
}

static void
test_longer_than_the_list (void)
{
  for (gsize len = 60; len < 300; len++) {
    g_autofree char *text = g_strnfill (len, 'a');

    g_assert_false (contains (text));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/common/on-the-list", test_on_the_list);
  g_test_add_func ("/password/common/not-on-the-list", test_not_on_the_list);
  g_test_add_func ("/password/common/longer-than-the-list", test_longer_than_the_list);
  return sp_test_run ();
}
