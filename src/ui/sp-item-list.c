/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked is the place's filter and what was typed. Each answer is a fresh model; only when the vault changed
 * and the same items are to be shown as before, the model moves on in place, so that nothing jumps.
 *
 * With nothing typed, items are in the chosen order, which is made for a snapshot in the session's thread, or here if
 * there are few. As long as it is being made, what was there before stays. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include "ui/sp-item-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "services/sp-session-job.h"
#include "services/sp-tally.h"
#include "ui/sp-item-row.h"
#include "ui/sp-results-model.h"
#include "ui/sp-ui.h"
#include "vault/sp-order.h"
#include "vault/sp-search.h"

/* So many are ordered in less than a millisecond. */
#define FEW_ITEMS 2000

struct _SpItemList {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean at_end;
  gboolean can_go_back;
  char *filter;    /* of the place */
  char *tag;       /* (nullable) that the filter names */
  char *sort;      /* "title", "used" or "modified" */
  char **words;    /* (nullable) typed, folded, to be marked */
  guint64 number;  /* selected, or to be selected as soon as it is there */
  gboolean silent; /* the selection is being put back */

  SpOrder *order;        /* (owned) (nullable) */
  GCancellable *sorting; /* (owned) (nullable) */
  SpResults *results;    /* (owned) (nullable) what was found last */
  SpResultsModel *model; /* (owned) (nullable) what is shown */
  GPtrArray *bound;      /* (element-type GtkListItem) those on screen */

  GtkSearchEntry *entry;
  GtkMenuButton *first_button;
  GtkMenuButton *new_button;
  GtkSingleSelection *selection; /* (owned) (nullable) */
  GtkStack *stack;
  AdwStatusPage *status;
  AdwWindowTitle *title;
  GtkListView *view;
};

G_DEFINE_FINAL_TYPE (SpItemList, sp_item_list, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_AT_END,
  PROP_CAN_GO_BACK,
  PROP_SORT,
  N_PROPS,
};

enum {
  SIGNAL_ITEM_SELECTED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void update (SpItemList *self, gboolean same_question);

static const char *
get_text (SpItemList *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

static gboolean
is_typed (SpItemList *self)
{
  for (const char *c = get_text (self); *c != '\0'; c++)
    if (*c != ' ')
      return TRUE;
  return FALSE;
}

/* ---- rows ------------------------------------------------------------------------------------------- */

static void
show_row (SpItemList *self, GtkListItem *list_item)
{
  SpResultRow *row = gtk_list_item_get_item (list_item);
  SpOverview overview;

  if (row != NULL && sp_result_row_get_overview (row, &overview))
    sp_item_row_show (SP_ITEM_ROW (gtk_list_item_get_child (list_item)), &overview,
                      (const char *const *) self->words);
}

/* A row that is selected already says nothing when it is clicked; on a narrow window it is to be shown again. */
static void
view_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (view, SP_TYPE_ITEM_LIST));
  GtkWidget *picked = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? gtk_widget_get_ancestor (picked, SP_TYPE_ITEM_ROW) : NULL;

