// What Swift cannot spell: sockets opened inside a network namespace, packet sockets, cmsg stamps.
#pragma once
#include "namespace.h"
#include "packet.h"
#include "waiting.h"
