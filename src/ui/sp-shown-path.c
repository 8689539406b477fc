/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-shown-path"

#include "config.h"

#include "ui/sp-shown-path.h"

#include <string.h>

/**
 * sp_dup_shown_path:
 * @path: (type filename): an absolute path
 *
 * Returns: (transfer full): the path in UTF-8, with ~ for the user's own folder; for looking at only
 */
char *
sp_dup_shown_path (const char *path)
{
  const char *home = g_get_home_dir ();
  gsize len = strlen (home);
  g_autofree char *rest = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_str_has_prefix (path, home) || (path[len] != '\0' && path[len] != G_DIR_SEPARATOR))
    return g_filename_display_name (path);
  rest = g_filename_display_name (path + len);
  return g_strconcat ("~", rest, NULL);
}
