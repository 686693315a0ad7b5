# SPDX-License-Identifier: Apache-2.0
# A public header is complete by itself, in both languages it will be included from.

# meshwork_header_check(NAME HEADERS …): compiles each header alone, as C11 and as C++11, with the
# warnings a careful user turns on, as part of the build.
function(meshwork_header_check name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS")
  set(sources)
  foreach(header ${arg_HEADERS})
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include
               OUTPUT_VARIABLE included)
    foreach(language c cpp)
      set(source ${CMAKE_CURRENT_BINARY_DIR}/header-check/${included}.${language})
      file(CONFIGURE OUTPUT ${source} CONTENT "#include <@included@>\n" @ONLY)
      list(APPEND sources ${source})
    endforeach()
  endforeach()
  if(sources)
    add_library(${name}_header_check OBJECT ${sources})
    target_link_libraries(${name}_header_check PRIVATE ${name})
    target_compile_options(${name}_header_check PRIVATE -Wall -Wextra -Wpedantic -Werror)
  endif()
endfunction()
