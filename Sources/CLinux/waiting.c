#define _GNU_SOURCE
#include "waiting.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

int clinux_event(void) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

void clinux_event_raise(int fd) { eventfd_write(fd, 1); }

int clinux_wait(struct pollfd *entries, size_t count, int64_t nanoseconds) {
  struct timespec time = {
      .tv_sec = nanoseconds / 1000000000,
      .tv_nsec = nanoseconds % 1000000000,
  };
  int ready = ppoll(entries, count, &time, NULL);
  return ready < 0 ? -errno : ready;
}

void clinux_sharpen_timers(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }
