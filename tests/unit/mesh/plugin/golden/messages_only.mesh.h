/* Made by protoc-gen-mesh-c from messages_only.proto; changes here are lost. */
#ifndef MESH_messages_5fonly_2eproto_INCLUDED
#define MESH_messages_5fonly_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "messages_only.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
