// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc module leaves out.
#pragma once

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

/// Asks for `bytes` at `address` to be brought near, and does not wait for them.
static inline void clinux_prefetch(const void *address, int bytes) {
  for (int offset = 0; offset < bytes; offset += 64) __builtin_prefetch((const char *)address + offset, 1);
}

/// The cores on which this process may run: fewer than the machine has, where it is pinned. At least 1.
int clinux_available_processors(void);
