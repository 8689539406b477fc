/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The QR code of a recovery key. */

#pragma once

#include <cairo.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef struct _SpRecoveryCode SpRecoveryCode;

/* NULL when none can be made of it. */
SpRecoveryCode *sp_recovery_code_new (const SpSecret *text) G_GNUC_WARN_UNUSED_RESULT;
void sp_recovery_code_free (SpRecoveryCode *self);

/* A square of that size, the white border that readers need included. */
void
sp_recovery_code_draw (const SpRecoveryCode *self, cairo_t *cr, double x, double y, double size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRecoveryCode, sp_recovery_code_free)

G_END_DECLS
