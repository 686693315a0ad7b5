/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mesh/loop.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static mesh_loop *loop;

static int set_up(void **state) {
  (void)state;
  loop = mesh_loop_new();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mesh_loop_destroy(loop);
  return 0;
}

static int64_t calls;

static void count(void *data) {
  (void)data;
  calls++;
}

static void stop(void *data) {
  (void)data;
  mesh_loop_stop(loop);
}

/* A stop that comes before the run would be lost, and the program never end. */
static void test_stop_before_run(void **state) {
  (void)state;
  mesh_loop_stop(loop);
  mesh_loop_run(loop);
  mesh_loop_post(loop, stop, NULL);
  mesh_loop_run(loop);
}

static char order[16];

static void note(void *data) {
  strcat(order, data);
}

static void note_and_post(void *data) {
  static char later[] = "c"; /* is read after this has returned */
  note(data);
  mesh_loop_post(loop, note, later);
  mesh_loop_post(loop, stop, NULL);
  note((char[]){"b"});
}

/* Posts would run out of order, or from within the post. */
static void test_posts_in_order(void **state) {
  (void)state;
  order[0] = '\0';
  static char a[] = "a";
  static char c[] = "1";
  mesh_loop_post(loop, note, c);
  mesh_loop_post(loop, note_and_post, a);
  assert_string_equal(order, "");
  mesh_loop_run(loop);
  assert_memory_equal(order, "1ab", 3);
}

/* What was posted to a loop that stops would leak, and what it frees as well. */
static void test_destroy_runs_posts(void **state) {
  (void)state;
  mesh_loop *other = mesh_loop_new();
  calls = 0;
  mesh_loop_post(other, count, NULL);
  mesh_loop_post(other, count, NULL);
  mesh_loop_stop(other);
  mesh_loop_destroy(other);
  assert_int_equal(calls, 2);
}

enum { THREADS = 4, POSTS = 5000 };

static atomic_int threads_left;
static int last_of_thread[THREADS];

typedef struct numbered {
  int thread;
  int number;
} numbered;
static numbered posts[THREADS][POSTS];

static void check_order(void *data) {
  const numbered *post = data;
  assert_true(mesh_loop_is_current(loop));
  assert_int_equal(post->number, last_of_thread[post->thread]++);
  calls++;
}

static void *post_many(void *data) {
  int thread = (int)(intptr_t)data;
  for (int i = 0; i < POSTS; i++) {
    posts[thread][i] = (numbered){thread, i};
    mesh_loop_post(loop, check_order, &posts[thread][i]);
  }
  if (atomic_fetch_sub(&threads_left, 1) == 1) {
    mesh_loop_post(loop, stop, NULL);
  }
  return NULL;
}

/* A wake-up would be lost and the loop sleep on posted work, or posts of a thread be swapped. */
static void test_posts_from_threads(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  calls = 0;
  memset(last_of_thread, 0, sizeof last_of_thread);
  atomic_store(&threads_left, THREADS);
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, post_many, (void *)(intptr_t)i);
  }
  mesh_loop_run(loop);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  /* The last thread's stop may overtake another's posts, which are then still to run. */
  while (calls < THREADS * POSTS) {
    mesh_loop_post(loop, stop, NULL);
    mesh_loop_run(loop);
  }
  assert_int_equal(calls, THREADS * POSTS);
}

static int64_t started_ms;
static int64_t fired_ms;

static void fire(void *data) {
  (void)data;
  fired_ms = mesh_loop_now_ms(loop);
  mesh_loop_stop(loop);
}

/* Timers would not wake a sleeping loop, or fire early. */
static void test_timer_wakes_the_loop(void **state) {
  (void)state;
  mesh_timer timer = {0};
  started_ms = mesh_loop_now_ms(loop);
  mesh_timer_start(loop, &timer, 20, fire, NULL);
  mesh_loop_run(loop);
  assert_true(fired_ms - started_ms >= 20);
  assert_false(timer.is_pending);
}

/* A stopped timer would call into what is gone; a restarted one fire twice. */
static void test_stopped_and_moved_timers(void **state) {
  (void)state;
  mesh_timer stopped = {0};
  mesh_timer moved = {0};
  mesh_timer end = {0};
  calls = 0;
  mesh_timer_start(loop, &stopped, 0, count, NULL);
  mesh_timer_stop(loop, &stopped);
  mesh_timer_stop(loop, &stopped);
  mesh_timer_start(loop, &moved, 0, count, NULL);
  mesh_timer_start(loop, &moved, 1, count, NULL);
  mesh_timer_start(loop, &end, 5, fire, NULL);
  mesh_loop_run(loop);
  assert_int_equal(calls, 1);
}

