// libssh2's header, and the everyday calls that are macros there and so invisible to Swift.
#pragma once
#include <libssh2.h>
