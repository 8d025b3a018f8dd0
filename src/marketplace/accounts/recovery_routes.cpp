#include "marketplace/accounts/routes.hpp"
#include "platform/http/answers.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"

namespace spaces::accounts {

namespace {

using http::request_context;
using record::on_create;

/// 202, whatever becomes of it.
struct email_enqueued {
  http::response render(const request_context&) const {
    http::response made;
    made.status = 202;
    made.set("Cache-Control", "no-store");
    return made;
  }
  static void describe(http::operation_doc& doc) {
    doc.answers.push_back(
        {202, "Where the address has an account that wants it, an e-mail is on its way", {}, false, {}});
  }
};

std::string address_of(const recovery& service, const request_context& context) {
  return http::client_address(context.incoming, service.options().trusted_proxies);
}

template <const std::string_view& Kind>
result<email_enqueued> ask_for(recovery& service, const request_context& context,
                               const http::body<email_request, on_create>& body) {
  const auto enqueued = service.ask_for(Kind, body.value.values, address_of(service, context));
  if (!enqueued) return enqueued.error();
  return email_enqueued{};
}

result<http::done> verify_email(recovery& service, const request_context& context,
                                const http::body<address_proof, on_create>& body) {
  const auto confirmed = service.confirm(body.value.values, address_of(service, context), context.incoming.deadline);
  if (!confirmed) return confirmed.error();
  return http::done{};
}

result<http::done> reset_password(recovery& service, const request_context& context,
                                  const http::body<password_reset, on_create>& body) {
  const auto reset = service.reset(body.value.values, address_of(service, context), context.incoming.deadline);
  if (!reset) return reset.error();
  return http::done{};
}

}  // namespace

std::vector<http::route> routes(recovery& service) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  constexpr std::string_view tag = "Logins";
  constexpr std::string_view silent = "The answer is the same whether the address has an account or not.";
  return {
      ep<&verify_email>(service, method::post, "/api/v1/auth/verify-email", work::writes, audience::anonymous,
                        kept_by::nobody,
                        {"verifyEmail", tag, "Confirm an e-mail address",
                         "With the token of the e-mail, which is good for 24 hours and once."}),
      ep<&ask_for<send_verification_kind>>(
          service, method::post, "/api/v1/auth/resend-verification", work::writes, audience::anonymous, kept_by::nobody,
          {"resendVerification", tag, "Ask for the confirming e-mail again", silent, {429}}),
      ep<&ask_for<send_reset_kind>>(
          service, method::post, "/api/v1/auth/forgot-password", work::writes, audience::anonymous, kept_by::nobody,
          {"forgotPassword", tag, "Ask for an e-mail to choose a new password", silent, {429}}),
      ep<&reset_password>(service, method::post, "/api/v1/auth/reset-password", work::hashes, audience::anonymous,
                          kept_by::nobody,
                          {"resetPassword", tag, "Choose a new password",
                           "With the token of the e-mail, which is good for 30 minutes and once. All sessions end."}),
  };
}

}  // namespace spaces::accounts
