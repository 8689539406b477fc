/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of a value is put into a label. */

#pragma once

#include <gtk/gtk.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

/* A label lays out its text several times over before it is on screen, and the window waits for it. */
#define SP_SHOWN_VALUE_MAX 2000 /* characters */

/* The beginning of a long value, and how long it is. */
void sp_shown_value_set (GtkLabel *label, const SpSecret *value);

G_END_DECLS
