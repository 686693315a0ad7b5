# SPDX-License-Identifier: Apache-2.0
# Sanitizers and fuzzing instrument the whole tree, generated code included: half an answer misleads.

if(MESHWORK_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "MESHWORK_FUZZ needs clang: configure with -DCMAKE_C_COMPILER=clang")
  endif()
  set(MESHWORK_SANITIZE address,undefined)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(MESHWORK_SANITIZE)
  add_compile_options(-fsanitize=${MESHWORK_SANITIZE} -fno-sanitize-recover=all -g -O1)
  add_link_options(-fsanitize=${MESHWORK_SANITIZE})
else()
  # A sanitizer's runtime is in the program, so its shared libraries do have undefined symbols.
  add_link_options(-Wl,--no-undefined)
endif()
