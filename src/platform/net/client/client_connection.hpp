/// One connection to somebody else's server: a socket, its encryption if any, and the buffers that all
/// exchanges on it share.
#pragma once

#include "platform/http/client.hpp"
#include "platform/net/client/client_options.hpp"
#include "platform/net/client/client_socket.hpp"
#include "platform/net/client/origin.hpp"
#include "platform/net/client/response_parser.hpp"
#include "platform/net/client/tls.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace spaces::net {

/// What became of an exchange.
enum class exchanged : std::uint8_t {
  whole,   ///< the answer is there
  unsent,  ///< the connection ended before all of the request was on its way: it cannot have been carried out
  stuck,   ///< it did not take all of the request in time: neither
  silent,  ///< the connection ended without a byte of an answer
  failed,  ///< anything else
};

class client_connection {
 public:
  /// Over `socket`, which is connected. With `tls`, `shake_hands` comes first.
  client_connection(client_socket socket, const client_options& options);
  client_connection(const client_connection&) = delete;
  client_connection& operator=(const client_connection&) = delete;

  bool shake_hands(const tls_context& context, const std::string& host, tls_session_slot& session,
                   std::chrono::steady_clock::time_point deadline);

  exchanged exchange(const origin& where, const http::client_request& outgoing, http::client_response& answer);

  /// The last exchange left it so that another may follow.
  bool keepable() const { return keepable_; }
  /// Kept neither too long nor ended by the other side meanwhile.
  bool still_good();
  bool older_than(std::chrono::milliseconds age) const;
  bool resumed() const { return tls_ && tls_->resumed(); }

  /// What went wrong last.
  std::string_view why() const { return why_; }

 private:
  void write_head(const origin& where, const http::client_request& outgoing);
  moved send(std::string_view bytes);
  moved receive(char* into, std::size_t size_max, std::size_t& got);
  moved send_request(const origin& where, const http::client_request& outgoing);
  exchanged read_answer(http::client_response& answer);
  bool make_space(std::size_t held);

  client_socket socket_;
  std::optional<tls_stream> tls_;
  const client_options& options_;
  response_parser parser_;
  std::string outgoing_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::chrono::system_clock::time_point used_at_;
  bool keepable_ = true;
  std::string why_;
};

}  // namespace spaces::net
