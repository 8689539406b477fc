/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The errors of the password layer. Their messages are sentences and never hold a secret. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_PASSWORD_ERROR (sp_password_error_quark ())
GQuark sp_password_error_quark (void);

typedef enum {
  SP_PASSWORD_ERROR_RECIPE, /* no password can satisfy the recipe */
  SP_PASSWORD_ERROR_POLICY, /* the password breaks the policy; the message says which rules */
  SP_PASSWORD_ERROR_OTP,    /* not a one-time code's link or secret, or parameters out of range */
  SP_PASSWORD_ERROR_TEXT,   /* not UTF-8, or with a NUL inside */
  SP_PASSWORD_ERROR_RECOVERY_KEY, /* not a recovery key; the message names the group, if it is known */
  SP_PASSWORD_ERROR_KEY_FILE,     /* empty, too large, or damaged */
} SpPasswordError;

G_END_DECLS
