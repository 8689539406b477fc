/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Three steps: parse (the command line), prepare (read what comes from files, the terminal and the
 * generator, refuse secrets in arguments), apply (to an item; may be done again to a fresher one).
 *
 * Arguments of a process can be read by every user of the machine and are kept in the shell's history:
 * so no concealed field takes its value from one. */

#define G_LOG_DOMAIN "sp-cli-changes"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/sp-cli-changes-private.h"
#include "cli/sp-cli-input.h"
#include "cli/sp-cli-options.h"
#include "password/sp-generator.h"
#include "password/sp-otp.h"

static void
assignment_free (gpointer data)
{
  Assignment *self = data;

  g_free (self->field);
  sp_secret_unref (self->value);
  g_free (self);
}

/**
 * sp_cli_changes_new:
 *
 * Returns: (transfer full): no changes
 */
SpCliChanges *
sp_cli_changes_new (void)
{
  SpCliChanges *self = g_new0 (SpCliChanges, 1);

  self->assignments = g_ptr_array_new_with_free_func (assignment_free);
  return self;
}

/**
 * sp_cli_changes_free:
 * @self: (transfer full) (nullable): changes
 */
void
sp_cli_changes_free (SpCliChanges *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->title);
  g_free (self->expires);
  g_strfreev (self->set);
  g_strfreev (self->set_from);
  g_strfreev (self->prompt);
  g_strfreev (self->unset);
  g_strfreev (self->custom);
  g_strfreev (self->tags);
  g_strfreev (self->untags);
  g_ptr_array_unref (self->assignments);
  g_free (self);
}

/**
 * sp_cli_changes_parse:
 * @self: changes
 * @cli: a run
 * @min_operands: as of sp_cli_parse()
 * @max_operands: as of sp_cli_parse()
 * @error: return location
 *
 * Reads the options that "add" and "edit" share.
 *
 * Returns: (transfer full) (nullable): the operands, or `NULL` with @error set
 */
char **
sp_cli_changes_parse (SpCliChanges *self,
                      SpCli *cli,
                      guint min_operands,
                      guint max_operands,
                      GError **error)
{
  const GOptionEntry entries[] = {
    { "type", 0, 0, G_OPTION_ARG_FILENAME, &self->type, N_ ("Kind of item: login, card, …"),
      N_ ("TYPE") },
    { "title", 0, 0, G_OPTION_ARG_FILENAME, &self->title, N_ ("Its title"), N_ ("TITLE") },
    { "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->set,
      N_ ("Set a field that is not concealed; others can see it while this runs"),
      N_ ("FIELD=VALUE") },
    { "set-from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->set_from,
      N_ ("Set a field to what is in FILE, “-” or /dev/fd/N"), N_ ("FIELD=FILE") },
    { "prompt", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->prompt,
      N_ ("Ask for a field’s value without showing it"), N_ ("FIELD") },
    { "generate", 0, 0, G_OPTION_ARG_NONE, &self->generate, N_ ("Make a new random password"),
      NULL },
    { "unset", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->unset, N_ ("Remove a field"),
      N_ ("FIELD") },
    { "custom", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->custom,
      N_ ("Add a field: text, hidden, email, url, date, phone, otp, …"),
      N_ ("KIND:LABEL[=VALUE]") },
    { "tag", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->tags, N_ ("Add a tag"), N_ ("TAG") },
    { "untag", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->untags, N_ ("Remove a tag"), N_ ("TAG") },
    { "favourite", 0, 0, G_OPTION_ARG_NONE, &self->favourite, N_ ("Make it a favourite"), NULL },
    { "no-favourite", 0, 0, G_OPTION_ARG_NONE, &self->no_favourite, N_ ("No favourite any more"),
      NULL },
    { "archive", 0, 0, G_OPTION_ARG_NONE, &self->archive, N_ ("Archive it"), NULL },
    { "no-archive", 0, 0, G_OPTION_ARG_NONE, &self->no_archive, N_ ("Out of the archive"), NULL },
    { "expires", 0, 0, G_OPTION_ARG_FILENAME, &self->expires,
      N_ ("When it expires: 2027-12-31, or “never”"), N_ ("DATE") },
    G_OPTION_ENTRY_NULL,
  };

  return sp_cli_parse (cli, entries, min_operands, max_operands, error);
}

/**
 * sp_cli_changes_get_title:
 * @self: changes
 *
 * Returns: (transfer none) (nullable): the new title
 */
const char *
sp_cli_changes_get_title (const SpCliChanges *self)
{
  return self->title;
}

/**
 * sp_cli_changes_get_type:
 * @self: changes
 * @out_type: (out): the type asked for, or login
 * @error: return location
 *
 * Returns: whether there is such a type
 */
gboolean
sp_cli_changes_get_type (const SpCliChanges *self, SpItemType *out_type, GError **error)
{
  const SpItemTypeInfo *info = sp_item_type_from_name (self->type != NULL ? self->type : "login");
  g_autoptr (GString) names = NULL;
  const SpItemTypeInfo *all;
  gsize n;

  if (info != NULL) {
    *out_type = info->type;
    return TRUE;
  }
  names = g_string_new (NULL);
  all = sp_item_type_list (&n);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", all[i].name);
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("There is no type “%s”; there are: %s."), self->type, names->str);
  return FALSE;
}

