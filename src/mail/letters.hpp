/// What our letters say: the one place for their subjects, texts and HTML. What others wrote (a name) is
/// escaped where it enters HTML.
#pragma once

#include "mail/mail.hpp"

#include <string>
#include <string_view>

namespace spaces::mail {

/// What a letter's template is filled with.
struct occasion {
  std::string_view to;          ///< the address
  std::string_view name;        ///< of the person; "there" stands for none
  std::string_view public_url;  ///< where people reach us: "https://spaces.example.org"
  std::string_view token;       ///< one-time, for links
  std::string_view message_id;
};

/// Asks whoever registered an address whether it is theirs.
letter verification_letter(const occasion& about);
/// Lets whoever forgot a password choose a new one.
letter reset_letter(const occasion& about);
/// Tells that the password was changed, so that its owner hears of it when somebody else did.
letter password_changed_letter(const occasion& about);
/// Says that letters arrive: for operators who try their settings.
letter trial_letter(const occasion& about);

}  // namespace spaces::mail
