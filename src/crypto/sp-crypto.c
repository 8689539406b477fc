/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-crypto"

#include "config.h"

#include "crypto/sp-crypto.h"

G_DEFINE_QUARK (sp_crypto_error, sp_crypto_error)
