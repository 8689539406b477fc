/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items as values, and the table of their types. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-item.h"

#include <malloc.h>
#include <string.h>

#include "common/sp-test-item.h"
#include "common/sp-test.h"

/* Every block that is freed is looked at, for a word that must not be in it any more. */
#define CANARY "cAnArY-in-a-freed-block"

static guint n_canaries_freed;

static void
look_at_freed (const volatile void *block, gsize size)
{
  /* Taken apart, so that the word itself is in no block of the program's own. */
  if (size >= strlen (CANARY) &&
      memmem ((const void *) GPOINTER_TO_SIZE (block), size, CANARY, strlen (CANARY)) != NULL)
    n_canaries_freed++;
}

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#ifdef HAS_ASAN
size_t __sanitizer_get_allocated_size (const volatile void *block);
void __sanitizer_free_hook (const volatile void *block);

void
__sanitizer_free_hook (const volatile void *block)
{
  if (block != NULL)
    look_at_freed (block, __sanitizer_get_allocated_size (block));
}
#else
void __libc_free (void *block);

void
free (void *block)
{
  if (block != NULL)
    look_at_freed (block, malloc_usable_size (block));
  __libc_free (block);
}
#endif

static void
add_attachment (SpItem *item, const char *name)
{
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  attachment->name = g_strdup (name);
  attachment->media_type = g_strdup ("text/plain");
  g_ptr_array_add (item->attachments, attachment);
}

static SpItem *
make_item (void)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, "Bank");
  g_autoptr (SpSecret) value = sp_test_secret ("4711");

  sp_test_item_set (item, "username", "alice");
  sp_test_item_set (item, "password", "hunter2");
  sp_item_add_custom (item, "Branch", "Customer number", SP_FIELD_TEXT, value);
  sp_item_add_tag (item, "money/bank");
  add_attachment (item, "terms.txt");
  return item;
}

static void
test_new (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_CARD, NULL);

  g_assert_cmpint (item->type, ==, SP_ITEM_CARD);
  g_assert_cmpstr (item->title, ==, "");
  g_assert_true (sp_secret_is_empty (item->notes));
  g_assert_cmpuint (item->fields->len + item->tags->len + item->attachments->len, ==, 0);
  g_assert_true (sp_id_is_null (&item->id));
  g_assert_cmpuint (item->number, ==, 0);
  g_assert_cmpuint (item->revision, ==, 0);
}

static void
test_copy (void)
{
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (SpItem) copy = sp_item_copy (item);

  g_assert_true (sp_item_equal_content (item, copy));
  sp_test_item_set (copy, "username", "bob");
  sp_item_set_title (copy, "Other");
  sp_item_add_tag (copy, "more");
  g_assert_cmpstr (item->title, ==, "Bank");
  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "alice");
  g_assert_cmpuint (item->tags->len, ==, 1);
}

static void
test_copy_random (void)
{
  guint64 state = 1;

  for (guint i = 0; i < 200; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    g_autoptr (SpItem) copy = sp_item_copy (item);

    g_assert_true (sp_item_equal_content (item, copy));
    g_assert_true (sp_id_equal (&item->id, &copy->id));
    g_assert_cmpuint (item->number, ==, copy->number);
    g_assert_cmpint (item->used_ms, ==, copy->used_ms);
  }
}

static void
change (SpItem *item, guint what)
{
  g_autoptr (SpSecret) value = sp_test_secret ("changed");
  SpField *field = g_ptr_array_index (item->fields, 2);
  SpAttachment *attachment = g_ptr_array_index (item->attachments, 0);

  switch (what) {
  case 0:
    item->type = SP_ITEM_PASSWORD;
    break;
  case 1:
    sp_item_set_title (item, "bank");
    break;
  case 2:
    sp_item_set_notes (item, value);
    break;
  case 3:
    sp_item_set_field (item, "password", value);
    break;
  case 4:
    sp_item_add_field (item, "url", value);
    break;
  case 5:
    field->kind = SP_FIELD_HIDDEN;
    break;
  case 6:
    field->label[0] = 'c';
    break;
  case 7:
    field->section[0] = 'b';
    break;
  case 8:
    g_assert_true (sp_item_remove_tag (item, "money/bank"));
    break;
  case 9:
    attachment->name[0] = 'T';
    break;
  case 10:
    attachment->sha256[31] = 1;
    break;
  case 11:
    item->favourite = TRUE;
    break;
  case 12:
    item->archived = TRUE;
    break;
  case 13:
    item->expires_ms = 1;
    break;
  case 14:
    g_ptr_array_remove_index (item->attachments, 0);
    break;
  default:
    sp_item_add_tag (item, "another");
    break;
  }
}

