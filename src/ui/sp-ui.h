/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the interface's resources lie. */

#pragma once

#define SP_RESOURCE    "/org/securepass/SecurePass"
#define SP_UI_RESOURCE SP_RESOURCE "/ui"
