#include "app/system_routes.hpp"

#include "app/docs_page.hpp"
#include "platform/base/digest.hpp"
#include "platform/http/compression.hpp"
#include "platform/record/json.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace spaces::app {

namespace {

using http::audience;
using http::method;
using http::request_context;
using http::response;
using http::route;
using http::work;

constexpr std::string_view tag = "System";

constexpr std::string_view well_example =
    R"({"status": "ok", "version": "0.1.0", "environment": "production", "store": "lmdb", "bucket": "disk", )"
    R"("failing": [], "timestamp": "2026-11-22T08:00:00.000Z"})";
constexpr std::string_view ill_example =
    R"({"status": "unavailable", "version": "0.1.0", "environment": "production", "store": "lmdb", "bucket": "disk", )"
    R"("failing": ["store"], "timestamp": "2026-11-22T08:00:00.000Z"})";

route system_row(std::string_view path, http::operation_doc doc, work does) {
  route row(http::kept_by::all);
  row.verb = method::get;
  row.path = path;
  row.does = does;
  row.who = audience::anyone;
  row.doc = std::move(doc);
  row.doc.tag = tag;
  return row;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.empty() ? '{' : ',';
  record::append_json_string(out, name);
  out += ':';
  record::append_json_string(out, text);
}

response docs_response(const docs_file& file, const request_context& context) {
  const bool gzip = http::accepts_gzip(context.fields.accept_encoding);
  std::string etag(file.etag);
  if (!gzip) etag.replace(etag.find("-gzip"), 5, "");
  response made;
  made.set("Content-Type", file.content_type);
  made.set("Content-Security-Policy", docs_content_security_policy);
  // The files change with the program and are small: asked again each time, answered 304.
  made.set("Cache-Control", "no-cache");
  made.set("ETag", etag);
  made.vary_by("Accept-Encoding");
  if (gzip) made.set("Content-Encoding", "gzip");
  made.body = gzip ? std::string(file.gzip) : http::gunzip(file.gzip);
  return made;
}

}  // namespace

namespace {

/// What came of all checks.
struct wellness {
  bool serves = true;  ///< nothing vital fails
  std::vector<std::string_view> failing;

  std::string_view status() const { return !serves ? "unavailable" : failing.empty() ? "ok" : "degraded"; }
};

wellness look_at(std::span<const health_check> checks) {
  wellness found;
  for (const health_check& one : checks) {
    if (one.check().has_value()) continue;
    found.failing.push_back(one.name);
    if (one.vital) found.serves = false;
  }
  return found;
}

}  // namespace

route health_route(const configuration& settings, const engines& used,
                   std::function<std::span<const health_check>()> checks, const clock& clock) {
  http::operation_doc doc;
  doc.id = "health";
  doc.summary = "Is the service well?";
  doc.text =
      "`degraded`: requests are answered, except those that need what `failing` names, such as uploads where the "
      "bucket cannot be reached.";
  doc.answers.push_back({200, "Requests are answered", {}, false, {}, "application/json", well_example});
  doc.answers.push_back(
      {503, "The store does not answer", {}, false, {"Retry-After"}, "application/json", ill_example});
  route row = system_row("/health", std::move(doc), used.bucket_waits ? work::reads_many : work::reads_one);
  row.kept = http::kept_by::nobody;  // the state of this moment
  row.run = [environment = settings.environment, used, checks = std::move(checks),
             &clock](const request_context&) -> result<response> {
    const wellness now = look_at(checks());
    response made;
    made.status = now.serves ? 200 : 503;
    made.set("Content-Type", "application/json");
    made.set("Cache-Control", "no-store");
    if (!now.serves) made.set("Retry-After", "1");
    append_member(made.body, "status", now.status());
    append_member(made.body, "version", SPACES_VERSION);
    append_member(made.body, "environment", to_text(environment));
    append_member(made.body, "store", used.table);
    append_member(made.body, "bucket", used.bucket);
    made.body += ",\"failing\":[";
    for (const std::string_view name : now.failing) {
      if (made.body.back() != '[') made.body += ',';
      record::append_json_string(made.body, name);
    }
    made.body += ']';
    append_member(made.body, "timestamp", spaces::to_text(clock.now()));
    made.body += '}';
    return made;
  };
  return row;
}

route openapi_route(std::function<std::string()> write) {
  http::operation_doc doc;
  doc.id = "openapi";
  doc.summary = "This document";
  doc.answers.push_back({200,
                         "OpenAPI 3.1",
                         {},
                         false,
                         {"ETag"},
                         "application/json",
                         R"({"openapi": "3.1.0", "info": {}, "paths": {}})"});
  doc.answers.push_back({304, "Not changed since the version that If-None-Match names", {}, false, {"ETag"}});
  route row = system_row("/openapi.json", std::move(doc), work::reads_one);
  struct document {
    std::once_flag written;
    std::string text;
    std::string etag;
  };
  row.run = [write = std::move(write),
             kept = std::make_shared<document>()](const request_context&) -> result<response> {
    std::call_once(kept->written, [&] {
      kept->text = write();
      kept->etag = '"' + to_hex(sha256(kept->text)).substr(0, 16) + '"';
    });
    response made;
    made.set("Content-Type", "application/json");
    made.set("Cache-Control", "no-cache");
    made.set("ETag", kept->etag);
    made.body = kept->text;
    made.same_for_all = true;
    return made;
  };
  return row;
}

std::vector<route> docs_routes() {
  std::vector<route> rows;
  for (const docs_file& file : docs_files()) {
    http::operation_doc doc;  // without an id: part of the page, not of the API
    doc.answers.push_back({200, "", {}, false, {}, file.content_type.substr(0, file.content_type.find(';'))});
    route row = system_row(file.path, std::move(doc), work::reads_one);
    row.run = [&file](const request_context& context) -> result<response> { return docs_response(file, context); };
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace spaces::app