/* The largest delay would overflow into the past. */
static void test_endless_timer(void **state) {
  (void)state;
  mesh_timer never = {0};
  mesh_timer end = {0};
  calls = 0;
  mesh_timer_start(loop, &never, INT64_MAX, count, NULL);
  mesh_timer_start(loop, &end, 1, fire, NULL);
  mesh_loop_run(loop);
  mesh_timer_stop(loop, &never);
  assert_int_equal(calls, 0);
}

static bool was_current;

static void look(void *data) {
  (void)data;
  was_current = mesh_loop_is_current(loop);
  mesh_loop_stop(loop);
}

/* Objects would be freed on the wrong thread. */
static void test_is_current(void **state) {
  (void)state;
  assert_false(mesh_loop_is_current(loop));
  mesh_loop_post(loop, look, NULL);
  mesh_loop_run(loop);
  assert_true(was_current);
  assert_false(mesh_loop_is_current(loop));
}

static mesh_timer restless;
static int64_t calls_before_the_post;

static void note_calls(void *data) {
  (void)data;
  calls_before_the_post = calls;
  mesh_loop_stop(loop);
}

static void start_again(void *data) {
  if (calls++ == 0) {
    mesh_loop_post(loop, note_calls, NULL);
  }
  if (calls < 100000) {
    mesh_timer_start(loop, &restless, -1, start_again, data);
  }
}

/* A timer that starts itself again without a delay, or for a time gone by, would be all that the
 * loop ever does. */
static void test_timer_for_now_lets_others_in(void **state) {
  (void)state;
  calls = 0;
  mesh_timer_start(loop, &restless, 0, start_again, NULL);
  mesh_loop_run(loop);
  assert_true(calls_before_the_post <= 2);
  mesh_timer_stop(loop, &restless);
}

static void leave_for_rest(void *data) {
  static char texts[][2] = {"r", "a"}; /* are read after this has returned */
  mesh_loop_post_at_rest(loop, note, texts[0]);
  mesh_loop_post_at_rest(loop, stop, NULL);
  mesh_loop_post(loop, note, texts[1]);
  note(data);
}

/* What a burst wants done once would be done in the middle of it, or never. */
static void test_at_rest_others_come_first(void **state) {
  (void)state;
  order[0] = '\0';
  mesh_loop_post(loop, leave_for_rest, (char[]){"x"});
  mesh_loop_run(loop);
  assert_string_equal(order, "xar");
}

static void stop_before_rest(void *data) {
  mesh_loop_post_at_rest(loop, count, data);
  mesh_loop_stop(loop);
}

/* A thread that was to be woken would sleep on, or be woken when what it uses is gone. */
static void test_a_loop_that_stops_comes_to_rest(void **state) {
  (void)state;
  calls = 0;
  mesh_loop_post(loop, stop_before_rest, NULL);
  mesh_loop_run(loop);
  assert_int_equal(calls, 1);
}

static atomic_bool is_over;

/* Never leaves the loop without an event. */
static void *post_on_and_on(void *data) {
  while (!is_over) {
    mesh_loop_post(loop, count, data);
  }
  return NULL;
}

static void end_it(void *data) {
  is_over = true;
  stop(data);
}

static void rest_at_last(void *data) {
  mesh_loop_post_at_rest(loop, end_it, data);
}

/* A loop that always has something to do would never do this. */
static void test_a_busy_loop_rests_too(void **state) {
  (void)state;
  pthread_t thread;
  is_over = false;
  pthread_create(&thread, NULL, post_on_and_on, NULL);
  mesh_loop_post(loop, rest_at_last, NULL);
  mesh_loop_run(loop);
  pthread_join(thread, NULL);
  mesh_loop_post(loop, stop, NULL); /* behind what the thread has left */
  mesh_loop_run(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_stop_before_run),
      cmocka_unit_test(test_posts_in_order),
      cmocka_unit_test(test_destroy_runs_posts),
      cmocka_unit_test(test_posts_from_threads),
      cmocka_unit_test(test_timer_wakes_the_loop),
      cmocka_unit_test(test_stopped_and_moved_timers),
      cmocka_unit_test(test_timer_for_now_lets_others_in),
      cmocka_unit_test(test_at_rest_others_come_first),
      cmocka_unit_test(test_a_loop_that_stops_comes_to_rest),
      cmocka_unit_test(test_a_busy_loop_rests_too),
      cmocka_unit_test(test_endless_timer),
      cmocka_unit_test(test_is_current),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
