/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpImport: another manager's CSV file on its way into a vault (docs/IMPORT.md).
 *
 * Opening reads and checks the whole file and finds out, by the names of its columns, which manager wrote it
 * and what each column is. Then either look (columns, sp_import_next()) or run. Running is one batch of
 * the vault: all rows come in, or none, and sp_vault_undo_import() takes them back.
 *
 * Nothing of a row is dropped: what has no place of its own becomes a custom field under its column's name. */

#pragma once

#include <gio/gio.h>

#include "formats/sp-format-error.h"
#include "vault/sp-item.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef struct _SpImport SpImport;

typedef struct {
  const char *name;  /* "bitwarden": what --format takes */
  const char *label; /* "Bitwarden" */
} SpImportFormat;

typedef struct {
  const char *format; /* a name of the list, "generic", or NULL to find out */
  const char *const
      *mappings; /* "COLUMN=FIELD", NULL-terminated, or NULL; they go before the format's own */
  gboolean windows_1252; /* the user consents to reading what is not UTF-8 that way */
  /* The same as mappings, by position, as names may occur twice: what the n-th column is, NULL for no matter. */
  const char *const *targets;
  gsize n_targets;
  gboolean unmapped; /* to look at the columns: that they tell nothing is no error */
} SpImportOptions;

/* The same title, user name and URLs as an item that is there, or as an earlier row (KEEP and UPDATE take
 * rows among themselves as different). */
typedef enum {
  SP_DUPLICATES_SKIP,   /* leave the row out */
  SP_DUPLICATES_KEEP,   /* bring it in beside the other */
  SP_DUPLICATES_UPDATE, /* add to and overwrite the item; its earlier version goes to the history */
} SpImportDuplicates;

#define SP_IMPORT_MAX_NOTES 1000

/* What deserves a look after an import. */
typedef enum {
  SP_IMPORT_NOTE_DUPLICATE, /* left out: the item is there already */
  SP_IMPORT_NOTE_REPEATED,  /* left out: the same as an earlier row, letter by letter */
  SP_IMPORT_NOTE_BAD_OTP,
  SP_IMPORT_NOTE_LONG_ROW,
  SP_IMPORT_NOTE_UNTITLED,
} SpImportNoteKind;

typedef struct {
  SpImportNoteKind kind;
  guint row;      /* 1 is the header */
  guint64 number; /* the item's, or that of the one that was there; 0 when there is none to name */
} SpImportNote;

typedef void (*SpImportProgress) (guint n_done, guint n_rows, gpointer data);

typedef struct {
  SpImportDuplicates duplicates;
  GCancellable *cancellable; /* (nullable) */
  SpImportProgress progress; /* (nullable) called every few hundred rows, in the calling thread */
  gpointer progress_data;
  GArray
      *notes; /* (nullable) (element-type SpImportNote) to append to, up to SP_IMPORT_MAX_NOTES */
} SpImportRun;

typedef struct {
  guint n_rows; /* below the header, empty lines not counted; = added + updated + skipped + blank */
  guint n_added;
  guint n_updated;
  guint n_skipped;   /* duplicates left out, or equal to what is there already */
  guint n_blank;     /* rows in which every cell is empty */
  guint n_bad_otp;   /* one-time-code cells that make no code; kept as they are */
  guint n_long_rows; /* rows with more cells than the header; kept as "Column N" */
  guint n_untitled;  /* rows without a title, which got one */
} SpImportSummary;

const SpImportFormat *sp_import_list_formats (gsize *out_n);

/* SP_FORMAT_ERROR_UNKNOWN: no such format, or the columns are not those of the format asked for, or no
 * column could be made out and no mapping was given. */
SpImport *sp_import_open (GInputStream *stream,
                          const SpImportOptions *options,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpImport *sp_import_open_path (const char *path,
                               const SpImportOptions *options,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_import_free (SpImport *self);

const SpImportFormat *sp_import_get_format (const SpImport *self);
guint sp_import_get_n_rows (const SpImport *self);
guint sp_import_get_n_columns (const SpImport *self);
const char *sp_import_get_column (const SpImport *self, guint index); /* as the file names it */
/* Where the column goes: "title", "username", "tags", "custom", "hidden", "ignore", ...: as --map takes it. */
const char *sp_import_get_target (const SpImport *self, guint index);
gboolean sp_import_is_mapped (const SpImport *self); /* FALSE: as it is, it cannot be run */

/* The rows as items, in order, for a preview; NULL after the last. Rows without content are passed over. */
void sp_import_rewind (SpImport *self);
SpItem *sp_import_next (SpImport *self) G_GNUC_WARN_UNUSED_RESULT;

/* How many rows SP_DUPLICATES_SKIP would leave out, the vault being as it is. */
gboolean sp_import_count_duplicates (SpImport *self,
                                     SpVault *vault,
                                     GCancellable *cancellable,
                                     guint *out_n,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* On error and on cancel (G_IO_ERROR_CANCELLED) the vault is as it was. */
gboolean sp_import_run (SpImport *self,
                        SpVault *vault,
                        const SpImportRun *run,
                        SpImportSummary *out_summary,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpImport, sp_import_free)

G_END_DECLS
