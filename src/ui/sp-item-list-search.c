/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked is the place's filter and what was typed.
 *
 * With nothing typed, items are in the chosen order, which is made for a snapshot in the session's thread, or here if
 * there are few. As long as it is being made, what was there before stays; if nothing was, the first items are put in
 * order at once, more than there are rows, and the others follow. What a place has is ranked by no search, and kept:
 * for 100,000 items that is the difference between 60 ms and 4. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include <string.h>

#include "services/sp-session-items.h"
#include "services/sp-session-job.h"
#include "services/sp-tally.h"
#include "ui/sp-item-list-private.h"
#include "ui/sp-window.h"

/* So many are ordered in less than a millisecond. */
#define FEW_ITEMS 2000
/* A list view makes 200 rows. */
#define FIRST_ITEMS 300

const char *
sp_item_list_get_text (SpItemList *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

gboolean
sp_item_list_is_typed (SpItemList *self)
{
  for (const char *c = sp_item_list_get_text (self); *c != '\0'; c++)
    if (*c != ' ')
      return TRUE;
  return FALSE;
}

/* ---- what is asked ---------------------------------------------------------------------------------- */

SpOrderKind
sp_item_list_get_order_kind (SpItemList *self)
{
  if (g_str_equal (self->sort, "used"))
    return SP_ORDER_USED;
  return g_str_equal (self->sort, "modified") ? SP_ORDER_MODIFIED : SP_ORDER_TITLE;
}

/* Those that have the place's very tag: a search takes any that begins like it. */
static guint
keep_tagged (SpItemList *self, SpSnapshot *snapshot, SpPosition *positions, guint n)
{
  guint kept = 0;

  for (guint i = 0; i < n; i++) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, positions[i], &overview);
    if (sp_tally_has_tag (&overview, self->tag))
      positions[kept++] = positions[i];
  }
  return kept;
}

/* A quote cannot be asked for; what is before it finds enough. */
static char *
make_question (SpItemList *self)
{
  g_autofree char *start = NULL;

  if (self->tag == NULL)
    return g_strconcat (self->filter, " ", sp_item_list_get_text (self), NULL);
  start = g_strndup (self->tag, strcspn (self->tag, "\""));
  return *start != '\0' ? g_strconcat ("tag:\"", start, "\" ", sp_item_list_get_text (self), NULL)
                        : g_strdup (sp_item_list_get_text (self));
}

static void
find (SpItemList *self, SpSnapshot *snapshot)
{
  g_autofree char *text = make_question (self);
  g_autoptr (SpQuery) query = sp_query_new (text);
  SpResults *results = sp_search (snapshot, query, self->results,
                                  sp_session_now_ms (self->session));

  g_clear_pointer (&self->results, sp_results_unref);
  self->results = results;
}

/* ---- what a place has ------------------------------------------------------------------------------- */

void
sp_item_list_forget_whole (SpItemList *self)
{
  g_clear_pointer (&self->whole.snapshot, sp_snapshot_unref);
  g_clear_pointer (&self->whole.positions, g_free);
}

static void
keep_whole (SpItemList *self, SpSnapshot *snapshot, const SpPosition *positions, guint n)
{
  sp_item_list_forget_whole (self);
  self->whole.snapshot = sp_snapshot_ref (snapshot);
  self->whole.positions = g_memdup2 (positions, (n + 1) * sizeof *positions);
  self->whole.n = n;
}

/* All that the place has, by creation. */
static SpPosition *
find_whole (SpItemList *self, SpSnapshot *snapshot, guint *out_n)
{
  g_autofree char *text = make_question (self);
  g_autoptr (SpQuery) query = sp_query_new (text);
  SpPosition *positions;
  gsize n;

  positions = sp_search_unranked (snapshot, query, sp_session_now_ms (self->session), &n);
  *out_n = self->tag != NULL ? keep_tagged (self, snapshot, positions, (guint) n) : (guint) n;
  return positions;
}

/* ---- the order -------------------------------------------------------------------------------------- */

typedef struct {
  SpSnapshot *snapshot; /* (owned) */
  SpOrderKind kind;
  SpOrder *order; /* (owned) (nullable) out */
} Sorting;

static void
sorting_free (gpointer data)
{
  Sorting *sorting = data;

  sp_snapshot_unref (sorting->snapshot);
  g_clear_pointer (&sorting->order, sp_order_unref);
  g_free (sorting);
}

static gboolean
sort_in_thread (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Sorting *sorting = data;

  sorting->order = sp_order_new (sorting->snapshot, sorting->kind);
  return TRUE;
}

/* Cancelled or done. */
static void
forget_sorting (SpItemList *self)
{
  g_clear_object (&self->sorting);
  g_clear_pointer (&self->sorted_of, sp_snapshot_unref);
}

