/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The language of a program. Translations stand where they were installed, or, for a program that was not, where
 * SECUREPASS_LOCALEDIR says: <build folder>/po. */

#define G_LOG_DOMAIN "sp-locale"

#include "config.h"

#include "base/sp-locale.h"

#include <libintl.h>
#include <locale.h>

#define VARIABLE "SECUREPASS_LOCALEDIR"

/**
 * sp_locale_set_up:
 *
 * Makes the user's language that of the program. To be called first of all, as GLib looks only once whether the
 * program has translations.
 */
void
sp_locale_set_up (void)
{
  const char *named = g_getenv (VARIABLE);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, named != NULL && *named != '\0' ? named : SP_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
