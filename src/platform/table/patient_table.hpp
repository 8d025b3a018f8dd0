/// A table as an operator's command uses one: nobody waits for the answer but the operator, so that what may pass is
/// waited for, as AWS's SDKs wait, instead of ending the command.
#pragma once

#include "platform/table/table.hpp"

#include <chrono>

namespace spaces::table {

/// How long, and between which pauses, a call that the table cannot answer now is tried again.
struct patience {
  std::chrono::milliseconds first_pause{200};
  /// Doubled up to here; what AWS's SDKs wait at most between two tries.
  std::chrono::milliseconds pause_max = std::chrono::seconds(20);
  /// Without one answer; then the command ends. A table that scales up, or a network that is away, is back by then.
  std::chrono::milliseconds give_up_after = std::chrono::minutes(5);
  /// Asked by any thread: false once nobody wants the rest (Ctrl-C), which ends the waiting and what uses it.
  bool (*goes_on)() = [] { return true; };
};

/// Passes everything on, and tries again what may pass (base/error.hpp): reads, walks (from where they were), and
/// writes that are as good twice as once, which those of puts and removes without conditions are. Thread-safe as the
/// table is.
class patient_table final : public single_table {
 public:
  explicit patient_table(single_table& inner, patience how = {}) : inner_(inner), how_(how) {}

  result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) override;
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                              consistency wanted) override;
  result<bool> visit_index(const query& what, row_visitor visit) override { return inner_.visit_index(what, visit); }
  result<bool> visit_partition(const partition_query& what, item_visitor visit) override {
    return inner_.visit_partition(what, visit);
  }
  result<outcome> write(std::vector<operation> operations) override;
  std::size_t operations_together() const override { return inner_.operations_together(); }
  result<void> walk(const std::optional<key>& after, item_visitor visit) override;
  std::optional<std::uint64_t> table_version() override { return inner_.table_version(); }
  bool reads_inline() const override { return inner_.reads_inline(); }
  std::string_view engine() const override { return inner_.engine(); }
  result<void> ping() override { return inner_.ping(); }

 private:
  single_table& inner_;
  const patience how_;
};

}  // namespace spaces::table
