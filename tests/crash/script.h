/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the vault's crash subject does, step by step, and what must be there afterwards: computed from the
 * step's number alone, without any vault. */

#pragma once

#include <glib.h>

#include "vault/sp-item.h"

G_BEGIN_DECLS

#define SCRIPT_N_INSERTS 200
#define SCRIPT_N_EDITS   50
#define SCRIPT_N_DELETES 20
#define SCRIPT_N_IMPORTS 40
#define SCRIPT_N_UPDATES 5
#define SCRIPT_N_ITEMS   (SCRIPT_N_INSERTS + SCRIPT_N_IMPORTS)

/* Step 0 makes the vault; the first steps insert, then edit, then delete one item each. */
enum {
  SCRIPT_FIRST_INSERT = 1,
  SCRIPT_FIRST_EDIT = SCRIPT_FIRST_INSERT + SCRIPT_N_INSERTS,
  SCRIPT_FIRST_DELETE = SCRIPT_FIRST_EDIT + SCRIPT_N_EDITS,
  SCRIPT_ADD_RECOVERY = SCRIPT_FIRST_DELETE + SCRIPT_N_DELETES,
  SCRIPT_USE_RECOVERY,
  SCRIPT_ATTACH,
  SCRIPT_ROTATE,
  SCRIPT_CHANGE_PASSWORD,
  SCRIPT_ADD_SLOT,
  SCRIPT_REMOVE_SLOT,
  SCRIPT_PURGE,
  SCRIPT_IMPORT,
  SCRIPT_N_STEPS,
};

#define SCRIPT_ATTACHED_ITEM   77
#define SCRIPT_ATTACHMENT_SIZE (1024 * 1024)

/* Items are 0 to SCRIPT_N_ITEMS - 1, the last ones imported. */
guint script_get_edited (guint step); /* the item that a step edits, or deletes */
guint script_get_deleted (guint step);
guint script_get_updated (guint index);             /* by the import, `index` < SCRIPT_N_UPDATES */
guint script_get_version (guint item, guint state); /* 0: not there (any more), or not yet */
void script_get_id (guint item, SpId *out_id);
SpItem *script_make_item (guint item, guint version) G_GNUC_WARN_UNUSED_RESULT;
/* Changes nothing but what this version changes. */
void script_apply_version (SpItem *stored, guint item, guint version);
guint8 *script_make_attachment (void) G_GNUC_WARN_UNUSED_RESULT;

/* One item's contents as text, without what another run would have otherwise (times, numbers). */
void script_describe (GString *text, const SpItem *item);
char *script_expect (guint state) G_GNUC_WARN_UNUSED_RESULT;
const char *script_get_password (guint state);

G_END_DECLS
