/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-activity-text"

#include "config.h"

#include "ui/sp-activity-text.h"

#include <glib/gi18n.h>

#include "vault/sp-vault-slots.h"

typedef struct {
  SpEventKind kind;
  SpActivityGroup group;
  const char *icon;
  const char *title;
} Kind;

static const Kind kinds[] = {
  { SP_EVENT_CREATED, SP_ACTIVITY_VAULT, "sp-vault-symbolic", N_ ("Vault created") },
  { SP_EVENT_OPENED, SP_ACTIVITY_UNLOCKS, "sp-unlock-symbolic", N_ ("Unlocked") },
  { SP_EVENT_UNLOCK_FAILED, SP_ACTIVITY_UNLOCKS, "sp-warning-symbolic", N_ ("Unlock failed") },
  { SP_EVENT_LOCKED, SP_ACTIVITY_UNLOCKS, "sp-lock-symbolic", N_ ("Locked") },
  { SP_EVENT_ITEM_ADDED, SP_ACTIVITY_CHANGES, "list-add-symbolic", N_ ("Item added") },
  { SP_EVENT_ITEM_CHANGED, SP_ACTIVITY_CHANGES, "document-edit-symbolic", N_ ("Item edited") },
  { SP_EVENT_ITEM_TRASHED, SP_ACTIVITY_CHANGES, "sp-trash-symbolic", N_ ("Moved to the trash") },
  { SP_EVENT_ITEM_RESTORED, SP_ACTIVITY_CHANGES, "edit-undo-symbolic",
    N_ ("Taken out of the trash") },
  { SP_EVENT_ITEM_PURGED, SP_ACTIVITY_CHANGES, "sp-trash-symbolic", N_ ("Deleted for good") },
  { SP_EVENT_ITEM_VIEWED, SP_ACTIVITY_SECRETS, "sp-reveal-symbolic", N_ ("Secret shown") },
  { SP_EVENT_ITEM_COPIED, SP_ACTIVITY_SECRETS, "sp-copy-symbolic", N_ ("Copied") },
  { SP_EVENT_ITEM_VERSION_RESTORED, SP_ACTIVITY_CHANGES, "sp-history-symbolic",
    N_ ("Earlier version restored") },
  { SP_EVENT_ATTACHMENT_ADDED, SP_ACTIVITY_CHANGES, "sp-attachment-symbolic",
    N_ ("Attachment added") },
  { SP_EVENT_ATTACHMENT_REMOVED, SP_ACTIVITY_CHANGES, "sp-attachment-symbolic",
    N_ ("Attachment removed") },
  { SP_EVENT_ITEM_USED, SP_ACTIVITY_SECRETS, "sp-open-link-symbolic", N_ ("Used") },
  { SP_EVENT_IMPORTED, SP_ACTIVITY_TRANSFER, "sp-import-symbolic", N_ ("Imported") },
  { SP_EVENT_IMPORT_UNDONE, SP_ACTIVITY_TRANSFER, "edit-undo-symbolic", N_ ("Import undone") },
  { SP_EVENT_EXPORTED, SP_ACTIVITY_TRANSFER, "sp-export-symbolic", N_ ("Exported") },
  { SP_EVENT_PRINTED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Recovery key printed") },
  { SP_EVENT_LOG_EXPORTED, SP_ACTIVITY_TRANSFER, "sp-export-symbolic", N_ ("Activity exported") },
  { SP_EVENT_PASSWORD_CHANGED, SP_ACTIVITY_KEYS, "sp-password-symbolic",
    N_ ("Master password changed") },
  { SP_EVENT_SLOT_ADDED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Key slot added") },
  { SP_EVENT_SLOT_REMOVED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Key slot removed") },
  { SP_EVENT_SLOT_CHANGED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Key slot changed") },
  { SP_EVENT_SLOT_USED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Recovery key used") },
  { SP_EVENT_SLOT_EXPIRED, SP_ACTIVITY_KEYS, "sp-key-symbolic", N_ ("Recovery key expired") },
  { SP_EVENT_KEYS_ROTATED, SP_ACTIVITY_KEYS, "sp-shield-symbolic", N_ ("Vault key replaced") },
  { SP_EVENT_SETTING_CHANGED, SP_ACTIVITY_VAULT, "preferences-system-symbolic",
    N_ ("Setting of the vault changed") },
  { SP_EVENT_LOG_PRUNED, SP_ACTIVITY_VAULT, "sp-history-symbolic", N_ ("Old activity let go of") },
  { SP_EVENT_DAMAGE_FOUND, SP_ACTIVITY_VAULT, "sp-warning-symbolic", N_ ("Damage found") },
  { SP_EVENT_DAMAGE_ACCEPTED, SP_ACTIVITY_VAULT, "sp-warning-symbolic", N_ ("Damage accepted") },
  { SP_EVENT_ROLLBACK_ACCEPTED, SP_ACTIVITY_VAULT, "sp-warning-symbolic",
    N_ ("Older copy accepted") },
  { SP_EVENT_REPAIRED, SP_ACTIVITY_VAULT, "sp-shield-symbolic", N_ ("Repaired") },
  { SP_EVENT_SALVAGED, SP_ACTIVITY_VAULT, "sp-shield-symbolic", N_ ("Salvaged") },
  { SP_EVENT_CLOCK_SET_BACK, SP_ACTIVITY_VAULT, "sp-warning-symbolic", N_ ("Clock set back") },
};

/* By SpLockReason + 1. */
static const char *const locks[] = {
  N_ ("Locked"),
  N_ ("Locked by the user"),
  N_ ("Locked without input"),
  N_ ("Locked with the screen"),
  N_ ("Locked before sleep"),
  N_ ("Locked: the file was replaced"),
};

static const Kind *
find (guint16 kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if ((guint16) kinds[i].kind == kind)
      return &kinds[i];
  return NULL;
}

const char *
sp_activity_group_get_label (SpActivityGroup group)
{
  switch (group) {
  case SP_ACTIVITY_UNLOCKS:
    return _ ("Unlocks");
  case SP_ACTIVITY_SECRETS:
    return _ ("Secrets Shown");
  case SP_ACTIVITY_CHANGES:
    return _ ("Changes");
  case SP_ACTIVITY_KEYS:
    return _ ("Keys");
  case SP_ACTIVITY_TRANSFER:
    return _ ("Transfers");
  case SP_ACTIVITY_VAULT:
    return _ ("Problems");
  case SP_ACTIVITY_EVERYTHING:
  case SP_N_ACTIVITY_GROUPS:
  default:
    return _ ("All Activity");
  }
}

void
sp_activity_group_add_to (SpActivityGroup group, SpLogFilter *filter)
{
  for (guint i = 0; group != SP_ACTIVITY_EVERYTHING && i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].group == group)
      sp_log_filter_add_kind (filter, kinds[i].kind);
}

const char *
sp_activity_get_title (const SpLogEntry *entry)
{
  const Kind *kind = find (entry->kind);

  if (entry->kind == 0)
    return _ ("This entry cannot be read");
  if (kind == NULL)
    return _ ("Something that a later version of SecurePass knows");
  if (kind->kind == SP_EVENT_OPENED && entry->count == SP_SLOT_RECOVERY)
    return _ ("Unlocked with a recovery key");
  if (kind->kind == SP_EVENT_OPENED && entry->count == SP_SLOT_QUICK)
    return _ ("Unlocked by quick unlock");
  if (kind->kind == SP_EVENT_LOCKED && entry->count < G_N_ELEMENTS (locks))
    return _ (locks[entry->count]);
  return _ (kind->title);
}

const char *
sp_activity_get_icon_name (const SpLogEntry *entry)
{
  const Kind *kind = find (entry->kind);

  if (kind != NULL)
    return kind->icon;
  return entry->kind == 0 ? "sp-warning-symbolic" : "sp-activity-symbolic";
}

gboolean
sp_activity_is_about_item (const SpLogEntry *entry)
{
  const Kind *kind = find (entry->kind);

  return kind != NULL &&
         (kind->group == SP_ACTIVITY_SECRETS || kind->group == SP_ACTIVITY_CHANGES) &&
         !sp_id_is_null (&entry->subject);
}

gboolean
sp_activity_is_grave (const SpLogEntry *entry)
{
  return g_str_equal (sp_activity_get_icon_name (entry), "sp-warning-symbolic");
}

char *
sp_activity_dup_count (const SpLogEntry *entry)
{
  guint n = (guint) MIN (entry->count, G_MAXUINT);

  if (n == 0)
    return NULL;
  switch ((guint) entry->kind) {
  case SP_EVENT_IMPORTED:
  case SP_EVENT_IMPORT_UNDONE:
  case SP_EVENT_EXPORTED:
  case SP_EVENT_KEYS_ROTATED:
  case SP_EVENT_SALVAGED:
    /* Translators: %'u is how many items were imported, exported, ... */
    return g_strdup_printf (ngettext ("%'u item", "%'u items", n), n);
  case SP_EVENT_LOG_PRUNED:
  case SP_EVENT_LOG_EXPORTED:
    /* Translators: %'u is how many entries of the activity log were let go of, or exported. */
    return g_strdup_printf (ngettext ("%'u entry", "%'u entries", n), n);
  case SP_EVENT_DAMAGE_FOUND:
  case SP_EVENT_DAMAGE_ACCEPTED:
  case SP_EVENT_REPAIRED:
    /* Translators: %'u is how many problems of the vault's file were found, or repaired. */
    return g_strdup_printf (ngettext ("%'u problem", "%'u problems", n), n);
  case SP_EVENT_CLOCK_SET_BACK:
    n = MAX (n / 60, 1);
    /* Translators: by how much the clock was set back. */
    return g_strdup_printf (ngettext ("%'u minute", "%'u minutes", n), n);
  default:
    return NULL;
  }
}

char *
sp_activity_fault_text (const SpLogFault *fault)
{
  g_autofree char *numbers = fault->first == fault->last
                                 ? g_strdup_printf ("%" G_GUINT64_FORMAT, fault->first)
                                 : g_strdup_printf ("%" G_GUINT64_FORMAT "–%" G_GUINT64_FORMAT,
                                                    fault->first, fault->last);

  switch (fault->kind) {
  case SP_LOG_FAULT_MISSING:
    /* Translators: %s is the number of an entry, or two with a dash between them: "4" or "4–9". */
    return g_strdup_printf (_ ("Removed: %s."), numbers);
  case SP_LOG_FAULT_DAMAGED:
    /* Translators: %s is the number of an entry, or two with a dash between them: "4" or "4–9". */
    return g_strdup_printf (_ ("Changed: %s."), numbers);
  case SP_LOG_FAULT_OTHER:
    /* Translators: %s is the number of an entry, or two with a dash between them: "4" or "4–9". */
    return g_strdup_printf (
        _ ("Put in from another copy of the vault: %s, and maybe those just before."), numbers);
  case SP_LOG_FAULT_FOREIGN:
  default:
    /* Translators: %s is the number of an entry, or two with a dash between them: "4" or "4–9". */
    return g_strdup_printf (_ ("Put in where no entry belongs: %s."), numbers);
  }
}

char *
sp_activity_alarms_text (SpAlarms alarms)
{
  GPtrArray *sentences = g_ptr_array_new ();
  char *text;

  if (alarms & SP_ALARM_FAULTS)
    g_ptr_array_add (sentences, _ ("The activity log was changed by somebody outside the vault."));
  if (alarms & SP_ALARM_FAILURES)
    g_ptr_array_add (sentences, _ ("There were many failed unlocks within an hour."));
  if (alarms & SP_ALARM_UNUSUAL_HOUR)
    g_ptr_array_add (sentences,
                     _ ("The vault was unlocked at an hour at which it is not usually."));
  if (alarms & SP_ALARM_MANY_REVEALED)
    g_ptr_array_add (sentences, _ ("Secrets of many items were shown or copied within minutes."));
  if (alarms & SP_ALARM_EXPORTED)
    g_ptr_array_add (sentences, _ ("Items were exported."));
  g_ptr_array_add (sentences, NULL);
  text = g_strjoinv (" ", (char **) sentences->pdata);
  g_ptr_array_unref (sentences);
  return text;
}
