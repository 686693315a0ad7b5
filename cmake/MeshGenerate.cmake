# SPDX-License-Identifier: Apache-2.0
# From service protos to typed handlers and client calls, with our protoc plugin.

# meshwork_mesh_generate(NAME PROTOS … [LIBS …] [STUBS_ONLY])
#
# A static library of everything the services in PROTOS need: their protobuf-c messages
# (x.pb-c.{c,h}) and their mesh stubs (x.mesh.{c,h}). LIBS are the libraries of what they import.
# STUBS_ONLY leaves the messages out: they are in one of LIBS already.
function(meshwork_mesh_generate name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "STUBS_ONLY" "" "PROTOS;LIBS")
  set(sources)
  if(NOT arg_STUBS_ONLY)
    meshwork__message_sources(sources ${arg_PROTOS})
  endif()
  foreach(proto ${arg_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    meshwork__protoc(${proto} OUTPUTS ${stem}.mesh.c ${stem}.mesh.h DEPENDS protoc-gen-mesh-c
                     FLAGS --plugin=$<TARGET_FILE:protoc-gen-mesh-c>
                           --mesh-c_out=${MESHWORK_GENERATED_DIR})
    list(APPEND sources ${MESHWORK_GENERATED_DIR}/${stem}.mesh.c)
  endforeach()
  meshwork__generated_library(${name} SOURCES ${sources} LIBS ${arg_LIBS} mesh)
endfunction()