static void
test_equal_sees_changes (void)
{
  for (guint what = 0; what < 16; what++) {
    g_autoptr (SpItem) item = make_item ();
    g_autoptr (SpItem) other = make_item ();

    change (other, what);
    g_assert_false (sp_item_equal_content (item, other));
  }
}

static void
test_equal_ignores_the_rest (void)
{
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (SpItem) other = make_item ();

  other->modified_ms = other->used_ms = other->trashed_ms = 5;
  other->use_count = 7;
  other->number = other->revision = 9;
  other->favourite = item->favourite = TRUE;
  other->favourite = 4;
  g_assert_true (sp_item_equal_content (item, other));
}

static void
test_set_field_place (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "x");
  const char *expected[] = { "username", "password", "url", "otp" };

  sp_item_add_custom (item, NULL, "custom", SP_FIELD_TEXT, NULL);
  sp_test_item_set (item, "otp", "o");
  sp_test_item_set (item, "username", "u");
  sp_test_item_set (item, "url", "l");
  sp_test_item_set (item, "password", "p");
  g_assert_cmpuint (item->fields->len, ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (((SpField *) g_ptr_array_index (item->fields, i))->name, ==, expected[i]);
  g_assert_cmpint (sp_item_find_field (item, "password")->kind, ==, SP_FIELD_HIDDEN);
  g_assert_cmpint (sp_item_find_field (item, "otp")->kind, ==, SP_FIELD_OTP);
}

static void
test_set_field_replaces_first (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "x");
  g_autoptr (SpSecret) second = sp_test_secret ("https://b");

  sp_test_item_set (item, "url", "https://a");
  sp_item_add_field (item, "url", second);
  sp_test_item_set (item, "url", "https://c");
  g_assert_cmpuint (item->fields->len, ==, 2);
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "url")), ==, "https://c");
  g_assert_true (((SpField *) g_ptr_array_index (item->fields, 1))->value == second);
}

static void
test_set_field_to_itself (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "x");

  sp_test_item_set (item, "url", "https://a");
  sp_item_set_field (item, "url", sp_item_peek_value (item, "url"));
  sp_item_set_notes (item, item->notes);
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "url")), ==, "https://a");
}

static void
test_field_unknown_to_type (void)
{
  g_autoptr (SpItem) item = sp_item_new ((SpItemType) 999, "x");
  SpField *field;

  sp_test_item_set (item, "flavour", "strange");
  field = sp_item_find_field (item, "flavour");
  g_assert_cmpint (field->kind, ==, SP_FIELD_TEXT);
  g_assert_cmpstr (sp_item_get_field_label (item, field), ==, "flavour");
  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "");
}

static void
test_custom_by_label (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");
  SpField *upper = sp_item_add_custom (item, NULL, "ÄRGER", SP_FIELD_TEXT, NULL);
  SpField *lower = sp_item_add_custom (item, NULL, "ärger", SP_FIELD_TEXT, NULL);

  g_assert_true (sp_item_find_field_by_label (item, "ärger") == lower);
  g_assert_true (sp_item_find_field_by_label (item, "ÄRGER") == upper);
  g_assert_true (sp_item_find_field_by_label (item, "Ärger") == upper);
  g_assert_null (sp_item_find_field_by_label (item, "arger"));
}

static void
test_remove_field (void)
{
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (SpItem) other = make_item ();

  g_assert_false (sp_item_remove_field (item, sp_item_find_field (other, "password")));
  g_assert_true (sp_item_remove_field (item, sp_item_find_field (item, "password")));
  g_assert_null (sp_item_find_field (item, "password"));
  g_assert_null (sp_item_peek_value (item, "password"));
}