  if (row != NULL && self->number != 0 &&
      sp_item_row_get_number (SP_ITEM_ROW (row)) == self->number)
    g_signal_emit (self, signals[SIGNAL_ITEM_SELECTED], 0, self->number);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  gtk_list_item_set_child (list_item, sp_item_row_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  g_ptr_array_add (self->bound, list_item);
  show_row (self, list_item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  g_ptr_array_remove_fast (self->bound, list_item);
}

/* ---- selection -------------------------------------------------------------------------------------- */

static guint64
get_selected_number (SpItemList *self)
{
  SpResultRow *row = gtk_single_selection_get_selected_item (self->selection);
  SpOverview overview;

  return row != NULL && sp_result_row_get_overview (row, &overview) ? overview.number : 0;
}

static void
selected_cb (SpItemList *self)
{
  guint64 number;

  if (self->silent)
    return;
  number = get_selected_number (self);
  if (number == self->number)
    return;
  self->number = number;
  g_signal_emit (self, signals[SIGNAL_ITEM_SELECTED], 0, number);
}

static void
select_silently (SpItemList *self, guint index)
{
  self->silent = TRUE;
  gtk_single_selection_set_selected (self->selection, index);
  self->silent = FALSE;
}

static void
scroll_to (SpItemList *self, guint index)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", index);
}

static void
view_activate_cb (SpItemList *self, guint index)
{
  if (self->number != 0)
    g_signal_emit (self, signals[SIGNAL_ITEM_SELECTED], 0, self->number);
}

/* ---- what is shown ---------------------------------------------------------------------------------- */

static void
show_nothing (SpItemList *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  gboolean writable = sp_session_is_writable (self->session);
  gboolean may_add = FALSE;
  const char *icon = "sp-all-items-symbolic", *title, *text = NULL;

  if (is_typed (self)) {
    icon = "system-search-symbolic";
    title = _ ("Nothing Found");
    text = _ ("Try fewer or other words. Titles, user names, websites and tags are searched.");
  } else if (snapshot != NULL && sp_snapshot_get_n_items (snapshot) == 0) {
    icon = "sp-vault-symbolic";
    title = _ ("The Vault Is Empty");
    text = _ ("Add a first item: a login, a card, a note, or anything else that is to be kept safe.");
    may_add = TRUE;
  } else if (g_str_equal (self->filter, "is:trashed")) {
    icon = "sp-trash-symbolic";
    title = _ ("The Trash Is Empty");
    text = _ ("Items that are moved to the trash are kept here, and can be restored.");
  } else if (g_str_equal (self->filter, "is:archived")) {
    icon = "sp-archive-symbolic";
    title = _ ("Nothing Is Archived");
    text = _ ("Archive items that you no longer use, but want to keep.");
  } else if (g_str_equal (self->filter, "is:favourite")) {
    icon = "sp-favourite-symbolic";
    title = _ ("No Favourites");
    text = _ ("Mark the items that you use most as favourites, to have them here.");
  } else {
    title = _ ("No Items");
    may_add = TRUE;
  }
  adw_status_page_set_icon_name (self->status, icon);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->first_button), may_add && writable);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
set_model (SpItemList *self, SpResultsModel *model)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_single_selection_set_model (selection, G_LIST_MODEL (model));
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_set_object (&self->selection, selection);
  g_set_object (&self->model, model);
  g_signal_connect_object (selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

/* A list view begins a new model at its top. The place is put back when the rows have been laid out. */
typedef struct {
  GtkAdjustment *adjustment; /* (owned) */
  double value;
} Scroll;

static gboolean
scroll_back_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Scroll *scroll = user_data;

  gtk_adjustment_set_value (scroll->adjustment, scroll->value);
  return G_SOURCE_REMOVE;
}

static void
scroll_free (gpointer data)
{
  Scroll *scroll = data;

  g_object_unref (scroll->adjustment);
  g_free (scroll);
}

static void
keep_scroll (SpItemList *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  Scroll *scroll = g_new0 (Scroll, 1);

  scroll->adjustment = g_object_ref (adjustment);
  scroll->value = gtk_adjustment_get_value (adjustment);
  gtk_widget_add_tick_callback (GTK_WIDGET (self->view), scroll_back_cb, scroll, scroll_free);
}

