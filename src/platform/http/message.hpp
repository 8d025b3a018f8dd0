/// A request as `net` framed it and the answer it is to send: the seam between the network (a
/// socket, a Lambda event) and the service. No sockets here.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/descriptor.hpp"
#include "platform/base/uuid.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::record {
struct json_value;
}

namespace spaces::http {

/// The methods we know; any other is answered 501 by `net` before a request is made of it.
enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };
std::string_view to_text(method verb);

struct field_line {
  std::string_view name;  ///< as sent; names compare without case
  std::string_view value;
};

/// Views live as long as the connection's buffer, at least until the answer is handed over.
struct request {
  method verb = method::get;
  std::string_view target;  ///< origin form, as sent: "/api/v1/things?limit=2"
  std::string_view path;    ///< of the target, escapes as sent
  std::string_view query;   ///< of the target, without '?'
  std::span<const field_line> fields;
  std::string_view body;
  std::string_view peer;  ///< the client's address
  /// What a gateway in front, which is trusted, has read from the bearer token: an object of texts. Null: it has
  /// not, or is not trusted.
  const record::json_value* vouched = nullptr;
  instant received;
  instant deadline;  ///< nobody waits for the answer any longer

  /// The value of the first field of this name; empty when absent.
  std::string_view field(std::string_view name) const;
  /// True when every parameter of the query, by its name as sent, is one of these; so it is for an empty query.
  bool asks_only(std::span<const std::string_view> parameters) const;
};

/// An answer whose bytes are made once and sent many times. `bytes` is the status line, the fields
/// and the body; Date and Connection are put in by `net` at `fields_at`.
struct prepared {
  std::string bytes;
  std::size_t fields_at = 0;  ///< behind the status line
  std::size_t body_at = 0;    ///< behind the empty line
};

/// A part of a file that is sent as a body from where it lies, and never read by us. It goes on by `at` and not by the
/// file's own position.
struct file_part {
  descriptor file;
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
};

struct response {
  int status = 200;
  /// All but Date, Connection and Content-Length, which `net` adds (Content-Length not to 204 and 304). Their names
  /// are static texts.
  std::vector<std::pair<std::string_view, std::string>> fields;
  std::string body;
  std::shared_ptr<file_part> file;        ///< the body, where it lies in a file
  std::shared_ptr<const prepared> ready;  ///< when set, sent instead of all above
  /// Fields of this answer alone, sent beside those of `ready`; not used without it.
  std::vector<std::pair<std::string_view, std::string>> beside_ready;
  bool close = false;         ///< end the connection behind this answer
  bool personal = false;      ///< about the caller, though its row is not: nobody keeps it
  bool same_for_all = false;  ///< does not depend on the caller: may be cached
  uuid but_for = {};          ///< the one to whom it is another, though it is the same for all else

  void set(std::string_view name, std::string_view value) { fields.emplace_back(name, value); }
  /// The same for who does not know whether its bytes are made already.
  void add(std::string_view name, std::string_view value) { (ready ? beside_ready : fields).emplace_back(name, value); }
  /// In the place of what was said before.
  void replace(std::string_view name, std::string_view value);
  /// Empty when absent.
  std::string_view field(std::string_view name) const;
  /// Says once that the answer depends on this field of the request.
  void vary_by(std::string_view name);
  std::uint64_t body_bytes() const { return file ? file->bytes : body.size(); }
};

/// All of it, for a transport that has no socket to send it by. Empty where it cannot be read.
std::optional<std::string> bytes_of(const file_part& part);

/// "OK", "Not Found", …
std::string_view reason(int status);

/// Makes the bytes of an answer.
prepared prepare(const response& answer);

/// Appends the status line of an answer, and behind it its fields and the empty line: with anything put
/// between the two, what stands before the body on the way out.
void append_status_line(std::string& out, const response& answer);
void append_fields(std::string& out, const response& answer);

}  // namespace spaces::http
