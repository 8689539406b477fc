/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-shown-path"

#include "config.h"

#include "ui/sp-shown-path.h"

#include <string.h>

#define SUFFIX ".securepass"

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

char *
sp_dup_free_path (const char *folder, const char *stem)
{
  g_return_val_if_fail (folder != NULL && stem != NULL, NULL);

  for (guint n = 1;; n++) {
    g_autofree char *number = n == 1 ? g_strdup ("") : g_strdup_printf ("-%u", n);
    g_autofree char *file = g_strconcat (stem, number, SUFFIX, NULL);
    g_autofree char *path = g_build_filename (folder, file, NULL);

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
}

char *
sp_dup_free_path_beside (const char *path, const char *suffix)
{
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  g_autofree char *stem = NULL;

  g_return_val_if_fail (path != NULL && suffix != NULL, NULL);

  folder = g_path_get_dirname (path);
  name = g_path_get_basename (path);
  if (g_str_has_suffix (name, SUFFIX) && strlen (name) > strlen (SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  stem = g_strconcat (name, suffix, NULL);
  return sp_dup_free_path (folder, stem);
}
