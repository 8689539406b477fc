/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with a vault, in words for people. */

#pragma once

#include "vault/sp-vault-repair.h"

G_BEGIN_DECLS

/* What it is about, such as an item's title; and what happened to it. */
char *sp_problem_dup_subject (const SpProblem *problem) G_GNUC_WARN_UNUSED_RESULT;
char *sp_problem_dup_text (const SpProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
