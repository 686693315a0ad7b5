/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fault rule: which calls it is for, and what it does to them; its text form, and what it draws
 * for a call. No I/O, no clock, and the dice are an argument.
 *
 * The text, as in MESH_FAULTS, rules separated by ";", words by blanks, in any order behind the
 * method, each at most once:
 *
 *     METHOD   "pkg.Service/Method", "pkg.Service/" and an asterisk, or an asterisk for all
 *     server | client            the side it is for; server
 *     delay=DISTRIBUTION[@P%]    5ms · uniform(0ms,1s) · exponential(100ms) · normal(80ms,20ms)
 *     max=TIME                   no delay is longer; 60s
 *     abort=CODE[@P%]            UNAVAILABLE, …
 *     message="TEXT"             of the abort; printable ASCII; \" and \\ are " and \ in it
 *     when=before|after|both     the call goes on, or its answer does; before
 *     count=N                    ends after N calls that it did something to
 *     ttl=TIME                   ends by itself
 *     id=NAME                    what it is called; one is made up otherwise
 *
 * TIME has a unit: ms, s, m or h, and may have up to three decimals. P% may have four.
 */
#ifndef MESH__FAULT_RULE_H
#define MESH__FAULT_RULE_H

#include <mesh/status.h>
#include <stdint.h>

enum {
  MESH__FAULT_ID_SIZE = 64,
  MESH__FAULT_METHOD_SIZE = 256,
  MESH__FAULT_MESSAGE_SIZE = 256,
  MESH__FAULT_TEXT_SIZE = 2048, /* holds the text of any rule */
};
enum { MESH__FAULT_ALWAYS = 1000000 }; /* 100 %, in parts per million */
enum {
  MESH__FAULT_MAX_MS = 60000,          /* the default of max */
  MESH__FAULT_DELAY_MOST_MS = 3600000, /* the most that max may be */
  MESH__FAULT_TTL_MOST_MS = 604800000, /* a week */
  MESH__FAULT_COUNT_MOST = 999999999,
};

typedef enum mesh__fault_side { MESH__FAULT_SERVER, MESH__FAULT_CLIENT } mesh__fault_side;

/* When it happens; bits. */
typedef enum mesh__fault_when {
  MESH__FAULT_BEFORE = 1,
  MESH__FAULT_AFTER = 2,
  MESH__FAULT_BOTH = 3,
} mesh__fault_when;

typedef enum mesh__fault_shape {
  MESH__FAULT_NO_DELAY,
  MESH__FAULT_FIXED,       /* a */
  MESH__FAULT_UNIFORM,     /* a to b */
  MESH__FAULT_EXPONENTIAL, /* a is the mean */
  MESH__FAULT_NORMAL,      /* a is the mean, b the standard deviation */
} mesh__fault_shape;

typedef struct mesh__fault_delay {
  mesh__fault_shape shape;
  int64_t a_ms;
  int64_t b_ms;
  int64_t max_ms;
  uint32_t ppm; /* of the calls */
} mesh__fault_delay;

typedef struct mesh__fault_abort {
  grpc_status_code code; /* OK: none */
  uint32_t ppm;
  char message[MESH__FAULT_MESSAGE_SIZE]; /* "": one is made up */
} mesh__fault_abort;

typedef struct mesh__fault_rule {
  char id[MESH__FAULT_ID_SIZE]; /* "": to be made up */
  char method[MESH__FAULT_METHOD_SIZE];
  mesh__fault_side side;
  mesh__fault_when when;
  mesh__fault_delay delay;
  mesh__fault_abort abort;
  int64_t count;  /* 0: without limit */
  int64_t ttl_ms; /* 0: without limit */
} mesh__fault_rule;

/* A rule that does nothing yet, with the defaults of all the rest. */
void mesh__fault_rule_init(mesh__fault_rule *rule);

/* What is wrong with a rule, or NULL. Static. */
const char *mesh__fault_rule_check(const mesh__fault_rule *rule);

/* True when the rule is for calls of a method, "/pkg.Service/Method", on that side. */
bool mesh__fault_rule_matches(const mesh__fault_rule *rule, mesh__fault_side side,
                              const char *path);

/* True for paths and patterns that no rule may touch: health, reflection, the administration of
 * faults, and the way of telemetry. `name` is "pkg.Service/Method", without a slash in front. */
bool mesh__fault_is_untouchable(const char *name);

/* 64 random bits. */
typedef uint64_t mesh__fault_random_fn(void *data);

/* What a rule has drawn for one call. */
typedef struct mesh__fault_plan {
  int64_t before_ms;
  int64_t after_ms;
  grpc_status_code abort; /* OK: none */
  bool abort_after;       /* in place of the answer, rather than of the call */
} mesh__fault_plan;

static inline bool mesh__fault_plan_is_empty(const mesh__fault_plan *plan) {
  return plan->before_ms == 0 && plan->after_ms == 0 && plan->abort == GRPC_STATUS_OK;
}

mesh__fault_plan mesh__fault_rule_draw(const mesh__fault_rule *rule, mesh__fault_random_fn *random,
                                       void *random_data);

/* "UNAVAILABLE" to its code; false for names that are none, and for OK. */
bool mesh__fault_code_parse(const char *name, size_t length, grpc_status_code *out_code);

/* "before", "after", "both"; "server", "client". Static. */
const char *mesh__fault_when_name(mesh__fault_when when);
const char *mesh__fault_side_name(mesh__fault_side side);

/* ---- text (fault_text.c) ---- */

/*
 * Parses the rules of a text and calls `each` for every one; rules of blanks only are none.
 * INVALID_ARGUMENT says which rule and at which character of the text, counted from 1; so does what
 * `each` returns, which ends the parsing.
 */
typedef mesh_status mesh__fault_each_fn(const mesh__fault_rule *rule, void *data);
MESH_MUST_USE mesh_status mesh__fault_parse(const char *text, mesh__fault_each_fn *each,
                                            void *data);

/* The text of a rule, which parses to the same rule again. */
void mesh__fault_format(const mesh__fault_rule *rule, char out_text[MESH__FAULT_TEXT_SIZE]);

#endif
