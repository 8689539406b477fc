/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a vault may lie. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "common/sp-test.h"
#include "vault/sp-location.h"
#include "vault/sp-vault-private.h"

/* What is said of a vault in that folder of a scratch folder, which has a file `marker` (nullable) in it. */
static char *
warn_about (const char *folder, const char *marker)
{
  g_autoptr (SpTestDir) dir = sp_test_scratch_dir_new ();
  g_autofree char *place = g_build_filename (dir, folder, NULL);
  g_autofree char *path = g_build_filename (place, "a.vault", NULL);
  g_autoptr (GError) error = NULL;
  char *warning = NULL;

  g_assert_cmpint (g_mkdir_with_parents (place, 0700), ==, 0);
  if (marker != NULL) {
    g_autofree char *file = g_build_filename (dir, marker, NULL);

    g_assert_true (g_file_set_contents (file, "", 0, NULL));
  }
  g_assert_true (sp_location_check (path, &warning, &error));
  g_assert_no_error (error);
  return warning;
}

static void
assert_refused (const char *path)
{
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_location_check (path, &warning, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCATION);
  g_assert_null (warning);
}

static void
test_filesystems (void)
{
  /* The magic numbers of linux/magic.h; ext4, btrfs, xfs and tmpfs are no reason to worry. */
  g_assert_cmpstr (sp_location_describe_filesystem (0x6969), ==, "NFS");
  g_assert_cmpstr (sp_location_describe_filesystem (0xff534d42), ==, "CIFS");
  g_assert_cmpstr (sp_location_describe_filesystem (0xfe534d42), ==, "SMB2");
  g_assert_cmpstr (sp_location_describe_filesystem (0x65735546), ==, "FUSE");
  g_assert_cmpstr (sp_location_describe_filesystem (0x01021997), ==, "9P");
  g_assert_cmpstr (sp_location_describe_filesystem (0x00c36400), ==, "Ceph");
  g_assert_cmpstr (sp_location_describe_filesystem (0x5346414f), ==, "AFS");
  /* f_type is signed where long has 32 bits. */
  g_assert_cmpstr (sp_location_describe_filesystem ((guint64) (gint64) (gint32) 0xff534d42), ==,
                   "CIFS");
  g_assert_null (sp_location_describe_filesystem (0xef53));
  g_assert_null (sp_location_describe_filesystem (0x9123683e));
  g_assert_null (sp_location_describe_filesystem (0x58465342));
  g_assert_null (sp_location_describe_filesystem (0x01021994));
}

static void
test_portal (void)
{
  assert_refused ("/run/user/4294967294/doc/1a2b3c4d/a.vault");
  assert_refused ("/run/user/4294967294/../4294967294/doc/1a2b3c4d/a.vault");
  assert_refused ("/run/flatpak/doc/1a2b3c4d/a.vault");
}

static void
test_portal_of_the_runtime_folder (void)
{
  g_autoptr (SpTestDir) dir = sp_test_scratch_dir_new ();
  g_autofree char *folder = g_build_filename (dir, "doc", "1a2b3c4d", NULL);
  g_autofree char *file = g_build_filename (folder, "a.vault", NULL);
  g_autofree char *link = g_build_filename (dir, "link.vault", NULL);

  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  assert_refused (file);
  /* A link to a file there does not put the journal elsewhere. */
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_cmpint (symlink (file, link), ==, 0);
  assert_refused (link);
  g_unsetenv ("XDG_RUNTIME_DIR");
}

static void
test_not_a_portal (void)
{
  static const char *const paths[] = {
    "/run/user/4294967294/document/a.vault",
    "/run/user/4294967294/a.vault",
    "/run/flatpak/docs/a.vault",
    "/nowhere/run/user/1/doc/a.vault",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *warning = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (sp_location_check (paths[i], &warning, &error));
    g_assert_no_error (error);
  }
}

static void
test_plain_folder (void)
{
  g_autofree char *plain = warn_about ("Documents", NULL);
  g_autofree char *similar = warn_about ("Dropbox notes", NULL);
  g_autofree char *client = warn_about ("Documents", ".dropbox");

  g_assert_null (plain);
  g_assert_null (similar);
  g_assert_null (client);
}

static void
test_synchronised_by_name (void)
{
  static const char *const folders[] = { "Dropbox", "Nextcloud/a/b", "OneDrive", "Google Drive/x" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *warning = warn_about (folders[i], NULL);

    g_assert_nonnull (warning);
  }
}

static void
test_synchronised_by_marker (void)
{
  static const char *const markers[] = { ".stfolder", ".dropbox.cache", ".nextcloudsync.log" };

  for (guint i = 0; i < G_N_ELEMENTS (markers); i++) {
    g_autofree char *warning = warn_about ("a/b", markers[i]);

    g_assert_nonnull (warning);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/location/filesystems", test_filesystems);
  g_test_add_func ("/vault/location/portal", test_portal);
  g_test_add_func ("/vault/location/portal-of-the-runtime-folder",
                   test_portal_of_the_runtime_folder);
  g_test_add_func ("/vault/location/not-a-portal", test_not_a_portal);
  g_test_add_func ("/vault/location/plain-folder", test_plain_folder);
  g_test_add_func ("/vault/location/synchronised-by-name", test_synchronised_by_name);
  g_test_add_func ("/vault/location/synchronised-by-marker", test_synchronised_by_marker);
  return sp_test_run ();
}
