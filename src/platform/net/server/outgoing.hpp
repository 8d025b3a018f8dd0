/// The bytes on their way out: answers gathered and sent by one call, and what a slow reader left.
#pragma once

#include "platform/http/message.hpp"
#include "platform/net/server/byte_budget.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

enum class sent : std::uint8_t {
  all,
  blocked,  ///< the client must read before more can go
  broken,   ///< the connection is gone
};

/// What one connection could not send yet.
class backlog {
 public:
  /// `all` bounds what all of them hold.
  explicit backlog(byte_budget& all) : all_(&all) {}
  backlog(const backlog&) = delete;
  backlog& operator=(const backlog&) = delete;
  backlog& operator=(backlog&& other) noexcept;
  ~backlog() { clear(); }

  bool empty() const { return next_ == pieces_.size(); }
  /// Adds to `written` what the kernel took.
  sent flush(int descriptor, std::uint64_t& written) noexcept;
  void clear() noexcept;
  /// `kept` holds the bytes, or is empty: then they are copied. False where the bound of all is reached; throws where
  /// there is no memory.
  bool add(std::string_view bytes, std::shared_ptr<const http::prepared> kept);
  /// What is left of a file, which takes no memory while it waits.
  void add(std::shared_ptr<http::file_part> left);

 private:
  struct piece {
    std::string copy;
    std::shared_ptr<const http::prepared> kept;
    const char* shared = nullptr;
    std::size_t size = 0;
    std::shared_ptr<http::file_part> file;
    const char* data() const { return kept ? shared : copy.data(); }
  };
  byte_budget* all_;
  std::vector<piece> pieces_;
  std::size_t held_ = 0;  ///< of `all_`
  std::size_t next_ = 0;
  std::size_t offset_ = 0;  ///< sent of the next piece
};

/// Gathers the answers of one turn of one connection. A loop has one and uses it for all, so that its
/// memory is warm and small answers allocate nothing. Small answers are copied together, which costs
/// less than handing the kernel a list; large bodies go out from where they are, those of files by sendfile(2).
class outgoing {
 public:
  /// Bodies up to here are copied.
  static constexpr std::size_t copy_bytes_max = 16 * 1024;
  /// Worth sending before more is gathered.
  static constexpr std::size_t gather_bytes = 64 * 1024;

  outgoing();

  /// `lines` are the fields that the connection adds behind the status line. With `head_only` the body
  /// stays here. A response that is not `ready` and has a large body is made so. Where there is no memory it throws,
  /// and nothing is added; an answer that is made beforehand and small always fits.
  void add(http::response& answer, std::string_view lines, bool head_only);
  void add(std::string_view bytes) { copy(bytes); }

  bool empty() const { return parts_.empty(); }
  bool full() const { return gathered_.size() >= gather_bytes || parts_.size() >= parts_max; }

  /// Sends all; what does not go goes into `rest`, and where that is not possible, the connection counts as broken.
  /// Adds to `written` what the kernel took. Empty afterwards.
  sent flush(int descriptor, backlog& rest, std::uint64_t& written) noexcept;
  void clear() noexcept;

 private:
  static constexpr std::size_t parts_max = 64;
  struct part {
    std::size_t at = 0;  ///< in `gathered_`, when nothing is kept
    std::size_t size = 0;
    std::shared_ptr<const http::prepared> kept;
    const char* shared = nullptr;
    std::shared_ptr<http::file_part> file;
  };
  /// Where in `parts_` sending stands.
  struct progress {
    std::size_t part = 0;
    std::size_t offset = 0;  ///< of that part, unless it is a file, which counts for itself
  };

  void copy(std::string_view bytes);
  /// The part that is copied to now is the last one; returns where it goes on in `gathered_`.
  std::size_t begin_copy();
  std::string_view bytes_of(const part& piece) const;
  void add_or_throw(http::response& answer, std::string_view lines, bool head_only);
  sent send_all(int descriptor, progress& at, std::uint64_t& written) const noexcept;
  ssize_t send_run(int descriptor, std::size_t first, std::size_t end) const noexcept;
  bool keep_rest(progress from, backlog& rest) const noexcept;

  std::string gathered_;
  std::vector<part> parts_;
};

}  // namespace spaces::net
