/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which values of an item are opened as links. */

#pragma once

#include "vault/sp-item.h"

G_BEGIN_DECLS

/* The address that opens a value of that kind: https:, mailto: and tel: are put before what has no scheme. NULL for what
 * is not opened. */
SpSecret *sp_link_new (SpFieldKind kind, const SpSecret *value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
