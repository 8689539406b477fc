/* SPDX-License-Identifier: GPL-3.0-or-later */

/* log [--since DATE] [--until DATE] [--kind KIND]... [--item ID|TITLE] [--limit N] | --verify: the activity log, newest
 * first. An item that was deleted for good can be named by its whole id only. */

#define G_LOG_DOMAIN "cmd-log"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/sp-cli-find.h"
#include "cli/sp-cli-options.h"
#include "cli/sp-cli-table.h"
#include "vault/sp-log-check.h"
#include "vault/sp-log.h"
#include "vault/sp-vault-repair.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT     1000000
#define MS_PER_DAY    G_GINT64_CONSTANT (86400000)
#define DATE_LEN      10

typedef struct {
  char *since;  /* (owned) (nullable) */
  char *until;  /* (owned) (nullable) */
  char *item;   /* (owned) (nullable) */
  char **kinds; /* (owned) (nullable) */
  gboolean verify;
  int limit;
  int keep_days; /* -1: not given */
  int keep_entries;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->since);
  g_free (self->until);
  g_free (self->item);
  g_strfreev (self->kinds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What there is of an item's title by its id. */
typedef struct {
  SpSnapshot *snapshot;  /* (owned) */
  GHashTable *positions; /* (element-type SpId guint) */
} Titles;

static void
titles_init (Titles *self, SpSnapshot *snapshot)
{
  self->snapshot = sp_snapshot_ref (snapshot);
  self->positions = g_hash_table_new (sp_id_hash, sp_id_equal);
  for (SpPosition at = sp_snapshot_first (snapshot); at != SP_POSITION_NONE;
       at = sp_snapshot_next (snapshot, at)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, at, &overview);
    g_hash_table_insert (self->positions, (gpointer) (guintptr) overview.id, GUINT_TO_POINTER (at));
  }
}

static void
titles_clear (Titles *self)
{
  g_hash_table_unref (self->positions);
  sp_snapshot_unref (self->snapshot);
}

static const char *
titles_find (const Titles *self, const SpId *id)
{
  gpointer position;
  SpOverview overview;

  if (!g_hash_table_lookup_extended (self->positions, id, NULL, &position))
    return NULL;
  sp_snapshot_get_overview (self->snapshot, GPOINTER_TO_UINT (position), &overview);
  return overview.title;
}

static const char *
get_kind_name (const SpLogEntry *entry)
{
  return entry->kind != 0 ? sp_event_kind_to_name ((SpEventKind) entry->kind) : "unreadable";
}

static void
write_id (SpJsonWriter *writer, const char *key, const SpId *id)
{
  char text[SP_ID_STRING_LEN + 1];

  sp_id_to_string (id, text);
  sp_json_key (writer, key);
  sp_json_string (writer, sp_id_is_null (id) ? NULL : text);
}

static void
write_entry (SpJsonWriter *writer, const SpLog *log, const SpLogEntry *entry, const Titles *titles)
{
  g_autofree char *time = entry->kind != 0 ? sp_time_to_iso8601 (entry->time_ms) : NULL;

  sp_json_begin_object (writer);
  sp_json_key (writer, "number");
  sp_json_int (writer, (gint64) entry->number);
  sp_json_key (writer, "time");
  sp_json_string (writer, time);
  sp_json_key (writer, "kind");
  sp_json_string (writer, get_kind_name (entry));
  sp_json_key (writer, "while_locked");
  sp_json_bool (writer, entry->while_locked);
  write_id (writer, "session", &entry->session);
  write_id (writer, "subject", &entry->subject);
  sp_json_key (writer, "title");
  sp_json_string (writer, titles_find (titles, &entry->subject));
  sp_json_key (writer, "count");
  sp_json_int (writer, (gint64) entry->count);
  sp_json_key (writer, "device");
  sp_json_string (writer, entry->kind != 0 ? sp_log_get_device (log, entry) : NULL);
  sp_json_end_object (writer);
}

static void
add_row (SpCliTable *table, const SpLog *log, const SpLogEntry *entry, const Titles *titles)
{
  const char *title = titles_find (titles, &entry->subject);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, entry->number);
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, entry->count);
  char subject[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&entry->subject, subject);
  subject[8] = '\0';
  sp_cli_table_add_copy (table, number);
  sp_cli_table_add_date (table, entry->time_ms);
  sp_cli_table_add (table, get_kind_name (entry));
  sp_cli_table_add_copy (table, entry->count > 0 ? count : "");
  sp_cli_table_add (table, sp_log_get_device (log, entry));
  sp_cli_table_add_copy (table, sp_id_is_null (&entry->subject) ? "-" : subject);
  sp_cli_table_add (table, title != NULL ? title : "");
}

