/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which vault, how it is opened, and what is said about its state.
 *
 * A vault that does not verify still answers questions, with a warning, since what it answers has been
 * proven; it takes no changes. */

#define G_LOG_DOMAIN "sp-cli-vault"

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/sp-cli-private.h"
#include "cli/sp-cli-problems.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-slots.h"

#define VARIABLE "SECUREPASS_VAULT"

/**
 * sp_cli_get_vault_path:
 * @self: a run
 *
 * Finds the vault: by `--vault`, else by the environment, else in the user's data folder.
 *
 * Returns: (transfer none) (type filename): its path, whether there is a file or not
 */
const char *
sp_cli_get_vault_path (SpCli *self)
{
  const char *named = g_getenv (VARIABLE);

  if (self->vault_path == NULL && named != NULL && *named != '\0')
    self->vault_path = g_strdup (named);
  if (self->vault_path == NULL)
    self->vault_path = g_build_filename (g_get_user_data_dir (), "securepass", "vault.securepass",
                                         NULL);
  return self->vault_path;
}

/**
 * sp_cli_get_environment:
 * @self: a run
 *
 * Returns: (transfer none): what the vault needs to know of the world
 */
const SpVaultEnvironment *
sp_cli_get_environment (SpCli *self)
{
  if (self->state_dir == NULL)
    self->state_dir = g_build_filename (g_get_user_state_dir (), "securepass", NULL);
  self->environment.state_dir = self->state_dir;
  return &self->environment;
}

/**
 * sp_cli_check_vault_exists:
 * @self: a run
 * @error: return location
 *
 * Says what can be said before anybody has to type a password. The file is not opened.
 *
 * Returns: whether there is a file that can be read
 */
gboolean
sp_cli_check_vault_exists (SpCli *self, GError **error)
{
  const char *path = sp_cli_get_vault_path (self);

  if (access (path, R_OK) == 0)
    return TRUE;
  if (errno == ENOENT || errno == ENOTDIR)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
                 _("There is no vault at “%s”; --vault or %s names another, “create” makes one."),
                    path, VARIABLE);
  else
    sp_cli_error_set_errno (error, errno, _("The vault “%s” cannot be opened"), path);
  return FALSE;
}

static void
warn_about_mode (SpCli *self)
{
  const char *path = sp_cli_get_vault_path (self);
  struct stat status;

  if (stat (path, &status) == 0 && (status.st_mode & 0077) != 0)
    sp_cli_note (self, _("Warning: the mode of the vault file is %04o, which lets others at it; "
                   "“chmod 600” keeps them out."),
                          (guint) status.st_mode & 07777);
}

static void
warn_about_state (SpCli *self)
{
  guint n_problems = sp_vault_peek_problems (self->vault)->len;
  g_autofree char *seen = NULL;
  SpVaultInfo info;

  switch (sp_vault_get_state (self->vault)) {
  case SP_VAULT_STATE_DAMAGED:
    sp_cli_note (self,
                 g_dngettext (NULL,
                              "Warning: the vault does not verify (%u problem) and is open for "
                              "reading only; “verify” says what is wrong.",
                              "Warning: the vault does not verify (%u problems) and is open for "
                              "reading only; “verify” says what is wrong.",
                              n_problems),
                 n_problems);
    break;
  case SP_VAULT_STATE_OLDER:
  case SP_VAULT_STATE_FORKED:
    sp_vault_get_info (self->vault, &info);
    seen = sp_time_to_iso8601 (info.pin_seen_ms);
    sp_cli_note (self, sp_vault_get_state (self->vault) == SP_VAULT_STATE_OLDER
                 ? _("Warning: this is an older copy of the vault than the one seen here on %s; "
                         "it is open for reading only. “verify --accept COPY” goes on with it.")
                 : _("Warning: this copy of the vault took another way than the one seen here "
                         "on %s; it is open for reading only. “verify --accept COPY” goes on with "
                         "it."),
                      seen);
    break;
  case SP_VAULT_STATE_SOUND:
  case SP_VAULT_STATE_READ_ONLY:
  default:
    break;
  }
}

/* What opening found is mended by opening where that can be done, so this is the only time to tell it. */
static void
warn (SpCli *self)
{
  const char *place = sp_vault_get_location_warning (self->vault);

  if (place != NULL)
    sp_cli_note (self, "%s", place);
  warn_about_mode (self);
  warn_about_state (self);
  sp_cli_note_problems (self, sp_vault_peek_problems (self->vault));
}

/**
 * sp_cli_take_vault:
 * @self: a run
 * @vault: (transfer full): a vault just opened or created
 *
 * Makes @vault the vault of this run, from which on work is timed.
 */
void
sp_cli_take_vault (SpCli *self, SpVault *vault)
{
  g_return_if_fail (self->vault == NULL && vault != NULL);

  self->vault = vault;
  self->opened_sequence = sp_snapshot_get_sequence (sp_vault_get_snapshot (vault));
  self->waited_us = 0;
  self->work_start_us = g_get_monotonic_time ();
}

static SpVault *
open_with (SpCli *self, SpSlotKind kind, const SpKeyslotFactors *factors, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpVault *vault = sp_vault_open_with (sp_cli_get_vault_path (self), kind, factors,
                                       SP_VAULT_OPEN_DEFAULT, sp_cli_get_environment (self),
                                       &local_error);

  if (vault == NULL) {
    /* "Not found" is for items; a vault that has just gone away is a matter of files. */
    if (g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND))
      local_error->code = SP_VAULT_ERROR_IO;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  sp_cli_take_vault (self, vault);
  warn (self);
  return vault;
}

