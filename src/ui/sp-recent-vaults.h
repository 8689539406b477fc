/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpRecentVaults: the vaults that were opened last, as people are shown them. Whether a file is still there is looked up
 * without waiting for its disk. */

#pragma once

#include <gio/gio.h>

#include "services/sp-settings.h"

G_BEGIN_DECLS

#define SP_TYPE_RECENT_VAULTS (sp_recent_vaults_get_type ())
G_DECLARE_FINAL_TYPE (SpRecentVaults, sp_recent_vaults, SP, RECENT_VAULTS, GObject)

typedef struct {
  char *path; /* (type filename) */
  char *name; /* of the file, without the suffix that all have */
  char *shown_path;
  gboolean missing; /* FALSE, too, while it is not known */
} SpRecentVault;

/* Signal: ::changed, when one came or went, or was found to be missing. */

SpRecentVaults *sp_recent_vaults_new (SpSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
const GPtrArray *sp_recent_vaults_peek (SpRecentVaults *self); /* (element-type SpRecentVault) */
void sp_recent_vaults_look (SpRecentVaults *self);             /* which are there now */

G_END_DECLS
