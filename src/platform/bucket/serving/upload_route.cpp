#include "platform/bucket/serving/upload_route.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace spaces::bucket {

namespace {

/// A transport that has the whole body already announces nothing.
std::optional<std::uint64_t> announced_length(const http::request& incoming) {
  const std::string_view text = incoming.field("Content-Length");
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

class received_upload final : public http::body_receiver {
 public:
  explicit received_upload(std::unique_ptr<disk_upload> upload) : upload_(std::move(upload)) {}

  result<void> take(std::string_view piece) override { return upload_->write(piece); }

  result<http::response> finish() override {
    const auto stored = upload_->finish();
    if (!stored) return stored.error();
    http::response made;
    made.set("ETag", '"' + stored->etag + '"');
    return made;
  }

 private:
  const std::unique_ptr<disk_upload> upload_;
};

result<std::unique_ptr<http::body_receiver>> receive(disk_bucket& bucket, const http::request_context& context) {
  upload_headers sent;
  sent.content_length = announced_length(context.incoming);
  sent.content_type = context.fields.content_type;
  sent.checksum = context.incoming.field(checksum_header);
  auto begun = bucket.begin_upload(context.path_parameter, sent);
  if (!begun) return begun.error();
  return std::make_unique<received_upload>(*std::move(begun));
}

}  // namespace

http::route upload_route(disk_bucket& bucket) {
  http::route row(http::kept_by::nobody);
  row.verb = http::method::put;
  row.path = "/uploads/{permission}";
  row.does = http::work::writes;
  row.who = http::audience::anonymous;
  row.secret_segment = true;
  row.doc.id = "upload";
  row.doc.tag = "Media";
  row.doc.summary = "Upload a file";
  row.doc.text =
      "Where pictures are kept on the server's disk, the URL of an upload that one was permitted leads here. Send the "
      "file as the body, with the headers that came with the URL; it is taken once, until the permission expires. "
      "`Expect: 100-continue` is answered once the headers were found right.";
  row.doc.path_segment = "The permission, as the URL has it";
  row.doc.takes_file = true;
  row.doc.answers = {{200, "The file is stored", {}, false, {"ETag"}}};
  row.doc.problems = {403, 408, 409, 411, 413, 415, 422};
  row.receive = [&bucket](const http::request_context& context) { return receive(bucket, context); };
  return row;
}

}  // namespace spaces::bucket
