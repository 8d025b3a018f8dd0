#include "platform/bucket/disk/object_footer.hpp"

#include <algorithm>

namespace spaces::bucket {

namespace {
constexpr std::string_view mark = "SPACESO1";
}

std::string object_footer::text() const {
  std::string out = content_type.substr(0, content_type_bytes_max);
  out.resize(content_type_bytes_max + 1, '\0');
  out.append(reinterpret_cast<const char*>(sha256.data()), sha256.size());
  out += mark;
  return out;
}

std::optional<object_footer> object_footer::read(std::string_view text) {
  if (text.size() != bytes || !text.ends_with(mark)) return std::nullopt;
  object_footer found;
  found.content_type = text.substr(0, text.find('\0'));
  std::copy_n(text.data() + content_type_bytes_max + 1, found.sha256.size(),
              reinterpret_cast<char*>(found.sha256.data()));
  return found;
}

}  // namespace spaces::bucket