/**
 * sp_cli_open:
 * @self: a run
 * @error: return location
 *
 * Opens the vault, after asking for its password, and warns of what is not as it should be.
 *
 * Returns: (transfer none) (nullable): the vault, maybe for reading only, or `NULL` with @error set
 */
SpVault *
sp_cli_open (SpCli *self, GError **error)
{
  SpKeyslotFactors factors = { 0 };
  SpVault *vault;

  if (!sp_cli_check_vault_exists (self, error) ||
      !sp_cli_get_key_file (self, &factors.key_file, error))
    return NULL;
  factors.secret = sp_cli_get_password (self, error);
  if (factors.secret == NULL)
    return NULL;
  vault = open_with (self, SP_SLOT_PASSWORD, &factors, error);
  if (self->password_file == NULL)
    g_clear_pointer (&self->password, sp_secret_unref);
  return vault;
}

static void
set_read_only_error (SpCli *self, GError **error)
{
  if (sp_vault_get_state (self->vault) == SP_VAULT_STATE_READ_ONLY)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
                 _("The vault “%s” or its folder is read-only; nothing was changed."),
                    sp_cli_get_vault_path (self));
  else
    g_set_error_literal (
        error, SP_CLI_ERROR, SP_CLI_ERROR_DAMAGED,
        _("Nothing was changed: the vault is open for reading only until "
          "“verify --accept COPY” has sealed it anew, or “salvage” has brought it "
          "home."));
}

/**
 * sp_cli_open_with_recovery_key:
 * @self: a run
 * @key: the 20 bytes of a recovery key
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the vault, in which a new master password is to be set, or `NULL` with
 *   @error set
 */
SpVault *
sp_cli_open_with_recovery_key (SpCli *self, const SpSecret *key, GError **error)
{
  SpKeyslotFactors factors = { .secret = key };
  SpVault *vault = open_with (self, SP_SLOT_RECOVERY, &factors, error);

  if (vault == NULL || sp_vault_get_state (vault) == SP_VAULT_STATE_SOUND)
    return vault;
  set_read_only_error (self, error);
  return NULL;
}

/**
 * sp_cli_open_for_writing:
 * @self: a run
 * @error: return location
 *
 * Like sp_cli_open(), and refuses a vault that takes no changes.
 *
 * Returns: (transfer none) (nullable): the vault, or `NULL` with @error set
 */
SpVault *
sp_cli_open_for_writing (SpCli *self, GError **error)
{
  SpVault *vault = sp_cli_open (self, error);

  if (vault == NULL || sp_vault_is_writable (vault))
    return vault;
  set_read_only_error (self, error);
  return NULL;
}

/**
 * sp_cli_refuse_vault_path:
 * @self: a run with an open vault
 * @path: (nullable) (type filename): where something is to be written
 * @error: return location
 *
 * Keeps an output from replacing the vault that it comes from.
 *
 * Returns: %FALSE, with @error set, if @path is the vault or its journal
 */
gboolean
sp_cli_refuse_vault_path (SpCli *self, const char *path, GError **error)
{
  g_autofree char *journal = g_strconcat (sp_cli_get_vault_path (self), "-journal", NULL);
  const char *const own[] = { sp_cli_get_vault_path (self), journal };
  struct stat wanted, there;

  if (path == NULL || stat (path, &wanted) != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
    if (stat (own[i], &there) == 0 && there.st_dev == wanted.st_dev &&
        there.st_ino == wanted.st_ino) {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                   _("“%s” is the vault itself; nothing was written."), path);
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * sp_cli_record_use:
 * @self: a run
 * @item: what was revealed or copied
 * @copied: whether it was copied
 *
 * Counts a use and logs it. The user has the answer already: a failure is only told.
 */
void
sp_cli_record_use (SpCli *self, const SpItem *item, gboolean copied)
{
  g_autoptr (GError) error = NULL;
  SpEventKind kind = copied ? SP_EVENT_ITEM_COPIED : SP_EVENT_ITEM_VIEWED;

  if (!sp_vault_is_writable (self->vault) || item->trashed)
    return;
  if (!sp_vault_touch (self->vault, item->number, kind, &error))
    sp_cli_note (self, _("This use could not be written into the activity log: %s"),
                          error->message);
}

/**
 * sp_cli_print_timings:
 * @self: a run
 *
 * Prints the line that `--timings` promises: milliseconds of the KDF, of opening, of the command's own
 * work (without waiting for answers) and of the last commit.
 */
void
sp_cli_print_timings (SpCli *self)
{
  gint64 now = g_get_monotonic_time ();
  SpVaultTimings timings = { 0 };
  gint64 save_us = 0;
  gint64 work_us = 0;
  char text[4][G_ASCII_DTOSTR_BUF_SIZE];

  if (!self->timings)
    return;
  if (self->vault != NULL) {
    sp_vault_get_timings (self->vault, &timings);
    if (sp_snapshot_get_sequence (sp_vault_get_snapshot (self->vault)) != self->opened_sequence)
      save_us = timings.save_us;
    work_us = MAX (now - self->work_start_us - self->waited_us - save_us, 0);
  }
  /* Not printf's %f, whose decimal point is the locale's. */
  g_ascii_formatd (text[0], sizeof text[0], "%.3f", (double) timings.kdf_us / 1000.0);
  g_ascii_formatd (text[1], sizeof text[1], "%.3f", (double) timings.open_us / 1000.0);
  g_ascii_formatd (text[2], sizeof text[2], "%.3f", (double) work_us / 1000.0);
  g_ascii_formatd (text[3], sizeof text[3], "%.3f", (double) save_us / 1000.0);
  sp_cli_note (self, "{\"kdf\":%s,\"open\":%s,\"work\":%s,\"save\":%s}", text[0], text[1], text[2],
               text[3]);
}
