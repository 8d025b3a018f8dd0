#include "platform/table/dynamodb/consumed.hpp"

namespace spaces::table::dynamodb {

namespace {

thread_local consumption_scope* innermost = nullptr;

bool reads(std::string_view operation) {
  return operation == "GetItem" || operation == "BatchGetItem" || operation == "Query" || operation == "Scan";
}

}  // namespace

consumption_scope::consumption_scope() : outer_(innermost) { innermost = this; }

consumption_scope::~consumption_scope() { innermost = outer_; }

void consumption_counter::add(std::string_view operation, capacity units, bool refused) {
  consumed one{.requests = 1, .scans = operation == "Scan" ? 1u : 0u, .refused_writes = refused ? 1u : 0u};
  (reads(operation) ? one.read_half_units : one.write_half_units) = units.half_units;
  requests_.fetch_add(one.requests, std::memory_order_relaxed);
  scans_.fetch_add(one.scans, std::memory_order_relaxed);
  refused_writes_.fetch_add(one.refused_writes, std::memory_order_relaxed);
  read_half_units_.fetch_add(one.read_half_units, std::memory_order_relaxed);
  write_half_units_.fetch_add(one.write_half_units, std::memory_order_relaxed);
  for (consumption_scope* scope = innermost; scope; scope = scope->outer_) {
    scope->sum_.requests += one.requests;
    scope->sum_.scans += one.scans;
    scope->sum_.refused_writes += one.refused_writes;
    scope->sum_.read_half_units += one.read_half_units;
    scope->sum_.write_half_units += one.write_half_units;
  }
}

consumed consumption_counter::so_far() const {
  return {.requests = requests_.load(),
          .scans = scans_.load(),
          .refused_writes = refused_writes_.load(),
          .read_half_units = read_half_units_.load(),
          .write_half_units = write_half_units_.load()};
}

}  // namespace spaces::table::dynamodb
