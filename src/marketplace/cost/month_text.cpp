#include "marketplace/cost/month.hpp"

#include <fmt/core.h>

namespace spaces::cost {

namespace {

std::string grouped(double number) {
  std::string out = fmt::format("{:.0f}", number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

/// In the unit of its price: "1.52" million, "0.24" GB.
std::string quantity(const line& one) { return fmt::format("{:.2f}", one.units / price_of(one.what).per); }

std::string shown(const line& one, bool gateway, bool cloudfront) {
  const std::string dollars = fmt::format("${:.2f}", one.dollars);
  return fmt::format("  {:<34}{:>12}  {:<34}{:>9}{:>13}\n", price_of(one.what).name, quantity(one),
                     price_of(one.what).unit, gateway ? dollars : "-", cloudfront ? dollars : "-");
}

std::string json_of(const std::vector<line>& lines) {
  std::string out;
  for (const line& one : lines)
    out += fmt::format("{}{{\"name\":\"{}\",\"unit\":\"{}\",\"quantity\":{:.4f},\"dollars\":{:.4f}}}",
                       out.empty() ? "" : ",", price_of(one.what).name, price_of(one.what).unit,
                       one.units / price_of(one.what).per, one.dollars);
  return out;
}

std::string assumptions_text(const assumptions& a) {
  return fmt::format(
      "Assumed: {:g} logins a user; {:g} MB of {}; a call to DynamoDB takes {:g} ms and Lambda's own part {:g} ms;\n"
      "{:g}% of requests start cold, in {:g} ms; {:g} bytes of log a request; {} listings of {:g} bytes with their\n"
      "index rows, {:g} bytes a user; point-in-time recovery {}; {:g} secrets, {:g} customer managed keys; free tiers\n"
      "without end {}, those of a new account's first year out.\n",
      a.logins_per_user, a.memory_megabytes, a.arm64 ? "arm64" : "x86_64", a.table_call_ms, a.runtime_ms,
      a.cold_start_percent, a.cold_start_ms, a.log_bytes, grouped(a.listings), a.listing_bytes, a.user_bytes,
      a.recovery ? "on" : "off", a.secrets, a.keys, a.free_tiers ? "in" : "out");
}

}  // namespace

std::string to_text(const assumptions& given, const month& m) {
  std::string out = fmt::format("A month of {} requests a day by {} users: {} requests.\n\n",
                                grouped(given.requests_per_day), grouped(given.users), grouped(m.requests));
  out += fmt::format("  {:<11}{:>11}{:>7}{:>7}{:>6}\n", "Request", "a month", "RU", "WU", "ms");
  for (const usage& one : m.usages)
    out += fmt::format("  {:<11}{:>11}{:>7g}{:>7g}{:>6g}  {}\n", one.kind->name, grouped(one.requests),
                       one.kind->read_units, one.kind->write_units, one.billed_ms, one.kind->doc);
  out += fmt::format("\n  {:<34}{:>12}  {:<34}{:>9}{:>13}\n", "Paid for", "quantity", "unit", "Gateway", "CloudFront");
  for (const line& one : m.doors[0]) out += shown(one, true, false);
  for (const line& one : m.doors[1]) out += shown(one, false, true);
  for (const line& one : m.shared) out += shown(one, true, true);
  out += fmt::format("  {:<34}{:>12}  {:<34}{:>9}{:>13}\n", "Total", "", "a month",
                     fmt::format("${:.2f}", m.total(front_door::gateway)),
                     fmt::format("${:.2f}", m.total(front_door::cloudfront)));
  out += fmt::format(
      "\nThe table: its reads and writes would be ${:.2f} on demand; provisioned, the load needs {:g} read and {:g} "
      "write\n"
      "units of the table and of each of its five indexes, which are ${:.2f}. Reckoned with: {}.\n",
      m.on_demand_dollars, m.read_capacity, m.write_capacity, m.provisioned_dollars,
      m.provisioned ? "provisioned" : "on demand");
  out += "\nGateway: API Gateway's HTTP API in front. CloudFront: a function URL behind a distribution.\n";
  out += fmt::format("To beat: ${:g}-{:g}, the estimate for 100,000 requests a day on FastAPI and Lambda.\n",
                     to_beat_from, to_beat_to);
  return out + assumptions_text(given);
}

std::string to_json(const assumptions& a, const month& m) {
  std::string requests;
  for (const usage& one : m.usages)
    requests += fmt::format(
        "{}{{\"name\":\"{}\",\"requests\":{:.0f},\"readUnits\":{:g},\"writeUnits\":{:g},\"billedMs\":{:g}}}",
        requests.empty() ? "" : ",", one.kind->name, one.requests, one.kind->read_units, one.kind->write_units,
        one.billed_ms);
  std::string listed;
  for (const price& p : prices())
    listed += fmt::format(
        "{}{{\"name\":\"{}\",\"dollars\":{},\"unit\":\"{}\",\"freeAMonth\":{:g},\"source\":\"{}\",\"seen\":\"{}\"}}",
        listed.empty() ? "" : ",", p.name, p.dollars, p.unit, p.free_a_month / p.per, p.source, p.seen);
  return fmt::format(
      "{{\"users\":{:g},\"requestsPerDay\":{:g},\"requests\":{:.0f},\"readUnits\":{:.0f},\"writeUnits\":{:.0f},"
      "\"capacity\":\"{}\",\"onDemandDollars\":{:.4f},\"provisionedDollars\":{:.4f},\"readCapacity\":{:g},"
      "\"writeCapacity\":{:g},\"gigabyteSeconds\":{:.0f},\"memoryMb\":{:g},\"architecture\":\"{}\",\"freeTiers\":{},"
      "\"kinds\":[{}],"
      "\"shared\":[{}],\"gateway\":{{\"lines\":[{}],\"dollars\":{:.4f}}},\"cloudFront\":{{\"lines\":[{}],"
      "\"dollars\":{:.4f}}},\"prices\":[{}]}}\n",
      a.users, a.requests_per_day, m.requests, m.read_units, m.write_units, m.provisioned ? "provisioned" : "on-demand",
      m.on_demand_dollars, m.provisioned_dollars, m.read_capacity, m.write_capacity, m.gigabyte_seconds,
      a.memory_megabytes, a.arm64 ? "arm64" : "x86_64", a.free_tiers, requests, json_of(m.shared), json_of(m.doors[0]),
      m.dollars[0], json_of(m.doors[1]), m.dollars[1], listed);
}

std::string prices_text() {
  std::string out =
      "| What | Dollars | for a | Free each month | Read at | Seen to hold |\n|---|---|---|---|---|---|\n";
  for (const price& p : prices())
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", p.name, p.dollars, p.unit,
                       p.free_a_month == 0 ? "-" : fmt::format("{:g}", p.free_a_month / p.per), p.source, p.seen);
  return out;
}

}  // namespace spaces::cost
