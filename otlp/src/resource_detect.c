/* SPDX-License-Identifier: Apache-2.0 */
/* What the process itself knows about its resource. */
#include "resource.h"
#include "text.h"
#include "thread.h"

#include <otlp/version.h>

#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, UUID_SIZE = 36, SERVICE_NAME_SIZE = PATH_SIZE + 32 };

static otlp_string executable_path(char *buffer, size_t size) {
  ssize_t length = readlink("/proc/self/exe", buffer, size);
  return otlp__string_of(buffer, length > 0 ? (size_t)length : 0);
}

static otlp_string file_name(otlp_string path) {
  size_t start = path.length;
  while (start > 0 && path.data[start - 1] != '/') {
    start--;
  }
  return otlp__string_part(path, start, path.length);
}

otlp_string otlp__executable_name(char *buffer, size_t size) {
  return file_name(executable_path(buffer, size));
}

/* RFC 9562, section 5.4. */
static otlp_string make_uuid_v4(char out_text[UUID_SIZE + 1]) {
  uint64_t high = (otlp__random() & ~UINT64_C(0xF000)) | UINT64_C(0x4000);
  uint64_t low = (otlp__random() & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
  snprintf(out_text, UUID_SIZE + 1, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
           (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFFF), (unsigned)(low >> 48),
           (unsigned long long)(low & UINT64_C(0xFFFFFFFFFFFF)));
  return otlp__string_of(out_text, UUID_SIZE);
}

static otlp_string unknown_service(char out_text[SERVICE_NAME_SIZE]) {
  char path[PATH_SIZE];
  otlp_string name = otlp__executable_name(path, sizeof(path));
  int length = snprintf(out_text, SERVICE_NAME_SIZE, "unknown_service%s%.*s",
                        name.length > 0 ? ":" : "", (int)name.length, name.data);
  return otlp__string_of(out_text, (size_t)length);
}

otlp_resource *otlp_resource_default(void) {
  char uuid[UUID_SIZE + 1];
  char service[SERVICE_NAME_SIZE];
  otlp_attribute attributes[] = {
      otlp_attribute_of(otlp_string_from("service.name"),
                        otlp_value_text(unknown_service(service))),
      otlp_attribute_of(otlp_string_from("service.instance.id"),
                        otlp_value_text(make_uuid_v4(uuid))),
      otlp_attribute_string("telemetry.sdk.name", "meshwork"),
      otlp_attribute_string("telemetry.sdk.language", "c"),
      otlp_attribute_string("telemetry.sdk.version", OTLP_VERSION),
  };
  return otlp_resource_new(attributes, sizeof(attributes) / sizeof(*attributes),
                           otlp_string_from(NULL));
}

/* The semantic conventions' names for what uname calls machines. */
static const char *host_arch(const char *machine) {
  static const char *const names[][2] = {
      {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"armv7l", "arm32"},
      {"i686", "x86"},     {"ppc64le", "ppc64"}, {"s390x", "s390x"},
  };
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
    if (strcmp(machine, names[i][0]) == 0) {
      return names[i][1];
    }
  }
  return machine;
}

otlp_resource *otlp_resource_detect_process_and_host(void) {
  char path_buffer[PATH_SIZE];
  struct utsname host;
  otlp_string path = executable_path(path_buffer, sizeof(path_buffer));
  otlp_attribute attributes[6];
  size_t count = 0;
  attributes[count++] = otlp_attribute_int("process.pid", getpid());
  if (path.length > 0) {
    attributes[count++] =
        otlp_attribute_of(otlp_string_from("process.executable.path"), otlp_value_text(path));
    attributes[count++] = otlp_attribute_of(otlp_string_from("process.executable.name"),
                                            otlp_value_text(file_name(path)));
  }
  if (uname(&host) == 0) {
    attributes[count++] = otlp_attribute_string("host.name", host.nodename);
    attributes[count++] = otlp_attribute_string("host.arch", host_arch(host.machine));
    attributes[count++] = otlp_attribute_string("os.type", "linux");
  }
  return otlp_resource_new(attributes, count,
                           otlp_string_from("https://opentelemetry.io/schemas/1.44.0"));
}
