/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One completion queue, one thread. A turn runs the timers that are due and the tasks that this
 * thread left for itself, then takes one event from the queue, waiting for it until the next timer.
 * A burst is what can be taken without waiting; behind it the loop is at rest. Tasks for then do
 * what many calls of a burst want for all of them, and what the burst sends leaves with its end.
 *
 * Tasks from other threads go onto a lock-free stack. The one who finds it empty wakes the loop, so
 * there is at most one wake on its way; the loop takes the whole stack and turns it round. The C
 * core has no call to post an event in C, but a batch of no operations completes at once with its
 * tag, and a call on a lame channel is a call that needs no network.
 */
#include "loop.h"

#include <assert.h>
#include <grpc/support/time.h>
#include <mesh/context.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cork.h"
#include "handover.h"
#include "memory.h"
#include "timers.h"

/* Events. Whoever waits for the end of a burst does not wait for more. */
enum { BURST_MAX = 32 };

/* Tasks in their order. */
typedef struct task_list {
  mesh__task *first;
  mesh__task **last;
  size_t count;
} task_list;

struct mesh_loop {
  /* the loop's thread */
  grpc_completion_queue *queue;
  mesh__timers timers;
  mesh__block_pool blocks;
  int64_t now_ms;
  task_list own;
  task_list at_rest;
  size_t burst; /* events since the last rest */
  mesh__cork cork;
  otlp_tracer *tracer;
  /* any thread */
  _Atomic(mesh__task *) posted;
  atomic_bool is_stopping;
  grpc_channel *wake_channel;
  grpc_call *wake_call;
  mesh__tag wake_tag;
};

/* The loop that this thread runs. */
static _Thread_local mesh_loop *current_loop;

static void run_posted(mesh__tag *tag, bool ok);

int64_t mesh__clock_ms(void) {
  gpr_timespec now = gpr_now(GPR_CLOCK_MONOTONIC);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t mesh__add_ms(int64_t now_ms, int64_t delay_ms) {
  return delay_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + delay_ms;
}

gpr_timespec mesh__deadline_to_core(int64_t deadline_ms) {
  if (deadline_ms == INT64_MAX) {
    return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  }
  gpr_timespec deadline;
  deadline.tv_sec = deadline_ms / 1000;
  deadline.tv_nsec = (int32_t)(deadline_ms % 1000 * 1000000);
  deadline.clock_type = GPR_CLOCK_MONOTONIC;
  return deadline;
}

int64_t mesh__deadline_from_core(gpr_timespec deadline) {
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return INT64_MAX;
  }
  gpr_timespec monotonic = gpr_convert_clock_type(deadline, GPR_CLOCK_MONOTONIC);
  return (int64_t)monotonic.tv_sec * 1000 + monotonic.tv_nsec / 1000000;
}

