# SPDX-License-Identifier: Apache-2.0
# A library that others can use: static and shared, headers, pkg-config file, CMake package.

# meshwork_library(NAME
#   DESCRIPTION text     for the pkg-config file
#   HEADERS  …           public headers, as include/NAME/x.h; the whole API
#   SOURCES  …           explicit, as src/x.c
#   USES     …           libraries made by this function that it stands on
#   EMBEDS   …           generated message libraries, compiled in, not seen from outside
#   LIBS     …           system libraries, by their plain names
#   REQUIRES …           pkg-config modules whose headers our public headers include
#   MODULES  …           CMake modules that come with the package)
#
# Makes NAME (static), NAME_shared, and NAME_internal for tests that look inside: NAME with src/ in
# the include path. The shared library exports what the naming rule makes public: NAME_x, and not
# NAME__x. Out of tree they are NAME::NAME (shared) and NAME::NAME_static after find_package(NAME).
function(meshwork_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION" 
                        "HEADERS;SOURCES;USES;EMBEDS;LIBS;REQUIRES;MODULES")
  list(TRANSFORM arg_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(TRANSFORM arg_USES APPEND _shared OUTPUT_VARIABLE shared_uses)

  meshwork__library_objects(${name} SOURCES ${arg_SOURCES} LIBS ${arg_USES} ${arg_EMBEDS})
  meshwork__library_flavour(${name} ${name} STATIC ${name}_static
                            EMBEDS ${arg_EMBEDS} HEADERS ${arg_HEADERS})
  target_link_libraries(${name} PUBLIC ${arg_USES} PRIVATE ${arg_LIBS} Threads::Threads)
  meshwork__library_flavour(${name} ${name}_shared SHARED ${name}
                            EMBEDS ${arg_EMBEDS} HEADERS ${arg_HEADERS})
  target_link_libraries(${name}_shared PUBLIC ${shared_uses} PRIVATE ${arg_LIBS} Threads::Threads)
  set_target_properties(${name}_shared PROPERTIES OUTPUT_NAME ${name} VERSION ${PROJECT_VERSION}
                                                  SOVERSION ${PROJECT_VERSION_MAJOR}
                                                  INSTALL_RPATH $ORIGIN) # for those it USES
  file(CONFIGURE OUTPUT ${name}.map CONTENT "{ global: @name@_[!_]*; local: *; };\n" @ONLY)
  target_link_options(${name}_shared PRIVATE
                      -Wl,--version-script=${CMAKE_CURRENT_BINARY_DIR}/${name}.map)

  add_library(${name}::${name} ALIAS ${name})
  add_library(${name}_internal INTERFACE)
  target_include_directories(${name}_internal INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${name}_internal INTERFACE ${name} ${arg_EMBEDS})

  meshwork_header_check(${name} HEADERS ${arg_HEADERS})
  meshwork__library_install(${name} DESCRIPTION ${arg_DESCRIPTION} USES ${arg_USES}
                            LIBS ${arg_LIBS} REQUIRES ${arg_REQUIRES} MODULES ${arg_MODULES})
endfunction()

# The hand-written sources, compiled once for both flavours.
function(meshwork__library_objects name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_include_directories(${name}_objects PRIVATE include src)
  target_link_libraries(${name}_objects PRIVATE ${arg_LIBS})
  # The map of the shared library decides what is seen; hidden symbols it could not show.
  set_target_properties(${name}_objects PROPERTIES C_VISIBILITY_PRESET default)
  target_compile_options(${name}_objects PRIVATE -fno-semantic-interposition)
  meshwork_strict(${name}_objects)
endfunction()

# One flavour, static or shared, of the objects and of the generated code they embed.
function(meshwork__library_flavour name target kind export_name)
  cmake_parse_arguments(PARSE_ARGV 4 arg "" "" "EMBEDS;HEADERS")
  set(objects $<TARGET_OBJECTS:${name}_objects>)
  foreach(embedded ${arg_EMBEDS})
    list(APPEND objects $<TARGET_OBJECTS:${embedded}>)
  endforeach()
  add_library(${target} ${kind} ${objects})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${arg_HEADERS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name} LINKER_LANGUAGE C)
endfunction()

# Headers, both flavours, the CMake package and the pkg-config file of the library.
function(meshwork__library_install name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION" "USES;LIBS;REQUIRES;MODULES")
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/${name})
  install(TARGETS ${name} ${name}_shared EXPORT ${name} FILE_SET HEADERS)
  install(EXPORT ${name} NAMESPACE ${name}:: FILE ${name}-targets.cmake DESTINATION ${package_dir})

  list(TRANSFORM arg_MODULES REPLACE "^.*/" "" OUTPUT_VARIABLE module_names)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/library-config.cmake.in
                                ${name}-config.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${name}-config-version.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}-config.cmake
                ${CMAKE_CURRENT_BINARY_DIR}/${name}-config-version.cmake ${arg_MODULES}
          DESTINATION ${package_dir})

  set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY
             ${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir} OUTPUT_VARIABLE up_to_prefix)
  list(TRANSFORM arg_LIBS PREPEND -l OUTPUT_VARIABLE private_libs)
  list(JOIN private_libs " " private_libs)
  list(JOIN arg_REQUIRES " " requires)
  list(JOIN arg_USES " " uses)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/library.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
          DESTINATION ${pkgconfig_dir})
endfunction()
