/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The places are made from a tally, which the session's thread counts after each change. Places that were there
 * before stay, and only their numbers change; the others come and go between them. */

#define G_LOG_DOMAIN "sp-sidebar"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "services/sp-session-job.h"
#include "ui/sp-item-row.h"
#include "ui/sp-pane-layout.h"
#include "ui/sp-sidebar-private.h"
#include "ui/sp-ui.h"

G_DEFINE_FINAL_TYPE (SpSidebar, sp_sidebar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_FOLDED,
  N_PROPS,
};

enum {
  SIGNAL_ITEMS_DROPPED,
  SIGNAL_PLACE_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
sp_sidebar_choose (SpSidebar *self, SpPlace *place)
{
  g_set_object (&self->chosen, place);
  g_signal_emit (self, signals[SIGNAL_PLACE_CHANGED], 0);
}

void
sp_sidebar_drop (SpSidebar *self, SpPlace *place, SpItemNumbers *numbers)
{
  g_signal_emit (self, signals[SIGNAL_ITEMS_DROPPED], 0, sp_place_get_filter (place),
                 sp_place_get_tag (place), numbers);
}

/* ---- places ----------------------------------------------------------------------------------------- */

static void
add (GPtrArray *places, const char *filter, const char *title, const char *icon, guint count)
{
  g_ptr_array_add (places, sp_place_new (filter, title, icon, 0, count));
}

static void
add_types (GPtrArray *places, const SpTally *tally)
{
  const SpItemTypeInfo *infos;
  gboolean any = FALSE;
  gsize n;

  infos = sp_item_type_list (&n);
  for (gsize i = 0; i < n; i++) {
    guint count = sp_tally_get_n_of_type (tally, infos[i].type);
    g_autofree char *filter = g_strconcat ("type:", infos[i].name, NULL);

    if (count == 0)
      continue;
    if (!any)
      add (places, NULL, _ ("Types"), NULL, 0);
    any = TRUE;
    add (places, filter, _ (infos[i].label), sp_item_type_icon_name (infos[i].type), count);
  }
}

static gboolean
is_nested_in (const char *tag, const char *path)
{
  gsize len = strlen (path);

  return strncmp (tag, path, len) == 0 && tag[len] == '/';
}

/* Each tag is followed by those that are nested in it. */
static void
add_tags (SpSidebar *self, GPtrArray *places)
{
  const char *hidden_in = NULL;
  const SpTallyTag *tags;
  gsize n;

  tags = sp_tally_peek_tags (self->tally, &n);
  if (n > 0)
    add (places, NULL, _ ("Tags"), NULL, 0);
  for (gsize i = 0; i < n; i++) {
    gboolean has_nested = i + 1 < n && tags[i + 1].depth > tags[i].depth;
    gboolean expanded = !g_hash_table_contains (self->collapsed, tags[i].path);

    if (hidden_in != NULL && is_nested_in (tags[i].path, hidden_in))
      continue;
    hidden_in = expanded ? NULL : tags[i].path;
    g_ptr_array_add (places, sp_place_new_tag (tags[i].path, tags[i].name, tags[i].depth,
                                               tags[i].n_items, has_nested, expanded));
  }
}

/* Those that are always there stand in the list before anything was counted, and before a vault is open. */
static GPtrArray *
make_places (SpSidebar *self)
{
  const SpTally *tally = self->tally;
  GPtrArray *places = g_ptr_array_new_with_free_func (g_object_unref);

  add (places, "",
       _ ("All Items"), "sp-all-items-symbolic", tally != NULL ? sp_tally_get_n_items (tally) : 0);
  add (places, "is:favourite",
       _ ("Favourites"), "sp-favourite-symbolic",
          tally != NULL ? sp_tally_get_n_favourites (tally) : 0);
  add (places, "is:archived",
       C_ ("place", "Archive"), "sp-archive-symbolic",
           tally != NULL ? sp_tally_get_n_archived (tally) : 0);
  add (places, "is:trashed",
       _ ("Trash"), "sp-trash-symbolic", tally != NULL ? sp_tally_get_n_trashed (tally) : 0);
  if (tally != NULL) {
    add_types (places, tally);
    add_tags (self, places);
  }
  return places;
}

/* GTK_INVALID_LIST_POSITION when it is not there. */
static guint
find_chosen (SpSidebar *self)
{
  GListModel *model = G_LIST_MODEL (self->places);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++) {
    g_autoptr (SpPlace) place = g_list_model_get_item (model, i);

    if (g_strcmp0 (sp_place_get_filter (place), sp_place_get_filter (self->chosen)) == 0)
      return i;
  }
  return GTK_INVALID_LIST_POSITION;
}

static void
put_selection_back (SpSidebar *self)
{
  guint index = find_chosen (self);

  self->silent = TRUE;
  gtk_single_selection_set_selected (self->selection,
                                     index != GTK_INVALID_LIST_POSITION ? index : 0);
  self->silent = FALSE;
  /* The last item with that tag is gone. */
  if (index == GTK_INVALID_LIST_POSITION) {
    g_autoptr (SpPlace) first = g_list_model_get_item (G_LIST_MODEL (self->places), 0);

    if (first != NULL)
      sp_sidebar_choose (self, first);
  }
}

