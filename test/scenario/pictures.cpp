#include "scenario/pictures.hpp"

#include "platform/base/digest.hpp"
#include "platform/net/client/client.hpp"
#include "platform/record/json.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>

namespace spaces::test {

namespace {

/// What a presigned URL is for: the bucket's own server.
int send_to_bucket(const std::string& url, std::string_view bytes, const std::vector<http::field_line>& fields) {
  const auto web = net::make_client();
  if (!web) throw std::runtime_error(web.error().public_text);
  const std::size_t path = url.find('/', url.find("://") + 3);
  http::client_request outgoing;
  outgoing.verb = http::method::put;
  outgoing.origin = std::string_view(url).substr(0, path);
  outgoing.target = std::string_view(url).substr(path);
  outgoing.fields = fields;
  outgoing.body = bytes;
  outgoing.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto answer = (*web)->send(outgoing);
  if (!answer) throw std::runtime_error(answer.error().text);
  return answer->status;
}

}  // namespace

result<picture::prepared> scripted_preparer::prepare(int original, std::uint64_t bytes, picture::stage what) {
  std::string text(bytes, '\0');
  if (::pread(original, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return internal("an original cannot be read");
  asked.push_back(text);
  if (before) before(what);
  if (failure) return *failure;
  const bool first = what == picture::stage::first;
  picture::prepared made;
  made.width = 1000;
  made.height = 750;
  if (first) {
    made.placeholder = "placeholder";
    for (const char c : text.substr(0, 8)) made.likeness = made.likeness << 8 | static_cast<std::uint8_t>(c);
  }
  const std::vector<std::string> types =
      first ? std::vector<std::string>{"image/jpeg", "image/webp"} : std::vector<std::string>{"image/avif"};
  for (const std::string& type : types)
    for (const unsigned width : {320U, 640U, 1000U})
      made.files.push_back({type, width, width * 3 / 4, type + ' ' + std::to_string(width) + ' ' + text});
  return made;
}

std::string announcing(std::string_view bytes, std::string_view more) {
  const sha256_digest digest = sha256(bytes);
  return R"({"bytes":)" + std::to_string(bytes.size()) + R"(,"type":"image/jpeg","sha256":")" + to_hex(digest) + '"' +
         std::string(more) + '}';
}

expectation keep_upload(const std::string& name) {
  return [name](scenario& s, const answer& seen) { s.name(name + "'s upload", seen.at("/upload")); };
}

scenario& announce(scenario& s, const std::string& name, std::string_view bytes, const std::string& who,
                   std::string_view more) {
  s.when(post(lofts_images, announcing(bytes, more)).as(who)).then(201, keep(name, "/id"), keep_upload(name));
  return s;
}

int upload(scenario& s, const std::string& name, std::string_view bytes) {
  const auto how = record::parse_json(s.filled("{" + name + "'s upload}"));
  if (!how || !how->find("url")) throw std::runtime_error("no permission for " + name);
  const std::string& url = how->find("url")->text;
  std::vector<http::field_line> fields;
  for (const record::json_member& each : how->find("headers")->members) fields.push_back({each.name, each.value.text});
  const std::size_t at = url.find("/uploads/");
  if (at == std::string::npos) return send_to_bucket(url, bytes, fields);
  call sent = put(url.substr(at), std::string(bytes));
  for (const http::field_line& each : fields) sent.fields.emplace_back(each.name, each.value);
  return s.place().send(sent).status;
}

call uploaded(const std::string& name, const std::string& who) {
  return post(lofts_images + std::string("/{") + name + "}/uploaded", "").as(who);
}

scenario& add_picture(scenario& s, const std::string& name, std::string_view bytes, const std::string& who,
                      std::string_view more) {
  announce(s, name, bytes, who, more);
  EXPECT_EQ(upload(s, name, bytes), 200) << name;
  return s.when(uploaded(name, who)).then(200, shows("/status", "\"preparing\""));
}

}  // namespace spaces::test
