#include "marketplace/images/requests.hpp"

#include "platform/http/answers.hpp"
#include "platform/record/json.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"

#include <fmt/core.h>

#include <utility>

namespace spaces::images {

namespace {

using namespace record;

/// What is written elsewhere and only documented here.
struct only_shown {
  static std::string_view packed() { return {}; }
  static bool unpack(const value&) { return false; }
};
struct shown_headers : only_shown {};
struct shown_upload : only_shown {};
struct given_order : only_shown {};

constexpr packed_form headers_form{[]() -> field_span { return {}; }};

}  // namespace

}  // namespace spaces::images

template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::images::shown_headers> =
    &spaces::images::headers_form;

namespace spaces::images {

namespace {

struct upload_members {
  std::string method, url;
  shown_headers headers;
  instant expires_at;
};
constexpr field upload_fields[] = {
    of<&upload_members::method>("method", on_show, {.example = "\"PUT\""}),
    of<&upload_members::url>("url", on_show,
                             {.doc = "Where the file's bytes go, as the body", .example = "\"https://…/uploads/…\""}),
    of<&upload_members::headers>(
        "headers", on_show,
        {.doc = "To be sent with them, each with its text", .example = "{\"Content-Type\": \"image/jpeg\"}"}),
    of<&upload_members::expires_at>("expiresAt", on_show,
                                    {.doc = "Then it is too late", .example = "\"2026-11-22T08:30:00.000Z\""}),
};
constexpr packed_form upload_form{[]() -> field_span { return upload_fields; }};

constexpr field order_fields[] = {
    of<&arranged_image::id>("id", on_create, {.required = true, .doc = "An image of the listing"}),
    of<&arranged_image::alt>("alt", on_create,
                             {.length_max = properties::alt_max,
                              .doc = "Its alternative text: as it was where this is left out, none where it is null"}),
};
constexpr packed_form order_form{[]() -> field_span { return order_fields; }, true};

}  // namespace

}  // namespace spaces::images

template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::images::shown_upload> =
    &spaces::images::upload_form;
template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::images::given_order> =
    &spaces::images::order_form;

