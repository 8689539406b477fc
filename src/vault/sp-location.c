/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a live vault may lie. A document portal shows one file without its neighbours, so that the journal
 * of a crashed write would be lost: refused. Network file systems and synchronised folders work until they
 * do not: told. */

#define G_LOG_DOMAIN "sp-location"

#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "vault/sp-location.h"
#include "vault/sp-vault-private.h"

static const struct {
  guint32 magic; /* statfs(2) */
  const char *name;
} network_filesystems[] = {
  { 0x6969, "NFS" },      { 0xFF534D42, "CIFS" }, { 0xFE534D42, "SMB2" },
  { 0x517B, "SMB" },      { 0x01021997, "9P" },   { 0x5346414F, "AFS" },
  { 0x00C36400, "Ceph" }, { 0x73757245, "Coda" }, { 0x65735546, "FUSE" },
};

static const char *const sync_folders[] = {
  "Dropbox",   "Nextcloud", "ownCloud",    "OneDrive", "Google Drive",
  "Syncthing", "Sync",      "pCloudDrive", "MEGA",
};

/* What lies in the top folder of a synchronised tree. Not ".dropbox", which is also in the home folder. */
static const char *const sync_markers[] = { ".stfolder", ".dropbox.cache", ".owncloudsync.log",
                                            ".nextcloudsync.log" };

/**
 * sp_location_describe_filesystem:
 * @magic: the type that statfs(2) tells
 *
 * Returns: (nullable): the name of a file system on which locks and syncs cannot be relied on
 */
const char *
sp_location_describe_filesystem (guint64 magic)
{
  for (guint i = 0; i < G_N_ELEMENTS (network_filesystems); i++)
    if (network_filesystems[i].magic == (guint32) magic)
      return network_filesystems[i].name;
  return NULL;
}

/* What the system makes of a path, or NULL where it leads to nothing. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = g_strdup (real);

  free (real);
  return copy;
}

/* The folder where the journal will stand: that of the file behind symbolic links; as written, where it does
 * not exist yet. */
static char *
resolve_folder (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *file = resolve (absolute);
  g_autofree char *folder = g_path_get_dirname (file != NULL ? file : absolute);
  char *real = resolve (folder);

  return real != NULL ? real : g_steal_pointer (&folder);
}

static gboolean
is_below (const char *folder, const char *parent)
{
  gsize len = strlen (parent);

  return strncmp (folder, parent, len) == 0 && (folder[len] == '/' || folder[len] == '\0');
}

/* Outside a sandbox it is in the user's runtime folder; Flatpak shows it at a place of its own. */
static gboolean
is_document_portal (const char *folder)
{
  g_auto (GStrv) parts = g_strsplit (folder, "/", 6);
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *portal = g_build_filename (runtime != NULL ? runtime : "", "doc", NULL);

  /* "", "run", "user", UID, "doc" */
  return (g_strv_length (parts) >= 5 && g_str_equal (parts[1], "run") &&
          g_str_equal (parts[2], "user") && g_str_equal (parts[4], "doc")) ||
         is_below (folder, "/run/flatpak/doc") ||
         (g_path_is_absolute (portal) && is_below (folder, portal));
}

static gboolean
is_synchronised (const char *folder)
{
  g_auto (GStrv) parts = g_strsplit (folder, "/", -1);
  g_autofree char *parent = g_strdup (folder);

  for (guint i = 0; parts[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (sync_folders); j++)
      if (g_str_equal (parts[i], sync_folders[j]))
        return TRUE;
  while (strlen (parent) > 1) {
    char *above;

    for (guint j = 0; j < G_N_ELEMENTS (sync_markers); j++) {
      g_autofree char *marker = g_build_filename (parent, sync_markers[j], NULL);

      if (g_file_test (marker, G_FILE_TEST_EXISTS))
        return TRUE;
    }
    above = g_path_get_dirname (parent);
    if (g_str_equal (above, parent)) {
      g_free (above);
      break;
    }
    g_free (parent);
    parent = above;
  }
  return FALSE;
}

/**
 * sp_location_check: (skip)
 * @path: (type filename): where a vault is or is to be
 * @out_warning: (out) (transfer full) (nullable): a sentence about the place, if there is need for one
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with LOCATION when a live vault cannot be there
 */
gboolean
sp_location_check (const char *path, char **out_warning, GError **error)
{
  g_autofree char *folder = resolve_folder (path);
  const char *filesystem = NULL;
  struct statfs status;

  if (is_document_portal (folder)) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCATION,
        "A vault in use cannot be in a document portal, which would lose the journal that protects it. Copy it into a folder of its own.");
    return FALSE;
  }
  if (statfs (folder, &status) == 0)
    filesystem = sp_location_describe_filesystem ((guint64) status.f_type);
  if (filesystem != NULL)
    *out_warning = g_strdup_printf (
        "The vault is on a network or user file system, %s, where file locks and safe writes cannot be relied on. Keep backups.",
        filesystem);
  else if (is_synchronised (folder))
    *out_warning = g_strdup (
        "The vault is in a folder that another program synchronises. It may be replaced while it is open. Keep backups.");
  return TRUE;
}
