/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The damage suite: a vault's file with one thing wrong in it, thousands of times over. Whatever it is: no
 * crash, no hang, no wrong plaintext; what is lost is named; and a salvage brings home every item whose record
 * SQLite still reaches.
 *
 * What is there is known from the making of the vault, and compared as text. Cases are numbered and made from
 * their number alone, so that a failure can be had again. */

#pragma once

#include <glib.h>

#include "vault/sp-item.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define DAMAGE_N_ITEMS   150
#define DAMAGE_PAGE_SIZE 2048

typedef enum {
  DAMAGE_ONE_COPY,    /* a bit of a slot or seal, in one copy */
  DAMAGE_BOTH_COPIES, /* the same bit in both */
  DAMAGE_FLIP,        /* a bit elsewhere */
  DAMAGE_TRUNCATION,
  DAMAGE_SWAP, /* of two SQLite pages */
  DAMAGE_ZERO, /* a SQLite page of zeros */
} DamageKind;
#define DAMAGE_N_KINDS 6

/* A row of the undamaged file. */
typedef struct {
  const char *table; /* static */
  guint64 id;
  gint64 revision;
  GBytes *data;
} DamageRow;

typedef struct {
  SpId id;
  guint64 number;
  char *title;
  gboolean trashed;
  GPtrArray
      *texts; /* (element-type utf8) (owned) newest first; all but the first are the history */
  char *attachment; /* (nullable) name, size and hash of the one that it has */
  DamageRow detail;
  GArray *history;     /* (element-type DamageRow) newest first */
  GArray *attachments; /* (element-type DamageRow) chunks */
} DamageItem;

/* The row of a slot or seal as it stands in the file, twice; its cell in the page included. */
typedef struct {
  const char *name; /* static: "slot" or "seal" */
  gsize offsets[2];
  gsize len;
} DamageRegion;

typedef struct {
  GBytes *file;
  GHashTable *items;  /* (element-type SpId DamageItem) (owned values) */
  GArray *regions;    /* (element-type DamageRegion) */
  GBytes *slot_fixed; /* of the slot that `password` opens */
  char *copies;       /* what SQLite reads of slots and seals */
  SpSecret *password;
} DamageModel;

/* Shared between the parent and its children. */
typedef struct {
  gint n_cases[DAMAGE_N_KINDS];
  gint n_sound[DAMAGE_N_KINDS];   /* opened, and nothing is lost */
  gint n_named[DAMAGE_N_KINDS];   /* opened, and what is lost was named */
  gint n_refused[DAMAGE_N_KINDS]; /* did not open */
  gint n_lost_items[DAMAGE_N_KINDS];
  gint n_salvages; /* that made a vault */
  gint n_reached;  /* items, over all salvages, whose records SQLite reached */
  gint n_salvaged; /* items that were brought */
  gint n_failures;
} DamageCounts;

typedef struct {
  const DamageModel *model;
  DamageCounts *counts;
  const char *folder;
  char *path;
  DamageKind kind;
  guint number;        /* of the case, among those of its kind */
  char *what;          /* the same in words */
  GHashTable *reached; /* (nullable) (element-type DamageItem) those whose details SQLite gives */
  guint n_messages;
  gboolean verbose; /* prints what the vault itself tells */
} Damage;

/* damage-model.c */
DamageModel *damage_model_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void damage_model_free (DamageModel *self);
DamageItem *damage_model_find (const DamageModel *self, const SpId *id);
/* Contents without attachments, which may be lost by themselves. */
char *damage_describe (const SpItem *item) G_GNUC_WARN_UNUSED_RESULT;
char *damage_describe_attachment (const SpAttachment *attachment) G_GNUC_WARN_UNUSED_RESULT;

/* Both copies of all slots and of the seal as SQLite reads them; NULL if it cannot. */
char *damage_read_copies (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* damage-cases.c */
guint damage_count_cases (const DamageModel *model, DamageKind kind);
/* The damaged file; `out_what` describes it. */
GByteArray *damage_make_case (const DamageModel *model,
                              DamageKind kind,
                              guint number,
                              char **out_what) G_GNUC_WARN_UNUSED_RESULT;
const char *damage_kind_to_name (DamageKind kind);

/* damage-check.c */
void damage_check_case (Damage *self, const GByteArray *file);
void damage_fail (Damage *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* damage-compare.c: everything that a vault shows, held against the model. */
typedef struct {
  GHashTable *whole; /* (element-type DamageItem) current, with history and attachments */
  GHashTable *read;  /* (element-type DamageItem) current, or an earlier version marked unproven */
  guint n_unproven;
  guint n_history;
  guint n_attachments;
} DamageFound;

void damage_compare (Damage *self, SpVault *vault, DamageFound *out_found);
void damage_found_clear (DamageFound *self);

/* damage-salvage.c */
void damage_check_salvage (Damage *self, const GByteArray *file);

G_END_DECLS