static void
swap_model (SpItemList *self, SpPosition *positions, guint n, gboolean same_question)
{
  g_autoptr (SpResultsModel) model = NULL;
  guint index;

  model = sp_results_model_new_take (sp_results_get_snapshot (self->results), positions, n);
  index = sp_results_model_find (model, self->number);
  if (same_question)
    keep_scroll (self);
  set_model (self, model);
  select_silently (self, index);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  if (n > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_nothing (self);
}

static gboolean
is_same (const SpPosition *a, const SpPosition *b, guint n)
{
  for (guint i = 0; i < n; i++)
    if (a[i] != b[i])
      return FALSE;
  return TRUE;
}

static int
compare_positions (const void *a, const void *b)
{
  SpPosition position_a = *(const SpPosition *) a, position_b = *(const SpPosition *) b;

  return position_a < position_b ? -1 : position_a > position_b;
}

static gboolean
is_same_set (const SpPosition *a, const SpPosition *b, guint n)
{
  g_autofree SpPosition *sorted_a = g_memdup2 (a, n * sizeof *a);
  g_autofree SpPosition *sorted_b = g_memdup2 (b, n * sizeof *b);

  qsort (sorted_a, n, sizeof *sorted_a, compare_positions);
  qsort (sorted_b, n, sizeof *sorted_b, compare_positions);
  return is_same (sorted_a, sorted_b, n);
}

/* In place, if the vault's change left the list what it was. That an item was used moves it only when something else
 * is asked. */
static gboolean
move_model (SpItemList *self, const SpPosition *positions, guint n)
{
  SpSnapshot *from = self->model != NULL ? sp_results_model_get_snapshot (self->model) : NULL;
  SpSnapshot *to = sp_results_get_snapshot (self->results);
  gboolean by_use = is_typed (self) || g_str_equal (self->sort, "used");
  g_autofree SpPosition *carried = NULL;
  const SpPosition *old;
  guint n_old;

  if (from == NULL)
    return FALSE;
  old = sp_results_model_peek (self->model, &n_old);
  if (n_old != n || n == 0)
    return FALSE;
  carried = g_new (SpPosition, n);
  sp_order_carry (from, to, old, n, carried);
  if (!is_same (carried, positions, n) && !(by_use && is_same_set (carried, positions, n)))
    return FALSE;
  sp_results_model_move_take (self->model, to, g_steal_pointer (&carried));
  for (guint i = 0; i < self->bound->len; i++)
    show_row (self, g_ptr_array_index (self->bound, i));
  return TRUE;
}

/* ---- what is asked ---------------------------------------------------------------------------------- */

static SpOrderKind
get_order_kind (SpItemList *self)
{
  if (g_str_equal (self->sort, "used"))
    return SP_ORDER_USED;
  return g_str_equal (self->sort, "modified") ? SP_ORDER_MODIFIED : SP_ORDER_TITLE;
}

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

static void
sorted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemList) self = SP_ITEM_LIST (user_data);
  g_autoptr (GError) error = NULL;
  Sorting *sorting = sp_session_run_finish (SP_SESSION (object), result, &error);

  /* It fails only when it is cancelled: by a lock, or as another order is wanted. */
  if (sorting == NULL || sorting->order == NULL || self->session == NULL ||
      sorting->snapshot != sp_session_get_snapshot (self->session) ||
      sorting->kind != get_order_kind (self))
    return;
  g_clear_pointer (&self->order, sp_order_unref);
  self->order = g_steal_pointer (&sorting->order);
  g_clear_object (&self->sorting);
  update (self, TRUE);
}

