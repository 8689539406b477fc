/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files sp-import*.c share: a plan says what each column of a file is, and how its manager writes
 * things; a row and a plan make an item. */

#pragma once

#include "formats/sp-csv.h"
#include "formats/sp-import.h"
#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef enum {
  SP_ROLE_CUSTOM,      /* a field of its own, labelled by the column */
  SP_ROLE_HIDDEN,      /* the same, concealed */
  SP_ROLE_IGNORE,      /* a person said so */
  SP_ROLE_FIELD,       /* the type's template field of that name */
  SP_ROLE_FIELD_LINES, /* "name: value", one a line */
  SP_ROLE_TITLE,
  SP_ROLE_NOTES,
  SP_ROLE_TAGS,
  SP_ROLE_FOLDER,
  SP_ROLE_TYPE,
  SP_ROLE_FAVOURITE,
  SP_ROLE_ARCHIVED,
  SP_ROLE_CREATED,
  SP_ROLE_MODIFIED,
  SP_ROLE_EXPIRES,
} SpImportRole;

typedef enum {
  SP_TRAIT_NONE = 0,
  SP_TRAIT_LASTPASS = 1 << 0,          /* http://sn, typed notes, folders with backslashes */
  SP_TRAIT_PASSWORD_IS_LOGIN = 1 << 1, /* the type "password" is what we call a login */
  SP_TRAIT_BARE_HOSTS = 1 << 2,        /* commas part URLs without a scheme too */
  SP_TRAIT_OWN_LINES = 1 << 3,         /* FIELD_LINES as sp-export-csv.c writes them */
  SP_TRAIT_NO_OTHER_COLUMNS = 1 << 4, /* too few columns of its own to tell it, were there others */
} SpImportTraits;

typedef struct {
  const char *column; /* normalised */
  SpImportRole role;
  const char *
      field; /* SP_ROLE_FIELD: the template field's name, or several, parted by bars, for several types */
} SpColumnRule;

typedef struct {
  const char *name;     /* a format's; several specs may share it */
  const char *required; /* normalised columns, parted by spaces, that tell this format */
  const SpColumnRule *rules;
  gsize n_rules;
  SpItemType type; /* of rows that say nothing else; 0: told by what the row has */
  SpImportTraits traits;
} SpImportSpec;

typedef struct {
  char *label; /* as the file names it, or "Column 7" */
  SpImportRole role;
  const char *field;
  SpFieldKind kind; /* of a custom field */
  gboolean known;   /* the format names the column: custom fields go under its heading */
} SpPlanColumn;

typedef struct {
  const SpImportSpec *spec;
  const SpImportFormat *format;
  SpPlanColumn *columns; /* (owned) */
  guint n_columns;
} SpImportPlan;

/* sp-import-specs.c: one table per manager */
const SpImportSpec *sp_import_specs (gsize *out_n);
const SpImportFormat *sp_import_find_format (const char *name);

/* sp-import-guess.c */
char *sp_import_normalize (const char *column) G_GNUC_WARN_UNUSED_RESULT;
const SpColumnRule *sp_import_guess_column (const char *normalized);
SpFieldKind sp_import_guess_kind (const char *label);
SpItemType sp_import_type_from_name (const char *name,
                                     gboolean *out_exact); /* 0 if there is none */

/* sp-import-plan.c */
SpImportPlan *sp_import_plan_new (const SpCsv *csv,
                                  const SpImportOptions *options,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_import_plan_tells_anything (const SpImportPlan *self);
void sp_import_plan_free (SpImportPlan *self);
const char *sp_import_role_to_name (SpImportRole role);

/* sp-import-cell.c: what single cells mean. Pieces are slices of the cell. */
gboolean sp_cell_to_bool (SpCsvCell cell, gboolean *out_value) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cell_to_time (SpCsvCell cell, gint64 *out_ms) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cell_equals (SpCsvCell cell, const char *text);
gboolean sp_cell_is_blank (SpCsvCell cell);
gboolean sp_cell_next_line (SpCsvCell *rest, SpCsvCell *out_line) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cell_next_url (SpCsvCell *rest,
                           gboolean bare_hosts,
                           SpCsvCell *out_url) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cell_next_tag (SpCsvCell *rest, SpCsvCell *out_tag) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_cell_to_secret (SpCsvCell cell) G_GNUC_WARN_UNUSED_RESULT;

/* sp-import-row.c. NULL for a row without content. Counts are added to. */
SpItem *sp_import_build_item (const SpImportPlan *plan,
                              const SpCsvRow *row,
                              SpImportSummary *counts) G_GNUC_WARN_UNUSED_RESULT;
void sp_import_add_custom (SpItem *item,
                           const char *section,
                           const char *label,
                           SpFieldKind kind,
                           SpCsvCell cell);
/* Puts the cell into the template's field, or FALSE if the type has none of that name or it is taken. */
gboolean sp_import_add_field (SpItem *item,
                              const char *name,
                              SpCsvCell cell,
                              SpImportSummary *counts) G_GNUC_WARN_UNUSED_RESULT;

/* sp-import-note.c: LastPass' typed notes */
SpItemType sp_lastpass_note_type (SpCsvCell note); /* 0 if it is an ordinary note */
void
sp_lastpass_note_add (SpItem *item, const char *section, SpCsvCell note, SpImportSummary *counts);

/* sp-import-duplicates.c */
typedef struct _SpDuplicates SpDuplicates;
typedef struct {
  gboolean begun;
  guint64 hash;
  gsize index;
} SpDuplicateCursor;
SpDuplicates *sp_duplicates_new (SpSnapshot *snapshot, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_duplicates_free (SpDuplicates *self);
guint64
sp_duplicates_find (const SpDuplicates *self, const SpItem *item, SpDuplicateCursor *cursor);
void sp_duplicates_use (SpDuplicates *self, const SpDuplicateCursor *cursor);

/* sp-import-merge.c: adds to `target` what `source` has and it lacks, overwrites what differs. */
gboolean sp_import_merge (SpItem *target, const SpItem *source); /* FALSE if nothing changed */

struct _SpImport {
  SpCsv *csv;         /* (owned) */
  SpImportPlan *plan; /* (owned) */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpImportPlan, sp_import_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDuplicates, sp_duplicates_free)

G_END_DECLS
