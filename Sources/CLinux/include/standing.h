// Standing watch on a processor: a thread that nothing but the kernel itself can hold up, so that
// what holds it up held up everybody.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The numbers of the processors that this process may use, the first `capacity` of them.
/// @return how many there are, or a negative errno.
int clinux_processors(int *numbers, int capacity);

/// Binds the calling thread to one processor and lets it go first there (SCHED_FIFO, sched(7)).
/// @return 0, or a negative errno: -EPERM without CAP_SYS_NICE.
int clinux_stand_watch(int processor, int priority);

/// Wakes at every multiple of `period` (CLOCK_MONOTONIC), so that one interrupt wakes all who watch a
/// processor, until one waking was more than `late` late, or until `stop` is readable; nanoseconds.
/// @param woken when it woke last; 0 for the first call, then what the call before has left there.
/// @return 1: it was late, and ran nothing in some part of `began` to `ended` (CLOCK_REALTIME,
/// nanoseconds since 1970); 0: `stop`.
int clinux_await_pause(
    int stop, int64_t period, int64_t late, int64_t *woken, int64_t *began, int64_t *ended);
