# SPDX-License-Identifier: Apache-2.0
# Our own protos: where they are, and the short forms for a library of them and for descriptor sets.

include(MeshProtos)

set(MESHWORK_PROTO_DIR ${PROJECT_SOURCE_DIR}/protos)

# meshwork_proto_library(NAME PROTOS … [LIBS …]): the protobuf-c messages of PROTOS (paths below
# protos/ or the well-known types'). LIBS are the libraries of what they import.
function(meshwork_proto_library name)
  mesh_proto_library(${name} ${ARGN} MESSAGES_ONLY IMPORT_DIRS ${MESHWORK_PROTO_DIR}
                     OUTPUT_DIR ${MESHWORK_GENERATED_DIR})
endfunction()

# meshwork_mesh_generate(NAME PROTOS … [LIBS …] [STUBS_ONLY]): messages and typed services of PROTOS;
# STUBS_ONLY when the messages are in one of LIBS.
function(meshwork_mesh_generate name)
  mesh_proto_library(${name} ${ARGN} IMPORT_DIRS ${MESHWORK_PROTO_DIR}
                     OUTPUT_DIR ${MESHWORK_GENERATED_DIR})
endfunction()

# meshwork_descriptor_set(NAME OUTPUT FILE PROTOS … [IMPORT_DIRS …] [NO_COMMENTS]): a
# FileDescriptorSet with all imports and the comments in it, made by the target NAME. PROTOS are
# looked for in IMPORT_DIRS first, then where our own are.
function(meshwork_descriptor_set name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_COMMENTS" "OUTPUT" "PROTOS;IMPORT_DIRS")
  set(dirs ${arg_IMPORT_DIRS} ${MESHWORK_PROTO_DIR})
  set(imports)
  foreach(dir ${dirs})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${dir}/*.proto)
    list(APPEND imports ${found})
  endforeach()
  list(TRANSFORM dirs PREPEND --proto_path=)
  set(comments --include_source_info)
  if(arg_NO_COMMENTS)
    set(comments)
  endif()
  add_custom_command(
    OUTPUT ${arg_OUTPUT}
    COMMAND ${MESH_PROTOC} ${dirs} --proto_path=${MESH_WELL_KNOWN_PROTOS} --include_imports
            ${comments} --descriptor_set_out=${arg_OUTPUT} ${arg_PROTOS}
    DEPENDS ${imports}
    COMMENT "descriptor set ${name}"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${arg_OUTPUT})
endfunction()
