# SPDX-License-Identifier: Apache-2.0
# Tests live in tests/TIER/ROOM/; the tier is the label, so "ctest -L unit" runs one tier.

enable_testing()

# Found by the path of the folder we are in: tests/unit/otlp has tier "unit", prefix "unit/otlp".
macro(meshwork__test_place)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/tests
             OUTPUT_VARIABLE prefix)
  string(REGEX REPLACE "/.*" "" tier ${prefix})
  string(REPLACE "/" "-" target "test-${prefix}-${name}")
endmacro()

# meshwork_test(NAME SOURCES … [LIBS …] [ENVIRONMENT …] [TIMEOUT seconds] [DEFINES …] [SERIAL])
#
# One cmocka program is one ctest, "TIER/ROOM/NAME". SERIAL: does not share the machine with other
# tests, because it measures. The default timeout is 60 s.
function(meshwork_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT" "SOURCES;LIBS;ENVIRONMENT;DEFINES")
  meshwork__test_place()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBS} cmocka Threads::Threads)
  target_compile_definitions(${target} PRIVATE ${arg_DEFINES})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  set_target_properties(${target} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/bin)
  meshwork_strict(${target})
  meshwork_test_command(${name} COMMAND ${target} ENVIRONMENT ${arg_ENVIRONMENT}
                        TIMEOUT ${arg_TIMEOUT} SERIAL ${arg_SERIAL})
endfunction()

# meshwork_test_command(NAME COMMAND … [ENVIRONMENT …] [TIMEOUT seconds] [SERIAL bool]): the same
# for a test that is any command, a shell script for instance.
function(meshwork_test_command name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT;SERIAL" "COMMAND;ENVIRONMENT")
  meshwork__test_place()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(MESHWORK_SANITIZE)
    math(EXPR arg_TIMEOUT "3 * ${arg_TIMEOUT}") # instrumented code is that much slower
  endif()
  add_test(NAME ${prefix}/${name} COMMAND ${arg_COMMAND})
  set_tests_properties(${prefix}/${name} PROPERTIES LABELS ${tier} TIMEOUT ${arg_TIMEOUT})
  set_property(TEST ${prefix}/${name} PROPERTY ENVIRONMENT ${MESHWORK_TEST_ENVIRONMENT}
               ${arg_ENVIRONMENT})
  if(arg_SERIAL)
    set_tests_properties(${prefix}/${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

# Suppressions are for code that is not ours, each with its reason in the file.
# suppress_equal_addresses=0: the C core's races, suppressed, are thousands of addresses for one large
# message, and ThreadSanitizer would compare each with all that were before.
set(MESHWORK_TEST_ENVIRONMENT
    "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:halt_on_error=1:history_size=7:suppress_equal_addresses=0"
    "UBSAN_OPTIONS=print_stacktrace=1")

# meshwork_fuzz_test(NAME SOURCES … [LIBS …] CORPUS folder)
#
# SOURCES define LLVMFuzzerTestOneInput. With MESHWORK_FUZZ it is a libFuzzer program,
# build/tests/bin/fuzz-ROOM-NAME; without, the corpus is replayed as a ctest.
function(meshwork_fuzz_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LIBS")
  meshwork__test_place()
  string(REGEX REPLACE "^test-" "" target ${target})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBS})
  set_target_properties(${target} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/bin)
  meshwork_strict(${target})
  if(MESHWORK_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set(replay_flags -runs=0)
  else()
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
  endif()
  meshwork_test_command(${name} COMMAND ${target} ${replay_flags}
                        ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
endfunction()
