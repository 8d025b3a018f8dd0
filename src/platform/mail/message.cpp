#include "platform/mail/message.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/text.hpp"

#include <fmt/chrono.h>

#include <algorithm>

namespace spaces::mail {

namespace {

constexpr std::string_view crlf = "\r\n";
/// RFC 5322, 2.1.1: a line has 998 characters at most, without its end.
constexpr std::size_t line_bytes_max = 998;
/// Field names stand in front; what is longer is written in encoded words, which are short.
constexpr std::size_t plain_field_bytes_max = 900;
/// RFC 2047, 2: a line with an encoded word has 76 characters at most. "Subject: ", "=?utf-8?B?" and "?=" are 21;
/// 39 bytes are 52 in base64.
constexpr std::size_t word_bytes_max = 39;
/// RFC 2045, 6.8: 76 characters, which hold 57 bytes.
constexpr std::size_t base64_line_bytes = 57;

std::string base64(std::string_view bytes) {
  std::string out = to_base64url(bytes);
  std::replace(out.begin(), out.end(), '-', '+');
  std::replace(out.begin(), out.end(), '_', '/');
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// A text of several lines that needs no encoding: ASCII, and no line is too long.
bool travels_as_it_is(std::string_view text) {
  std::size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    if (line > line_bytes_max || (c != '\n' && c != '\t' && (c < ' ' || c > '~'))) return false;
  }
  return true;
}

void append_part(std::string& out, std::string_view type, std::string_view text) {
  const bool plain = travels_as_it_is(text);
  out.append("Content-Type: ").append(type).append("; charset=utf-8").append(crlf);
  out.append("Content-Transfer-Encoding: ").append(plain ? "7bit" : "base64").append(crlf).append(crlf);
  std::string lines;
  for (const char c : text) {
    if (c == '\n') lines += '\r';
    lines += c;
  }
  if (plain) {
    out += lines;
  } else {
    for (std::size_t at = 0; at < lines.size(); at += base64_line_bytes)
      out.append(base64(std::string_view(lines).substr(at, base64_line_bytes))).append(crlf);
  }
  if (!out.ends_with(crlf)) out += crlf;
}

void append_field(std::string& out, std::string_view name, std::string_view text) {
  out.append(name).append(": ").append(text).append(crlf);
}

bool is_field_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

error flawed(std::string_view why) { return invalid({{"email", "malformed", std::string(why)}}); }

result<void> validate(const email& what, const sender& from) {
  if (!is_address(what.to)) return flawed("the address it goes to is none");
  if (!is_address(from.address) || has_control(from.name, false)) return flawed("the sender's address is none");
  if (!what.reply_to.empty() && !is_address(what.reply_to)) return flawed("the address for answers is none");
  if (!is_address(what.message_id) || !is_printable_ascii(what.message_id)) return flawed("the Message-ID is none");
  for (const std::string_view text : {std::string_view(what.subject), std::string_view(what.text)})
    if (!is_utf8(text)) return flawed("a text is not UTF-8");
  if (!is_utf8(what.html)) return flawed("a text is not UTF-8");
  if (has_control(what.subject, false)) return flawed("the subject holds a control character");
  for (const auto& [name, text] : what.fields)
    if (!is_field_name(name) || !is_utf8(text) || has_control(text, false))
      return flawed("a header field would not end where it ends");
  return {};
}

/// "Lifestyle Spaces" <hello@example.org>
std::string mailbox_of(const sender& from) {
  if (from.name.empty()) return '<' + from.address + '>';
  std::string quoted;
  for (const char c : from.name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  const std::string encoded = encoded_text(from.name);
  return (encoded == from.name ? '"' + quoted + '"' : encoded) + " <" + from.address + '>';
}

}  // namespace

std::string encoded_text(std::string_view text) {
  if (is_printable_ascii(text) && text.find("=?") == std::string_view::npos && text.size() <= plain_field_bytes_max)
    return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), word_bytes_max);
    // A word holds whole characters (RFC 2047, 5).
    while (size < text.size() && is_continuation(text[size])) --size;
    if (!out.empty()) out.append(crlf).append(" ");
    out.append("=?utf-8?B?").append(base64(text.substr(0, size))).append("?=");
    text.remove_prefix(size);
  }
  return out;
}

result<std::string> message_of(const email& what, const sender& from, instant date) {
  if (const auto valid = validate(what, from); !valid) return valid.error();
  std::string out;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date);
  append_field(out, "Date", fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(seconds)));
  append_field(out, "From", mailbox_of(from));
  append_field(out, "To", '<' + what.to + '>');
  if (!what.reply_to.empty()) append_field(out, "Reply-To", '<' + what.reply_to + '>');
  append_field(out, "Subject", encoded_text(what.subject));
  append_field(out, "Message-ID", '<' + what.message_id + '>');
  // RFC 3834: no out-of-office answers, please.
  append_field(out, "Auto-Submitted", "auto-generated");
  for (const auto& [name, text] : what.fields) append_field(out, name, encoded_text(text));
  append_field(out, "MIME-Version", "1.0");
  if (what.html.empty()) {
    append_part(out, "text/plain", what.text);
    return out;
  }
  // The id is random, so that no text can hold what is made of it.
  const std::string boundary = "=_" + to_hex(sha256(what.message_id)).substr(0, 24);
  append_field(out, "Content-Type", "multipart/alternative; boundary=\"" + boundary + '"');
  out += crlf;
  // The last one that a reader can show is the one it prefers (RFC 2046, 5.1.4).
  for (const auto& [type, text] : {std::pair<std::string_view, std::string_view>{"text/plain", what.text},
                                   std::pair<std::string_view, std::string_view>{"text/html", what.html}}) {
    out.append("--").append(boundary).append(crlf);
    append_part(out, type, text);
  }
  out.append("--").append(boundary).append("--").append(crlf);
  return out;
}

}  // namespace spaces::mail
