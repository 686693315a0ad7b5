# SPDX-License-Identifier: Apache-2.0
# From .proto files to C: protobuf-c messages in static libraries, and descriptor sets.

# Where "import" looks: our own protos, then the well-known types of the protobuf package.
set(MESHWORK_PROTO_DIR ${PROJECT_SOURCE_DIR}/protos)
find_path(MESHWORK_WELL_KNOWN_DIR google/protobuf/descriptor.proto REQUIRED)
set(MESHWORK_PROTO_PATH --proto_path=${MESHWORK_PROTO_DIR} --proto_path=${MESHWORK_WELL_KNOWN_DIR})

# Every .proto we own: whichever changes, what was made from any of them is made again.
file(GLOB_RECURSE MESHWORK_PROTO_FILES CONFIGURE_DEPENDS ${MESHWORK_PROTO_DIR}/*.proto)

# meshwork__protoc(PROTO OUTPUTS … [DEPENDS …] COMMAND …): one protoc run.
function(meshwork__protoc proto)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "OUTPUTS;DEPENDS;FLAGS")
  list(TRANSFORM arg_OUTPUTS PREPEND ${MESHWORK_GENERATED_DIR}/)
  add_custom_command(
    OUTPUT ${arg_OUTPUTS}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${MESHWORK_GENERATED_DIR}
    COMMAND ${MESHWORK_PROTOC} ${MESHWORK_PROTO_PATH} ${arg_FLAGS} ${proto}
    DEPENDS ${MESHWORK_PROTO_FILES} ${arg_DEPENDS}
    COMMENT "protoc ${proto}"
    VERBATIM)
endfunction()

# meshwork__message_sources(OUT_SOURCES PROTO…): rules for the protobuf-c messages of each file.
function(meshwork__message_sources out_sources)
  set(sources)
  foreach(proto ${ARGN})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    meshwork__protoc(${proto} OUTPUTS ${stem}.pb-c.c ${stem}.pb-c.h
                     DEPENDS ${MESHWORK_PROTOC_GEN_C} FLAGS --c_out=${MESHWORK_GENERATED_DIR})
    list(APPEND sources ${MESHWORK_GENERATED_DIR}/${stem}.pb-c.c)
  endforeach()
  set(${out_sources} ${sources} PARENT_SCOPE)
endfunction()

# meshwork__generated_library(NAME SOURCES … LIBS …): generated code, no warnings of ours.
function(meshwork__generated_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} SYSTEM PUBLIC ${MESHWORK_GENERATED_DIR})
  target_link_libraries(${name} PUBLIC ${arg_LIBS} protobuf-c)
  target_compile_options(${name} PRIVATE -w)
endfunction()

# meshwork_proto_library(NAME PROTOS … [LIBS …]): the protobuf-c messages of PROTOS (paths below
# protos/ or the well-known types'). LIBS are the libraries of what they import.
function(meshwork_proto_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PROTOS;LIBS")
  meshwork__message_sources(sources ${arg_PROTOS})
  meshwork__generated_library(${name} SOURCES ${sources} LIBS ${arg_LIBS})
endfunction()

# meshwork_descriptor_set(NAME OUTPUT FILE PROTOS …): a FileDescriptorSet with all imports and the
# comments in it. The target NAME makes it; its property DESCRIPTOR_SET is the file.
function(meshwork_descriptor_set name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT" "PROTOS")
  add_custom_command(
    OUTPUT ${arg_OUTPUT}
    COMMAND ${MESHWORK_PROTOC} ${MESHWORK_PROTO_PATH} --include_imports --include_source_info
            --descriptor_set_out=${arg_OUTPUT} ${arg_PROTOS}
    DEPENDS ${MESHWORK_PROTO_FILES}
    COMMENT "descriptor set ${name}"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${arg_OUTPUT})
  set_target_properties(${name} PROPERTIES DESCRIPTOR_SET ${arg_OUTPUT})
endfunction()
