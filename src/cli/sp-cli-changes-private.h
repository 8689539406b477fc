/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sp-cli-changes.c and sp-cli-changes-apply.c share. */

#pragma once

#include "cli/sp-cli-changes.h"

G_BEGIN_DECLS

typedef struct {
  char *field;     /* as the user calls it */
  SpSecret *value; /* (owned) */
} Assignment;

struct _SpCliChanges {
  char *type;
  char *title;
  char *expires;
  char **set;
  char **set_from;
  char **prompt;
  char **unset;
  char **custom;
  char **tags;
  char **untags;
  gboolean generate;
  gboolean favourite;
  gboolean no_favourite;
  gboolean archive;
  gboolean no_archive;
  GPtrArray *assignments; /* (element-type Assignment) (owned) */
};

gboolean sp_cli_changes_is_title (const char *field);
gboolean sp_cli_changes_is_notes (const char *field);
/* What kind of field the user means; the title counts as text. */
gboolean sp_cli_changes_get_kind (const SpItem *item,
                                  const char *name,
                                  SpFieldKind *out_kind,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Always FALSE. */
gboolean sp_cli_changes_refuse_secret (const char *option,
                                       const char *field,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_changes_apply_type (const SpCliChanges *self,
                                    SpItem *item,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_changes_add_customs (const SpCliChanges *self,
                                     SpItem *item,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