static void
test_tags (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");

  sp_item_add_tag (item, "  work/mail\t");
  sp_item_add_tag (item, "work/mail");
  sp_item_add_tag (item, "Work/mail");
  sp_item_add_tag (item, "");
  sp_item_add_tag (item, " \n ");
  g_assert_cmpuint (item->tags->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (item->tags, 0), ==, "work/mail");
  g_assert_false (sp_item_remove_tag (item, "work"));
  g_assert_true (sp_item_remove_tag (item, "Work/mail"));
  g_assert_cmpuint (item->tags->len, ==, 1);
}

static void
test_labels (void)
{
  g_autoptr (SpItem) item = make_item ();

  g_assert_cmpstr (sp_item_get_field_label (item, g_ptr_array_index (item->fields, 0)), ==,
                   "User name");
  g_assert_cmpstr (sp_item_get_field_label (item, g_ptr_array_index (item->fields, 2)), ==,
                   "Customer number");
}

static void
test_subtitle_first_that_is_not_empty (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_SSH_KEY, "x");

  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "");
  sp_test_item_set (item, "username", "");
  sp_test_item_set (item, "host", "example.org");
  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "example.org");
  sp_test_item_set (item, "username", "git");
  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "git");
}

static void
test_subtitle_never_concealed (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "x");

  sp_test_item_set (item, "username", "secret");
  sp_item_find_field (item, "username")->kind = SP_FIELD_HIDDEN;
  g_assert_cmpstr (sp_item_peek_subtitle (item), ==, "");
}

static void
test_wiped (void)
{
  SpItem *item = sp_item_new (SP_ITEM_NOTE, "title of the item: " CANARY);
  char *watched = g_strdup (CANARY);
  guint n_before;

  sp_item_add_custom (item, "section: " CANARY, "label: " CANARY, SP_FIELD_TEXT, NULL);
  sp_item_add_tag (item, "  tag: " CANARY "  ");
  sp_item_add_tag (item, "tag: " CANARY);
  add_attachment (item, "name: " CANARY);
  g_assert_true (sp_item_find_field_by_label (item, "LABEL: " CANARY) != NULL);
  n_before = n_canaries_freed;
  sp_item_set_title (item, "again: " CANARY);
  sp_item_free (item);
  g_assert_cmpuint (n_canaries_freed, ==, n_before);

  /* The watch does see one that is not wiped. */
  g_free (watched);
  g_assert_cmpuint (n_canaries_freed, ==, n_before + 1);
}

static void
test_types (void)
{
  gsize n;
  const SpItemTypeInfo *types = sp_item_type_list (&n);

  g_assert_cmpuint (n, ==, 13);
  for (gsize i = 0; i < n; i++) {
    g_assert_cmpuint (types[i].type, ==, i + 1);
    g_assert_true (sp_item_type_get_info (types[i].type) == &types[i]);
    g_assert_true (sp_item_type_from_name (types[i].name) == &types[i]);
  }
  g_assert_null (sp_item_type_get_info ((SpItemType) 0));
  g_assert_null (sp_item_type_get_info ((SpItemType) 14));
  g_assert_null (sp_item_type_get_info ((SpItemType) -1));
  g_assert_null (sp_item_type_from_name ("Login"));
}

static gboolean
is_stored_name (const char *name)
{
  return *name != '\0' && strspn (name, "abcdefghijklmnopqrstuvwxyz-") == strlen (name) &&
         !g_str_has_prefix (name, "-") && !g_str_has_suffix (name, "-");
}

static void
test_templates (void)
{
  gsize n;
  const SpItemTypeInfo *types = sp_item_type_list (&n);

  for (gsize i = 0; i < n; i++) {
    g_assert_true (is_stored_name (types[i].name));
    g_assert_cmpstr (types[i].label, !=, "");
    for (gsize j = 0; j < types[i].n_fields; j++) {
      const SpFieldTemplate *field = &types[i].fields[j];

      g_assert_true (is_stored_name (field->name));
      g_assert_cmpstr (field->label, !=, "");
      g_assert_true (sp_item_type_find_field (&types[i], field->name) == field);
      g_assert_false (field->is_subtitle && sp_field_kind_is_secret (field->kind));
    }
  }
}

