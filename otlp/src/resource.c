/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A resource is one block: the attributes, then what they point to. It is put together from views
 * by a bump of a pointer over a block whose size was computed first.
 */
#include <otlp/resource.h>

#include "resource.h"
#include "text.h"

#include <otlp/log.h>

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

struct otlp_resource {
  atomic_uint references;
  size_t count;
  otlp_string schema_url;
  otlp_attribute attributes[];
};

static size_t align_up(size_t size) {
  return (size + 7) & ~(size_t)7;
}

static size_t element_size(otlp_value_type type) {
  switch (type) {
  case OTLP_VALUE_STRING_ARRAY:
    return sizeof(otlp_string);
  case OTLP_VALUE_BOOL_ARRAY:
    return sizeof(bool);
  case OTLP_VALUE_INT_ARRAY:
    return sizeof(int64_t);
  case OTLP_VALUE_DOUBLE_ARRAY:
    return sizeof(double);
  default:
    return 0;
  }
}

/* What a value points to, with every piece rounded up to a multiple of 8. */
static size_t pointed_size(const otlp_value *value) {
  if (value->type == OTLP_VALUE_STRING || value->type == OTLP_VALUE_BYTES) {
    return align_up(value->as.string.length);
  }
  size_t size = align_up(value->count * element_size(value->type));
  if (value->type == OTLP_VALUE_STRING_ARRAY) {
    for (size_t i = 0; i < value->count; i++) {
      size += align_up(value->as.strings[i].length);
    }
  }
  return size;
}

static void *put(char **at, const void *data, size_t size) {
  void *copy = *at;
  if (size > 0) {
    memcpy(copy, data, size);
  }
  *at += align_up(size);
  return copy;
}

static otlp_string put_string(char **at, otlp_string text) {
  return otlp__string_of(put(at, text.data, text.length), text.length);
}

static otlp_value put_value(char **at, const otlp_value *value) {
  otlp_value copy = *value;
  size_t elements = value->count * element_size(value->type);
  if (value->type == OTLP_VALUE_STRING || value->type == OTLP_VALUE_BYTES) {
    copy.as.string = put_string(at, value->as.string);
  } else if (value->type == OTLP_VALUE_STRING_ARRAY) {
    otlp_string *strings = put(at, value->as.strings, elements);
    for (size_t i = 0; i < value->count; i++) {
      strings[i] = put_string(at, value->as.strings[i]);
    }
    copy.as.strings = strings;
  } else if (elements > 0) {
    copy.as.integers = put(at, value->as.integers, elements);
  }
  return copy;
}

/* Two lists in a row, read as one. */
typedef struct attribute_lists {
  const otlp_attribute *first;
  size_t first_count;
  const otlp_attribute *second;
  size_t second_count;
} attribute_lists;

static size_t lists_count(const attribute_lists *lists) {
  return lists->first_count + lists->second_count;
}

static const otlp_attribute *lists_at(const attribute_lists *lists, size_t index) {
  return index < lists->first_count ? &lists->first[index]
                                    : &lists->second[index - lists->first_count];
}

/* The value that counts for the key at `index`: the last one; NULL if the key stood before. */
static const otlp_value *value_at(const attribute_lists *lists, size_t index) {
  otlp_string key = lists_at(lists, index)->key;
  for (size_t i = 0; i < index; i++) {
    if (otlp__string_equal(lists_at(lists, i)->key, key)) {
      return NULL;
    }
  }
  size_t last = index;
  for (size_t i = index + 1; i < lists_count(lists); i++) {
    last = otlp__string_equal(lists_at(lists, i)->key, key) ? i : last;
  }
  return key.length > 0 ? &lists_at(lists, last)->value : NULL;
}

static otlp_resource *resource_from(const attribute_lists *lists, otlp_string schema_url) {
  size_t count = 0;
  size_t size = align_up(schema_url.length);
  for (size_t i = 0; i < lists_count(lists); i++) {
    const otlp_value *value = value_at(lists, i);
    if (value != NULL) {
      count++;
      size += align_up(lists_at(lists, i)->key.length) + pointed_size(value);
    }
  }
  otlp_resource *resource = malloc(sizeof(*resource) + count * sizeof(otlp_attribute) + size);
  if (resource == NULL) {
    return NULL;
  }
  char *at = (char *)(resource->attributes + count);
  atomic_init(&resource->references, 1);
  resource->count = 0;
  resource->schema_url = put_string(&at, schema_url);
  for (size_t i = 0; i < lists_count(lists); i++) {
    const otlp_value *value = value_at(lists, i);
    if (value != NULL) {
      otlp_attribute *copy = &resource->attributes[resource->count++];
      copy->key = put_string(&at, lists_at(lists, i)->key);
      copy->value = put_value(&at, value);
    }
  }
  return resource;
}

otlp_resource *otlp_resource_new(const otlp_attribute *attributes, size_t attribute_count,
                                 otlp_string schema_url) {
  attribute_lists lists = {attributes, attribute_count, NULL, 0};
  return resource_from(&lists, schema_url);
}

static otlp_string merged_schema_url(otlp_string old, otlp_string updating) {
  if (old.length == 0 || otlp__string_equal(old, updating)) {
    return updating;
  }
  if (updating.length == 0) {
    return old;
  }
  otlp_log(OTLP_LOG_WARN, "merged resources have different schemas, %.*s and %.*s: none is kept",
           (int)old.length, old.data, (int)updating.length, updating.data);
  return otlp__string_of(NULL, 0);
}

otlp_resource *otlp_resource_merge(const otlp_resource *old, const otlp_resource *updating) {
  attribute_lists lists;
  lists.first = otlp_resource_attributes(old, &lists.first_count);
  lists.second = otlp_resource_attributes(updating, &lists.second_count);
  return resource_from(
      &lists, merged_schema_url(otlp_resource_schema_url(old), otlp_resource_schema_url(updating)));
}

otlp_resource *otlp__resource_merge_into(otlp_resource *old, otlp_resource *updating) {
  otlp_resource *merged =
      old != NULL && updating != NULL ? otlp_resource_merge(old, updating) : NULL;
  otlp_resource_release(old);
  otlp_resource_release(updating);
  return merged;
}

const otlp_attribute *otlp_resource_attributes(const otlp_resource *resource, size_t *out_count) {
  *out_count = resource != NULL ? resource->count : 0;
  return resource != NULL ? resource->attributes : NULL;
}

otlp_string otlp_resource_schema_url(const otlp_resource *resource) {
  return resource != NULL ? resource->schema_url : otlp__string_of(NULL, 0);
}

otlp_resource *otlp_resource_acquire(const otlp_resource *resource) {
  otlp_resource *counted = (otlp_resource *)resource;
  if (counted != NULL) {
    atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
  }
  return counted;
}

void otlp_resource_release(const otlp_resource *resource) {
  otlp_resource *counted = (otlp_resource *)resource;
  if (counted != NULL &&
      atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1) {
    free(counted);
  }
}
