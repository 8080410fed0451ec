// Waiting on several descriptors, with an end that is on time.
#pragma once
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/// A descriptor that becomes readable when eight bytes are written to it (eventfd(2)).
/// @return the descriptor (close-on-exec), or a negative errno.
int clinux_event(void);

/// Makes an event readable.
void clinux_event_raise(int fd);

/// ppoll(2) for at most `nanoseconds`.
/// @return how many entries are ready, or a negative errno.
int clinux_wait(struct pollfd *entries, size_t count, int64_t nanoseconds);

/// Lets the calling thread's waits end on time: without it they may be 50 µs late (prctl(2)).
void clinux_sharpen_timers(void);
