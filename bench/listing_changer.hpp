/// Changes listings of a store beside the server that serves it, as another process may.
#pragma once

#include "load_options.hpp"

#include "marketplace/properties/property.hpp"
#include "platform/base/clock.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/revise.hpp"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace bench {

class listing_changer {
 public:
  /// `ids` is a file of listings' ids, one a line.
  listing_changer(const std::string& folder, const std::string& ids) {
    std::ifstream file(ids);
    for (std::string line; std::getline(file, line);)
      if (const auto id = spaces::parse_uuid(line)) ids_.push_back(*id);
    if (ids_.empty()) stop(ids + " holds no id");
    spaces::table::lmdb_options options;
    options.folder = folder;
    options.sync = false;  // the server's CPU is what is measured; the disk is not
    auto opened = spaces::table::open_lmdb(options, clock_);
    if (!opened) stop(opened.error().public_text);
    store_ = *std::move(opened);
  }

  /// One more cent for the next listing, in an order that looks like none.
  void change_one() {
    at_ = (at_ + 7919) % ids_.size();
    const auto deadline = clock_.now() + std::chrono::seconds(5);
    const auto changed =
        spaces::table::revise(*store_, spaces::properties::key_of(ids_[at_]), clock_, deadline,
                              [&](const spaces::record::item* stored) -> spaces::result<spaces::table::revision> {
                                if (!stored) stop("a listing that is to change is gone");
                                auto listing = spaces::properties::to_property(stored->view());
                                if (!listing) stop("a listing that is to change is damaged");
                                ++listing->price.cents;
                                ++listing->version;
                                return spaces::table::revision{spaces::properties::to_item(*listing)};
                              });
    if (!changed) stop("a listing could not be changed: " + changed.error().private_text);
  }

 private:
  spaces::system_clock clock_;
  std::unique_ptr<spaces::table::lmdb_table> store_;
  std::vector<spaces::uuid> ids_;
  std::size_t at_ = 0;
};

}  // namespace bench