/* Only what differs between the places that both begin and end with is put in anew. */
static void
take_places (SpSidebar *self, GPtrArray *places)
{
  GListModel *model = G_LIST_MODEL (self->places);
  guint n_old = g_list_model_get_n_items (model);
  guint begin = 0, end = 0;

  for (; begin < MIN (n_old, places->len); begin++) {
    g_autoptr (SpPlace) old = g_list_model_get_item (model, begin);

    if (!sp_place_is_same (old, g_ptr_array_index (places, begin)))
      break;
    sp_place_set_count (old, sp_place_get_count (g_ptr_array_index (places, begin)));
  }
  for (; end < MIN (n_old, places->len) - begin; end++) {
    g_autoptr (SpPlace) old = g_list_model_get_item (model, n_old - 1 - end);
    SpPlace *now = g_ptr_array_index (places, places->len - 1 - end);

    if (!sp_place_is_same (old, now))
      break;
    sp_place_set_count (old, sp_place_get_count (now));
  }
  self->silent = TRUE;
  g_list_store_splice (self->places, begin, n_old - begin - end, places->pdata + begin,
                       places->len - begin - end);
  self->silent = FALSE;
  put_selection_back (self);
}

static void
update_places (SpSidebar *self)
{
  g_autoptr (GPtrArray) places = make_places (self);

  take_places (self, places);
}

static gboolean
update_cb (gpointer user_data)
{
  SpSidebar *self = SP_SIDEBAR (user_data);

  self->update_id = 0;
  update_places (self);
  return G_SOURCE_REMOVE;
}

/* Of a place that is no longer shown, the one that it is nested in is chosen. */
void
sp_sidebar_set_expanded (SpSidebar *self, SpPlace *place, gboolean expanded)
{
  const char *tag = sp_place_get_tag (place);
  const char *chosen = sp_place_get_tag (self->chosen);
  gboolean has_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->view)) != NULL;

  if (!sp_place_has_nested (place) || sp_place_is_expanded (place) == expanded)
    return;
  if (expanded)
    g_hash_table_remove (self->collapsed, tag);
  else
    g_hash_table_add (self->collapsed, g_strdup (tag));
  if (!expanded && chosen != NULL && is_nested_in (chosen, tag))
    sp_sidebar_choose (self, place);
  update_places (self);
  /* The row that had it is another one now. */
  if (has_focus)
    sp_sidebar_focus (self);
}

typedef struct {
  SpSnapshot *snapshot; /* (owned) */
  SpTally *tally;       /* (owned) (nullable) out */
} Counting;

static void
counting_free (gpointer data)
{
  Counting *counting = data;

  sp_snapshot_unref (counting->snapshot);
  g_clear_pointer (&counting->tally, sp_tally_unref);
  g_free (counting);
}

static gboolean
count_in_thread (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Counting *counting = data;

  counting->tally = sp_tally_new (counting->snapshot);
  return TRUE;
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpSidebar) self = SP_SIDEBAR (user_data);
  g_autoptr (GError) error = NULL;
  Counting *counting = sp_session_run_finish (SP_SESSION (object), result, &error);

  /* It fails only when it is cancelled: by a lock, or as there is more to be counted. */
  if (counting == NULL || counting->tally == NULL || self->session == NULL ||
      counting->snapshot != sp_session_get_snapshot (self->session))
    return;
  g_clear_pointer (&self->tally, sp_tally_unref);
  self->tally = g_steal_pointer (&counting->tally);
  /* After the frame with the items, which people look at first. */
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_LOW, update_cb, self, NULL);
}

static void
changed_cb (SpSidebar *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  Counting *counting;

  adw_window_title_set_title (self->title, sp_session_get_name (self->session));
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  if (snapshot == NULL)
    return;
  self->counting = g_cancellable_new ();
  counting = g_new0 (Counting, 1);
  counting->snapshot = sp_snapshot_ref (snapshot);
  sp_session_run_async (self->session, SP_JOB_BACKGROUND, count_in_thread, counting, counting_free,
                        self->counting, counted_cb, g_object_ref (self));
}

static SpPlace *
make_first_place (void)
{
  return sp_place_new ("", _ ("All Items"), "sp-all-items-symbolic", 0, 0);
}

/* Tags are the vault's: they go when it is locked, and so do all numbers. An open one begins with all items; it is
 * counted when the session says that it changed. */
static void
state_cb (SpSidebar *self)
{
  g_autoptr (SpPlace) first = make_first_place ();

  if (sp_session_get_state (self->session) == SP_SESSION_OPENING)
    return;
  if (!sp_session_is_open (self->session)) {
    g_cancellable_cancel (self->counting);
    g_clear_object (&self->counting);
    adw_window_title_set_title (self->title, "");
    g_clear_pointer (&self->tally, sp_tally_unref);
    g_hash_table_remove_all (self->collapsed);
    sp_sidebar_close_menu (self);
    g_clear_handle_id (&self->update_id, g_source_remove);
    g_set_object (&self->chosen, first);
    update_places (self);
    return;
  }
  sp_sidebar_choose (self, first);
}