namespace spaces::images {

namespace {

struct arrangement_members {
  given_order images;
};
constexpr field arrangement_fields[] = {
    of<&arrangement_members::images>("images", on_update,
                                     {.items_max = properties::images_max,
                                      .doc = "Those that come first, in this order: the first is the cover. Others "
                                             "follow as they were",
                                      .example = R"([{"id": "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071"}])"}),
};

struct images_members {
  properties::image_list images;
};
constexpr field images_fields[] = {
    of<&images_members::images>("images", on_show,
                                {.items_max = properties::images_max, .doc = "The cover first", .example = "[]"}),
};

struct announced_members {
  std::optional<shown_upload> upload;
};
constexpr field announced_field = of<&announced_members::upload>(
    "upload", on_show,
    {.doc = "How to send it; null where it has come already",
     .example = R"({"method": "PUT", "url": "https://example.com/uploads/dXBsb2FkMQ",)"
                R"( "headers": {"Content-Type": "image/jpeg"}, "expiresAt": "2026-11-22T08:30:00.000Z"})"});

/// A picture's as one that was announced, and how to upload it.
field_span announced_fields() {
  static const std::vector<field> all = [] {
    const field_span shown = properties::shown_image_fields();
    std::vector<field> joined(shown.begin(), shown.end());
    for (field& each : joined) {
      const bool stays = each.name == "id" || each.name == "alt";
      if (!stays) each.rules.example = each.name == "status" ? "\"awaiting\"" : each.name == "sources" ? "[]" : "null";
    }
    joined.push_back(announced_field);
    return joined;
  }();
  return all;
}

error wrong(std::string pointer, std::string_view code, std::string_view detail) {
  return invalid({{std::move(pointer), std::string(code), std::string(detail)}});
}

}  // namespace

result<arrangement> arrangement::from(const http::request_context& context) {
  const auto body = parse_json(context.incoming.body);
  if (!body) return body.error();
  if (body->kind != json_kind::object) return wrong("", "wrong-type", "must be an object");
  std::vector<problem> problems;
  for (const json_member& member : body->members)
    if (member.name != "images") problems.push_back({'/' + member.name, "unknown", "no such field"});
  const json_value* const images = body->find("images");
  if (!images) return wrong("/images", "required", "is required");
  if (images->kind != json_kind::array) return wrong("/images", "wrong-type", "must be an array of objects");
  if (images->elements.size() > properties::images_max)
    return wrong("/images", "too-many", fmt::format("must have at most {} entries", properties::images_max));
  arrangement read;
  for (std::size_t i = 0; i < images->elements.size(); ++i) {
    const std::string at = fmt::format("/images/{}", i);
    std::vector<problem> found;
    arranged_image& one = read.order.emplace_back();
    if (images->elements[i].kind != json_kind::object) {
      found.push_back({"", "wrong-type", "must be an object"});
    } else {
      const field_set given = read_object(order_fields, images->elements[i], on_create, &one, found);
      demand_required(order_fields, on_create, given, found);
      // null takes the text away.
      if (given[1] && !one.alt) one.alt.emplace();
    }
    for (problem& each : found) problems.push_back({at + each.pointer, std::move(each.code), std::move(each.detail)});
  }
  if (!problems.empty()) return invalid(std::move(problems));
  return read;
}

void arrangement::describe(http::operation_doc& doc) {
  doc.body = http::schema{"ListingImagesChange", arrangement_fields, on_update, false};
  doc.problems.insert(doc.problems.end(), {400, 413, 415, 422});
}

http::response image_answer::render(const http::request_context&) {
  http::response made = http::json_response(200, std::move(json));
  made.set("ETag", http::to_etag(version));
  return made;
}

void image_answer::describe(http::operation_doc& doc) {
  doc.answers.push_back({200,
                         "As it is now; the tag is the listing's",
                         http::schema{"Image", properties::shown_image_fields(), on_show},
                         false,
                         {"ETag"}});
}

http::response announced_answer::render(const http::request_context&) {
  http::response made = http::json_response(201, std::move(json));
  made.set("Location", location);
  made.set("ETag", http::to_etag(version));
  return made;
}

void announced_answer::describe(http::operation_doc& doc) {
  doc.answers.push_back({201,
                         "Announced; upload it now",
                         http::schema{"ImageAnnounced", announced_fields(), on_show},
                         false,
                         {"Location", "ETag"}});
}

http::response images_answer::render(const http::request_context&) {
  http::response made = http::json_response(200, std::move(json));
  made.set("ETag", http::to_etag(version, view));
  made.same_for_all = same_for_all;
  made.but_for = but_for;
  return made;
}

void images_answer::describe(http::operation_doc& doc) {
  arranged_answer::describe(doc);
  doc.answers.push_back({304, "Not changed since the version that If-None-Match names", {}, false, {"ETag"}});
}

void arranged_answer::describe(http::operation_doc& doc) {
  doc.answers.push_back(
      {200, "As they are now", http::schema{"ListingImages", images_fields, on_show}, false, {"ETag"}});
}

void append_permission(std::string& out, const bucket::upload_permission& permission) {
  const auto text = [&](std::string_view value) { append_json_string(out, value); };
  out += "{\"method\":";
  text(permission.method);
  out += ",\"url\":";
  text(permission.url);
  out += ",\"headers\":{";
  bool first = true;
  for (const auto& [name, value] : permission.headers) {
    if (!std::exchange(first, false)) out += ',';
    text(name);
    out += ':';
    text(value);
  }
  out += "},\"expiresAt\":\"";
  append_instant(out, permission.expires_at);
  out += "\"}";
}

}  // namespace spaces::images
