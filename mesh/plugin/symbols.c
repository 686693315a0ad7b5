/* SPDX-License-Identifier: Apache-2.0 */
#include "symbols.h"

#include <stdlib.h>
#include <string.h>

/* A C name and whose it is: a method, or (method NULL) a service. */
typedef struct gen_symbol {
  const char *name;
  const gen_service *service;
  const gen_method *method;
  size_t order; /* keeps the report in the file's order */
} gen_symbol;

typedef struct gen_symbols {
  gen_pool *pool;
  gen_symbol *items;
  size_t count;
} gen_symbols;

/* The endings of what header.c and source.c make for each kind; "" is the call itself. */
static const char *const service_endings[] = {"", "_bind", "_descriptor"};
static const char *const method_endings[][7] = {
    [GEN_UNARY] = {"", "_fn", "_reply"},
    [GEN_SERVER_STREAMING] = {"", "_fn", "_send", "_client_receive"},
    [GEN_CLIENT_STREAMING] = {"", "_fn", "_reply", "_receive", "_received_fn", "_client_send"},
    [GEN_BIDI_STREAMING] = {"", "_fn", "_send", "_receive", "_received_fn", "_client_send",
                            "_client_receive"},
};

enum { SERVICE_ENDINGS = 3, METHOD_ENDINGS = 7 };

static void add(gen_symbols *symbols, const char *stem, const char *ending,
                const gen_service *service, const gen_method *method) {
  symbols->items[symbols->count] = (gen_symbol){
      gen_pool_printf(symbols->pool, "%s%s", stem, ending), service, method, symbols->count};
  symbols->count++;
}

static void add_service(gen_symbols *symbols, const gen_service *service) {
  for (size_t i = 0; i < SERVICE_ENDINGS; i++) {
    add(symbols, service->table, service_endings[i], service, NULL);
  }
  for (size_t m = 0; m < service->method_count; m++) {
    const gen_method *method = &service->methods[m];
    for (size_t i = 0; i < METHOD_ENDINGS && method_endings[method->kind][i] != NULL; i++) {
      add(symbols, method->call, method_endings[method->kind][i], service, method);
    }
    const char *member = gen_pool_printf(symbols->pool, ".%s", method->member);
    add(symbols, service->table, member, service, method);
  }
}

static int compare(const void *left_item, const void *right_item) {
  const gen_symbol *left = left_item;
  const gen_symbol *right = right_item;
  int names = strcmp(left->name, right->name);
  return names != 0 ? names : (left->order > right->order) - (left->order < right->order);
}

/* "OrderService.Watch", or "service OrderService". */
static const char *owner(gen_pool *pool, const gen_symbol *symbol) {
  if (symbol->method == NULL) {
    return gen_pool_printf(pool, "service %s", symbol->service->name);
  }
  return gen_pool_printf(pool, "%s.%s", symbol->service->name, symbol->method->name);
}

static void report(gen_pool *pool, const gen_file *file, const gen_options *options,
                   const gen_symbol *first, const gen_symbol *second, gen_errors *errors) {
  bool is_within_service =
      first->service == second->service && (first->method == NULL) == (second->method == NULL);
  bool qualify_helps = !options->qualify && !is_within_service;
  gen_errors_add(errors, file->name, "%s and %s would both make the C name %s; %s",
                 owner(pool, first), owner(pool, second), first->name,
                 qualify_helps
                     ? "with --mesh-c_opt=qualify the names of functions contain the service"
                     : "rename one of them");
}

/* Once for each pair: the shortest of the names they share, which sorts first. */
static bool is_reported(const gen_symbol *items, size_t index) {
  for (size_t i = 1; i < index; i++) {
    bool is_same = strcmp(items[i - 1].name, items[i].name) == 0 &&
                   items[i - 1].service == items[index - 1].service &&
                   items[i].service == items[index].service &&
                   items[i - 1].method == items[index - 1].method &&
                   items[i].method == items[index].method;
    if (is_same) {
      return true;
    }
  }
  return false;
}

void gen_symbols_check(gen_pool *pool, const gen_file *file, const gen_options *options,
                       gen_errors *errors) {
  size_t most = 0;
  for (size_t i = 0; i < file->service_count; i++) {
    most += SERVICE_ENDINGS + (METHOD_ENDINGS + 1) * file->services[i].method_count;
  }
  gen_symbols symbols = {pool, gen_pool_alloc(pool, most * sizeof(gen_symbol)), 0};
  for (size_t i = 0; i < file->service_count; i++) {
    add_service(&symbols, &file->services[i]);
  }
  qsort(symbols.items, symbols.count, sizeof(gen_symbol), compare);
  for (size_t i = 1; i < symbols.count; i++) {
    if (strcmp(symbols.items[i - 1].name, symbols.items[i].name) == 0 &&
        !is_reported(symbols.items, i)) {
      report(pool, file, options, &symbols.items[i - 1], &symbols.items[i], errors);
    }
  }
}
