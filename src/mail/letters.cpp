#include "mail/letters.hpp"

namespace spaces::mail {

namespace {

/// {name}, {url}, {link} and {token} are filled in. Paragraphs of the text are those of the HTML.
struct letter_template {
  std::string_view subject;
  std::string_view path;  ///< of the link, below the public address; empty: there is none
  std::string_view text;
  std::string_view html;
};

constexpr letter_template verification{
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

constexpr letter_template reset{
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

constexpr letter_template password_changed{
    "Your password was changed", "/forgot-password",
    "Hello {name},\n\n"
    "the password of your account was changed. If it was not you, choose a new one at once:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>the password of your account was changed. If it was not you,\n"
    "<a href=\"{link}\">choose a new one</a> at once.</p>\n"};

constexpr letter_template trial{"Letters arrive", "", "Hello {name},\n\nletters of Lifestyle Spaces arrive here.\n",
                                "<p>Hello {name},</p>\n<p>letters of Lifestyle Spaces arrive here.</p>\n"};

constexpr std::string_view page =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\n"
    "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n{body}"
    "<p>Lifestyle Spaces<br><a href=\"{url}\">{url}</a></p>\n</body></html>\n";
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

/// Each {word} once: what is filled in is not looked at again.
std::string filled(std::string_view pattern, std::initializer_list<filling> words) {
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

letter written(const letter_template& pattern, const occasion& about) {
  const std::string url(about.public_url);
  // The part behind # never leaves the reader's browser: neither our log nor the next site sees the token.
  std::string link = url + std::string(pattern.path);
  if (!about.token.empty()) link.append("#token=").append(about.token);
  const std::string name(about.name.empty() ? "there" : about.name);
  const std::string token(about.token);

  letter out;
  out.to = about.to;
  out.message_id = about.message_id;
  out.subject = pattern.subject;
  out.text =
      filled(pattern.text, {{"name", name}, {"link", link}, {"token", token}}) + filled(text_end, {{"url", url}});
  const std::string body =
      filled(pattern.html, {{"name", escaped(name)}, {"link", escaped(link)}, {"token", escaped(token)}});
  out.html = filled(page, {{"subject", escaped(out.subject)}, {"body", body}, {"url", escaped(url)}});
  return out;
}

}  // namespace

letter verification_letter(const occasion& about) { return written(verification, about); }
letter reset_letter(const occasion& about) { return written(reset, about); }
letter password_changed_letter(const occasion& about) { return written(password_changed, about); }
letter trial_letter(const occasion& about) { return written(trial, about); }

}  // namespace spaces::mail
