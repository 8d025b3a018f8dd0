/// The HTTP server: sockets, framing, threads. What is answered is the application's matter.
///
/// Connections are served by an epoll loop of our own and not by Asio: an Asio socket tries to read
/// once more after each request or changes its interest (three system calls a request beside the wait
/// for events), while a level-triggered epoll loop needs one recv and one send. The whole cost of a
/// warm GET is about 4 µs, so each call that is left out counts. Deadlines are coarse and lie in a
/// wheel, Date is made once a second, and buffers are the loop's: a warm GET allocates nothing.
///
///   server web(application, {.listen = {"127.0.0.1:8080"}});
///   if (const auto listening = web.listen(); !listening) … listening.error().public_text …
///   web.run();   // until stop() is called, by a signal handler or another thread
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/application.hpp"
#include "platform/net/server/server_options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spaces::net {

class server {
 public:
  /// The application must outlive the server.
  server(http::application& application, server_options options);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Waits for handlers that still run; requests that wait for a thread are dropped.
  ~server();

  /// Opens all addresses, or none: then the error's public text is one sentence for the operator. Raises
  /// the process's limit of open files to what the system allows, as far as `connections_max` needs it.
  result<void> listen();
  /// As bound, in the order of `server_options::listen`: "127.0.0.1:8080".
  std::vector<std::string> addresses() const;
  /// Of the first address.
  std::uint16_t port() const;

  /// Serves on this thread and others until `stop`. Then: no new connections; idle ones are closed;
  /// requests that have begun are answered with Connection: close. Returns when all are, or after
  /// `drain_time_max`, with what is left cut off.
  void run();
  /// From any thread, or from a signal handler. Before `run`, it makes `run` return immediately.
  void stop() noexcept;

  std::size_t open_connections() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace spaces::net
