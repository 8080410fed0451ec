#define _GNU_SOURCE
#include "stamped.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int clinux_stream_prepare(int fd) {
  int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags) == 0 ? 0 : -errno;
}

ssize_t clinux_stream_receive(int fd, void *buffer, size_t capacity, int flags, int64_t *stamp) {
  union {
    struct cmsghdr align;
    char bytes[256];
  } control;
  struct iovec vector = {.iov_base = buffer, .iov_len = capacity};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  *stamp = 0;
  ssize_t length = recvmsg(fd, &message, flags);
  if (length < 0) return -errno;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPING ||
        part->cmsg_len < CMSG_LEN(sizeof(struct scm_timestamping)))
      continue;
    struct scm_timestamping stamps;
    memcpy(&stamps, CMSG_DATA(part), sizeof stamps);
    *stamp = (int64_t)stamps.ts[0].tv_sec * 1000000000 + stamps.ts[0].tv_nsec;
  }
  return length;
}
