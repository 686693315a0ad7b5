/* Made by protoc-gen-mesh-c from messages_only.proto; changes here are lost. */
#include "messages_only.mesh.h"
