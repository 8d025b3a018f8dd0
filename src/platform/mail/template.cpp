#include "platform/mail/template.hpp"

#include <algorithm>
#include <span>

namespace spaces::mail {

namespace {

constexpr std::string_view page =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\n"
    "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n{body}"
    "<p>{site}<br><a href=\"{url}\">{url}</a></p>\n</body></html>\n";
/// Of e-mails that one may do without.
constexpr std::string_view unsubscribe_text = "\nNo more e-mails of this kind: {unsubscribe}\n";
constexpr std::string_view unsubscribe_html = "<p><a href=\"{unsubscribe}\">No more e-mails of this kind</a></p>\n";
constexpr std::string_view text_end = "\n-- \n{site}\n{url}\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

using values = std::vector<std::pair<std::string_view, std::string>>;

/// Several lines in HTML.
std::string with_breaks(const std::string& escaped_text) {
  std::string out;
  for (const char c : escaped_text) {
    if (c == '\n') out += "<br>";
    if (c != '\r') out += c;
  }
  return out;
}

std::string filled(std::string_view pattern, const values& words) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const std::size_t close = pattern.find('}');
    const std::string_view word = pattern.substr(1, close - 1);
    for (const auto& [name, text] : words)
      if (name == word) out += text;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string site::message_id_of(const uuid& job) const {
  // A domain that is not ASCII is no part of a Message-ID.
  const std::string_view domain = from.domain();
  return to_text(job) + '@' + std::string(is_ascii(domain) ? domain : "localhost");
}

email render(const email_template& pattern, const site& from, const uuid& job, template_context context) {
  values words = std::move(context.values);
  std::string link = from.public_url + filled(pattern.path, words);
  if (!context.token.empty()) link.append("#token=").append(context.token);
  words.emplace_back("name", context.name.empty() ? "there" : context.name);
  words.emplace_back("link", std::move(link));
  words.emplace_back("token", context.token);
  words.emplace_back("unsubscribe", context.unsubscribe_url);
  words.emplace_back("url", from.public_url);
  words.emplace_back("site", from.from.name.empty() ? std::string(from.from.domain()) : from.from.name);
  values escaped_words;
  escaped_words.reserve(words.size() + 2);
  for (const auto& [word, text] : words) escaped_words.emplace_back(word, with_breaks(escaped(text)));

  const bool optional = !context.unsubscribe_url.empty();
  email out;
  out.to = context.to;
  out.reply_to = context.reply_to;
  out.message_id = from.message_id_of(job);
  out.subject = filled(pattern.subject, words);
  out.text = filled(pattern.text, words) + (optional ? filled(unsubscribe_text, words) : "") + filled(text_end, words);
  const std::string body =
      filled(pattern.html, escaped_words) + (optional ? filled(unsubscribe_html, escaped_words) : "");
  escaped_words.emplace_back("subject", escaped(out.subject));
  escaped_words.emplace_back("body", body);
  out.html = filled(page, escaped_words);
  if (optional) {
    out.fields.emplace_back("List-Unsubscribe", '<' + std::string(context.unsubscribe_url) + '>');
    out.fields.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  return out;
}

}  // namespace spaces::mail
