#include "marketplace/cost/prices.hpp"

#include <algorithm>

namespace spaces::cost {

namespace {

constexpr double million = 1e6;
/// AWS counts bytes on its bills in GiB and calls them GB.
constexpr double gigabyte = 1024.0 * 1024 * 1024;
constexpr double terabyte = 1024 * gigabyte;
constexpr double hours_a_month = 365.0 / 12 * 24;

/// In the order of `priced`.
constexpr price table[] = {
    {priced::http_api_requests, "API Gateway HTTP API requests", 1.00, million, "million requests of up to 512 KB", 0,
     "aws.amazon.com/api-gateway/pricing", "2025-05"},
    {priced::gateway_bytes_out, "Data out to the internet", 0.09, gigabyte, "GB", 100 * gigabyte,
     "aws.amazon.com/ec2/pricing/on-demand, data transfer", "2025-05"},
    {priced::cloudfront_requests, "CloudFront HTTPS requests", 0.01, 10'000, "10,000 requests", 10 * million,
     "aws.amazon.com/cloudfront/pricing, North America and Europe", "2026-03"},
    {priced::cloudfront_bytes_out, "CloudFront data out", 0.085, gigabyte, "GB", terabyte,
     "aws.amazon.com/cloudfront/pricing, North America and Europe", "2026-03"},
    {priced::cloudfront_bytes_to_origin, "CloudFront data to the origin", 0.02, gigabyte, "GB", 0,
     "aws.amazon.com/cloudfront/pricing, North America and Europe", "2024-12"},
    {priced::lambda_requests, "Lambda requests", 0.20, million, "million requests", million,
     "aws.amazon.com/lambda/pricing", "2024-12"},
    {priced::lambda_arm64, "Lambda compute, arm64", 0.0000133334, 1, "GB-second", 400'000,
     "aws.amazon.com/lambda/pricing", "2024-12"},
    {priced::lambda_x86_64, "Lambda compute, x86_64", 0.0000166667, 1, "GB-second", 400'000,
     "aws.amazon.com/lambda/pricing", "2024-12"},
    {priced::table_reads, "DynamoDB on-demand reads", 0.125, million, "million read request units", 0,
     "aws.amazon.com/dynamodb/pricing/on-demand, since 2024-11-01", "2025-07"},
    {priced::table_writes, "DynamoDB on-demand writes", 0.625, million, "million write request units", 0,
     "aws.amazon.com/dynamodb/pricing/on-demand, since 2024-11-01", "2025-07"},
    {priced::table_read_capacity, "DynamoDB provisioned reads", 0.00013, 1, "read unit and hour", 25 * hours_a_month,
     "aws.amazon.com/dynamodb/pricing/provisioned", "2025-07"},
    {priced::table_write_capacity, "DynamoDB provisioned writes", 0.00065, 1, "write unit and hour", 25 * hours_a_month,
     "aws.amazon.com/dynamodb/pricing/provisioned", "2025-07"},
    {priced::table_storage, "DynamoDB storage", 0.25, gigabyte, "GB-month", 25 * gigabyte,
     "aws.amazon.com/dynamodb/pricing/on-demand, standard class", "2025-07"},
    {priced::table_recovery, "DynamoDB point-in-time recovery", 0.20, gigabyte, "GB-month", 0,
     "aws.amazon.com/dynamodb/pricing/on-demand", "2025-07"},
    {priced::log_bytes, "CloudWatch Logs taken in", 0.50, gigabyte, "GB", 5 * gigabyte,
     "aws.amazon.com/cloudwatch/pricing, standard class", "2026-06"},
    {priced::secrets, "Secrets Manager secrets", 0.40, 1, "secret and month", 0,
     "aws.amazon.com/secrets-manager/pricing", "2026-05"},
    {priced::keys, "KMS customer managed keys", 1.00, 1, "key and month", 0, "aws.amazon.com/kms/pricing", "2024-12"},
};

}  // namespace

std::span<const price> prices() { return table; }

const price& price_of(priced what) { return table[static_cast<std::size_t>(what)]; }

double dollars_for(priced what, double units, bool free_tiers) {
  const price& p = price_of(what);
  const double paid = free_tiers ? std::max(0.0, units - p.free_a_month) : units;
  return paid / p.per * p.dollars;
}

}  // namespace spaces::cost
