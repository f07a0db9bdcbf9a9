// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc module leaves out.
#pragma once

#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/// Asks for `bytes` at `address` to be brought near, and does not wait for them.
static inline void clinux_prefetch(const void *_Nullable address, int bytes) {
  for (int offset = 0; offset < bytes; offset += 64) __builtin_prefetch((const char *)address + offset, 1);
}

/// The cores on which this process may run: fewer than the machine has, where it is pinned. At least 1.
int clinux_available_processors(void);

/// Has the kernel note when each segment arrives at `socket`. 0, or -1 with `errno`.
int clinux_stamp_arrivals(int socket);

/// Receives without waiting. `stamp`: when the last of the bytes arrived, on the wall clock in nanoseconds; 0 where the
/// kernel does not tell. The count of bytes, 0 at the end of the stream, or a negative `errno`.
long clinux_receive(int socket, void *_Nullable buffer, size_t size, int64_t *_Nonnull stamp);

/// A timer of the monotonic clock that becomes readable when it expires. A descriptor, or -1 with `errno`.
int clinux_timer(void);

/// Has `timer` expire at `time` of the monotonic clock, in nanoseconds, and not before.
void clinux_timer_set(int timer, int64_t time);

/// 127.0.0.`last`, with port 0. Its length.
///
/// Swift takes `sockaddr_in` for a part of whichever module has included its header first, and will have that imported.
unsigned clinux_loopback(struct sockaddr_storage *_Nonnull address, uint8_t last);

/// Whether the address is one of 127.0.0.0/8.
int clinux_is_loopback(const struct sockaddr_storage *_Nonnull address);

/// The port to which a socket of IPv4 is bound; 0 where it is not.
uint16_t clinux_bound_port(int socket);
