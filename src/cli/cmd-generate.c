/* SPDX-License-Identifier: GPL-3.0-or-later */

/* generate [--length N] [class options] | --passphrase [--words N] ... | --pin */

#define G_LOG_DOMAIN "cmd-generate"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "password/sp-generator.h"

#define MAX_COUNT 1000

typedef struct {
  gboolean passphrase;
  gboolean pin;
  int length; /* 0: the default of its kind */
  int words;
  int count;
  char *separator;
  char *exclude;
  gboolean off[SP_GENERATOR_N_CLASSES];
  int minimum[SP_GENERATOR_N_CLASSES]; /* -1: the default */
  gboolean no_ambiguous;
  gboolean capitalise;
  gboolean digit;
} Arguments;

static gboolean
check_numbers (const Arguments *arguments, GError **error)
{
  const char *const options[] = { "--min-lower", "--min-upper", "--min-digits", "--min-symbols" };

  for (gsize i = 0; i < SP_GENERATOR_N_CLASSES; i++) {
    if (!sp_cli_check_range (options[i], arguments->minimum[i], -1, SP_GENERATOR_MAX_LENGTH, error))
      return FALSE;
  }
  return sp_cli_check_range ("--length", arguments->length, 1, SP_GENERATOR_MAX_LENGTH, error) &&
         sp_cli_check_range ("--words", arguments->words, 1, SP_GENERATOR_MAX_WORDS, error) &&
         sp_cli_check_range ("--count", arguments->count, 1, MAX_COUNT, error);
}

static gboolean
make_recipe (Arguments *arguments, SpGeneratorRecipe *recipe, GError **error)
{
  if (arguments->pin && arguments->passphrase) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                         _("It is either --passphrase or --pin."));
    return FALSE;
  }
  if (arguments->length == 0)
    arguments->length = arguments->pin ? SP_GENERATOR_DEFAULT_PIN : SP_GENERATOR_DEFAULT_LENGTH;
  if (!check_numbers (arguments, error))
    return FALSE;
  sp_generator_recipe_init (recipe, arguments->pin          ? SP_GENERATOR_PIN
                                    : arguments->passphrase ? SP_GENERATOR_PASSPHRASE
                                                            : SP_GENERATOR_CHARACTERS);
  if (arguments->pin)
    recipe->pin_length = (guint) arguments->length;
  else
    recipe->length = (guint) arguments->length;
  recipe->words = (guint) arguments->words;
  if (arguments->separator != NULL)
    recipe->separator = arguments->separator;
  recipe->exclude = arguments->exclude;
  recipe->exclude_ambiguous = arguments->no_ambiguous;
  recipe->capitalise = arguments->capitalise;
  recipe->add_digit = arguments->digit;
  for (gsize i = 0; i < SP_GENERATOR_N_CLASSES; i++) {
    recipe->classes[i].enabled = recipe->classes[i].enabled && !arguments->off[i];
    if (arguments->minimum[i] >= 0)
      recipe->classes[i].minimum = (guint) arguments->minimum[i];
  }
  return sp_generator_recipe_check (recipe, error);
}

static gboolean
print_one (SpCli *cli, const SpGeneratorRecipe *recipe, GError **error)
{
  g_autoptr (SpSecret) password = sp_generate (recipe, error);
  SpCliOutput *output = sp_cli_get_output (cli);
  SpJsonWriter *writer;

  if (password == NULL)
    return FALSE;
  if (!sp_cli_wants_json (cli)) {
    sp_cli_output_raw (output, sp_secret_peek_text (password), sp_secret_get_length (password));
    sp_cli_output_raw (output, "\n", 1);
    return TRUE;
  }
  writer = sp_cli_get_json (cli);
  sp_json_begin_object (writer);
  sp_json_key (writer, "password");
  sp_json_secret (writer, password);
  sp_json_key (writer, "entropy_bits");
  sp_json_double (writer, sp_generator_entropy_bits (recipe), 1);
  sp_json_end_object (writer);
  return TRUE;
}

