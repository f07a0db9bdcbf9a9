// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc module leaves out.
#pragma once

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

/// The cores on which this process may run: fewer than the machine has, where it is pinned. At least 1.
int clinux_available_processors(void);
