/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C core orders between threads, said to the thread sanitizer. An operation's tag comes
 * back on another thread through the core's own locks, which the sanitizer does not see: the core
 * is not instrumented. Without it, both are nothing.
 */
#ifndef MESH__HANDOVER_H
#define MESH__HANDOVER_H

#if defined(__SANITIZE_THREAD__)
#define MESH__HANDOVER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MESH__HANDOVER 1
#endif
#endif

#if defined(MESH__HANDOVER)
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define MESH__HAND_OVER(tag) __tsan_release(tag)
#define MESH__TAKE_OVER(tag) __tsan_acquire(tag)
#else
#define MESH__HAND_OVER(tag) ((void)(tag))
#define MESH__TAKE_OVER(tag) ((void)(tag))
#endif

#endif
