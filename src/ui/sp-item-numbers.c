/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-numbers"

#include "config.h"

#include "ui/sp-item-numbers.h"

G_DEFINE_BOXED_TYPE (SpItemNumbers, sp_item_numbers, g_array_ref, g_array_unref)
