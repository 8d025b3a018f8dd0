#include "app/strangers_client.hpp"

#include "platform/aws/environment.hpp"
#include "platform/net/client/client.hpp"
#include "platform/net/public_address.hpp"
#include "platform/picture/limits.hpp"

#include <utility>

namespace spaces::app {

namespace {

constexpr const char* debians_roots = "/etc/ssl/certs/ca-certificates.crt";

}  // namespace

result<std::unique_ptr<http::client>> make_strangers_client() {
  net::client_options options;
  options.roots_file = aws::process_variable("SSL_CERT_FILE");
  if (options.roots_file.empty()) options.roots_file = debians_roots;
  options.may_connect = &net::is_public_web;
  options.framing.body_bytes = picture::file_bytes_max;
  auto made = net::make_client(options);
  if (!made) return made.error();
  return std::unique_ptr<http::client>(*std::move(made));
}

}  // namespace spaces::app
