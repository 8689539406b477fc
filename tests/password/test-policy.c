/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The policy: each rule on both sides of its limit, and what the refusal says. */

#include "config.h"

#include "password/sp-password-policy.h"

#include <string.h>

#include "common/sp-test.h"
#include "password/sp-password-error.h"

#define F SP_POLICY_STATE_FAILED
#define P SP_POLICY_STATE_PASSED
#define N SP_POLICY_STATE_NOT_NEEDED

static const char *const user_words[] = { "Ada Lovelace", "ada@engine.example", NULL };

static SpPolicyReport
check_with (const SpPasswordPolicy *policy, const char *text)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);
  g_autoptr (GError) error = NULL;
  SpPolicyReport report;
  gboolean accepted = sp_password_policy_check (policy, secret, user_words, &report);

  g_assert_cmpint (accepted, ==, report.accepted);
  g_assert_cmpint (sp_password_policy_require (policy, secret, user_words, &error), ==, accepted);
  if (accepted)
    g_assert_no_error (error);
  else
    g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_POLICY);
  return report;
}

static SpPolicyReport
check (const char *text)
{
  return check_with (sp_password_policy_get_default (), text);
}

static void
test_rules (void)
{
  static const struct {
    const char *text;
    gboolean accepted;
    SpPolicyState rules[SP_POLICY_N_RULES]; /* length, classes, passphrase, strength, not common */
  } cases[] = {
    { "kX9#vQ2$mL7!", TRUE, { P, P, N, P, P } },          /* 12 characters, four classes */
    { "kX9#vQ2$mL7", FALSE, { F, P, F, P, P } },          /* 11 */
    { "kx9#vq2$ml7!", FALSE, { P, F, F, P, P } },         /* no upper case */
    { "KX9#VQ2$ML7!", FALSE, { P, F, F, P, P } },         /* no lower case */
    { "kXz#vQp$mLw!", FALSE, { P, F, F, P, P } },         /* no digit */
    { "kX9xvQ2rmL7t", FALSE, { P, F, F, P, P } },         /* nothing else */
    { "kX9 vQ2rmL7t", TRUE, { P, P, N, P, P } },          /* a space is something else */
    { "wobblegraveltidyonwa", TRUE, { P, N, P, P, P } },  /* 20 of one class */
    { "wobblegraveltidyonw", FALSE, { P, F, F, P, P } },  /* 19 */
    { "kX9#vQ2$mL7!kX9#vQ2r", TRUE, { P, P, P, P, P } },  /* both ways */
    { "Password1234!", FALSE, { P, P, N, F, P } },        /* score under 3 */
    { "Password1!Password1!", FALSE, { P, P, P, F, P } }, /* the same in the other way */
    { "Lovelace1815!", FALSE, { P, P, N, F, P } },        /* the user's own word */
    { "correct horse battery staple", FALSE, { P, N, P, P, F } },
    { "CorrectHorse-BatteryStaple1!", FALSE, { P, P, P, P, F } },
    { "password", FALSE, { F, F, F, F, F } },
    { "", FALSE, { F, F, F, F, P } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    SpPolicyReport report = check (cases[i].text);

    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (report.accepted, ==, cases[i].accepted);
    for (guint rule = 0; rule < SP_POLICY_N_RULES; rule++)
      g_assert_cmpint (report.rules[rule], ==, cases[i].rules[rule]);
  }
}

static void
test_default (void)
{
  const SpPasswordPolicy *policy = sp_password_policy_get_default ();

  g_assert_cmpuint (policy->min_length, ==, 12);
  g_assert_cmpuint (policy->min_classes, ==, 4);
  g_assert_cmpuint (policy->passphrase_min_length, ==, 20);
  g_assert_cmpint (policy->min_score, ==, 3);
  g_assert_true (policy->refuse_common);
}

/* Characters, not bytes; and a letter with its mark typed apart is one. */
static void
test_length_in_characters (void)
{
  g_assert_cmpuint (check ("\xc3\xa4\xc3\x96\xe2\x82\xac\xf0\x9f\x94\x91").length, ==, 4);
  g_assert_cmpuint (check ("a\xcc\x88O\xcc\x88").length, ==, 2);
  g_assert_cmpuint (check (" two spaces ").length, ==, 12);
}

static void
test_classes_of_other_scripts (void)
{
  SpPolicyReport report = check ("\xd1\x8f\xd0\xaf\xd9\xa3\xe5\xaf\x86"); /* я Я ٣ 密 */

  for (guint class = 0; class < SP_CHARACTER_N_CLASSES; class ++)
    g_assert_true (report.classes[class]);
  report = check ("\xe5\xaf\x86");
  g_assert_false (report.classes[SP_CHARACTER_CLASS_LOWER]);
  g_assert_false (report.classes[SP_CHARACTER_CLASS_UPPER]);
  g_assert_false (report.classes[SP_CHARACTER_CLASS_DIGIT]);
  g_assert_true (report.classes[SP_CHARACTER_CLASS_OTHER]);
}

static void
test_strength_is_reported (void)
{
  g_assert_cmpint (check ("Lovelace1815!").strength.warning, ==, SP_STRENGTH_WARNING_USER_WORD);
  g_assert_cmpint (check ("kX9#vQ2$mL7!").strength.score, ==, 4);
}

static void
test_other_limits (void)
{
  SpPasswordPolicy policy = *sp_password_policy_get_default ();

  policy.min_length = 8;
  policy.min_classes = 2;
  g_assert_true (check_with (&policy, "kxzvqp4w").accepted);
  g_assert_false (check_with (&policy, "kxzvqp4").accepted);
  g_assert_false (check_with (&policy, "kxzvqprw").accepted);

  policy.passphrase_min_length = 0;
  g_assert_false (check_with (&policy, "wobblegraveltidyonward").accepted);
  policy.passphrase_min_length = 22;
  g_assert_true (check_with (&policy, "wobblegraveltidyonward").accepted);
  policy.passphrase_min_length = 23;
  g_assert_false (check_with (&policy, "wobblegraveltidyonward").accepted);
}

static void
test_minimum_score (void)
{
  static const char *const texts[] = { "Password1234!", "Lovelace1815!", "Tr0ub4dour&3",
                                       "kX9#vQ2$mL7!" };
  SpPasswordPolicy policy = *sp_password_policy_get_default ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    int score = check (texts[i]).strength.score;

    policy.min_score = score;
    g_assert_true (check_with (&policy, texts[i]).accepted);
    policy.min_score = score + 1;
    g_assert_false (check_with (&policy, texts[i]).accepted);
  }
}

