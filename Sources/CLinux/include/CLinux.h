// What Swift cannot spell: sockets opened inside a network namespace, packet sockets, cmsg stamps,
// routing sockets, streams with the time of arrival, threads that go first.
#pragma once
#include "namespace.h"
#include "netlink.h"
#include "packet.h"
#include "stamped.h"
#include "standing.h"
#include "waiting.h"
