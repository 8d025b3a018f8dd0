#include "platform/picture/protocol.hpp"

#include "platform/picture/sizes.hpp"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

namespace spaces::picture::protocol {

namespace {

struct body_head {
  std::uint32_t width = 0, height = 0;
  std::uint64_t likeness = 0;
  std::uint32_t placeholder_bytes = 0;
  std::uint32_t files = 0;
};

struct file_head {
  std::uint32_t kind = 0;  ///< a `format`
  std::uint32_t width = 0, height = 0;
  std::uint32_t bytes = 0;
};

template <class Head>
bool take(std::string_view& from, Head& into) {
  if (from.size() < sizeof into) return false;
  std::memcpy(&into, from.data(), sizeof into);
  from.remove_prefix(sizeof into);
  return true;
}

struct expected_file {
  format kind;
  size extent;
};

std::vector<expected_file> expected_files(size original, stage what) {
  std::vector<expected_file> files;
  if (what == stage::avif) {
    for (const size& one : avif_sizes_of(original)) files.push_back({format::avif, one});
    return files;
  }
  for (const format kind : {format::jpeg, format::webp})
    for (const size& one : sizes_of(original)) files.push_back({kind, one});
  return files;
}

format kind_of(std::string_view content_type) {
  for (const format one : {format::jpeg, format::webp})
    if (content_type == content_type_of(one)) return one;
  return format::avif;
}

/// The reason why this is not what it should be; empty when it is.
std::string_view read_file(std::string_view& from, const expected_file& expected, file& into) {
  file_head head;
  if (!take(from, head)) return "it ends within a file's head";
  if (head.kind != static_cast<std::uint32_t>(expected.kind)) return "a file of another type than is expected";
  if (head.width != expected.extent.width || head.height != expected.extent.height)
    return "a file of another size than is expected";
  if (head.bytes > output_bytes_max || head.bytes > from.size()) return "a file that is too large";
  const std::string_view bytes = from.substr(0, head.bytes);
  from.remove_prefix(head.bytes);
  const auto sniffed = read_header(bytes);
  const header* const really = std::get_if<header>(&sniffed);
  if (really == nullptr || *really != header{expected.kind, head.width, head.height})
    return "a file that is not what it is called";
  into = {std::string(content_type_of(expected.kind)), head.width, head.height, std::string(bytes)};
  return {};
}

}  // namespace

std::string answer(const request& to, reason why) {
  answer_head head;
  head.number = to.number;
  head.refused = static_cast<std::uint32_t>(why) + 1;
  return std::string(bytes_of(head));
}

std::string answer(const request& to, const prepared& made) {
  body_head told{made.width, made.height, made.likeness, static_cast<std::uint32_t>(made.placeholder.size()),
                 static_cast<std::uint32_t>(made.files.size())};
  answer_head head;
  head.number = to.number;
  head.bytes = sizeof told + made.placeholder.size();
  for (const file& one : made.files) head.bytes += sizeof(file_head) + one.bytes.size();
  std::string whole;
  whole.reserve(sizeof head + head.bytes);
  whole.append(bytes_of(head)).append(bytes_of(told)).append(made.placeholder);
  for (const file& one : made.files) {
    const file_head each{static_cast<std::uint32_t>(kind_of(one.content_type)), one.width, one.height,
                         static_cast<std::uint32_t>(one.bytes.size())};
    whole.append(bytes_of(each)).append(one.bytes);
  }
  return whole;
}

std::variant<prepared, std::string_view> read_prepared(std::string_view body, stage what) {
  body_head told;
  if (!take(body, told)) return "it ends within its head";
  if (beyond_limits(told.width, told.height)) return "a size that no picture has";
  const bool with_placeholder = what == stage::first;
  if (told.placeholder_bytes > (with_placeholder ? placeholder_bytes_max : 0) || told.placeholder_bytes > body.size() ||
      (with_placeholder && told.placeholder_bytes == 0))
    return "a placeholder that is none";
  if (!with_placeholder && told.likeness != 0) return "a likeness where there should be none";
  prepared made;
  made.width = told.width;
  made.height = told.height;
  made.likeness = told.likeness;
  made.placeholder = body.substr(0, told.placeholder_bytes);
  body.remove_prefix(told.placeholder_bytes);
  const auto expected = expected_files({made.width, made.height}, what);
  if (told.files != expected.size()) return "more or fewer files than there should be";
  for (const expected_file& one : expected)
    if (const std::string_view wrong = read_file(body, one, made.files.emplace_back()); !wrong.empty()) return wrong;
  if (!body.empty()) return "something behind its end";
  return made;
}

}  // namespace spaces::picture::protocol