static gboolean
take_kinds (char **names, SpLogFilter *filter, GError **error)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    SpEventKind kind = sp_event_kind_from_name (names[i]);
    g_autoptr (GString) known = NULL;

    if ((guint) kind != 0) {
      sp_log_filter_add_kind (filter, kind);
      continue;
    }
    known = g_string_new (NULL);
    for (guint j = 0; (guint) (kind = sp_event_kind_list (j)) != 0; j++)
      g_string_append_printf (known, "%s%s", j > 0 ? ", " : "", sp_event_kind_to_name (kind));
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 /* Translators: the second %s is a list of words that stay English. */
                 _("“%s” is no kind of activity; there are: %s."), names[i], known->str);
    return FALSE;
  }
  return TRUE;
}

static gboolean
take_times (const Options *options, SpLogFilter *filter, GError **error)
{
  if (options->since != NULL && !sp_cli_parse_date (options->since, &filter->since_ms, error))
    return FALSE;
  if (options->until == NULL)
    return TRUE;
  if (!sp_cli_parse_date (options->until, &filter->until_ms, error))
    return FALSE;
  /* Until a day is to its end. */
  if (strlen (options->until) == DATE_LEN)
    filter->until_ms += MS_PER_DAY;
  return TRUE;
}

static gboolean
take_item (SpCli *cli, SpVault *vault, const char *text, SpLogFilter *filter, GError **error)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
  SpOverview overview;
  guint64 number;

  if (text == NULL || sp_id_from_string (text, &filter->subject))
    return TRUE;
  number = sp_cli_find (cli, vault, text, SP_CLI_FIND_ANY, error);
  if (number == 0)
    return FALSE;
  sp_snapshot_get_overview (snapshot, sp_snapshot_find_number (snapshot, number), &overview);
  filter->subject = *overview.id;
  return TRUE;
}

static void
note_unreadable (SpCli *cli, const SpLog *log, const GArray *numbers)
{
  guint n = 0;

  for (guint i = 0; i < numbers->len; i++)
    n += sp_log_get (log, g_array_index (numbers, guint64, i))->kind == 0;
  if (n > 0)
    sp_cli_note (cli,
                 g_dngettext (NULL, "%u entry cannot be read; “log --verify” says what is wrong.",
                              "%u entries cannot be read; “log --verify” says what is wrong.", n),
                 n);
}

static gboolean
list (SpCli *cli, SpVault *vault, const SpLogFilter *filter, guint limit, GError **error)
{
  g_autoptr (SpLog) log = sp_vault_load_log (vault, NULL, G_MAXUINT, error);
  g_autoptr (SpCliTable) table = sp_cli_table_new (7);
  g_autoptr (GArray) numbers = NULL;
  gboolean json = sp_cli_wants_json (cli);
  Titles titles;

  if (log == NULL)
    return FALSE;
  numbers = sp_log_select (log, filter);
  g_array_set_size (numbers, MIN (numbers->len, limit));
  titles_init (&titles, sp_vault_get_snapshot (vault));
  if (json)
    sp_json_begin_array (sp_cli_get_json (cli));
  for (guint i = 0; i < numbers->len; i++) {
    const SpLogEntry *entry = sp_log_get (log, g_array_index (numbers, guint64, i));

    if (json)
      write_entry (sp_cli_get_json (cli), log, entry, &titles);
    else
      add_row (table, log, entry, &titles);
  }
  if (json)
    sp_json_end_array (sp_cli_get_json (cli));
  else
    sp_cli_table_print (table, sp_cli_get_output (cli));
  titles_clear (&titles);
  note_unreadable (cli, log, numbers);
  return TRUE;
}

static void
write_fault (SpJsonWriter *writer, const SpLogFault *fault, const char *text)
{
  sp_json_begin_object (writer);
  sp_json_key (writer, "kind");
  sp_json_string (writer, sp_log_fault_kind_to_name (fault->kind));
  sp_json_key (writer, "first");
  sp_json_int (writer, (gint64) fault->first);
  sp_json_key (writer, "last");
  sp_json_int (writer, (gint64) fault->last);
  sp_json_key (writer, "text");
  sp_json_string (writer, text);
  sp_json_end_object (writer);
}

static void
report (SpCli *cli, const SpLogCheck *check, const GArray *faults)
{
  SpJsonWriter *writer = sp_cli_wants_json (cli) ? sp_cli_get_json (cli) : NULL;
  guint64 first, last;

  sp_log_check_get_range (check, &first, &last);
  if (writer != NULL) {
    sp_json_begin_object (writer);
    sp_json_key (writer, "first");
    sp_json_int (writer, (gint64) first);
    sp_json_key (writer, "last");
    sp_json_int (writer, (gint64) last);
    sp_json_key (writer, "faults");
    sp_json_begin_array (writer);
  }
  for (guint i = 0; i < faults->len; i++) {
    const SpLogFault *fault = &g_array_index (faults, SpLogFault, i);
    g_autofree char *text = sp_log_fault_describe (fault);

    if (writer != NULL)
      write_fault (writer, fault, text);
    else
      sp_cli_output_format (sp_cli_get_output (cli), "%s: %s\n",
                            sp_log_fault_kind_to_name (fault->kind), text);
  }
  if (writer != NULL) {
    sp_json_end_array (writer);
    sp_json_end_object (writer);
  }
}

