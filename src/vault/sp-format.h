/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers of docs/VAULT-FORMAT.md, in one place. */

#pragma once

#include <glib.h>

#include "base/sp-id.h"
#include "crypto/sp-aead.h"

G_BEGIN_DECLS

#define SP_FORMAT_VERSION        1
#define SP_FORMAT_APPLICATION_ID 0x53507674

/* §2.2 */
typedef enum {
  SP_TABLE_SLOT = 1,
  SP_TABLE_SEAL = 2,
  SP_TABLE_SETTING = 3,
  SP_TABLE_INDEX_BLOCK = 4,
  SP_TABLE_PAGE = 5,
  SP_TABLE_DETAIL = 6,
  SP_TABLE_HISTORY = 7,
  SP_TABLE_ATTACHMENT = 8,
  SP_TABLE_AUDIT = 9,
  SP_TABLE_DRAFT = 11,
} SpTable;
#define SP_N_TABLES 12

#define SP_HASH_LEN 32

/* §6, §7: a writer's limits, in bytes or entries. */
#define SP_PAGE_MAX_ITEMS        64
#define SP_PAGE_TARGET_LEN       6120
#define SP_PAGE_FILL_LEN         5800
#define SP_PAGE_LATE_LEN         8164
#define SP_PAGE_MAX_LEN          65536
#define SP_BLOCK_MAX_PAGES       64
#define SP_SEAL_MAX_BLOCKS       65536
#define SP_SEAL_MAX_SLOTS        64
#define SP_SEAL_MAX_SETTINGS     256
#define SP_OVERVIEW_MAX_TITLE    512
#define SP_OVERVIEW_MAX_SUBTITLE 256
#define SP_OVERVIEW_MAX_URL      512
#define SP_OVERVIEW_MAX_URLS     8
#define SP_OVERVIEW_MAX_TAG      128
#define SP_OVERVIEW_MAX_TAGS     32
#define SP_DETAIL_MAX_LEN        (32 * 1024 * 1024)
#define SP_DETAIL_MAX_FIELDS     4096
#define SP_DETAIL_MAX_TAGS       1024
#define SP_ITEM_MAX_ATTACHMENTS  1024

/* §1.1: what integers may be; SQLite's row ids are signed. */
#define SP_NUMBER_MAX            G_MAXINT64
#define SP_ATTACHMENT_NUMBER_MAX ((G_GINT64_CONSTANT (1) << 43) - 1)
#define SP_ITEM_TYPE_MAX         65535
#define SP_FIELD_KIND_MAX        65535
#define SP_CHUNK_LEN             65536
#define SP_CHUNK_BITS            20 /* chunk row id = attachment number << 20 | index */

/* §6.3: the bytes between strings of the folded text. */
#define SP_OVERVIEW_MAX_FOLD 16384 /* bytes of folded text, separators included */

#define SP_FOLD_GROUP  '\x01'
#define SP_FOLD_STRING '\x02'

/* §1.1: how a parent names a child. */
typedef struct {
  guint64 number;
  guint64 revision;
  guint8 tag[SP_AEAD_TAG_LEN];
} SpRef;

/* An attachment as an overview names it (§6.3). */
typedef struct {
  guint64 number;
  SpId key_id;
  guint64 size;
} SpAttachmentRef;

G_END_DECLS
