/// HTTP/1.1 and HTTPS to other people's servers, for threads that wait for the answer: the only way out of
/// this process. Connections are kept and shared; a thread that has one owns it until the answer is whole.
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/client.hpp"
#include "platform/net/client/client_options.hpp"

#include <memory>
#include <string_view>

namespace spaces::net {

class client_pools;

class client final : public http::client {
 public:
  explicit client(std::unique_ptr<client_pools> pools);
  ~client() override;

  boost::system::result<http::client_response, http::client_failure> send(
      const http::client_request& outgoing) override;

  /// Opens a connection ahead of its first use, handshake included; a request meanwhile waits for it
  /// instead of opening another. What goes wrong is left to the first request to find out.
  void warm(std::string_view origin);

 private:
  std::unique_ptr<client_pools> pools_;
};

/// An error's public text is one sentence: what is wrong with the file of roots.
result<std::unique_ptr<client>> make_client(const client_options& options = {});

}  // namespace spaces::net