/* Stored in vaults and exports: a change here is a change of the format. */
static void
test_stored_names (void)
{
  gsize n;
  const SpItemTypeInfo *types = sp_item_type_list (&n);
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < n; i++) {
    g_string_append_printf (names, "%s:", types[i].name);
    for (gsize j = 0; j < types[i].n_fields; j++)
      g_string_append_printf (names, " %s", types[i].fields[j].name);
    g_string_append_c (names, '\n');
  }
  g_assert_cmpstr (
      names->str, ==,
      "login: username password url otp\n"
      "password: password url\n"
      "note:\n"
      "card: cardholder number expiry cvv pin brand issuer valid-from\n"
      "identity: salutation full-name first-name middle-name last-name username birth-date gender "
      "company job-title email phone mobile address city region postal-code country url "
      "national-id passport-number licence-number\n"
      "bank-account: account-holder bank account-type iban bic account-number routing-number pin "
      "branch phone address url\n"
      "ssh-key: username host private-key passphrase public-key fingerprint key-type\n"
      "api-credential: username key-id credential secret credential-type host url valid-from "
      "expiry\n"
      "wifi: ssid password security username url router-password\n"
      "software-licence: licensee email company licence-key version publisher order-number "
      "purchase-date expiry url\n"
      "document: kind number full-name birth-date birth-place gender nationality issuing-country "
      "issuing-authority issue-date expiry class address\n"
      "server: host port username password protocol url otp\n"
      "database: database-type host port database username password sid alias options url\n");
}

static void
test_kinds (void)
{
  static const char *const names[] = { "text", "hidden",    "email",
                                       "url",  "date",      "phone",
                                       "otp",  "multiline", "hidden-multiline" };
  SpFieldKind kind = SP_FIELD_TEXT;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_cmpstr (sp_field_kind_to_name ((SpFieldKind) (i + 1)), ==, names[i]);
    g_assert_true (sp_field_kind_from_name (names[i], &kind));
    g_assert_cmpuint (kind, ==, i + 1);
  }
  g_assert_false (sp_field_kind_from_name ("Text", &kind));
  g_assert_true (sp_field_kind_is_secret (SP_FIELD_OTP));
  g_assert_true (sp_field_kind_is_secret (SP_FIELD_HIDDEN_MULTILINE));
  g_assert_false (sp_field_kind_is_secret (SP_FIELD_MULTILINE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/item/new", test_new);
  g_test_add_func ("/vault/item/copy", test_copy);
  g_test_add_func ("/vault/item/copy-random", test_copy_random);
  g_test_add_func ("/vault/item/equal-sees-changes", test_equal_sees_changes);
  g_test_add_func ("/vault/item/equal-ignores-the-rest", test_equal_ignores_the_rest);
  g_test_add_func ("/vault/item/set-field-place", test_set_field_place);
  g_test_add_func ("/vault/item/set-field-replaces-first", test_set_field_replaces_first);
  g_test_add_func ("/vault/item/set-field-to-itself", test_set_field_to_itself);
  g_test_add_func ("/vault/item/field-unknown-to-type", test_field_unknown_to_type);
  g_test_add_func ("/vault/item/custom-by-label", test_custom_by_label);
  g_test_add_func ("/vault/item/remove-field", test_remove_field);
  g_test_add_func ("/vault/item/tags", test_tags);
  g_test_add_func ("/vault/item/labels", test_labels);
  g_test_add_func ("/vault/item/subtitle-first-that-is-not-empty",
                   test_subtitle_first_that_is_not_empty);
  g_test_add_func ("/vault/item/subtitle-never-concealed", test_subtitle_never_concealed);
  g_test_add_func ("/vault/item/wiped", test_wiped);
  g_test_add_func ("/vault/item/types", test_types);
  g_test_add_func ("/vault/item/templates", test_templates);
  g_test_add_func ("/vault/item/stored-names", test_stored_names);
  g_test_add_func ("/vault/item/kinds", test_kinds);

  return sp_test_run ();
}
