#define _GNU_SOURCE
#include "namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_socket_in_namespace(const char *path, int domain, int type, int protocol) {
  if (path == NULL) {
    int fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    return fd < 0 ? -errno : fd;
  }
  // thread-self: setns moves only the calling thread, so its own entry is the way back.
  int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -errno;
  int there = open(path, O_RDONLY | O_CLOEXEC);
  if (there < 0) {
    int error = errno;
    close(home);
    return -error;
  }
  int result;
  if (setns(there, CLONE_NEWNET) != 0) {
    result = -errno;
  } else {
    int fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    result = fd < 0 ? -errno : fd;
    // A thread left behind in a foreign namespace would open every later socket there.
    if (setns(home, CLONE_NEWNET) != 0) abort();
  }
  close(there);
  close(home);
  return result;
}
