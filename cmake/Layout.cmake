# SPDX-License-Identifier: Apache-2.0
# Where things go. Programs: build/bin. Tests: build/tests/bin. Generated code: build/generated.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Where generated code is put: #include "shop/order/v1/order.pb-c.h" is found below it.
set(MESHWORK_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
