"""The only module that imports httpx: the client, its timeouts and limits."""

import httpx

Transport = httpx.AsyncBaseTransport
"""The seam below the client: the demo and the tests put their own servers here."""
TransportRequest = httpx.Request
TransportResponse = httpx.Response
ByteStream = httpx.AsyncByteStream
