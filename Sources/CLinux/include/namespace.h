// Sockets that live in another network namespace than their owner: a socket keeps the namespace it
// was created in (namespaces(7)), so only the creating call has to be inside.
#pragma once

/// Opens a socket inside the network namespace at `path` (for instance /proc/1234/ns/net) and
/// returns to the caller's own namespace before it returns. `path` NULL: here.
/// @return the descriptor (close-on-exec), or a negative errno.
int clinux_socket_in_namespace(const char *path, int domain, int type, int protocol);
