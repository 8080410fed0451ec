// A stream socket's bytes with the kernel's own time of their arrival, however late they are read.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Asks for stamps on a socket (SO_TIMESTAMPING, software, receiving). 0, or a negative errno.
int clinux_stream_prepare(int fd);

/// Like recv(2), but returns a negative errno. `stamp`: CLOCK_REALTIME, nanoseconds since 1970, when
/// the kernel received the last of the bytes; 0: it did not say.
ssize_t clinux_stream_receive(int fd, void *buffer, size_t capacity, int flags, int64_t *stamp);
