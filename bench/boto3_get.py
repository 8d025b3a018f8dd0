"""GetItem by boto3 alone, with keys drawn as the bench's client draws them: CPU of this process for each.

boto3_get.py ENDPOINT TABLE FILE-OF-IDS SECONDS prints {"cpu_us": …, "per_second": …}
"""

import json
import random
import sys
import time

import boto3

WARM_UP = 100


def main(endpoint, table, ids, seconds):
    with open(ids, encoding="ascii") as file:
        keys = [{"PK": {"S": f"PROPERTY#{line.strip()}"}, "SK": {"S": "DETAILS"}} for line in file]
    client = boto3.client("dynamodb", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="bench",
                          aws_secret_access_key="bench")
    dice = random.Random(1)

    def get():
        if "Item" not in client.get_item(TableName=table, Key=dice.choice(keys)):
            raise RuntimeError("a listing is not there")

    for _ in range(WARM_UP):
        get()
    started, busy, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - started < float(seconds):
        get()
        count += 1
    taken = time.perf_counter() - started
    print(json.dumps({"cpu_us": (time.process_time() - busy) / count * 1e6, "per_second": count / taken}))


main(*sys.argv[1:])
