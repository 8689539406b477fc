/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How strong a password is: four blocks, a word, the time to guess it, and why it is weak. */

#pragma once

#include <adwaita.h>

#include "password/sp-strength.h"

G_BEGIN_DECLS

#define SP_TYPE_STRENGTH_METER (sp_strength_meter_get_type ())
G_DECLARE_FINAL_TYPE (SpStrengthMeter, sp_strength_meter, SP, STRENGTH_METER, AdwBin)

/* NULL: nothing was typed yet. */
void sp_strength_meter_show (SpStrengthMeter *self, const SpStrength *strength);

G_END_DECLS
