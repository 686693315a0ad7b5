# SPDX-License-Identifier: Apache-2.0
# cmake -DINPUT=file -DOUTPUT=file.c -DNAME=symbol -P embed.cmake: the bytes of a file as C, an array
# NAME and its NAME_size.

file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
cmake_path(GET INPUT FILENAME from)
file(WRITE ${OUTPUT} "/* Made from ${from}. */\n"
                     "#include <stddef.h>\n\n"
                     "extern const unsigned char ${NAME}[];\n"
                     "extern const size_t ${NAME}_size;\n\n"
                     "const unsigned char ${NAME}[] = {\n${bytes}\n};\n"
                     "const size_t ${NAME}_size = sizeof(${NAME});\n")
