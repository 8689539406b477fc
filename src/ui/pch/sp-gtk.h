/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GTK's headers, which clang reads in half the time of a file of the window, once for all of them: -Db_pch=true, the
 * sanitizers' lane of ./dev test. It stands for no include line: without it, as the product is built, a file that does
 * not name what it uses does not compile. */

#include <adwaita.h>

/* Each file sets its own. */
#undef G_LOG_DOMAIN