/* FALSE while it is being made. */
static gboolean
ensure_order (SpItemList *self, SpSnapshot *snapshot)
{
  SpOrderKind kind = get_order_kind (self);
  Sorting *sorting;

  if (self->order != NULL && sp_order_get_snapshot (self->order) == snapshot &&
      sp_order_get_kind (self->order) == kind)
    return TRUE;
  if (sp_snapshot_get_n_items (snapshot) <= FEW_ITEMS) {
    g_clear_pointer (&self->order, sp_order_unref);
    self->order = sp_order_new (snapshot, kind);
    return TRUE;
  }
  g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
  self->sorting = g_cancellable_new ();
  sorting = g_new0 (Sorting, 1);
  sorting->snapshot = sp_snapshot_ref (snapshot);
  sorting->kind = kind;
  sp_session_run_async (self->session, SP_JOB_BACKGROUND, sort_in_thread, sorting, sorting_free,
                        self->sorting, sorted_cb, g_object_ref (self));
  return FALSE;
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
    return g_strconcat (self->filter, " ", get_text (self), NULL);
  start = g_strndup (self->tag, strcspn (self->tag, "\""));
  return *start != '\0' ? g_strconcat ("tag:\"", start, "\" ", get_text (self), NULL)
                        : g_strdup (get_text (self));
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

/* `same_question`: only the vault, or the order, is another one. */
static void
update (SpItemList *self, gboolean same_question)
{
  SpSnapshot *snapshot = self->session != NULL ? sp_session_get_snapshot (self->session) : NULL;
  const SpPosition *found;
  SpPosition *positions;
  gboolean ordered;
  gsize n_found;
  guint n;

  if (snapshot == NULL || self->filter == NULL)
    return;
  find (self, snapshot);
  ordered = ensure_order (self, snapshot);
  if (!is_typed (self) && !ordered && same_question && self->model != NULL)
    return;

  found = sp_results_peek (self->results, &n_found);
  positions = g_memdup2 (found, (n_found + 1) * sizeof *found);
  n = (guint) n_found;
  if (self->tag != NULL)
    n = keep_tagged (self, snapshot, positions, n);
  if (!is_typed (self) && ordered)
    sp_order_sort (self->order, positions, n);
  if (same_question && move_model (self, positions, n))
    g_free (positions);
  else
    swap_model (self, positions, n, same_question);
}

static void
changed_cb (SpItemList *self)
{
  update (self, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->new_button), sp_session_is_writable (self->session));
  if (self->number == 0 || self->model == NULL || is_typed (self) ||
      sp_results_model_get_snapshot (self->model) != sp_session_get_snapshot (self->session) ||
      sp_results_model_find (self->model, self->number) != G_MAXUINT)
    return;
  self->number = 0;
  g_signal_emit (self, signals[SIGNAL_ITEM_SELECTED], 0, self->number);
}

/* Nothing of the vault stays here when it is locked. */
static void
forget (SpItemList *self)
{
  g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
  self->number = 0;
  gtk_list_view_set_model (self->view, NULL);
  g_clear_object (&self->selection);
  if (self->model != NULL)
    sp_results_model_clear (self->model);
  g_clear_object (&self->model);
  g_clear_pointer (&self->order, sp_order_unref);
  g_clear_pointer (&self->results, sp_results_unref);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

static void
state_cb (SpItemList *self)
{
  if (!sp_session_is_open (self->session))
    forget (self);
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
  g_autofree char *folded = sp_search_fold (get_text (self));
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
  update (self, FALSE);
}

static void
select_index (SpItemList *self, guint index)
{
  if (self->model == NULL || index >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  gtk_single_selection_set_selected (self->selection, index);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  /* The view itself gives it to whatever had it last. */
  for (guint i = 0; i < self->bound->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->bound, i);

    if (gtk_list_item_get_position (list_item) == index)
      gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
  }
}

static void
entry_activate_cb (SpItemList *self)
{
  select_index (self, 0);
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
    scroll_to (self, index);
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

  if (key != GDK_KEY_Escape || *get_text (self) == '\0')
    return GDK_EVENT_PROPAGATE;
  entry_stop_cb (self);
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
  select_index (self, 0);
  return GDK_EVENT_STOP;
}

static GMenu *
make_type_menu (void)
{
  GMenu *menu = g_menu_new ();
  const SpItemTypeInfo *infos;
  gsize n;

  infos = sp_item_type_list (&n);
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (_ (infos[i].label), NULL);

    g_menu_item_set_action_and_target (item, "win.new-item", "s", infos[i].name);
    g_menu_append_item (menu, item);
  }
  return menu;
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
take_session (SpItemList *self, SpSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
sp_item_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpItemList *self = SP_ITEM_LIST (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_AT_END:
    g_value_set_boolean (value, self->at_end);
    break;
  case PROP_CAN_GO_BACK:
    g_value_set_boolean (value, self->can_go_back);
    break;
  case PROP_SORT:
    g_value_set_string (value, self->sort);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_list_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpItemList *self = SP_ITEM_LIST (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (self->session != g_value_get_object (value)) {
      take_session (self, g_value_get_object (value));
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_AT_END:
    if (self->at_end != g_value_get_boolean (value)) {
      self->at_end = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_CAN_GO_BACK:
    if (self->can_go_back != g_value_get_boolean (value)) {
      self->can_go_back = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_SORT:
    if (g_strcmp0 (self->sort, g_value_get_string (value)) != 0) {
      g_free (self->sort);
      self->sort = g_value_dup_string (value);
      update (self, FALSE);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_list_dispose (GObject *object)
{
  SpItemList *self = SP_ITEM_LIST (object);

  g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ITEM_LIST);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->order, sp_order_unref);
  g_clear_pointer (&self->results, sp_results_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_item_list_parent_class)->dispose (object);
}

static void
sp_item_list_finalize (GObject *object)
{
  SpItemList *self = SP_ITEM_LIST (object);

  g_free (self->filter);
  g_free (self->tag);
  g_free (self->sort);
  g_strfreev (self->words);
  g_ptr_array_unref (self->bound);
  G_OBJECT_CLASS (sp_item_list_parent_class)->finalize (object);
}

static void
sp_item_list_class_init (SpItemListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_item_list_dispose;
  object_class->finalize = sp_item_list_finalize;
  object_class->get_property = sp_item_list_get_property;
  object_class->set_property = sp_item_list_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION, flags);
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_GO_BACK] = g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, flags);
  properties[PROP_SORT] = g_param_spec_string ("sort", NULL, NULL, "title", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ITEM_SELECTED] = g_signal_new ("item-selected", SP_TYPE_ITEM_LIST,
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                1, G_TYPE_UINT64);

  gtk_widget_class_install_property_action (widget_class, "items.sort", "sort");
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-item-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SpItemList, entry);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, first_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, new_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, stack);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, status);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, title);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, view);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_started_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_released_cb);
}

