/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

/* Drops what is not part of an IPv6 address: the brackets, which may be percent-encoded. A zone's
 * own percent sign is encoded too, as %25. */
static void copy_ipv6(const char *text, const char *end, mesh__peer *peer) {
  size_t size = 0;
  while (text < end && size < MESH__PEER_SIZE - 1) {
    if (strncmp(text, "%5B", 3) == 0 || strncmp(text, "%5D", 3) == 0) {
      text += 3;
    } else if (*text == '[' || *text == ']') {
      text++;
    } else if (strncmp(text, "%25", 3) == 0) {
      peer->address[size++] = '%';
      text += 3;
    } else {
      peer->address[size++] = *text++;
    }
  }
  peer->address[size] = '\0';
}

static void copy_plain(const char *text, const char *end, mesh__peer *peer) {
  size_t size = (size_t)(end - text);
  if (size >= MESH__PEER_SIZE) {
    size = MESH__PEER_SIZE - 1;
  }
  memcpy(peer->address, text, size);
  peer->address[size] = '\0';
}

void mesh__peer_parse(const char *text, mesh__peer *out_peer) {
  out_peer->address[0] = '\0';
  out_peer->port = 0;
  if (strncmp(text, "unix:", 5) == 0) {
    copy_plain(text + 5, text + strlen(text), out_peer);
    return;
  }
  const char *colon = strrchr(text, ':');
  if (colon == NULL || colon < text + 5) {
    return;
  }
  if (strncmp(text, "ipv4:", 5) == 0) {
    copy_plain(text + 5, colon, out_peer);
  } else if (strncmp(text, "ipv6:", 5) == 0) {
    copy_ipv6(text + 5, colon, out_peer);
  }
  if (out_peer->address[0] != '\0') {
    out_peer->port = atoi(colon + 1);
  }
}