static gboolean
generate (SpCli *cli, Arguments *arguments, GError **error)
{
  SpGeneratorRecipe recipe;
  gboolean json_array = sp_cli_wants_json (cli) && arguments->count > 1;
  gboolean printed = TRUE;

  if (!make_recipe (arguments, &recipe, error))
    return FALSE;
  if (json_array)
    sp_json_begin_array (sp_cli_get_json (cli));
  for (int i = 0; i < arguments->count && printed; i++)
    printed = print_one (cli, &recipe, error);
  if (json_array)
    sp_json_end_array (sp_cli_get_json (cli));
  if (printed)
    sp_cli_note (cli, _("Entropy: %d bits"), (int) sp_generator_entropy_bits (&recipe));
  return printed;
}

gboolean
cmd_generate (SpCli *cli, GError **error)
{
  Arguments arguments = { .words = SP_GENERATOR_DEFAULT_WORDS,
                          .count = 1,
                          .minimum = { -1, -1, -1, -1 } };
  g_auto (GStrv) operands = NULL;
  gboolean done;
  const GOptionEntry entries[] = {
    { "length", 0, 0, G_OPTION_ARG_INT, &arguments.length, N_ ("Characters, or digits of a PIN"),
      N_ ("N") },
    { "no-lower", 0, 0, G_OPTION_ARG_NONE, &arguments.off[SP_GENERATOR_LOWER],
      N_ ("No small letters"), NULL },
    { "no-upper", 0, 0, G_OPTION_ARG_NONE, &arguments.off[SP_GENERATOR_UPPER],
      N_ ("No capital letters"), NULL },
    { "no-digits", 0, 0, G_OPTION_ARG_NONE, &arguments.off[SP_GENERATOR_DIGITS], N_ ("No digits"),
      NULL },
    { "no-symbols", 0, 0, G_OPTION_ARG_NONE, &arguments.off[SP_GENERATOR_SYMBOLS],
      N_ ("No symbols"), NULL },
    { "min-lower", 0, 0, G_OPTION_ARG_INT, &arguments.minimum[SP_GENERATOR_LOWER],
      N_ ("At least N small letters"), N_ ("N") },
    { "min-upper", 0, 0, G_OPTION_ARG_INT, &arguments.minimum[SP_GENERATOR_UPPER],
      N_ ("At least N capital letters"), N_ ("N") },
    { "min-digits", 0, 0, G_OPTION_ARG_INT, &arguments.minimum[SP_GENERATOR_DIGITS],
      N_ ("At least N digits"), N_ ("N") },
    { "min-symbols", 0, 0, G_OPTION_ARG_INT, &arguments.minimum[SP_GENERATOR_SYMBOLS],
      N_ ("At least N symbols"), N_ ("N") },
    { "no-ambiguous", 0, 0, G_OPTION_ARG_NONE, &arguments.no_ambiguous,
      N_ ("Nothing that is easily mistaken: 0 O 1 l I |"), NULL },
    { "exclude", 0, 0, G_OPTION_ARG_FILENAME, &arguments.exclude, N_ ("None of these characters"),
      N_ ("CHARACTERS") },
    { "passphrase", 0, 0, G_OPTION_ARG_NONE, &arguments.passphrase, N_ ("Words of a list"), NULL },
    { "words", 0, 0, G_OPTION_ARG_INT, &arguments.words, N_ ("How many words"), N_ ("N") },
    { "separator", 0, 0, G_OPTION_ARG_FILENAME, &arguments.separator,
      N_ ("What stands between words"), N_ ("TEXT") },
    { "capitalise", 0, 0, G_OPTION_ARG_NONE, &arguments.capitalise,
      N_ ("Each word with a capital letter"), NULL },
    { "digit", 0, 0, G_OPTION_ARG_NONE, &arguments.digit, N_ ("A digit behind one of the words"),
      NULL },
    { "pin", 0, 0, G_OPTION_ARG_NONE, &arguments.pin, N_ ("Digits only"), NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &arguments.count, N_ ("How many to make"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  done = operands != NULL && generate (cli, &arguments, error);
  g_free (arguments.separator);
  g_free (arguments.exclude);
  return done;
}
