/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-format-error"

#include "config.h"

#include "formats/sp-format-error.h"

G_DEFINE_QUARK (sp_format_error, sp_format_error)
