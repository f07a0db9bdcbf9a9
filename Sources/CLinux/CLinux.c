// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

int clinux_available_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

int clinux_stamp_arrivals(int socket) {
  int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  return setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags);
}

long clinux_receive(int socket, void *buffer, size_t size, int64_t *stamp) {
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct scm_timestamping))];
  struct iovec piece = {.iov_base = buffer, .iov_len = size};
  struct msghdr message = {
      .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  *stamp = 0;
  ssize_t count = recvmsg(socket, &message, MSG_DONTWAIT);
  if (count < 0) return -errno;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPING) continue;
    struct timespec software;
    memcpy(&software, CMSG_DATA(part), sizeof software);
    *stamp = software.tv_sec * INT64_C(1000000000) + software.tv_nsec;
  }
  return count;
}

int clinux_timer(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

void clinux_timer_set(int timer, int64_t time) {
  struct itimerspec setting = {.it_value = {.tv_sec = time / 1000000000, .tv_nsec = time % 1000000000}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL);
}

unsigned clinux_loopback(struct sockaddr_storage *address, uint8_t last) {
  struct sockaddr_in loopback = {.sin_family = AF_INET};
  loopback.sin_addr.s_addr = htonl(0x7F000000u | last);
  memset(address, 0, sizeof *address);
  memcpy(address, &loopback, sizeof loopback);
  return sizeof loopback;
}

int clinux_is_loopback(const struct sockaddr_storage *address) {
  struct sockaddr_in internet;
  memcpy(&internet, address, sizeof internet);
  return address->ss_family == AF_INET && ntohl(internet.sin_addr.s_addr) >> 24 == 127;
}

uint16_t clinux_bound_port(int socket) {
  struct sockaddr_in address = {0};
  socklen_t size = sizeof address;
  if (getsockname(socket, (struct sockaddr *)&address, &size) != 0 || address.sin_family != AF_INET) return 0;
  return ntohs(address.sin_port);
}
