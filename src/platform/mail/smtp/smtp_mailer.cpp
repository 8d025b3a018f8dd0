#include "platform/mail/smtp/smtp_mailer.hpp"

#include "platform/base/text.hpp"
#include "platform/mail/message.hpp"

#include <curl/curl.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace spaces::mail {

namespace {

template <class T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* object) const { Free(object); }
};
using session = std::unique_ptr<CURL, freed_by<CURL, curl_easy_cleanup>>;
using text_list = std::unique_ptr<curl_slist, freed_by<curl_slist, curl_slist_free_all>>;
using address_parts = std::unique_ptr<CURLU, freed_by<CURLU, curl_url_cleanup>>;

/// What is left to send. curl asks for it once the server has said that it takes the e-mail.
struct upload {
  std::string_view rest;
  bool whole = false;

  static std::size_t read(char* into, std::size_t size, std::size_t count, void* self) {
    auto& from = *static_cast<upload*>(self);
    const std::size_t bytes = std::min(size * count, from.rest.size());
    std::memcpy(into, from.rest.data(), bytes);
    from.rest.remove_prefix(bytes);
    from.whole = from.rest.empty();
    return bytes;
  }
};

std::string part_of(const std::string& url, CURLUPart part) {
  const address_parts parts(curl_url());
  char* text = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
      curl_url_get(parts.get(), part, &text, 0) != CURLUE_OK)
    return {};
  std::string found(text);
  curl_free(text);
  return found;
}

bool is_loopback(const std::string& host) { return host == "localhost" || host == "[::1]" || host.starts_with("127."); }

/// With its domain as an A-label; empty when the domain is none.
std::string ascii_domain(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const std::string domain(address.substr(at + 1));
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(domain.c_str(), &ascii, IDN2_NONTRANSITIONAL) != IDN2_OK) return {};
  std::string whole = std::string(address.substr(0, at + 1)) + ascii;
  idn2_free(ascii);
  return whole;
}

/// About credentials and encryption (RFC 4954, 6): the operator's to repair, not the e-mail's fault.
bool is_about_access(long code) { return code == 530 || code == 534 || code == 535 || code == 538; }

error of_kind(error_kind kind, std::string why) {
  error failure = unavailable(std::move(why));
  failure.kind = kind;
  return failure;
}

/// curl answers SEND_ERROR for a refused MAIL, RCPT or DATA, and WEIRD_SERVER_REPLY for a refused greeting or a
/// refused e-mail (its lib/smtp.c); `whole` tells these apart.
error failure_of(CURLcode outcome, long code, bool whole, const std::string& said) {
  const bool to_the_email = outcome == CURLE_SEND_ERROR || (outcome == CURLE_WEIRD_SERVER_REPLY && whole);
  const std::string why = "the mail server: " + said + (code != 0 ? " (" + std::to_string(code) + ")" : "");
  if (!to_the_email || is_about_access(code)) return unavailable(why);
  if (code >= 500 && code < 600) return of_kind(error_kind::invalid, why);
  if (code >= 400 && code < 500) return of_kind(error_kind::limited, why);
  return unavailable(why);
}

class smtp_mailer final : public mailer {
 public:
  smtp_mailer(smtp_settings settings, sender from, const clock& clock)
      : settings_(std::move(settings)), from_(std::move(from)), clock_(clock) {
    static std::once_flag once;
    std::call_once(once, [] {
      if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not start");
    });
    // The name in EHLO (RFC 5321, 4.1.1.1) is the URL's path: that of who sends.
    const std::string known_as = ascii_domain(from_.address);
    url_ = settings_.url + '/' + known_as.substr(known_as.rfind('@') + 1);
    tls_may_be_missing_ = is_loopback(part_of(url_, CURLUPART_HOST));
  }

  result<void> send(const email& what) override {
    email outgoing = what;
    outgoing.to = ascii_domain(what.to);
    if (outgoing.to.empty()) return invalid({{"email", "malformed", "the domain of its address is none"}});
    const auto message = message_of(outgoing, from_, clock_.now());
    if (!message) return message.error();

    const session talk(curl_easy_init());
    if (!talk) return unavailable("libcurl has no memory");
    const text_list to(curl_slist_append(nullptr, outgoing.to.c_str()));
    upload email_bytes{*message};
    std::array<char, CURL_ERROR_SIZE> said{};
    prepare(talk.get());
    curl_easy_setopt(talk.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(talk.get(), CURLOPT_READFUNCTION, upload::read);
    curl_easy_setopt(talk.get(), CURLOPT_READDATA, &email_bytes);
    curl_easy_setopt(talk.get(), CURLOPT_ERRORBUFFER, said.data());
    const CURLcode outcome = curl_easy_perform(talk.get());
    if (outcome == CURLE_OK) return {};
    long code = 0;
    curl_easy_getinfo(talk.get(), CURLINFO_RESPONSE_CODE, &code);
    return failure_of(outcome, code, email_bytes.whole, said[0] != '\0' ? said.data() : curl_easy_strerror(outcome));
  }

 private:
  void prepare(CURL* talk) const {
    curl_easy_setopt(talk, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(talk, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(talk, CURLOPT_PROXY, "");  // whatever all_proxy says
    curl_easy_setopt(talk, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(talk, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(talk, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.time_max.count()));
    curl_easy_setopt(talk, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::chrono::milliseconds(smtp_connect_time_max).count()));
    curl_easy_setopt(talk, CURLOPT_USE_SSL, static_cast<long>(tls_may_be_missing_ ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(talk, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(talk, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(talk, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings_.ca_file.empty()) curl_easy_setopt(talk, CURLOPT_CAINFO, settings_.ca_file.c_str());
    if (!settings_.user.empty()) {
      curl_easy_setopt(talk, CURLOPT_USERNAME, settings_.user.c_str());
      curl_easy_setopt(talk, CURLOPT_PASSWORD, settings_.password.c_str());
    }
    curl_easy_setopt(talk, CURLOPT_MAIL_FROM, from_.address.c_str());
  }

  smtp_settings settings_;
  sender from_;
  const clock& clock_;
  std::string url_;
  bool tls_may_be_missing_ = false;
};

}  // namespace

result<void> validate(const smtp_settings& settings) {
  const std::string scheme = part_of(settings.url, CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps") return malformed("it is neither smtp://host:port nor smtps://host:port");
  if (part_of(settings.url, CURLUPART_PATH) != "/") return malformed("behind the port there is nothing");
  if (!part_of(settings.url, CURLUPART_USER).empty() || !part_of(settings.url, CURLUPART_PASSWORD).empty())
    return malformed("name and password are settings of their own");
  return {};
}

std::unique_ptr<mailer> make_smtp_mailer(smtp_settings settings, sender from, const clock& clock) {
  return std::make_unique<smtp_mailer>(std::move(settings), std::move(from), clock);
}

}  // namespace spaces::mail