static void
test_common_allowed (void)
{
  SpPasswordPolicy policy = *sp_password_policy_get_default ();
  SpPolicyReport report;

  policy.refuse_common = FALSE;
  report = check_with (&policy, "correct horse battery staple");
  g_assert_true (report.accepted);
  g_assert_cmpint (report.rules[SP_POLICY_RULE_NOT_COMMON], ==, N);
}

/* The dictionary counts where short passwords are allowed. */
static void
test_common_short (void)
{
  static const SpPasswordPolicy policy = { .min_length = 1, .refuse_common = TRUE };

  g_assert_false (check_with (&policy, "dragon").accepted);
  g_assert_false (check_with (&policy, "Dr4gon").accepted);
  g_assert_false (check_with (&policy, "lovelace").accepted);
  g_assert_true (check_with (&policy, "drzgqn").accepted);
}

static char *
dup_refusal (const char *text)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      sp_password_policy_require (sp_password_policy_get_default (), secret, user_words, &error));
  if (*text != '\0')
    g_assert_null (strstr (error->message, text));
  return g_strdup (error->message);
}

static void
test_sentence (void)
{
  g_autofree char *all = dup_refusal ("dragon");
  g_autofree char *weak = dup_refusal ("Password1234!");
  g_autofree char *common = dup_refusal ("correct horse battery staple");

  g_assert_cmpstr (all, ==,
                   "The password does not satisfy the policy: it needs at least 12 characters with "
                   "lower case, upper case, digits and others, or at least 20 of any kind; it is "
                   "too easy to guess; it is a common password or a single word.");
  g_assert_cmpstr (weak, ==, "The password does not satisfy the policy: it is too easy to guess.");
  g_assert_cmpstr (common, ==,
                   "The password does not satisfy the policy: it is a common password or a single "
                   "word.");
}

static void
test_not_text (void)
{
  static const char bytes[] = "kX9#vQ2$mL7!\xff\0kX9#vQ2$mL7!";
  g_autoptr (SpSecret) secret = sp_secret_new ((const guint8 *) bytes, sizeof bytes - 1);
  g_autoptr (GError) error = NULL;
  SpPolicyReport report;

  /* A report there is, for it is but for show ... */
  g_assert_true (
      sp_password_policy_check (sp_password_policy_get_default (), secret, NULL, &report));
  g_assert_cmpuint (report.length, ==, 26);
  /* ... but a master password must be text. */
  g_assert_false (
      sp_password_policy_require (sp_password_policy_get_default (), secret, NULL, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_TEXT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/policy/default", test_default);
  g_test_add_func ("/password/policy/rules", test_rules);
  g_test_add_func ("/password/policy/length-in-characters", test_length_in_characters);
  g_test_add_func ("/password/policy/classes-of-other-scripts", test_classes_of_other_scripts);
  g_test_add_func ("/password/policy/strength-is-reported", test_strength_is_reported);
  g_test_add_func ("/password/policy/other-limits", test_other_limits);
  g_test_add_func ("/password/policy/minimum-score", test_minimum_score);
  g_test_add_func ("/password/policy/common/allowed", test_common_allowed);
  g_test_add_func ("/password/policy/common/short", test_common_short);
  g_test_add_func ("/password/policy/sentence", test_sentence);
  g_test_add_func ("/password/policy/not-text", test_not_text);
  return sp_test_run ();
}