mesh_loop *mesh_loop_new(void) {
  grpc_init();
  mesh_loop *loop = mesh__xcalloc(1, sizeof *loop);
  loop->queue = grpc_completion_queue_create_for_next(NULL);
  loop->own.last = &loop->own.first;
  loop->at_rest.last = &loop->at_rest.first;
  loop->wake_tag.fn = run_posted;
  loop->wake_channel = grpc_lame_client_channel_create("wake", GRPC_STATUS_UNAVAILABLE, "wake");
  loop->wake_call = grpc_channel_create_call(loop->wake_channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                             loop->queue, grpc_slice_from_static_string("/wake"),
                                             NULL, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
  return loop;
}

static void wake(mesh_loop *loop) {
  grpc_call_error error = grpc_call_start_batch(loop->wake_call, NULL, 0, &loop->wake_tag, NULL);
  assert(error == GRPC_CALL_OK);
  (void)error;
}

static void append(task_list *list, mesh__task *task) {
  task->next = NULL;
  *list->last = task;
  list->last = &task->next;
  list->count++;
}

static mesh__task *take(task_list *list) {
  mesh__task *task = list->first;
  list->first = task->next;
  if (list->first == NULL) {
    list->last = &list->first;
  }
  list->count--;
  return task;
}

static bool is_stopping(mesh_loop *loop) {
  return atomic_load_explicit(&loop->is_stopping, memory_order_acquire);
}

void mesh__loop_post_task(mesh_loop *loop, mesh__task *task) {
  if (mesh_loop_is_current(loop)) {
    append(&loop->own, task);
    return;
  }
  mesh__task *head = atomic_load_explicit(&loop->posted, memory_order_relaxed);
  do {
    task->next = head;
  } while (!atomic_compare_exchange_weak_explicit(&loop->posted, &head, task, memory_order_release,
                                                  memory_order_relaxed));
  if (head == NULL) {
    wake(loop);
  }
}

/* The wake arrived: takes all that was posted, oldest first, behind what the loop has for itself.
 */
static void run_posted(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh_loop *loop = MESH__CONTAINER(tag, mesh_loop, wake_tag);
  mesh__task *task = atomic_exchange_explicit(&loop->posted, NULL, memory_order_acquire);
  mesh__task *oldest_first = NULL;
  while (task != NULL) {
    mesh__task *next = task->next;
    task->next = oldest_first;
    oldest_first = task;
    task = next;
  }
  while (oldest_first != NULL) {
    mesh__task *next = oldest_first->next;
    append(&loop->own, oldest_first);
    oldest_first = next;
  }
}

/* Runs the tasks there are now; those they leave are for the next turn. */
static void run_own(mesh_loop *loop) {
  for (size_t count = loop->own.count; count > 0 && !is_stopping(loop); count--) {
    mesh__task *task = take(&loop->own);
    task->fn(task);
  }
}

/* The same, whether the loop is stopping or not. */
static void run_at_rest(mesh_loop *loop) {
  for (size_t count = loop->at_rest.count; count > 0; count--) {
    mesh__task *task = take(&loop->at_rest);
    task->fn(task);
  }
}

/* Runs the timers that are due; one that they start, even for now, is for the next turn. */
static void run_timers(mesh_loop *loop) {
  uint64_t first_new = loop->timers.sequence;
  while (!is_stopping(loop) && loop->timers.root != NULL &&
         loop->timers.root->sequence < first_new) {
    mesh_timer *timer = mesh__timers_take_due(&loop->timers, loop->now_ms);
    if (timer == NULL) {
      return;
    }
    timer->fn(timer->data);
  }
}

/* One event, or GRPC_QUEUE_TIMEOUT at the deadline, or GRPC_QUEUE_SHUTDOWN. */
static grpc_event next_event(mesh_loop *loop, gpr_timespec deadline) {
  grpc_event event = grpc_completion_queue_next(loop->queue, deadline, NULL);
  loop->now_ms = mesh__clock_ms();
  return event;
}

static void dispatch(const grpc_event *event) {
  mesh__tag *tag = event->tag;
  MESH__TAKE_OVER(tag);
  tag->fn(tag, event->success != 0);
}

/* What a lone event sends is uncorked as soon as the queue has no other. */
static void go_on_with_burst(mesh_loop *loop) {
  if (loop->burst++ == 0) {
    mesh__cork_put(&loop->cork);
  }
}

static void end_burst(mesh_loop *loop) {
  mesh__cork_pull(&loop->cork);
  loop->burst = 0;
}

/* What there is to do besides events. The tasks that an event leaves run before the next wait. */
static void run_ready(mesh_loop *loop) {
  run_timers(loop);
  run_own(loop);
}

static gpr_timespec next_wait(const mesh_loop *loop) {
  bool is_at_rest = loop->own.count == 0 && loop->at_rest.count == 0 && loop->burst == 0;
  return is_at_rest ? mesh__deadline_to_core(mesh__timers_next_due(&loop->timers))
                    : gpr_inf_past(GPR_CLOCK_MONOTONIC);
}

/* Takes one event and what it leaves to do.
 * @return whether the loop comes to rest: nothing more came at once, or enough has come. */
static bool run_turn(mesh_loop *loop) {
  grpc_event event = next_event(loop, next_wait(loop));
  if (event.type == GRPC_OP_COMPLETE) {
    go_on_with_burst(loop);
    dispatch(&event);
  }
  run_ready(loop);
  return event.type == GRPC_QUEUE_TIMEOUT || loop->burst >= BURST_MAX;
}

static void rest(mesh_loop *loop) {
  run_at_rest(loop);
  run_own(loop);
  end_burst(loop);
}

void mesh_loop_run(mesh_loop *loop) {
  mesh_loop *outer = current_loop;
  current_loop = loop;
  loop->now_ms = mesh__clock_ms();
  run_ready(loop);
  while (!is_stopping(loop)) {
    if (run_turn(loop)) {
      rest(loop);
    }
  }
  run_at_rest(loop);
  end_burst(loop);
  atomic_store_explicit(&loop->is_stopping, false, memory_order_relaxed);
  current_loop = outer;
}

/* Wakes the loop to look at is_stopping. */
static void do_nothing(void *data) {
  (void)data;
}

void mesh_loop_stop(mesh_loop *loop) {
  atomic_store_explicit(&loop->is_stopping, true, memory_order_release);
  if (!mesh_loop_is_current(loop)) {
    mesh_loop_post(loop, do_nothing, NULL);
  }
}

/* A posted function, on its way. */
typedef struct post {
  mesh__task task;
  void (*fn)(void *data);
  void *data;
} post;

static void run_post(mesh__task *task) {
  post *self = MESH__CONTAINER(task, post, task);
  void (*fn)(void *data) = self->fn;
  void *data = self->data;
  free(self);
  fn(data);
}

static mesh__task *new_post(void (*fn)(void *data), void *data) {
  post *self = mesh__xmalloc(sizeof *self);
  self->task.fn = run_post;
  self->fn = fn;
  self->data = data;
  return &self->task;
}

void mesh_loop_post(mesh_loop *loop, void (*fn)(void *data), void *data) {
  mesh__loop_post_task(loop, new_post(fn, data));
}

void mesh__loop_post_task_at_rest(mesh_loop *loop, mesh__task *task) {
  assert(mesh_loop_is_current(loop));
  append(&loop->at_rest, task);
}

void mesh_loop_post_at_rest(mesh_loop *loop, void (*fn)(void *data), void *data) {
  mesh__loop_post_task_at_rest(loop, new_post(fn, data));
}

void mesh_loop_destroy(mesh_loop *loop) {
  if (loop == NULL) {
    return;
  }
  assert(current_loop != loop);
  mesh_loop *outer = current_loop;
  current_loop = loop;
  loop->now_ms = mesh__clock_ms();
  atomic_store_explicit(&loop->is_stopping, false, memory_order_relaxed);
  grpc_call_unref(loop->wake_call);
  grpc_channel_destroy(loop->wake_channel);
  grpc_completion_queue_shutdown(loop->queue);
  grpc_event event;
  do {
    run_own(loop);
    run_at_rest(loop);
    event = next_event(loop, gpr_inf_future(GPR_CLOCK_MONOTONIC));
    if (event.type == GRPC_OP_COMPLETE) {
      dispatch(&event);
    }
  } while (event.type != GRPC_QUEUE_SHUTDOWN || loop->own.count > 0 || loop->at_rest.count > 0);
  assert(loop->timers.root == NULL);
  grpc_completion_queue_destroy(loop->queue);
  mesh__block_pool_clean_up(&loop->blocks);
  current_loop = outer;
  free(loop);
  grpc_shutdown();
}

bool mesh_loop_is_current(const mesh_loop *loop) {
  return loop == current_loop;
}

int64_t mesh_loop_now_ms(const mesh_loop *loop) {
  return mesh_loop_is_current(loop) ? loop->now_ms : mesh__clock_ms();
}

void mesh_timer_start(mesh_loop *loop, mesh_timer *timer, int64_t delay_ms, void (*fn)(void *data),
                      void *data) {
  mesh_timer_stop(loop, timer);
  timer->fn = fn;
  timer->data = data;
  mesh__timers_add(&loop->timers, timer,
                   mesh__add_ms(mesh_loop_now_ms(loop), delay_ms > 0 ? delay_ms : 0));
}

void mesh_timer_stop(mesh_loop *loop, mesh_timer *timer) {
  if (timer->is_pending) {
    mesh__timers_remove(&loop->timers, timer);
  }
}

void mesh_loop_set_tracer(mesh_loop *loop, otlp_tracer *tracer) {
  loop->tracer = tracer;
}

otlp_tracer *mesh_loop_tracer(const mesh_loop *loop) {
  return loop->tracer;
}

grpc_completion_queue *mesh__loop_queue(mesh_loop *loop) {
  return loop->queue;
}

mesh__block_pool *mesh__loop_blocks(mesh_loop *loop) {
  return &loop->blocks;
}
