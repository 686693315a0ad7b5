# SPDX-License-Identifier: Apache-2.0
# How our own code is compiled. Generated code and other people's headers are not held to it.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 11)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-fno-omit-frame-pointer)
add_link_options(-Wl,--as-needed)

# Ours to keep clean: in every target we write by hand.
set(MESHWORK_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wundef -Wwrite-strings
    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith)
if(MESHWORK_WERROR AND NOT MESHWORK_SANITIZE) # instrumented code makes gcc suspect what is not there
  list(APPEND MESHWORK_WARNINGS -Werror)
endif()

# meshwork_strict(TARGET): holds the target to our warnings.
function(meshwork_strict target)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:C>:${MESHWORK_WARNINGS}>")
endfunction()

# meshwork_program(NAME SOURCES … [LIBS …] [INSTALL]): a program in build/bin.
function(meshwork_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL" "" "SOURCES;LIBS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LIBS})
  meshwork_strict(${name})
  if(arg_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

# meshwork_service(ROOM SOURCES … [LIBS …]): a service of the shop: the library ROOM, which its tests
# link, and the program ROOM-service with the room's main.c.
function(meshwork_service room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  add_library(${room} STATIC ${arg_SOURCES})
  target_include_directories(${room} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${room} PUBLIC shop_protos store mesh ${arg_LIBS})
  meshwork_strict(${room})
  meshwork_program(${room}-service INSTALL SOURCES main.c LIBS ${room})
  target_compile_definitions(${room}-service PRIVATE MESHWORK_VERSION="${PROJECT_VERSION}")
endfunction()