/* A text with 64 bits in it has no translation that fits every machine. */
static const char *
format_number (guint64 number, char text[static 24])
{
  g_snprintf (text, 24, "%" G_GUINT64_FORMAT, number);
  return text;
}

/* What opening has cleared away is bad all the same. */
static void
add_dropped (SpVault *vault, GArray *faults)
{
  const GPtrArray *problems = sp_vault_peek_problems (vault);

  for (guint i = 0; i < problems->len; i++) {
    const SpProblem *problem = problems->pdata[i];
    SpLogFault fault = { SP_LOG_FAULT_FOREIGN, problem->record, problem->record };

    if (problem->kind == SP_PROBLEM_FOREIGN && g_str_equal (problem->table, "audit"))
      g_array_append_val (faults, fault);
  }
}

static gboolean
verify (SpCli *cli, SpVault *vault, GError **error)
{
  g_autoptr (SpLogCheck) check = sp_log_check_new ();
  g_autoptr (GArray) faults = NULL;
  guint64 first, last;
  char text[24];

  if (!sp_vault_check_log (vault, check, G_MAXUINT, error))
    return FALSE;
  faults = sp_log_check_dup_faults (check);
  add_dropped (vault, faults);
  report (cli, check, faults);
  if (faults->len > 0) {
    const SpLogFault *fault = &g_array_index (faults, SpLogFault, 0);

    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DAMAGED,
                 _("The activity log does not hold. The first bad entry is number %s."),
                    format_number (fault->first, text));
    return FALSE;
  }
  sp_log_check_get_range (check, &first, &last);
  sp_cli_note (cli, _("The activity log holds, up to entry %s."), format_number (last, text));
  return TRUE;
}

static gboolean
keep (SpCli *cli, const Options *options, GError **error)
{
  SpVault *vault = sp_cli_open_for_writing (cli, error);
  SpLogRetention retention;

  if (vault == NULL || !sp_vault_get_log_retention (vault, &retention, error))
    return FALSE;
  if (options->keep_days >= 0)
    retention.days = (guint) options->keep_days;
  if (options->keep_entries >= 0)
    retention.entries = (guint) options->keep_entries;
  return sp_vault_set_log_retention (vault, &retention, error);
}

static gboolean
has_filter (const Options *options)
{
  return options->since != NULL || options->until != NULL || options->item != NULL ||
         options->kinds != NULL;
}

static gboolean
check_options (const Options *options, GError **error)
{
  if (!sp_cli_check_range ("--limit", options->limit, 1, MAX_LIMIT, error))
    return FALSE;
  if (!sp_cli_check_range ("--keep-days", MAX (options->keep_days, 0), 0, SP_LOG_MAX_DAYS, error))
    return FALSE;
  if (options->keep_entries > 0 &&
      !sp_cli_check_range ("--keep-entries", options->keep_entries, SP_LOG_MIN_ENTRIES,
                           SP_LOG_MAX_ENTRIES, error))
    return FALSE;
  if (!options->verify || !has_filter (options))
    return TRUE;
  g_set_error_literal (
      error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
      _("--verify is about the whole log; it goes with no other option of “log”."));
  return FALSE;
}

gboolean
cmd_log (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_auto (Options) options = { .limit = DEFAULT_LIMIT, .keep_days = -1, .keep_entries = -1 };
  SpLogFilter filter = { 0 };
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "since", 0, 0, G_OPTION_ARG_STRING, &options.since, N_ ("Only from that day or time on"),
      N_ ("DATE") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, N_ ("Only up to that day or time"),
      N_ ("DATE") },
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.kinds, N_ ("Only this kind of activity"),
      N_ ("KIND") },
    { "item", 0, 0, G_OPTION_ARG_STRING, &options.item, N_ ("Only what was done with this item"),
      N_ ("ID|TITLE") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, N_ ("Print at most so many"), N_ ("N") },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &options.verify,
      N_ ("Check that nobody changed the log, and name what is wrong"), NULL },
    { "keep-days", 0, 0, G_OPTION_ARG_INT, &options.keep_days,
      N_ ("From now on, keep entries so many days; 0 is for ever"), N_ ("N") },
    { "keep-entries", 0, 0, G_OPTION_ARG_INT, &options.keep_entries,
      N_ ("From now on, keep at most so many entries; 0 is any number"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  if (operands == NULL || !check_options (&options, error) ||
      !take_kinds (options.kinds, &filter, error) || !take_times (&options, &filter, error))
    return FALSE;
  if (options.keep_days >= 0 || options.keep_entries >= 0)
    return keep (cli, &options, error);
  vault = sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  if (options.verify)
    return verify (cli, vault, error);
  return take_item (cli, vault, options.item, &filter, error) &&
         list (cli, vault, &filter, (guint) options.limit, error);
}