static void
selected_cb (SpSidebar *self)
{
  SpPlace *place = gtk_single_selection_get_selected_item (self->selection);

  /* Folded, it would be out of sight at once: there it is chosen by Enter or by a click. */
  if (self->silent || self->folded || place == NULL || sp_place_get_filter (place) == NULL ||
      g_strcmp0 (sp_place_get_filter (place), sp_place_get_filter (self->chosen)) == 0)
    return;
  sp_sidebar_choose (self, place);
}

static void
view_activate_cb (SpSidebar *self, guint index)
{
  g_autoptr (SpPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), index);

  if (place != NULL && sp_place_get_filter (place) != NULL)
    sp_sidebar_choose (self, place);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
take_session (SpSidebar *self, SpSession *session)
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
sp_sidebar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpSidebar *self = SP_SIDEBAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_FOLDED:
    g_value_set_boolean (value, self->folded);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_sidebar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpSidebar *self = SP_SIDEBAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (self->session != g_value_get_object (value)) {
      take_session (self, g_value_get_object (value));
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_FOLDED:
    if (self->folded != g_value_get_boolean (value)) {
      self->folded = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_sidebar_dispose (GObject *object)
{
  SpSidebar *self = SP_SIDEBAR (object);

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_clear_handle_id (&self->update_id, g_source_remove);
  sp_sidebar_close_menu (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_SIDEBAR);
  g_clear_pointer (&self->tally, sp_tally_unref);
  g_clear_pointer (&self->collapsed, g_hash_table_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->places);
  g_clear_object (&self->chosen);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_sidebar_parent_class)->dispose (object);
}

static void
sp_sidebar_class_init (SpSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_sidebar_dispose;
  object_class->get_property = sp_sidebar_get_property;
  object_class->set_property = sp_sidebar_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION, flags);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ITEMS_DROPPED] = g_signal_new ("items-dropped", SP_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                                G_TYPE_STRING, SP_TYPE_ITEM_NUMBERS);
  signals[SIGNAL_PLACE_CHANGED] = g_signal_new ("place-changed", SP_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, SP_TYPE_PANE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, SpSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, SpSidebar, main_menu);
  gtk_widget_class_bind_template_child (widget_class, SpSidebar, vaults_menu);
  gtk_widget_class_bind_template_child (widget_class, SpSidebar, view);
  gtk_widget_class_bind_template_callback (widget_class, view_activate_cb);
}

static void
sp_sidebar_init (SpSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->chosen = make_first_place ();
  self->collapsed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->places = g_list_store_new (SP_TYPE_PLACE);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->places)));
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  sp_sidebar_init_rows (self);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  update_places (self);
}

const char *
sp_sidebar_get_filter (SpSidebar *self)
{
  g_return_val_if_fail (SP_IS_SIDEBAR (self), "");
  return sp_place_get_filter (self->chosen);
}

const char *
sp_sidebar_get_title (SpSidebar *self)
{
  g_return_val_if_fail (SP_IS_SIDEBAR (self), "");
  return sp_place_get_title (self->chosen);
}

char **
sp_sidebar_get_tags (SpSidebar *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const SpTallyTag *tags;
  gsize n = 0;

  g_return_val_if_fail (SP_IS_SIDEBAR (self), NULL);

  tags = self->tally != NULL ? sp_tally_peek_tags (self->tally, &n) : NULL;
  for (gsize i = 0; i < n; i++)
    g_strv_builder_add (builder, tags[i].path);
  return g_strv_builder_end (builder);
}

void
sp_sidebar_follow_tag (SpSidebar *self, const char *tag, const char *new_tag)
{
  const char *chosen, *slash;
  g_autofree char *path = NULL;
  g_autoptr (SpPlace) place = NULL;

  g_return_if_fail (SP_IS_SIDEBAR (self));

  chosen = sp_place_get_tag (self->chosen);
  if (chosen == NULL || (!g_str_equal (chosen, tag) && !is_nested_in (chosen, tag)))
    return;
  path = g_strconcat (new_tag, chosen + strlen (tag), NULL);
  slash = strrchr (path, '/');
  place = sp_place_new_tag (path, slash != NULL ? slash + 1 : path, 0, 0, FALSE, FALSE);
  sp_sidebar_choose (self, place);
  /* Else it is as soon as the items have been counted. */
  if (find_chosen (self) != GTK_INVALID_LIST_POSITION)
    put_selection_back (self);
}

void
sp_sidebar_focus (SpSidebar *self)
{
  g_return_if_fail (SP_IS_SIDEBAR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

GMenuModel *
sp_sidebar_get_menu (SpSidebar *self)
{
  g_return_val_if_fail (SP_IS_SIDEBAR (self), NULL);
  return self->main_menu;
}

GMenu *
sp_sidebar_get_vaults_menu (SpSidebar *self)
{
  g_return_val_if_fail (SP_IS_SIDEBAR (self), NULL);
  return self->vaults_menu;
}
