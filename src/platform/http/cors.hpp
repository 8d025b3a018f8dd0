/// Lets web pages of other origins call the API from a browser (Fetch standard, 3.3: the CORS protocol).
/// Without it browsers keep answers from pages that this server did not send itself.
#pragma once

#include "platform/http/application.hpp"
#include "platform/http/security_fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

struct cors_policy {
  /// `https://app.example.com`, with a port where it is not the scheme's own; `*` alone admits every page.
  std::vector<std::string> origins;
  /// Pages may send cookies and client certificates of their reader. Our tokens need none: they travel in
  /// Authorization, which a page sets itself.
  bool credentials = false;

  bool any() const { return origins.size() == 1 && origins.front() == "*"; }
  bool admits(std::string_view origin) const;
};

/// True for what a browser may send as Origin: scheme, host in lower case and maybe a port, no path.
bool is_origin(std::string_view text);

/// Stands before an application: answers preflight requests, which never carry a token, and tells browsers
/// who may read the other answers. An origin that is not admitted is served as any client, without a word
/// about it, so that its browser keeps the answer from the page.
class cors final : public application {
 public:
  /// `behind` must outlive it. `everywhere` is on the answers that are made here, as on those from behind.
  cors(application& behind, cors_policy policy, security_fields everywhere);

  begun begin(const request& incoming) override;
  response finish(const request& incoming, pending_ptr rest) override;
  bool takes_pieces(const request& head) noexcept override { return behind_.takes_pieces(head); }
  opened_body open_body(const request& head) override;
  response refuse(int status, std::string_view detail, std::string_view origin = {}) override;

 private:
  class shared_body;
  response answer_preflight(std::string_view origin) const;
  /// The answer with what a browser needs to hand it to a page of this origin.
  response shared_with(std::string_view origin, response made) const;
  void add_fields(std::string_view origin, response& made) const;

  application& behind_;
  cors_policy policy_;
  security_fields everywhere_;
};

}  // namespace spaces::http
