/* SPDX-License-Identifier: Apache-2.0 */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

typedef struct host_port {
  char host[256];
  char port[8];
} host_port;

static mesh_status parse(const char *address, host_port *out) {
  const char *colon = strrchr(address, ':');
  size_t host_size = colon == NULL ? 0 : (size_t)(colon - address);
  const char *host = address;
  if (host_size >= 2 && host[0] == '[' && host[host_size - 1] == ']') {
    host++;
    host_size -= 2;
  }
  char *end = NULL;
  long port = colon == NULL ? -1 : strtol(colon + 1, &end, 10);
  if (port < 0 || port > 65535 || end == colon + 1 || *end != '\0' ||
      host_size >= sizeof out->host) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "LISTEN_ADDRESS (or --listen) is '%.64s': it must be host:port",
                             address);
  }
  memcpy(out->host, host, host_size);
  out->host[host_size] = '\0';
  (void)snprintf(out->port, sizeof out->port, "%ld", port);
  return mesh_status_ok();
}

/* A socket of one of the addresses that listens, or -1 with errno. */
static int open_socket(const struct addrinfo *info) {
  int on = 1;
  int off = 0;
  int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return -1;
  }
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (info->ai_family == AF_INET6) {
    (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
    return fd;
  }
  int error = errno;
  (void)close(fd);
  errno = error;
  return -1;
}

static int port_of(int fd) {
  struct sockaddr_storage storage;
  socklen_t size = sizeof storage;
  if (getsockname(fd, (struct sockaddr *)&storage, &size) != 0) {
    return 0;
  }
  if (storage.ss_family == AF_INET6) {
    return ntohs(((struct sockaddr_in6 *)&storage)->sin6_port);
  }
  return ntohs(((struct sockaddr_in *)&storage)->sin_port);
}

/* Without a host the first address that works: IPv6, which takes IPv4 too, where there is IPv6. */
static int open_any(const host_port *endpoint) {
  struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
  struct addrinfo *list = NULL;
  static const int families[] = {AF_INET6, AF_INET};
  bool is_any = endpoint->host[0] == '\0';
  int fd = -1;
  for (int i = 0; i < 2 && fd < 0; i++) {
    hints.ai_family = is_any ? families[i] : AF_UNSPEC;
    if (getaddrinfo(is_any ? NULL : endpoint->host, endpoint->port, &hints, &list) != 0) {
      errno = EADDRNOTAVAIL;
      continue;
    }
    for (const struct addrinfo *at = list; at != NULL && fd < 0; at = at->ai_next) {
      fd = open_socket(at);
    }
    freeaddrinfo(list);
    if (!is_any || (fd < 0 && errno == EADDRINUSE)) {
      break;
    }
  }
  return fd;
}

mesh_status gateway_listen(const char *address, int port, int *out_socket, int *out_port) {
  host_port endpoint = {"", ""};
  (void)snprintf(endpoint.port, sizeof endpoint.port, "%d", port);
  if (address != NULL) {
    mesh_status status = parse(address, &endpoint);
    if (!mesh_status_is_ok(&status)) {
      return status;
    }
  }
  *out_socket = open_any(&endpoint);
  if (*out_socket < 0) {
    return mesh_status_error(GRPC_STATUS_UNAVAILABLE, "can't listen on %s:%s: %s", endpoint.host,
                             endpoint.port, strerror(errno));
  }
  *out_port = port_of(*out_socket);
  return mesh_status_ok();
}
