/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a master password must be. Lengths are Unicode characters after NFC; nothing is trimmed. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"
#include "password/sp-strength.h"

G_BEGIN_DECLS

typedef struct {
  guint min_length;            /* with classes: at least so many characters */
  guint min_classes;           /* of lower, upper, digit, other: at least so many */
  guint passphrase_min_length; /* from this length on, classes do not matter; 0: no such way */
  int min_score;               /* of zxcvbn, in either case */
  gboolean refuse_common;      /* not on the list of common passwords */
} SpPasswordPolicy;

/* LENGTH and CLASSES are one way, PASSPHRASE the other; STRENGTH and NOT_COMMON count for both. */
typedef enum {
  SP_POLICY_RULE_LENGTH,
  SP_POLICY_RULE_CLASSES,
  SP_POLICY_RULE_PASSPHRASE,
  SP_POLICY_RULE_STRENGTH,
  SP_POLICY_RULE_NOT_COMMON,
  SP_POLICY_N_RULES,
} SpPolicyRule;

typedef enum {
  SP_POLICY_STATE_FAILED,
  SP_POLICY_STATE_PASSED,
  SP_POLICY_STATE_NOT_NEEDED, /* fails, but the other way is taken; or switched off */
} SpPolicyState;

typedef enum {
  SP_CHARACTER_CLASS_LOWER,
  SP_CHARACTER_CLASS_UPPER,
  SP_CHARACTER_CLASS_DIGIT,
  SP_CHARACTER_CLASS_OTHER,
  SP_CHARACTER_N_CLASSES,
} SpCharacterClass;

typedef struct {
  gboolean accepted;
  SpPolicyState rules[SP_POLICY_N_RULES];
  guint length;                             /* characters after NFC */
  gboolean classes[SP_CHARACTER_N_CLASSES]; /* which occur */
  SpStrength strength;
} SpPolicyReport;

const SpPasswordPolicy *sp_password_policy_get_default (void);
/* Returns report.accepted. Never fails: any bytes have a report. */
gboolean sp_password_policy_check (const SpPasswordPolicy *policy,
                                   const SpSecret *password,
                                   const char *const *user_words,
                                   SpPolicyReport *out_report);
gboolean sp_password_policy_require (const SpPasswordPolicy *policy,
                                     const SpSecret *password,
                                     const char *const *user_words,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
