# SPDX-License-Identifier: Apache-2.0
# From .proto files to a library of C, in this tree and, installed with mesh, in others:
#
#   find_package(mesh REQUIRED)
#   mesh_proto_library(greeter PROTOS greeter/v1/greeter.proto)
#   target_link_libraries(my_service PRIVATE greeter)
#
# With MESH_STATIC set, what is made links mesh and otlp statically.
#
# Needs protoc (protobuf-compiler) and protoc-gen-c (protobuf-c-compiler).

find_program(MESH_PROTOC protoc REQUIRED)
find_program(MESH_PROTOC_GEN_C protoc-gen-c REQUIRED)
find_path(MESH_WELL_KNOWN_PROTOS google/protobuf/descriptor.proto REQUIRED)

# mesh_proto_library(NAME
#   PROTOS      …   paths as they are imported, such as shop/order/v1/order.proto
#   IMPORT_DIRS …   where they and what they import are found; default: the current source folder.
#                   The well-known types are found without
#   OUTPUT_DIR  d   where to put the code; default: the current binary folder
#   LIBS        …   libraries with the messages of what they import
#   QUALIFY         the service's name in the names of functions: for files whose services share
#                   names of methods
#   MESSAGES_ONLY | STUBS_ONLY)
#
# A method may have any name, and proto3's `optional` works (as a oneof of one member) where the file
# has its typed services made as well: protoc-gen-c is then run by protoc-gen-mesh-c.
#
# Makes NAME, a static library of x.pb-c.{c,h}, the messages, and x.mesh.{c,h}, typed handlers and
# calls of the services, for every x.proto. MESSAGES_ONLY: no x.mesh; files without a service have
# no use for it. STUBS_ONLY: no x.pb-c; one of LIBS has it.
function(mesh_proto_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MESSAGES_ONLY;STUBS_ONLY;QUALIFY" "OUTPUT_DIR"
                        "PROTOS;IMPORT_DIRS;LIBS")
  if(NOT arg_IMPORT_DIRS)
    set(arg_IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  if(NOT arg_OUTPUT_DIR)
    set(arg_OUTPUT_DIR ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  list(APPEND arg_IMPORT_DIRS ${MESH_WELL_KNOWN_PROTOS})
  list(TRANSFORM arg_IMPORT_DIRS PREPEND --proto_path= OUTPUT_VARIABLE import_flags)

  set(plugin --plugin=protoc-gen-mesh-c=$<TARGET_FILE:mesh::protoc-gen-mesh-c>
      --mesh-c_out=${arg_OUTPUT_DIR})
  if(arg_QUALIFY)
    list(APPEND plugin --mesh-c_opt=qualify)
  endif()
  set(sources)
  foreach(proto ${arg_PROTOS})
    if(arg_MESSAGES_ONLY)
      mesh__generate(${proto} pb-c ${arg_OUTPUT_DIR} ${MESH_PROTOC_GEN_C}
                     ${import_flags} --c_out=${arg_OUTPUT_DIR})
    elseif(arg_STUBS_ONLY)
      mesh__generate(${proto} mesh ${arg_OUTPUT_DIR} mesh::protoc-gen-mesh-c
                     ${import_flags} ${plugin})
    else()
      mesh__generate(${proto} "mesh;pb-c" ${arg_OUTPUT_DIR} mesh::protoc-gen-mesh-c
                     ${import_flags} ${plugin} --mesh-c_opt=messages=${MESH_PROTOC_GEN_C})
    endif()
  endforeach()

  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC ${arg_OUTPUT_DIR})
  target_link_libraries(${name} PUBLIC ${arg_LIBS} protobuf-c)
  if(NOT arg_MESSAGES_ONLY)
    target_link_libraries(${name} PUBLIC mesh::mesh$<$<BOOL:${MESH_STATIC}>:_static>)
  endif()
  target_compile_options(${name} PRIVATE -w) # generated; its warnings are nobody's to mend
endfunction()

# mesh__generate(PROTO SUFFIXES OUTPUT_DIR PLUGIN FLAGS…): one protoc run, made again when the file or
# any that it imports changes. Appends to `sources` of the caller.
function(mesh__generate proto suffixes output_dir plugin)
  string(REGEX REPLACE "\\.proto$" "" stem ${proto})
  set(output ${output_dir}/${stem})
  cmake_path(GET output PARENT_PATH folder)
  list(TRANSFORM suffixes REPLACE "(.+)" "${output}.\\1.c" OUTPUT_VARIABLE made_sources)
  list(TRANSFORM suffixes REPLACE "(.+)" "${output}.\\1.h" OUTPUT_VARIABLE made_headers)
  list(GET suffixes 0 first)
  add_custom_command(
    OUTPUT ${made_sources} ${made_headers}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${MESH_PROTOC} ${ARGN} --dependency_out=${output}.${first}.d ${proto}
    DEPENDS ${plugin}
    DEPFILE ${output}.${first}.d
    COMMENT "protoc ${proto}"
    VERBATIM)
  set(sources ${sources} ${made_sources} PARENT_SCOPE)
endfunction()
