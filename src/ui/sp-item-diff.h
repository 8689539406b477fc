/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What differs between two versions of an item, for people. */

#pragma once

#include "vault/sp-item.h"

G_BEGIN_DECLS

typedef enum {
  SP_DIFFERENCE_NONE, /* the same in both */
  SP_DIFFERENCE_ADDED,
  SP_DIFFERENCE_REMOVED,
  SP_DIFFERENCE_CHANGED,
} SpDifferenceKind;

typedef struct {
  SpDifferenceKind kind;
  char *label;            /* of the field, or what it is: "Title", "Tag", ... */
  SpFieldKind field_kind; /* how the values are shown */
  SpSecret *before;       /* (owned) (nullable) NULL if it was added */
  SpSecret *after;        /* (owned) (nullable) NULL if it was removed */
} SpDifference;

/* (element-type SpDifference) (owned): everything that is in either version. */
GPtrArray *sp_item_compare (const SpItem *older, const SpItem *newer) G_GNUC_WARN_UNUSED_RESULT;
/* The same without what is not different: empty when only the order of the fields differs, or nothing. */
GPtrArray *sp_item_diff (const SpItem *older, const SpItem *newer) G_GNUC_WARN_UNUSED_RESULT;

/* "Password, Notes": what differs, without the values. */
char *sp_item_diff_summarise (const SpItem *older, const SpItem *newer) G_GNUC_WARN_UNUSED_RESULT;

SpDifference *sp_difference_copy (const SpDifference *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_difference_free (SpDifference *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDifference, sp_difference_free)

G_END_DECLS
