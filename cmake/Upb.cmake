# SPDX-License-Identifier: Apache-2.0
# meshwork::upb: the upb that libgrpc was built with. Its headers come from Debian's source package
# (fetch-upb-headers.sh); libgrpc exports the tables of google.api and google.rpc messages.

# The script has nothing to do when the headers are those of the installed version. Headers that
# somebody put there, without the version it writes, are taken as they are.
if(NOT EXISTS ${MESHWORK_UPB_DIR}/include/upb/def.h OR EXISTS ${MESHWORK_UPB_DIR}/version)
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch-upb-headers.sh ${MESHWORK_UPB_DIR}
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "The upb headers are missing and could not be fetched; the reason is above.")
  endif()
endif()

add_library(meshwork_upb INTERFACE)
add_library(meshwork::upb ALIAS meshwork_upb)
target_include_directories(meshwork_upb SYSTEM INTERFACE ${MESHWORK_UPB_DIR}/include)
target_link_libraries(meshwork_upb INTERFACE upb grpc)
