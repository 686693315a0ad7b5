# SPDX-License-Identifier: Apache-2.0
# The packages we stand on, all from Debian 12. Their libraries are linked by their plain names
# (grpc, protobuf-c, …), so what we export names nothing that only this build knows.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# meshwork_need(PKG_CONFIG_MODULE VERSION DEBIAN_PACKAGE): stops with the package to install.
function(meshwork_need module version package)
  pkg_check_modules(need_${module} QUIET ${module}>=${version})
  if(NOT need_${module}_FOUND)
    message(FATAL_ERROR "${module} ${version} or newer is missing: apt-get install ${package} "
                        "(./demo up installs all that is needed)")
  endif()
endfunction()

meshwork_need(gpr 29.0.0 libgrpc-dev)
meshwork_need(libprotobuf-c 1.4.0 libprotobuf-c-dev)
meshwork_need(jansson 2.10 libjansson-dev)
meshwork_need(libcurl 7.80 libcurl4-openssl-dev)
meshwork_need(libmicrohttpd 0.9.75 libmicrohttpd-dev)
meshwork_need(sqlite3 3.35 libsqlite3-dev)
meshwork_need(zlib 1.2 zlib1g-dev)
if(MESHWORK_TESTS)
  meshwork_need(cmocka 1.1.5 libcmocka-dev)
endif()

