/// Passwords: kept as bcrypt hashes, by libxcrypt.
#pragma once

#include <cstddef>
#include <semaphore>
#include <string>
#include <string_view>

namespace spaces::identity {

/// OWASP's password storage cheat sheet asks for 10 or more; 12 takes 0.2 s of a core.
inline constexpr int bcrypt_cost_initial = 12;
/// bcrypt's own bounds are 4 and 31; above 16 one login takes seconds.
inline constexpr int bcrypt_cost_min = 4;
inline constexpr int bcrypt_cost_max = 16;
inline constexpr int bcrypt_cost_production_min = 10;
/// bcrypt reads no further. A longer one is refused: cut, it would open to everything that begins so.
inline constexpr std::size_t password_bytes_max = 72;

/// Makes and checks hashes: `$2b$` with a fresh salt of 16 bytes. Each call keeps a core busy for as long as
/// the cost says. Thread-safe: each thread has a work area of its own. No more are made concurrently than there are
/// cores: sharing one, all would end when the last does.
class password_hashes {
 public:
  /// `cost` is within the bounds above; `concurrent` 0: as many as there are cores.
  explicit password_hashes(int cost, std::ptrdiff_t concurrent = 0);

  /// `password` is of `password_bytes_max` or less and holds no NUL.
  std::string make(std::string_view password) const;

  struct verdict {
    bool right = false;
    bool renew = false;  ///< right, and the hash is of a lower cost than new ones
  };
  /// Whether the password fits a hash of ours or of another system (`$2a$`, `$2b$`, `$2y$`). A null hash
  /// is nobody's: the answer is wrong and has cost the same, and so has any other wrong one, whatever
  /// cost its hash has up to ours.
  verdict check(std::string_view password, const std::string* hash) const;

 private:
  std::string crypted(std::string_view password, const std::string& setting) const;

  int cost_;
  mutable std::counting_semaphore<> cores_;
};

}  // namespace spaces::identity
