"""What every native engine is measured with: turns of some seconds, and a file of them."""

import json
import os
import time


def turn(work, seconds):
    """Repeats `work`, which gives its number of images, for some seconds."""
    images, wall, cpu = 0, time.perf_counter(), time.process_time()
    while True:
        images += work()
        if time.perf_counter() - wall >= seconds:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            return {"images": images, "wall": wall, "cpu": cpu, "load": os.getloadavg()[0]}


def write(file, engine, title, version, rows):
    report = {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "contestants": {engine: {"title": title, "version": version}},
        "rows": rows,
    }
    with open(file, "w", encoding="utf-8") as out:
        json.dump(report, out, indent=1)
        out.write("\n")
