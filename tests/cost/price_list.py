"""A stand-in for AWS's Price List API, which answers as its reference says.

Source: ``GetProducts`` in the AWS Price List API reference (JSON 1.1, products as JSON text); the
attributes are those of the offer file of AmazonSageMaker.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def a_product(
    instance_type: str,
    usd: str,
    *,
    region: str = "us-east-1",
    usage: str = "USE1-Host",
    unit: str = "Hrs",
) -> dict[str, Any]:
    """Return a product as the Price List describes it."""
    return {
        "product": {
            "productFamily": "ML Instance",
            "attributes": {
                "instanceName": instance_type,
                "regionCode": region,
                "usagetype": f"{usage}:{instance_type}",
                "operation": "RunInstance",
                "servicecode": "AmazonSageMaker",
            },
            "sku": "ABC",
        },
        "serviceCode": "AmazonSageMaker",
        "terms": {
            "OnDemand": {
                "ABC.JRTCKXETXF": {
                    "priceDimensions": {
                        "ABC.JRTCKXETXF.6YS6EN2CT7": {
                            "unit": unit,
                            "pricePerUnit": {"USD": usd},
                        }
                    }
                }
            }
        },
    }


@dataclass
class PriceList:
    """What the stand-in has, and what it was asked.

    Args:
        products: The products, of which it gives one on a page.
        error: Code of the error that it answers with instead; None for none.
    """

    products: Sequence[dict[str, Any]]
    error: str | None = None
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, target: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        self.asked.append(request)
        if self.error:
            return 400, {"__type": self.error, "Message": "you may not"}
        assert target == "AWSPriceListService.GetProducts"
        found = [each for each in self.products if self._matches(each, request["Filters"])]
        first = int(request.get("NextToken", 0))
        body: dict[str, Any] = {
            "FormatVersion": "aws_v1",
            "PriceList": [json.dumps(each) for each in found[first : first + 1]],
        }
        if first + 1 < len(found):
            body["NextToken"] = str(first + 1)
        return 200, body

    @staticmethod
    def _matches(product: dict[str, Any], filters: list[dict[str, str]]) -> bool:
        attributes = product["product"]["attributes"]
        return all(attributes.get(each["Field"]) == each["Value"] for each in filters)


@contextmanager
def serving(prices: PriceList) -> Iterator[PriceList]:
    """Let a Price List answer on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            status, body = prices.answer(
                self.headers["X-Amz-Target"], json.loads(self.rfile.read(length))
            )
            answer = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        prices.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield prices
        finally:
            server.shutdown()
            thread.join()
