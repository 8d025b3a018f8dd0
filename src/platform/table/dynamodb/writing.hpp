/// One write: sends it, learns from a failed condition what stands in the way, and never does it twice.
#pragma once

#include "platform/table/dynamodb/answers.hpp"
#include "platform/table/dynamodb/failures.hpp"
#include "platform/table/dynamodb/requests.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table {
class dynamodb_table;
}

namespace spaces::table::dynamodb {

class writing {
 public:
  /// The operations are valid (table.hpp) and outlive this.
  writing(dynamodb_table& table, const std::vector<operation>& operations, std::int64_t now_seconds);

  result<outcome> run();

 private:
  /// What a refused operation means.
  enum class meaning { refused, reshape, error };
  struct verdict {
    meaning means = meaning::error;
    condition_failure refused;
    error why;
  };

  /// One answer: the write's outcome, or nothing where it has to be tried again.
  using settled = std::optional<result<outcome>>;

  settled try_single();
  settled after_single(const aws::failure& failed);
  settled look_for_own_write(const aws::failure& failed);
  settled check_by_reading();
  settled try_transaction();
  settled after_cancellation(const aws::failure& failed);

  verdict judge(std::size_t number, std::optional<record::item> found);
  bool is_own(const std::optional<record::item>& found) const;
  const record::item* live(const std::optional<record::item>& found) const;
  write_frame frame() const;
  settled pause(const aws::failure& failed);

  dynamodb_table& table_;
  const std::vector<operation>& operations_;
  std::int64_t now_seconds_;
  std::string write_id_;
  std::string token_;
  std::vector<add_shape> shapes_;
  int reshapes_ = 0;
  back_off back_off_;
};

}  // namespace spaces::table::dynamodb
