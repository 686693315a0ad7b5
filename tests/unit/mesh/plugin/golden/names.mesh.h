/* Made by protoc-gen-mesh-c from names.proto; changes here are lost. */
#ifndef MESH_names_2eproto_INCLUDED
#define MESH_names_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "names.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service Odd_Package.v2beta3.XMLApi.HTTPService ---- */

/** Handlers of Odd_Package.v2beta3.XMLApi.HTTPService; a member that is NULL answers UNIMPLEMENTED. */
typedef struct odd__package_v2beta3_xmlapi_httpservice {
  void (*get_httpthing)(
      mesh_call *call, const OddPackage__V2beta3__XMLApi__HTTPRequest *request, void *self);
  void (*lowercase)(
      mesh_call *call, const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *request, void *self);
  void (*snake_case)(
      mesh_call *call, const OddPackage__V2beta3__XMLApi__A1B2 *request, void *self);
  void (*get2_fa)(
      mesh_call *call, const Google__Protobuf__Timestamp *request, void *self);
} odd__package_v2beta3_xmlapi_httpservice;

extern const mesh_service_descriptor odd__package_v2beta3_xmlapi_httpservice_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service odd__package_v2beta3_xmlapi_httpservice_bind(
    const odd__package_v2beta3_xmlapi_httpservice *handlers, void *self);

/* ---- HTTPService.GetHTTPThing (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void odd__package_v2beta3_xmlapi_get_httpthing_fn(
    const mesh_status *status, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *odd__package_v2beta3_xmlapi_get_httpthing(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__HTTPRequest *request,
    odd__package_v2beta3_xmlapi_get_httpthing_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void odd__package_v2beta3_xmlapi_get_httpthing_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing *reply);

/* ---- HTTPService.lowercase (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void odd__package_v2beta3_xmlapi_lowercase_fn(
    const mesh_status *status, const OddPackage__V2beta3__XMLApi__A1B2 *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *odd__package_v2beta3_xmlapi_lowercase(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *request,
    odd__package_v2beta3_xmlapi_lowercase_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void odd__package_v2beta3_xmlapi_lowercase_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__A1B2 *reply);

/* ---- HTTPService.snake_case (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void odd__package_v2beta3_xmlapi_snake_case_fn(
    const mesh_status *status, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing__DeepDown *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *odd__package_v2beta3_xmlapi_snake_case(
    mesh_client *client, const mesh_context *context,
    const OddPackage__V2beta3__XMLApi__A1B2 *request,
    odd__package_v2beta3_xmlapi_snake_case_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void odd__package_v2beta3_xmlapi_snake_case_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__HTTPRequest__InnerThing__DeepDown *reply);

/* ---- HTTPService.Get2FA (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void odd__package_v2beta3_xmlapi_get2_fa_fn(
    const mesh_status *status, const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *odd__package_v2beta3_xmlapi_get2_fa(
    mesh_client *client, const mesh_context *context,
    const Google__Protobuf__Timestamp *request,
    odd__package_v2beta3_xmlapi_get2_fa_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void odd__package_v2beta3_xmlapi_get2_fa_reply(
    mesh_call *call, const OddPackage__V2beta3__XMLApi__SnakeCaseMsg *reply);

/* ---- service Odd_Package.v2beta3.XMLApi.no_methods ---- */

/** Handlers of Odd_Package.v2beta3.XMLApi.no_methods; a member that is NULL answers UNIMPLEMENTED. */
typedef struct odd__package_v2beta3_xmlapi_no_methods {
  char no_methods;
} odd__package_v2beta3_xmlapi_no_methods;

extern const mesh_service_descriptor odd__package_v2beta3_xmlapi_no_methods_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service odd__package_v2beta3_xmlapi_no_methods_bind(
    const odd__package_v2beta3_xmlapi_no_methods *handlers, void *self);

#ifdef __cplusplus
}
#endif

#endif
