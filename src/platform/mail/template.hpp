/// How an e-mail is made of a feature's template: values filled in, escaped where they enter HTML, one layout around
/// all of them. What an e-mail says is its feature's own.
#pragma once

#include "platform/base/uuid.hpp"
#include "platform/mail/mail.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::mail {

/// What every e-mail says of the deployment that sends it.
struct site {
  sender from;             ///< its name signs each e-mail, its domain ends Message-IDs
  std::string public_url;  ///< where people reach us: "https://spaces.example.org"

  /// Of the e-mail that a job sends: the same at each try, so that who gets it twice sees it once (RFC 5322, 3.6.4).
  std::string message_id_of(const uuid& job) const;
};

/// Texts with {words} in them: the context's values, and {name}, {link}, {url} and {site}.
struct email_template {
  std::string_view subject;
  std::string_view path;  ///< of the link, below the public address; empty: there is none
  std::string_view text;
  std::string_view html;  ///< paragraphs alone: the layout is the same for all
};

/// What a template is filled with for one person.
struct template_context {
  std::string_view to;    ///< the address
  std::string_view name;  ///< of the person; "there" stands for none
  std::string_view reply_to = {};
  /// One-time, behind the link's #: that part never leaves the reader's browser, so that neither our log nor the next
  /// site sees it.
  std::string_view token = {};
  /// Of an e-mail that one may do without: one POST to it, without a login, ends its kind (RFC 8058).
  std::string_view unsubscribe_url = {};
  std::vector<std::pair<std::string_view, std::string>> values = {};  ///< by word
};

/// Each {word} once: what is filled in is not looked at again, whatever somebody is called. A word that has no value is
/// left out.
email render(const email_template& pattern, const site& from, const uuid& job, template_context context);

}  // namespace spaces::mail
