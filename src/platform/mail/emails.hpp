/// What our e-mails say: the one place for their subjects, texts and HTML. What others wrote (a name) is
/// escaped where it enters HTML.
#pragma once

#include "platform/mail/mail.hpp"

#include <string>
#include <string_view>

namespace spaces::mail {

/// What an e-mail's template is filled with.
struct occasion {
  std::string_view to;          ///< the address
  std::string_view name;        ///< of the person; "there" stands for none
  std::string_view public_url;  ///< where people reach us: "https://spaces.example.org"
  std::string_view token;       ///< one-time, for links
  std::string_view message_id;
};

/// What an e-mail about an inquiry is filled with. The other side's address is no part of it but as
/// `reply_to`, where its owner allows that.
struct inquiry_occasion {
  std::string_view to;
  std::string_view name;
  std::string_view public_url;
  std::string_view message_id;
  std::string_view reply_to = {};
  std::string_view listing;  ///< its title
  std::string_view inquiry_id;
  std::string_view who = {};    ///< who asks, by name
  std::string_view words = {};  ///< the question, or the answer
  std::string_view unsubscribe_url;
};

/// Asks whoever registered an address whether it is theirs.
email verification_email(const occasion& about);
/// Lets whoever forgot a password choose a new one.
email reset_email(const occasion& about);
/// Tells that the password was changed, so that its owner hears of it when somebody else did.
email password_changed_email(const occasion& about);
/// Says that e-mails arrive: for operators who try their settings.
email test_email(const occasion& about);

/// Tells a seller that somebody asks about a listing.
email inquiry_arrived_email(const inquiry_occasion& about);
/// Tells who asked what the seller answers.
email inquiry_answered_email(const inquiry_occasion& about);
/// Tells one side that the other closed it,
email inquiry_closed_email(const inquiry_occasion& about);
/// or who asked that the listing is no longer there.
email listing_gone_email(const inquiry_occasion& about);

}  // namespace spaces::mail