static gboolean
is_shown (SpItemList *self, SpSnapshot *snapshot)
{
  return self->model != NULL && sp_results_model_get_snapshot (self->model) == snapshot;
}

/* Of what is on screen nothing changes. */
static void
show_rest (SpItemList *self, SpSnapshot *snapshot)
{
  const SpPosition *shown;
  SpPosition *positions;
  guint n;

  shown = sp_results_model_peek (self->model, &n);
  if (self->n_first >= n)
    return;
  positions = g_memdup2 (shown, (n + 1) * sizeof *shown);
  sp_order_sort (self->order, positions, n);
  keep_whole (self, snapshot, positions, n);
  sp_item_list_reorder (self, snapshot, positions, n);
}

static void
sorted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemList) self = SP_ITEM_LIST (user_data);
  g_autoptr (GError) error = NULL;
  Sorting *sorting = sp_session_run_finish (SP_SESSION (object), result, &error);

  /* It fails only when it is cancelled: by a lock, or as another order is wanted. */
  if (sorting == NULL || sorting->order == NULL || self->session == NULL ||
      sorting->snapshot != sp_session_get_snapshot (self->session) ||
      sorting->kind != sp_item_list_get_order_kind (self))
    return;
  g_clear_pointer (&self->order, sp_order_unref);
  self->order = g_steal_pointer (&sorting->order);
  forget_sorting (self);
  if (is_shown (self, sorting->snapshot))
    show_rest (self, sorting->snapshot);
  else
    sp_item_list_update (self, TRUE);
}

/* FALSE while it is being made; once, however often it is asked for. */
static gboolean
ensure_order (SpItemList *self, SpSnapshot *snapshot)
{
  SpOrderKind kind = sp_item_list_get_order_kind (self);
  Sorting *sorting;

  if (self->order != NULL && sp_order_get_snapshot (self->order) == snapshot &&
      sp_order_get_kind (self->order) == kind)
    return TRUE;
  if (sp_snapshot_get_n_items (snapshot) <= FEW_ITEMS) {
    g_clear_pointer (&self->order, sp_order_unref);
    self->order = sp_order_new (snapshot, kind);
    return TRUE;
  }
  if (self->sorted_of == snapshot && self->sorted_by == kind)
    return FALSE;
  g_cancellable_cancel (self->sorting);
  forget_sorting (self);
  self->sorting = g_cancellable_new ();
  self->sorted_of = sp_snapshot_ref (snapshot);
  self->sorted_by = kind;
  sorting = g_new0 (Sorting, 1);
  sorting->snapshot = sp_snapshot_ref (snapshot);
  sorting->kind = kind;
  sp_session_run_async (self->session, SP_JOB_BACKGROUND, sort_in_thread, sorting, sorting_free,
                        self->sorting, sorted_cb, g_object_ref (self));
  return FALSE;
}

static void
show_whole (SpItemList *self, SpSnapshot *snapshot, gboolean same_question)
{
  gboolean ordered = ensure_order (self, snapshot);
  SpPosition *positions;
  guint n;

  if (!ordered && same_question && self->model != NULL)
    return;
  g_clear_pointer (&self->results, sp_results_unref);
  if (ordered && self->whole.snapshot == snapshot) {
    n = self->whole.n;
    positions = g_memdup2 (self->whole.positions, (n + 1) * sizeof *positions);
  } else {
    positions = find_whole (self, snapshot, &n);
    if (ordered) {
      sp_order_sort (self->order, positions, n);
      keep_whole (self, snapshot, positions, n);
    } else {
      sp_order_put_first (snapshot, sp_item_list_get_order_kind (self), positions, n, FIRST_ITEMS);
    }
  }
  self->n_first = ordered ? n : FIRST_ITEMS;
  sp_item_list_show (self, snapshot, positions, n, same_question);
}

/* ---- everywhere ------------------------------------------------------------------------------------- */

typedef struct {
  SpItemList *self; /* (owned) */
  gboolean same_question;
} Everywhere;

static void
found_everywhere_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Everywhere *everywhere = user_data;
  g_autoptr (SpItemList) self = everywhere->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpResults) results = sp_session_search_finish (SP_SESSION (object), result, &error);
  const SpPosition *found;
  gsize n;

  if (results == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  g_clear_object (&self->searching);
  if (!self->everywhere || self->session == NULL ||
      sp_results_get_snapshot (results) != sp_session_get_snapshot (self->session))
    return;
  g_clear_pointer (&self->results, sp_results_unref);
  self->results = g_steal_pointer (&results);
  found = sp_results_peek (self->results, &n);
  self->n_first = (guint) n;
  sp_item_list_show (self, sp_results_get_snapshot (self->results),
                     g_memdup2 (found, (n + 1) * sizeof *found), (guint) n,
                     everywhere->same_question);
}

