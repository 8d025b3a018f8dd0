#include "platform/net/request_syntax.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace spaces::net {
namespace {

enum class_bits : std::uint8_t {
  in_token = 1,
  in_path = 2,
  in_query = 4,
  in_name = 8,
  hex_digit = 16,
  unreserved = 32,
};

consteval std::array<std::uint8_t, 256> classify() {
  std::array<std::uint8_t, 256> table{};
  auto add = [&](std::string_view characters, unsigned bits) {
    for (const char c : characters) {
      auto& entry = table[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | bits);
    }
  };
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", in_path | in_query | in_name | unreserved);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~", in_token);
  add("!$&'()*+,;=", in_path | in_query | in_name);
  add(":@/", in_path | in_query);
  add("?[]|^`{}\\", in_query);
  add("0123456789abcdefABCDEF", hex_digit);
  return table;
}

constexpr auto classes = classify();

bool is(char c, unsigned bits) { return (classes[static_cast<unsigned char>(c)] & bits) != 0; }

constexpr char hex_digits[] = "0123456789ABCDEF";

void append_escaped(std::string& out, char c, bool as_it_is) {
  if (as_it_is) {
    out += c;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out.append(1, '%').append(1, hex_digits[byte >> 4]).append(1, hex_digits[byte & 0x0F]);
}

bool is_value_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

/// Eight bytes together: no byte below 0x20 and none that is 0x7f. A tab is below: the caller looks closer.
bool is_plain_word(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  const std::uint64_t low = (word - ones * 0x20) & ~word;
  const std::uint64_t del = word ^ (ones * 0x7f);
  return ((low | ((del - ones) & ~del)) & highs) == 0;
}

/// True when every character is of `bit`, one of the classes, or a whole escape.
bool all_of_class(std::string_view text, unsigned bit) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto class_of = [&](int ahead) { return classes[static_cast<unsigned char>(at[ahead])]; };
  while (true) {
    while (end - at >= 4 && (class_of(0) & class_of(1) & class_of(2) & class_of(3) & bit) != 0) at += 4;
    while (at != end && is(*at, bit)) ++at;
    if (at == end) return true;
    if (*at != '%' || end - at < 3 || !is(at[1], hex_digit) || !is(at[2], hex_digit)) return false;
    at += 3;
  }
}

bool is_port(std::string_view text) {
  if (text.empty()) return true;  // RFC 3986, 3.2.3: the scheme's own
  const auto number = parse_length(text);
  return number && *number <= 65535;
}

/// "[v1.…]" (RFC 3986, 3.2.2: IPvFuture).
bool is_future_literal(std::string_view text) {
  if (text.size() < 6 || (text[1] != 'v' && text[1] != 'V') || text.back() != ']') return false;
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || point == 2 || point + 2 >= text.size()) return false;
  for (const char c : text.substr(2, point - 2))
    if (!is(c, hex_digit)) return false;
  for (const char c : text.substr(point + 1, text.size() - point - 2))
    if (!is(c, in_name) && c != ':') return false;
  return true;
}

bool is_ip_literal(std::string_view text) {
  if (is_future_literal(text)) return true;
  if (text.size() < 4 || text.size() > 47 || text.front() != '[' || text.back() != ']') return false;
  std::size_t colons = 0;
  for (const char c : text.substr(1, text.size() - 2)) {
    if (c == ':')
      ++colons;
    else if (c != '.' && !is(c, hex_digit))
      return false;
  }
  return colons >= 2;
}

struct known_method {
  std::string_view text;
  http::method verb;
};

constexpr known_method known_methods[] = {
    {"GET", http::method::get},         {"HEAD", http::method::head},   {"POST", http::method::post},
    {"PUT", http::method::put},         {"PATCH", http::method::patch}, {"DELETE", http::method::delete_},
    {"OPTIONS", http::method::options},
};

}  // namespace

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::size_t token_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is(text[length], in_token)) ++length;
  return length;
}

bool is_token(std::string_view text) { return !text.empty() && token_length(text) == text.size(); }

bool is_field_value(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if (is_plain_word(word)) continue;
    for (int i = 0; i < 8; ++i)
      if (!is_value_byte(at[i])) return false;
  }
  for (; at != end; ++at)
    if (!is_value_byte(*at)) return false;
  return true;
}

std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_name(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + ('a' - 'A')) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

bool looks_like(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i] == '_'                     ? '-'
                   : name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] + ('a' - 'A'))
                                                      : name[i];
    if (c != lower[i]) return false;
  }
  return true;
}

bool is_origin_form(std::string_view target) {
  if (target.empty() || target.front() != '/') return false;
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return all_of_class(target, in_path);
  return all_of_class(target.substr(0, question), in_path) && all_of_class(target.substr(question + 1), in_query);
}

std::size_t normalize_path(char* target, std::size_t size) {
  const char* const end = target + size;
  const void* const question = std::memchr(target, '?', size);
  const char* const path_end = question == nullptr ? end : static_cast<const char*>(question);
  void* const escape = std::memchr(target, '%', static_cast<std::size_t>(path_end - target));
  if (escape == nullptr) return size;
  char* to = static_cast<char*>(escape);
  for (const char* from = to; from != path_end;) {
    if (*from != '%') {
      *to++ = *from++;
      continue;
    }
    const int byte = hex_value(from[1]) * 16 + hex_value(from[2]);
    if (is(static_cast<char>(byte), unreserved)) {
      *to++ = static_cast<char>(byte);
    } else {
      *to++ = '%';
      *to++ = hex_digits[byte >> 4];
      *to++ = hex_digits[byte & 0x0F];
    }
    from += 3;
  }
  std::memmove(to, path_end, static_cast<std::size_t>(end - path_end));
  return static_cast<std::size_t>(to - target) + static_cast<std::size_t>(end - path_end);
}

std::string escape_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t at = 0; at < path.size(); ++at) {
    const bool escape =
        path[at] == '%' && path.size() - at >= 3 && is(path[at + 1], hex_digit) && is(path[at + 2], hex_digit);
    append_escaped(out, path[at], escape || is(path[at], in_path));
  }
  return out;
}

std::string escape_parameter(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) append_escaped(out, c, is(c, unreserved));
  return out;
}

bool is_host(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '[') {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos || !is_ip_literal(text.substr(0, bracket + 1))) return false;
    const std::string_view rest = text.substr(bracket + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return false;
  const std::string_view name = text.substr(0, colon);
  return !name.empty() && all_of_class(name, in_name);
}

std::optional<absolute_form> split_absolute_form(std::string_view target) {
  const std::size_t mark = target.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = target.substr(0, mark);
  if (!same_name(scheme, "http") && !same_name(scheme, "https")) return std::nullopt;
  const std::string_view behind = target.substr(mark + 3);
  const std::size_t length = std::min(behind.find_first_of("/?"), behind.size());
  return absolute_form{behind.substr(0, length), behind.substr(length)};
}

std::optional<request_line> split_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const std::size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos || second == first + 1) return std::nullopt;
  return request_line{line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)};
}

std::optional<http::method> find_method(std::string_view text) {
  for (const known_method& known : known_methods)
    if (text == known.text) return known.verb;
  return std::nullopt;
}

bool is_foreign_method(std::string_view text) {
  if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
  for (const char c : text)
    if (c != '-' && (c < 'A' || c > 'Z')) return false;
  return true;
}

bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && text[5] >= '0' && text[5] <= '9' && text[6] == '.' &&
         text[7] >= '0' && text[7] <= '9';
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    number = number > (largest - digit) / 10 ? largest : number * 10 + digit;
  }
  return number;
}

}  // namespace spaces::net
