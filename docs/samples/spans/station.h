/* SPDX-License-Identifier: Apache-2.0 */
/* A polling station: takes votes, and has them counted by the ballot it is a client of. */
#ifndef STATION_H
#define STATION_H

#include <mesh/client.h>
#include <mesh/service.h>

typedef struct station {
  mesh_client *ballot;
} station;

/* `self` outlives the server. */
mesh_service station_bind(station *self);

#endif
