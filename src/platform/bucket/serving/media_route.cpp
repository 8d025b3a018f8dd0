#include "platform/bucket/serving/media_route.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spaces::bucket {

namespace {

/// What a browser shows as a picture and nothing else: no SVG, which is a document with scripts.
constexpr std::string_view types_served[] = {"image/jpeg", "image/png", "image/webp", "image/avif"};

/// A name stands for one content for ever (RFC 8246).
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";
/// Opened as a page of its own, it is none: nothing runs, and it has no origin.
constexpr std::string_view policy = "default-src 'none'; sandbox";

error no_picture() { return not_found("picture"); }

/// Only what the key names as it is written: one with escapes names nothing.
result<http::response> serve(disk_bucket& bucket, std::string_view name) {
  const std::string key = std::string(public_prefix).append(name);
  if (!validate_key(key)) return no_picture();
  auto found = bucket.open(key);
  if (!found && found.error().kind == error_kind::not_found) return no_picture();
  if (!found) return found.error();
  if (std::ranges::find(types_served, found->info.content_type) == std::end(types_served)) return no_picture();
  http::response made;
  made.set("Content-Type", found->info.content_type);
  made.set("Cache-Control", for_ever);
  made.set("ETag", '"' + found->info.etag + '"');
  made.set("Content-Security-Policy", policy);
  // Pages of other origins show it, also those that let in only what says that it may be.
  made.set("Cross-Origin-Resource-Policy", "cross-origin");
  made.file = std::make_shared<http::file_part>(http::file_part{std::move(found->file), 0, found->info.bytes});
  return made;
}

}  // namespace

http::route media_route(disk_bucket& bucket) {
  http::route row(http::kept_by::all);
  row.verb = http::method::get;
  row.path = "/media/{key}";
  row.does = http::work::reads_one;
  row.who = http::audience::anonymous;
  row.open_to_the_end = true;
  row.doc.id = "getMedia";
  row.doc.tag = "Media";
  row.doc.summary = "A picture";
  row.doc.text =
      "What the URLs of pictures lead to where pictures are kept on the server's disk. A name stands for one picture "
      "for ever, so that it may be kept for ever.";
  row.doc.path_segment = "What stands behind /media/ in a picture's URL, slashes too";
  row.doc.answers = {
      {200, "The picture", {}, false, {"Cache-Control", "ETag", "Accept-Ranges"}, "image/*"},
      {206, "The part of it that Range asks for", {}, false, {"Content-Range", "ETag"}, "image/*"},
      {304, "Not changed, as ever", {}, false, {"ETag"}},
  };
  row.doc.problems = {404, 416};
  row.run = [&bucket](const http::request_context& context) { return serve(bucket, context.path_parameter); };
  return row;
}

}  // namespace spaces::bucket
