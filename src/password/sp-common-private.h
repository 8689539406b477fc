/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of common long passwords; private to the password layer. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

gboolean sp_common_contains (const SpSecret *password);

G_END_DECLS
