#define _GNU_SOURCE
#include "standing.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <time.h>

int clinux_processors(int *numbers, int capacity) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return -errno;
  int count = 0;
  for (int number = 0; number < CPU_SETSIZE; number++) {
    if (!CPU_ISSET(number, &set)) continue;
    if (count < capacity) numbers[count] = number;
    count++;
  }
  return count;
}

int clinux_stand_watch(int processor, int priority) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (processor < 0 || processor >= CPU_SETSIZE) return -EINVAL;
  CPU_SET(processor, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) return -errno;
  struct sched_param first = {.sched_priority = priority};
  return sched_setscheduler(0, SCHED_FIFO, &first) != 0 ? -errno : 0;
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int clinux_await_pause(
    int stop, int64_t period, int64_t late, int64_t *woken, int64_t *began, int64_t *ended) {
  struct pollfd entry = {.fd = stop, .events = POLLIN};
  for (;;) {
    int64_t now = nanoseconds(CLOCK_MONOTONIC);
    if (*woken == 0) *woken = now;
    int64_t left = period - now % period;
    struct timespec wait = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    int ready = ppoll(&entry, 1, &wait, NULL);
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return -errno;
    int64_t last = *woken;
    now = *woken = nanoseconds(CLOCK_MONOTONIC);
    if (now - last > period + late) {
      *ended = nanoseconds(CLOCK_REALTIME);
      *began = *ended - (now - last);
      return 1;
    }
  }
}