/* All places, since that is what was asked for. It takes as long as it takes to decrypt all items; what was there
 * before stays for that long. */
static void
search_everywhere (SpItemList *self, gboolean same_question)
{
  g_autofree char *text = g_strconcat (sp_item_list_get_text (self), " in:all", NULL);
  Everywhere *everywhere = g_new0 (Everywhere, 1);

  everywhere->self = g_object_ref (self);
  everywhere->same_question = same_question;
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  self->searching = g_cancellable_new ();
  sp_session_search_async (self->session, text, self->searching, found_everywhere_cb, everywhere);
}

static void
search_everywhere_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemList *self = SP_ITEM_LIST (widget);

  if (self->session == NULL || !sp_session_is_open (self->session))
    return;
  self->everywhere = sp_item_list_is_typed (self);
  sp_item_list_update (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

void
sp_item_list_cancel (SpItemList *self)
{
  g_cancellable_cancel (self->sorting);
  forget_sorting (self);
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
}

/* ---- the answer ------------------------------------------------------------------------------------- */

static void
show_found (SpItemList *self, SpSnapshot *snapshot, gboolean same_question)
{
  const SpPosition *found;
  SpPosition *positions;
  gsize n_found;
  guint n;

  find (self, snapshot);
  (void) ensure_order (self, snapshot);
  found = sp_results_peek (self->results, &n_found);
  positions = g_memdup2 (found, (n_found + 1) * sizeof *found);
  n = (guint) n_found;
  if (self->tag != NULL)
    n = keep_tagged (self, snapshot, positions, n);
  self->n_first = n;
  sp_item_list_show (self, snapshot, positions, n, same_question);
}

void
sp_item_list_update (SpItemList *self, gboolean same_question)
{
  SpSnapshot *snapshot = self->session != NULL ? sp_session_get_snapshot (self->session) : NULL;

  if (snapshot == NULL || self->filter == NULL)
    return;
  self->everywhere = self->everywhere && sp_item_list_is_typed (self);
  if (self->everywhere) {
    search_everywhere (self, same_question);
    return;
  }
  g_cancellable_cancel (self->searching);
  if (same_question && is_shown (self, snapshot))
    sp_item_list_update_strips (self);
  else if (sp_item_list_is_typed (self))
    show_found (self, snapshot, same_question);
  else
    show_whole (self, snapshot, same_question);
}

/* ---- the entry -------------------------------------------------------------------------------------- */

static gboolean
is_filter (const char *word)
{
  static const char *const filters[] = { "tag:", "type:", "url:", "is:", "in:" };

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_has_prefix (word, filters[i]))
      return TRUE;
  return FALSE;
}

static void
entry_changed_cb (SpItemList *self)
{
  g_autofree char *folded = sp_search_fold (sp_item_list_get_text (self));
  char **words;
  guint n = 0;

  g_strdelimit (folded, "\"", ' ');
  words = g_strsplit (folded, " ", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0' || is_filter (words[i]))
      g_free (words[i]);
    else
      words[n++] = words[i];
  }
  words[n] = NULL;
  g_strfreev (self->words);
  self->words = words;
  sp_item_list_update (self, FALSE);
}

static void
select_first (SpItemList *self)
{
  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), 0, TRUE);
  sp_item_list_focus_index (self, 0);
}

static void
entry_activate_cb (SpItemList *self)
{
  select_first (self);
  if (self->number != 0)
    sp_item_list_open (self, self->number);
}

/* Something was typed elsewhere: what follows belongs here too. */
static void
entry_started_cb (SpItemList *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

static void
entry_stop_cb (SpItemList *self)
{
  guint index;

  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  index = self->model != NULL ? sp_results_model_find (self->model, self->number) : G_MAXUINT;
  if (index != G_MAXUINT)
    sp_item_list_focus_index (self, index);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static gboolean
view_key_cb (GtkEventControllerKey *controller,
             guint key,
             guint code,
             GdkModifierType state,
             gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (view, SP_TYPE_ITEM_LIST));

  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  if (self->selecting || self->n_selected > 1)
    sp_item_list_set_selecting (self, FALSE);
  else if (*sp_item_list_get_text (self) != '\0')
    entry_stop_cb (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
entry_key_cb (GtkEventControllerKey *controller,
              guint key,
              guint code,
              GdkModifierType state,
              gpointer user_data)
{
  GtkWidget *entry = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (entry, SP_TYPE_ITEM_LIST));

  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  select_first (self);
  return GDK_EVENT_STOP;
}

void
sp_item_list_install_search (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "items.search-everywhere", NULL,
                                   search_everywhere_action);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, everywhere_button);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_started_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_key_cb);
}
