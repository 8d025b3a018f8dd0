#include "platform/mail/emails.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace spaces::mail {

namespace {

/// Words in braces are filled in, escaped where they enter HTML. Paragraphs of the text are those of the HTML.
struct email_template {
  std::string_view subject;
  std::string_view path;  ///< of the link, below the public address; empty: there is none
  std::string_view text;
  std::string_view html;
};

constexpr email_template verification{
    "Please confirm your e-mail address", "/verify-email",
    "Hello {name},\n\n"
    "please confirm that this address is yours:\n\n"
    "{link}\n\n"
    "Or give this code where you are asked for it:\n\n"
    "{token}\n\n"
    "It is good for 24 hours. If you did not register at Lifestyle Spaces, do nothing.\n",
    "<p>Hello {name},</p>\n"
    "<p>please confirm that this address is yours:</p>\n"
    "<p><a href=\"{link}\">Confirm my e-mail address</a></p>\n"
    "<p>Or give this code where you are asked for it:</p>\n"
    "<p><code>{token}</code></p>\n"
    "<p>It is good for 24 hours. If you did not register at Lifestyle Spaces, do nothing.</p>\n"};

constexpr email_template reset{
    "Choose a new password", "/reset-password",
    "Hello {name},\n\n"
    "somebody, we hope you, asked for a new password. Choose it here:\n\n"
    "{link}\n\n"
    "Or give this code where you are asked for it:\n\n"
    "{token}\n\n"
    "It is good for 30 minutes and once. If you did not ask, do nothing: your password stays as it is.\n",
    "<p>Hello {name},</p>\n"
    "<p>somebody, we hope you, asked for a new password:</p>\n"
    "<p><a href=\"{link}\">Choose a new password</a></p>\n"
    "<p>Or give this code where you are asked for it:</p>\n"
    "<p><code>{token}</code></p>\n"
    "<p>It is good for 30 minutes and once. If you did not ask, do nothing: your password stays as it is.</p>\n"};

constexpr email_template password_changed{
    "Your password was changed", "/forgot-password",
    "Hello {name},\n\n"
    "the password of your account was changed. If it was not you, choose a new one immediately:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>the password of your account was changed. If it was not you,\n"
    "<a href=\"{link}\">choose a new one</a> immediately.</p>\n"};

constexpr email_template arriving{"E-mails arrive", "", "Hello {name},\n\ne-mails of Lifestyle Spaces arrive here.\n",
                                  "<p>Hello {name},</p>\n<p>e-mails of Lifestyle Spaces arrive here.</p>\n"};

constexpr email_template inquiry_arrived{"A question about {listing}", "/inquiries/{id}",
                                         "Hello {name},\n\n"
                                         "{who} asks about {listing}:\n\n"
                                         "{words}\n\n"
                                         "Read how to reach them, and answer, here:\n\n"
                                         "{link}\n",
                                         "<p>Hello {name},</p>\n"
                                         "<p>{who} asks about {listing}:</p>\n"
                                         "<blockquote>{words}</blockquote>\n"
                                         "<p><a href=\"{link}\">Read how to reach them, and answer</a></p>\n"};

constexpr email_template inquiry_answered{"An answer about {listing}", "/inquiries/{id}",
                                          "Hello {name},\n\n"
                                          "your question about {listing} was answered:\n\n"
                                          "{words}\n\n"
                                          "Read it beside your question here:\n\n"
                                          "{link}\n",
                                          "<p>Hello {name},</p>\n"
                                          "<p>your question about {listing} was answered:</p>\n"
                                          "<blockquote>{words}</blockquote>\n"
                                          "<p><a href=\"{link}\">Read it beside your question</a></p>\n"};

constexpr email_template inquiry_closed{
    "Closed: the inquiry about {listing}", "/inquiries/{id}",
    "Hello {name},\n\n"
    "the inquiry about {listing} was closed by the other side. It stays to be read here:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>the inquiry about {listing} was closed by the other side.\n"
    "<a href=\"{link}\">It stays to be read</a>.</p>\n"};

constexpr email_template listing_gone{
    "No longer offered: {listing}", "/inquiries/{id}",
    "Hello {name},\n\n"
    "{listing} is no longer offered, so your inquiry about it was closed. It stays to be read here:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>{listing} is no longer offered, so your inquiry about it was closed.\n"
    "<a href=\"{link}\">It stays to be read</a>.</p>\n"};

constexpr std::string_view page =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\n"
    "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n{body}"
    "<p>Lifestyle Spaces<br><a href=\"{url}\">{url}</a></p>\n</body></html>\n";
/// Of e-mails that one may do without.
constexpr std::string_view unsubscribe_text = "\nNo more e-mails of this kind: {unsubscribe}\n";
constexpr std::string_view unsubscribe_html = "<p><a href=\"{unsubscribe}\">No more e-mails of this kind</a></p>\n";
constexpr std::string_view text_end = "\n-- \nLifestyle Spaces\n{url}\n";

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

using filling = std::pair<std::string_view, std::string>;

/// Several lines in HTML.
std::string with_breaks(const std::string& escaped_text) {
  std::string out;
  for (const char c : escaped_text) {
    if (c == '\n') out += "<br>";
    if (c != '\r') out += c;
  }
  return out;
}

/// Each {word} once: what is filled in is not looked at again.
std::string filled(std::string_view pattern, std::span<const filling> words) {
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

std::string filled(std::string_view pattern, std::initializer_list<filling> words) {
  return filled(pattern, std::span(words.begin(), words.size()));
}

/// An e-mail of these words, which enter HTML escaped; {subject} and {body} are made of them.
email written(const email_template& pattern, std::string_view url, std::vector<filling> words,
              std::string_view text_foot = {}, std::string_view html_foot = {}) {
  words.emplace_back("url", url);
  std::vector<filling> escaped_words;
  escaped_words.reserve(words.size());
  for (const auto& [name, text] : words) escaped_words.emplace_back(name, with_breaks(escaped(text)));
  email out;
  out.subject = filled(pattern.subject, words);
  out.text = filled(pattern.text, words) + filled(text_foot, words) + filled(text_end, words);
  out.html = filled(page, {{"subject", escaped(out.subject)},
                           {"body", filled(pattern.html, escaped_words) + filled(html_foot, escaped_words)},
                           {"url", escaped(url)}});
  return out;
}

std::string called(std::string_view name) { return std::string(name.empty() ? "there" : name); }

email written(const email_template& pattern, const occasion& about) {
  // The part behind # never leaves the reader's browser: neither our log nor the next site sees the token.
  std::string link = std::string(about.public_url) + std::string(pattern.path);
  if (!about.token.empty()) link.append("#token=").append(about.token);
  email out = written(pattern, about.public_url,
                      {{"name", called(about.name)}, {"link", std::move(link)}, {"token", std::string(about.token)}});
  out.to = about.to;
  out.message_id = about.message_id;
  return out;
}

email written(const email_template& pattern, const inquiry_occasion& about) {
  const std::string path = filled(pattern.path, {{"id", std::string(about.inquiry_id)}});
  email out = written(pattern, about.public_url,
                      {{"name", called(about.name)},
                       {"link", std::string(about.public_url) + path},
                       {"listing", std::string(about.listing)},
                       {"who", std::string(about.who.empty() ? "Somebody" : about.who)},
                       {"words", std::string(about.words)},
                       {"unsubscribe", std::string(about.unsubscribe_url)}},
                      unsubscribe_text, unsubscribe_html);
  out.to = about.to;
  out.reply_to = about.reply_to;
  out.message_id = about.message_id;
  // RFC 8058: one POST to the link, without a login, ends e-mails of this kind.
  out.fields.emplace_back("List-Unsubscribe", "<" + std::string(about.unsubscribe_url) + ">");
  out.fields.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  return out;
}

}  // namespace

email verification_email(const occasion& about) { return written(verification, about); }
email reset_email(const occasion& about) { return written(reset, about); }
email password_changed_email(const occasion& about) { return written(password_changed, about); }
email test_email(const occasion& about) { return written(arriving, about); }
email inquiry_arrived_email(const inquiry_occasion& about) { return written(inquiry_arrived, about); }
email inquiry_answered_email(const inquiry_occasion& about) { return written(inquiry_answered, about); }
email inquiry_closed_email(const inquiry_occasion& about) { return written(inquiry_closed, about); }
email listing_gone_email(const inquiry_occasion& about) { return written(listing_gone, about); }

}  // namespace spaces::mail