static void
sp_item_list_init (SpItemList *self)
{
  g_autoptr (GMenu) menu = make_type_menu ();
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->sort = g_strdup ("title");
  self->bound = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->new_button, G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (self->first_button, G_MENU_MODEL (menu));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->view, factory);
}

static char *
get_tag (const char *filter)
{
  gsize len = strlen (filter);

  if (!g_str_has_prefix (filter, "tag:\"") || len < strlen ("tag:\"x\"") || filter[len - 1] != '"')
    return NULL;
  return g_strndup (filter + strlen ("tag:\""), len - strlen ("tag:\"\""));
}

void
sp_item_list_set_place (SpItemList *self, const char *filter, const char *title)
{
  guint64 number = self->number;

  g_return_if_fail (SP_IS_ITEM_LIST (self));

  g_free (self->filter);
  self->filter = g_strdup (filter);
  g_free (self->tag);
  self->tag = get_tag (filter);
  adw_window_title_set_title (self->title, title);
  if (*get_text (self) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  else
    update (self, FALSE);
  if (number != 0 && self->model != NULL &&
      sp_results_model_find (self->model, number) == G_MAXUINT) {
    self->number = 0;
    g_signal_emit (self, signals[SIGNAL_ITEM_SELECTED], 0, self->number);
  }
}

void
sp_item_list_start_search (SpItemList *self)
{
  g_return_if_fail (SP_IS_ITEM_LIST (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

void
sp_item_list_select (SpItemList *self, guint64 number)
{
  guint index;

  g_return_if_fail (SP_IS_ITEM_LIST (self));

  self->number = number;
  if (self->model == NULL)
    return;
  index = sp_results_model_find (self->model, number);
  select_silently (self, index);
  if (index != G_MAXUINT)
    scroll_to (self, index);
}

void
sp_item_list_set_key_capture (SpItemList *self, GtkWidget *widget)
{
  g_return_if_fail (SP_IS_ITEM_LIST (self));
  gtk_search_entry_set_key_capture_widget (self->entry, widget);
}
