/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recovery keys: 160 random bits, and what a person writes down of them (VAULT-FORMAT.md §4.4).
 *
 *   16GG4-6QCA7-0YAV2-4H9KY-41RQ4-JGZ0N-6GP8M-C0D0E
 *   |------ first half ------| |----- second half ----|
 *
 * Each half is a word of a Reed-Solomon code: any one to four wrong symbols in it are noticed, and of one or
 * two it is known where they are. A wrong key is never put right here: whoever holds the paper reads it
 * again, and the key slot decides. Nothing in memory is addressed by a symbol of a key. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_RECOVERY_KEY_LEN         20 /* bytes */
#define SP_RECOVERY_KEY_GROUPS      8
#define SP_RECOVERY_KEY_GROUP_LEN   5
#define SP_RECOVERY_KEY_SYMBOLS     40
#define SP_RECOVERY_KEY_HALF_GROUPS 4
#define SP_RECOVERY_KEY_TEXT_LEN    47 /* with a hyphen between the groups */

typedef enum {
  SP_RECOVERY_HALF_INCOMPLETE,
  SP_RECOVERY_HALF_RIGHT, /* so far as the code can tell */
  SP_RECOVERY_HALF_WRONG,
} SpRecoveryHalf;

/* What can be said of a key while it is typed. Bit n of a set of groups stands for group n + 1. */
typedef struct {
  guint n_symbols; /* 41 when there are more than a key has */
  SpRecoveryHalf halves[2];
  guint foreign; /* groups with a character that no recovery key has */
  guint
      suspects; /* groups that are probably wrong; none in a wrong half: three symbols or more are wrong */
} SpRecoveryCheck;

SpSecret *sp_recovery_key_new (GError **error) G_GNUC_WARN_UNUSED_RESULT; /* 20 bytes */
SpSecret *sp_recovery_key_format (const SpSecret *key) G_GNUC_WARN_UNUSED_RESULT;

/* Of any bytes. Case, white space and hyphens do not matter, nor o for 0, i or l for 1. */
void sp_recovery_key_check (const SpSecret *text, SpRecoveryCheck *out_check);
/* SP_PASSWORD_ERROR_RECOVERY_KEY with a sentence that names the group, when it is known. */
SpSecret *sp_recovery_key_parse (const SpSecret *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
