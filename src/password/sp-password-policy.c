/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The policy of master passwords.
 *
 * There are two ways to be long enough: LENGTH with CLASSES, or PASSPHRASE. Whichever is taken, the
 * password has to be strong (zxcvbn, with the user's own words) and not common. "Common" is: all of
 * it one word of zxcvbn's dictionary or of the user's own, or on the list of sp-common.c. */

#define G_LOG_DOMAIN "sp-password-policy"

#include "config.h"

#include "password/sp-password-policy.h"

#include <string.h>

#include "password/sp-common-private.h"
#include "password/sp-normalize.h"
#include "password/sp-password-error.h"

static const SpPasswordPolicy default_policy = {
  .min_length = 12,
  .min_classes = 4,
  .passphrase_min_length = 20,
  .min_score = 3,
  .refuse_common = TRUE,
};

/**
 * sp_password_policy_get_default:
 *
 * Gets the policy of new vaults: 12 characters of all four classes, or any 20; score 3; not common.
 *
 * Returns: the policy
 */
const SpPasswordPolicy *
sp_password_policy_get_default (void)
{
  return &default_policy;
}

static SpCharacterClass
classify (gunichar character)
{
  if (g_unichar_islower (character))
    return SP_CHARACTER_CLASS_LOWER;
  if (g_unichar_isupper (character) || g_unichar_istitle (character))
    return SP_CHARACTER_CLASS_UPPER;
  if (g_unichar_isdigit (character))
    return SP_CHARACTER_CLASS_DIGIT;
  return SP_CHARACTER_CLASS_OTHER;
}

/* Counts characters and classes; a byte that is not UTF-8 is one character of class "other". */
static void
count_characters (const SpSecret *password, SpPolicyReport *report)
{
  gsize len;
  const char *text = (const char *) sp_secret_peek (password, &len);

  for (gsize i = 0; i < len;) {
    gunichar character = text[i] == '\0' ? (gunichar) -1
                                         : g_utf8_get_char_validated (text + i, (gssize) (len - i));

    report->length++;
    if (character < 0x110000) {
      report->classes[classify (character)] = TRUE;
      i += (gsize) g_utf8_skip[(guint8) text[i]];
    } else {
      report->classes[SP_CHARACTER_CLASS_OTHER] = TRUE;
      i++;
    }
  }
}

static guint
count_classes (const SpPolicyReport *report)
{
  guint n = 0;

  for (guint i = 0; i < SP_CHARACTER_N_CLASSES; i++)
    n += report->classes[i] ? 1 : 0;
  return n;
}

static void
set_rule (SpPolicyReport *report, SpPolicyRule rule, gboolean passed)
{
  report->rules[rule] = passed ? SP_POLICY_STATE_PASSED : SP_POLICY_STATE_FAILED;
}

static void
excuse_rule (SpPolicyReport *report, SpPolicyRule rule)
{
  if (report->rules[rule] == SP_POLICY_STATE_FAILED)
    report->rules[rule] = SP_POLICY_STATE_NOT_NEEDED;
}

static void
apply_length_rules (const SpPasswordPolicy *policy, SpPolicyReport *report)
{
  gboolean is_passphrase = policy->passphrase_min_length > 0 &&
                           report->length >= policy->passphrase_min_length;

  set_rule (report, SP_POLICY_RULE_LENGTH, report->length >= policy->min_length);
  set_rule (report, SP_POLICY_RULE_CLASSES, count_classes (report) >= policy->min_classes);
  set_rule (report, SP_POLICY_RULE_PASSPHRASE, is_passphrase);

  if (is_passphrase) {
    excuse_rule (report, SP_POLICY_RULE_LENGTH);
    excuse_rule (report, SP_POLICY_RULE_CLASSES);
  } else if (policy->passphrase_min_length == 0 ||
             (report->rules[SP_POLICY_RULE_LENGTH] == SP_POLICY_STATE_PASSED &&
              report->rules[SP_POLICY_RULE_CLASSES] == SP_POLICY_STATE_PASSED)) {
    excuse_rule (report, SP_POLICY_RULE_PASSPHRASE);
  }
}

/**
 * sp_password_policy_check:
 * @policy: a policy
 * @password: any bytes
 * @user_words: (nullable) (array zero-terminated=1): see [func@strength_estimate]
 * @out_report: (out): the state of each rule, and what it is judged by
 *
 * Holds a password against a policy. For showing the rules while somebody types.
 *
 * Returns: whether the password may be used
 */
gboolean
sp_password_policy_check (const SpPasswordPolicy *policy,
                          const SpSecret *password,
                          const char *const *user_words,
                          SpPolicyReport *out_report)
{
  g_autoptr (SpSecret) normalized = NULL;
  gboolean common;

  g_return_val_if_fail (policy != NULL && password != NULL && out_report != NULL, FALSE);

  memset (out_report, 0, sizeof *out_report);
  normalized = sp_normalize_nfc (password, NULL);
  if (normalized == NULL)
    normalized = sp_secret_ref (password);

  count_characters (normalized, out_report);
  sp_strength_estimate (normalized, user_words, &out_report->strength);
  common = out_report->strength.common || sp_common_contains (normalized);

  apply_length_rules (policy, out_report);
  set_rule (out_report, SP_POLICY_RULE_STRENGTH, out_report->strength.score >= policy->min_score);
  set_rule (out_report, SP_POLICY_RULE_NOT_COMMON, !common);
  if (!policy->refuse_common)
    excuse_rule (out_report, SP_POLICY_RULE_NOT_COMMON);

  out_report->accepted = TRUE;
  for (guint i = 0; i < SP_POLICY_N_RULES; i++) {
    if (out_report->rules[i] == SP_POLICY_STATE_FAILED)
      out_report->accepted = FALSE;
  }
  return out_report->accepted;
}

static void
append_length_reason (GPtrArray *reasons,
                      const SpPasswordPolicy *policy,
                      const SpPolicyReport *report)
{
  GString *reason;

  if (report->rules[SP_POLICY_RULE_LENGTH] != SP_POLICY_STATE_FAILED &&
      report->rules[SP_POLICY_RULE_CLASSES] != SP_POLICY_STATE_FAILED)
    return;

  reason = g_string_new (NULL);
  g_string_append_printf (reason, "it needs at least %u characters", policy->min_length);
  if (policy->min_classes >= SP_CHARACTER_N_CLASSES)
    g_string_append (reason, " with lower case, upper case, digits and others");
  else if (policy->min_classes > 1)
    g_string_append_printf (reason, " with %u of lower case, upper case, digits and others",
                            policy->min_classes);
  if (policy->passphrase_min_length > 0)
    g_string_append_printf (reason, ", or at least %u of any kind", policy->passphrase_min_length);
  g_ptr_array_add (reasons, g_string_free (reason, FALSE));
}

/**
 * sp_password_policy_require:
 * @policy: a policy
 * @password: any bytes
 * @user_words: (nullable) (array zero-terminated=1): see [func@strength_estimate]
 * @error: return location for a [error@PasswordError], `POLICY` or `TEXT`
 *
 * Demands that a password satisfies a policy. The error's sentence names each rule that fails.
 * Bytes that are not UTF-8 cannot be normalised, so they are refused whatever the policy.
 *
 * Returns: whether it does
 */
gboolean
sp_password_policy_require (const SpPasswordPolicy *policy,
                            const SpSecret *password,
                            const char *const *user_words,
                            GError **error)
{
  g_autoptr (SpSecret) normalized = NULL;
  g_autoptr (GPtrArray) reasons = NULL;
  g_autofree char *joined = NULL;
  SpPolicyReport report;

  g_return_val_if_fail (policy != NULL && password != NULL, FALSE);

  normalized = sp_normalize_nfc (password, error);
  if (normalized == NULL)
    return FALSE;
  if (sp_password_policy_check (policy, normalized, user_words, &report))
    return TRUE;

  reasons = g_ptr_array_new_with_free_func (g_free);
  append_length_reason (reasons, policy, &report);
  if (report.rules[SP_POLICY_RULE_STRENGTH] == SP_POLICY_STATE_FAILED)
    g_ptr_array_add (reasons, g_strdup ("it is too easy to guess"));
  if (report.rules[SP_POLICY_RULE_NOT_COMMON] == SP_POLICY_STATE_FAILED)
    g_ptr_array_add (reasons, g_strdup ("it is a common password or a single word"));
  g_ptr_array_add (reasons, NULL);

  joined = g_strjoinv ("; ", (char **) reasons->pdata);
  g_set_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_POLICY,
               "The password does not satisfy the policy: %s.", joined);
  return FALSE;
}
