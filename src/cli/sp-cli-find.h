/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which item is meant by what was typed. */

#pragma once

#include <glib.h>

#include "cli/sp-cli.h"

G_BEGIN_DECLS

typedef enum {
  SP_CLI_FIND_LIVE,    /* not in the trash */
  SP_CLI_FIND_TRASHED, /* in the trash */
  SP_CLI_FIND_ANY,     /* the first, and only if there is none of it, the second */
} SpCliFindScope;

/* The item's number; 0 with the error set. */
guint64 sp_cli_find (SpCli *self,
                     SpVault *vault,
                     const char *text,
                     SpCliFindScope scope,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type guint64), each once */
GArray *sp_cli_find_all (SpCli *self,
                         SpVault *vault,
                         char **texts,
                         SpCliFindScope scope,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpItem *sp_cli_load (SpCli *self,
                     SpVault *vault,
                     const char *text,
                     SpCliFindScope scope,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
