// Routing sockets (rtnetlink(7)): what the kernel knows of neighbours and addresses, and says by
// itself when it changes. Every function returns what it says, or a negative errno.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Binds a NETLINK_ROUTE socket to the groups in `groups` (RTMGRP_NEIGH is 4), with a receive buffer
/// of `receive_buffer` bytes.
int clinux_netlink_bind(int fd, uint32_t groups, int receive_buffer);

/// Takes one datagram of the kernel's without waiting, whole: the length may be more than `capacity`
/// when it was cut. 0: somebody else's datagram, which was thrown away.
int clinux_netlink_receive(int fd, void *buffer, size_t capacity);
