// What Swift cannot spell: sockets opened inside a network namespace, packet sockets, cmsg stamps,
// routing sockets.
#pragma once
#include "namespace.h"
#include "netlink.h"
#include "packet.h"
#include "waiting.h"
