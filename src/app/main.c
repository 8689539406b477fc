/* SPDX-License-Identifier: GPL-3.0-or-later */

/* securepass: the application. */

#define G_LOG_DOMAIN "securepass"

#include "config.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/sp-application.h"
#include "base/sp-locale.h"

int
main (int argc, char **argv)
{
  const struct rlimit no_core = { 0, 0 };
  g_autoptr (SpApplication) application = NULL;

  /* Before anything is read: no core file, and no other process of this user looks in. */
  (void) setrlimit (RLIMIT_CORE, &no_core);
  (void) prctl (PR_SET_DUMPABLE, 0);
  sp_locale_set_up ();
  application = sp_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
