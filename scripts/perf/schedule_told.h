// SPDX-License-Identifier: Apache-2.0
//
// What schedule.c has done, counted, and told as JSON.
#include <stdint.h>
#include <stdio.h>

enum { BUCKETS = 20000 };  // of 100 us

static struct {
  long connections, requests, streams, whole, contents, statuses, truncated, closed, resets, errors, hung, stalls, repeated,
      lost, joined, bad, abandoned, full;
  long late[BUCKETS];                      // its own, of each event: how long after its time
  double latest;
} told;

static void noticed(int64_t late) {
  const int64_t bucket = late / 100000;
  told.late[bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  if (late / 1e6 > told.latest) told.latest = late / 1e6;
}

static double late_at(double share) {
  long all = 0, seen = 0, bucket = 0;
  for (int i = 0; i < BUCKETS; i++) all += told.late[i];
  for (; bucket < BUCKETS && (seen += told.late[bucket]) < share * all; bucket++) {}
  return bucket / 10.0;
}

static int tell(char *out, size_t room) {
  return snprintf(out, room, "{\"connections\":%ld,\"requests\":%ld,\"streams\":%ld,\"whole\":%ld,\"contents\":%ld,"
      "\"statuses\":%ld,\"truncated\":%ld,\"closed\":%ld,\"resets\":%ld,\"errors\":%ld,\"hung\":%ld,\"stalls\":%ld,"
      "\"repeated\":%ld,\"lost\":%ld,\"joined\":%ld,\"bad\":%ld,\"abandoned\":%ld,\"full\":%ld,"
      "\"own_late_ms\":{\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.3f}}\n",
      told.connections, told.requests, told.streams, told.whole, told.contents, told.statuses, told.truncated, told.closed,
      told.resets, told.errors, told.hung, told.stalls, told.repeated, told.lost, told.joined, told.bad, told.abandoned,
      told.full, late_at(0.5), late_at(0.99), late_at(0.999), told.latest);
}
