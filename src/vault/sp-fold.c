/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stand-in until the search folds text. */

#define G_LOG_DOMAIN "sp-fold"

#include "config.h"

#include "vault/sp-search.h"

/**
 * sp_search_fold:
 * @text: UTF-8
 *
 * Returns: (transfer full): the text without case
 */
char *
sp_search_fold (const char *text)
{
  return g_utf8_casefold (text, -1);
}