static gboolean
check_value (const char *field, SpFieldKind kind, const SpSecret *value, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpOtp) otp = NULL;
  const guint8 *data;
  gsize len;

  data = sp_secret_peek (value, &len);
  if (!g_utf8_validate_len ((const char *) data, len, NULL)) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 _("The value for “%s” is not UTF-8 text; “attach” takes files of any kind."),
                    field);
    return FALSE;
  }
  if (kind != SP_FIELD_OTP || len == 0)
    return TRUE;
  otp = sp_otp_parse (value, &local_error);
  if (otp != NULL)
    return TRUE;
  g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, local_error->message);
  return FALSE;
}

/* Takes the value. */
static gboolean
assign (SpCliChanges *self, const char *field, SpFieldKind kind, SpSecret *value, GError **error)
{
  Assignment *assignment;

  if (value == NULL)
    return FALSE;
  if (!check_value (field, kind, value, error)) {
    sp_secret_unref (value);
    return FALSE;
  }
  assignment = g_new0 (Assignment, 1);
  assignment->field = g_strdup (field);
  assignment->value = value;
  g_ptr_array_add (self->assignments, assignment);
  return TRUE;
}

/* A file with one line ends in a newline that is not part of the password; a key does need it. */
static SpSecret *
read_value (const char *file, SpFieldKind kind, GError **error)
{
  g_autoptr (SpCliInput) input = sp_cli_input_open (file, error);
  g_autoptr (SpSecret) all = NULL;
  const guint8 *data;
  gsize len;

  if (input == NULL)
    return NULL;
  all = sp_cli_input_read_all (input, error);
  if (all == NULL)
    return NULL;
  data = sp_secret_peek (all, &len);
  if (kind == SP_FIELD_MULTILINE || kind == SP_FIELD_HIDDEN_MULTILINE || len == 0 ||
      data[len - 1] != '\n')
    return g_steal_pointer (&all);
  len -= len > 1 && data[len - 2] == '\r' ? 2 : 1;
  return sp_secret_new (data, len);
}

static gboolean
prepare_set (SpCliChanges *self, const SpItem *draft, GError **error)
{
  for (gsize i = 0; self->set != NULL && self->set[i] != NULL; i++) {
    g_autofree char *field = NULL;
    const char *value = NULL;
    SpFieldKind kind;

    if (!sp_cli_split ("--set", self->set[i], &field, &value, error) ||
        !sp_cli_changes_get_kind (draft, field, &kind, error))
      return FALSE;
    if (sp_field_kind_is_secret (kind))
      return sp_cli_changes_refuse_secret ("--set", field, error);
    if (value == NULL) {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                   _("--set takes FIELD=VALUE, not “%s”."), self->set[i]);
      return FALSE;
    }
    if (!assign (self, field, kind, sp_secret_new_text (value), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
prepare_set_from (SpCliChanges *self, const SpItem *draft, GError **error)
{
  for (gsize i = 0; self->set_from != NULL && self->set_from[i] != NULL; i++) {
    g_autofree char *field = NULL;
    const char *file = NULL;
    SpFieldKind kind;

    if (!sp_cli_split ("--set-from", self->set_from[i], &field, &file, error) ||
        !sp_cli_changes_get_kind (draft, field, &kind, error))
      return FALSE;
    if (file == NULL || *file == '\0') {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                   _("--set-from takes FIELD=FILE, with “-” for standard input."));
      return FALSE;
    }
    if (!assign (self, field, kind, read_value (file, kind, error), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
prepare_prompt (SpCliChanges *self, SpCli *cli, const SpItem *draft, GError **error)
{
  for (gsize i = 0; self->prompt != NULL && self->prompt[i] != NULL; i++) {
    g_autofree char *question = g_strdup_printf ("%s: ", self->prompt[i]);
    SpFieldKind kind;

    if (!sp_cli_changes_get_kind (draft, self->prompt[i], &kind, error) ||
        !assign (self, self->prompt[i], kind, sp_cli_ask_secret (cli, question, error), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
prepare_generate (SpCliChanges *self, const SpItem *draft, GError **error)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (draft->type);
  const SpFieldTemplate *template = info != NULL ? sp_item_type_find_field (info, "password")
                                                 : NULL;
  SpGeneratorRecipe recipe;

  if (!self->generate)
    return TRUE;
  for (gsize i = 0; template == NULL && info != NULL && i < info->n_fields; i++) {
    if (info->fields[i].kind == SP_FIELD_HIDDEN)
      template = &info->fields[i];
  }
  if (template == NULL) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                         _("Items of this type have no password to generate."));
    return FALSE;
  }
  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  return assign (self, template->name, template->kind, sp_generate (&recipe, error), error);
}

/**
 * sp_cli_changes_prepare:
 * @self: changes
 * @cli: a run
 * @item: what they will be made to; not changed
 * @error: return location
 *
 * Reads every value, and refuses what cannot be done or would have put a secret into the arguments.
 *
 * Returns: whether the changes can be applied
 */
gboolean
sp_cli_changes_prepare (SpCliChanges *self, SpCli *cli, const SpItem *item, GError **error)
{
  g_autoptr (SpItem) draft = sp_item_copy (item);

  return sp_cli_changes_apply_type (self, draft, error) &&
         sp_cli_changes_add_customs (self, draft, error) && prepare_set (self, draft, error) &&
         prepare_set_from (self, draft, error) && prepare_prompt (self, cli, draft, error) &&
         prepare_generate (self, draft, error);
}
