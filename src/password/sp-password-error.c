/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error domain of the password layer. */

#define G_LOG_DOMAIN "sp-password-error"

#include "config.h"

#include "password/sp-password-error.h"

G_DEFINE_QUARK (sp_password_error, sp_password_error)
