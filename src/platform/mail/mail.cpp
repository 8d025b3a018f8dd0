#include "platform/mail/mail.hpp"

#include "platform/base/text.hpp"

#include <algorithm>

namespace spaces::mail {

namespace {

/// RFC 5321, 4.5.3.1.3: a path has 256 characters with its brackets.
constexpr std::size_t address_bytes_max = 254;

}  // namespace

bool is_address(std::string_view text) {
  if (text.size() > address_bytes_max || !is_utf8(text) || has_control(text, false)) return false;
  if (text.find_first_of(" <>()[]\\,;:\"") != std::string_view::npos) return false;
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at != 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos;
}

std::optional<sender> parse_sender(std::string_view text) {
  text = trim(text);
  sender read;
  if (text.ends_with('>')) {
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) return std::nullopt;
    read.name = trim(text.substr(0, open));
    text = text.substr(open + 1, text.size() - open - 2);
  }
  read.address = text;
  if (!is_address(read.address) || !is_utf8(read.name) || has_control(read.name, false)) return std::nullopt;
  return read;
}

}  // namespace spaces::mail
