/* Lists through a link that is the first member of what is listed: a pointer to the one is a pointer to the other. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>

/* Of an item: its neighbours. Of a list: its last and its first item, or itself. */
typedef struct link {
  struct link *before;
  struct link *behind;
} link;

static inline void list_clear(link *list) { list->before = list->behind = list; }

static inline bool list_is_empty(const link *list) { return list->behind == list; }

static inline void list_insert_behind(link *place, link *item) {
  item->before = place;
  item->behind = place->behind;
  place->behind->before = item;
  place->behind = item;
}

static inline void list_append(link *list, link *item) { list_insert_behind(list->before, item); }

static inline void list_remove(link *item) {
  item->before->behind = item->behind;
  item->behind->before = item->before;
}

/* Takes the first item out of a list that is not empty. */
static inline void *list_take(link *list) {
  link *first = list->behind;
  list_remove(first);
  return first;
}

#endif
