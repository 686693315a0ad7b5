# SPDX-License-Identifier: Apache-2.0
# Files as C arrays. As a script: cmake -DNAME=… -DIN=… -DOUT=… -P Embed.cmake

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${IN} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
  file(WRITE ${OUT} "#include <stddef.h>\n\n"
       "extern const unsigned char ${NAME}[];\nextern const size_t ${NAME}_size;\n\n"
       "const unsigned char ${NAME}[] = {\n${bytes}};\nconst size_t ${NAME}_size = ${size};\n")
  return()
endif()

set(MESHWORK_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/Embed.cmake)

# meshwork_embed(NAME FILE): NAME.c, which defines the bytes NAME[] and NAME_size.
function(meshwork_embed name file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.c)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DIN=${file} -DOUT=${output} -P ${MESHWORK_EMBED_SCRIPT}
    DEPENDS ${file} ${MESHWORK_EMBED_SCRIPT}
    COMMENT "embedding ${name}"
    VERBATIM)
endfunction()
