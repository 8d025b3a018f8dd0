/// bucket_tool permit KEY TYPE BYTES SHA256 SECONDS: permits an upload of exactly so many bytes with that checksum
/// (hex) to the bucket that the environment names, and prints the permission as JSON. bucket_tool put KEY TYPE: stores
/// standard input. bucket_tool keys: prints all. For tests.

#include "app/configuration.hpp"
#include "app/open_bucket.hpp"
#include "app/open_table.hpp"
#include "platform/record/json.hpp"
#include "platform/table/store_meta.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using namespace spaces;

namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  record::append_json_string(out, name);
  out += ':';
  record::append_json_string(out, text);
}

sha256_digest digest_of(const std::string& hex) {
  sha256_digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  return digest;
}

result<std::string> permit(bucket::object_store& bucket, const std::vector<std::string>& words) {
  const std::uint64_t bytes = std::stoull(words.at(2));
  const auto made = bucket.permit(
      {words.at(0), words.at(1), bytes, bytes, digest_of(words.at(3)), std::chrono::seconds(std::stoi(words.at(4)))});
  if (!made) return made.error();
  std::string headers = "{";
  for (const auto& [name, value] : made->headers) append_member(headers, name, value);
  std::string out = "{";
  append_member(out, "method", made->method);
  append_member(out, "url", made->url);
  return out + ",\"headers\":" + headers + "}}";
}

result<std::string> put(bucket::object_store& bucket, const std::vector<std::string>& words) {
  const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
  const auto done = bucket.put(words.at(0), bytes, {.content_type = words.at(1)});
  if (!done) return done.error();
  return std::string();
}

result<std::string> keys(bucket::object_store& bucket) {
  const auto found = bucket.list("", "", bucket::list_objects_max);
  if (!found) return found.error();
  std::string out;
  for (const bucket::listed_object& one : found->objects) out += one.key + '\n';
  return out;
}

result<std::string> run(const std::vector<std::string>& words) {
  const auto settings = app::read_configuration({});
  if (!settings) return settings.error();
  const system_clock clock;
  const auto table = app::open_table(*settings, app::table_use::reading, clock);
  if (!table) return table.error();
  const auto secret = table::store_meta::read_secret(*table->table);
  if (!secret) return secret.error();
  const auto opened = app::open_bucket(*settings, app::table_use::serving, *secret, clock, table->connection.get());
  if (!opened) return opened.error();
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (words.front() == "permit") return permit(*opened->bucket, rest);
  return words.front() == "put" ? put(*opened->bucket, rest) : keys(*opened->bucket);
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const auto done = run({words + 1, words + count});
  if (!done)
    return std::fprintf(stderr, "%s%s\n", done.error().public_text.c_str(), done.error().private_text.c_str()), 1;
  std::printf("%s\n", done->c_str());
  return 0;
}
