#define _GNU_SOURCE
#include "netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

int clinux_netlink_bind(int fd, uint32_t groups, int receive_buffer) {
  // FORCE needs CAP_NET_ADMIN; without it net.core.rmem_max is the limit.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0 &&
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0)
    return -errno;
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

int clinux_netlink_receive(int fd, void *buffer, size_t capacity) {
  struct sockaddr_nl from = {0};
  struct iovec vector = {.iov_base = buffer, .iov_len = capacity};
  struct msghdr message = {
      .msg_name = &from,
      .msg_namelen = sizeof from,
      .msg_iov = &vector,
      .msg_iovlen = 1,
  };
  ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0) return -errno;
  // Only the kernel's port is 0; a process may send to us, too.
  return from.nl_pid == 0 ? (int)length : 0;
}
