/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of options that several commands take. All errors are usage errors. */

#pragma once

#include <glib.h>

#include "crypto/sp-kdf.h"

G_BEGIN_DECLS

gboolean sp_cli_check_range (const char *option, int value, int min, int max, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* "never" is 0. */
gboolean
sp_cli_parse_date (const char *text, gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Splits "LEFT=RIGHT"; without "=" out_right is NULL. */
gboolean sp_cli_split (const char *option,
                       const char *text,
                       char **out_left,
                       const char **out_right,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --kdf-memory and --kdf-passes. */
typedef struct {
  int memory_mib; /* 0 when not given */
  int passes;     /* 0 when not given */
} SpCliCostOptions;

#define SP_CLI_COST_ENTRIES(options)                                                         \
  { "kdf-memory",                                                                            \
    0,                                                                                       \
    0,                                                                                       \
    G_OPTION_ARG_INT,                                                                        \
    &(options).memory_mib,                                                                   \
    N_ ("Memory that a guess at the password takes, in MiB"),                                \
    N_ ("MIB") },                                                                            \
  {                                                                                          \
    "kdf-passes", 0, 0, G_OPTION_ARG_INT, &(options).passes, N_ ("Passes over that memory"), \
        N_ ("N")                                                                             \
  }

/* *out_cost is NULL if neither was given, else points to storage. What is not given is the default's. */
gboolean sp_cli_cost_options_get (const SpCliCostOptions *self,
                                  const SpKdfCost *defaults,
                                  SpKdfCost *storage,
                                  const SpKdfCost **out_cost,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
