/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ring that shows how long a one-time code is still good. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_TYPE_OTP_RING (sp_otp_ring_get_type ())
G_DECLARE_FINAL_TYPE (SpOtpRing, sp_otp_ring, SP, OTP_RING, GtkWidget)

void sp_otp_ring_set_left (SpOtpRing *self, guint seconds_left, guint period);

G_END_DECLS
