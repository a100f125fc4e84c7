"""A client of the live room, made from PROTOCOL.md alone: python-socketio for the room, aiortc for the media.

    python room_client.py viewer|presenter URL LECTURE_ID EMAIL PASSWORD

A viewer posts what it reads from its standard input, a line for each message, and subscribes to every track. A presenter
publishes a video and silence. Both print what happens, one JSON object in each line, and leave when their input ends.
"""

import asyncio
import fractions
import json
import sys
import urllib.request

import av
import socketio
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)

NAMESPACE = "/live"
MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
# The profiles of H.264 that aiortc decodes: (constrained) baseline.
DECODED_PROFILES = ("42e01f", "42001f")


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


# The API


def post(url, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def get_ticket(url, lecture_id, email, password):
    signed_in = post(f"{url}/api/v1/users/login", {"email": email, "password": password})
    return post(f"{url}/api/v1/live/join", {"lectureId": lecture_id}, signed_in["accessToken"])


# SDP


def codec_lines(payload_type, codec):
    name = codec["mimeType"].split("/")[1]
    channels = f"/{codec['channels']}" if codec.get("channels") else ""
    yield f"a=rtpmap:{payload_type} {name}/{codec['clockRate']}{channels}"
    parameters = ";".join(f"{key}={value}" for key, value in codec.get("parameters", {}).items())
    if parameters:
        yield f"a=fmtp:{payload_type} {parameters}"
    for feedback in codec.get("rtcpFeedback", []):
        yield f"a=rtcp-fb:{payload_type} {feedback['type']} {feedback.get('parameter', '')}".rstrip()


def candidate_line(candidate):
    kind = f" tcptype {candidate['tcpType']}" if candidate.get("tcpType") else ""
    address = candidate.get("address") or candidate["ip"]
    return (
        f"a=candidate:{candidate['foundation']} 1 {candidate['protocol']} {candidate['priority']} "
        f"{address} {candidate['port']} typ {candidate['type']}{kind}"
    )


def section(transport, kind, mid, direction, codecs, lines=()):
    """codecs: pairs of a payload type and a codec."""
    payload_types = " ".join(str(payload_type) for payload_type, _ in codecs)
    yield f"m={kind} 7 UDP/TLS/RTP/SAVPF {payload_types}"
    yield "c=IN IP4 127.0.0.1"
    yield f"a=mid:{mid}"
    yield f"a={direction}"
    yield f"a=ice-ufrag:{transport['iceParameters']['usernameFragment']}"
    yield f"a=ice-pwd:{transport['iceParameters']['password']}"
    for candidate in transport["iceCandidates"]:
        yield candidate_line(candidate)
    yield "a=end-of-candidates"
    for fingerprint in transport["dtlsParameters"]["fingerprints"]:
        yield f"a=fingerprint:{fingerprint['algorithm']} {fingerprint['value']}"
    yield "a=setup:actpass"
    yield "a=rtcp-mux"
    yield "a=rtcp-rsize"
    for payload_type, codec in codecs:
        yield from codec_lines(payload_type, codec)
    yield from lines


def subscription_section(transport, parameters):
    track = parameters["rtpParameters"]
    encoding = track["encodings"][0]
    ssrcs = [encoding["ssrc"]]
    lines = [f"a=extmap:{extension['id']} {extension['uri']}" for extension in track.get("headerExtensions", [])]
    if encoding.get("rtx"):
        ssrcs.append(encoding["rtx"]["ssrc"])
        lines.append(f"a=ssrc-group:FID {ssrcs[0]} {ssrcs[1]}")
    lines += [f"a=ssrc:{ssrc} cname:{track['rtcp']['cname']}" for ssrc in ssrcs]
    codecs = [(codec["payloadType"], codec) for codec in track["codecs"]]
    return section(transport, parameters["kind"], track["mid"], "sendonly", codecs, lines)


def publication_section(transport, kind, mid, codec):
    return section(transport, kind, mid, "recvonly", [(codec["preferredPayloadType"], codec)])


def offer_of(mids, sections):
    head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite", f"a=group:BUNDLE {' '.join(mids)}"]
    lines = head + [line for one in sections for line in one]
    return RTCSessionDescription("\r\n".join(lines) + "\r\n", "offer")


def values_of(sdp, attribute):
    start = f"a={attribute}:"
    return [line[len(start) :].strip() for line in sdp.splitlines() if line.startswith(start)]


def sections_of(sdp):
    return sdp.split("m=")[1:]


# The room


class Refused(Exception):
    pass


class Room:
    def __init__(self, ticket):
        self.ticket = ticket
        self.socket = socketio.AsyncClient(reconnection=False)
        self.pushes = asyncio.Queue()
        self.socket.on("*", self.on_push, namespace=NAMESPACE)
        servers = [RTCIceServer(**server) for server in ticket["iceServers"]]
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))

    async def on_push(self, name, data):
        await self.pushes.put((name, data))

    async def join(self, url, role):
        signaling = self.ticket["signaling"]
        await self.socket.connect(url, namespaces=[signaling["namespace"]], socketio_path=signaling["path"], transports=["websocket"])
        self.snapshot = await self.request("room.join", {"ticket": self.ticket["ticket"], "as": role})
        self.capabilities = self.snapshot["rtpCapabilities"]

    async def request(self, name, data=None):
        ack = await self.socket.call(name, data, namespace=NAMESPACE, timeout=30)
        if not ack["ok"]:
            raise Refused(f"{name}: {ack['error']['code']} {ack['error']['message']}")
        return ack["data"]

    async def open_transport(self, direction):
        request = {"direction": direction}
        if direction == "recv":
            request["rtpCapabilities"] = decodable(self.capabilities)
        opened = await self.request("transport.open", request)
        return opened["transportId"], opened["parameters"]

    async def connect_transport(self, transport_id, offer):
        """Returns the answer."""
        await self.connection.setRemoteDescription(offer)
        answer = await self.connection.createAnswer()
        fingerprints = [dict(zip(("algorithm", "value"), line.split())) for line in dict.fromkeys(values_of(answer.sdp, "fingerprint"))]
        role = "client" if values_of(answer.sdp, "setup")[0] == "active" else "server"
        await self.request("transport.connect", {"transportId": transport_id, "dtlsParameters": {"role": role, "fingerprints": fingerprints}})
        await self.connection.setLocalDescription(answer)
        return answer.sdp

    async def leave(self):
        await self.connection.close()
        # A request without fields needs no data.
        await self.request("room.leave")
        await self.socket.disconnect()


# A viewer


def decodable(capabilities):
    """The part of the room's capabilities that aiortc supports."""

    def is_decoded(codec):
        if codec["mimeType"] == "video/H264":
            return codec["parameters"]["profile-level-id"] in DECODED_PROFILES
        return codec["mimeType"] in ("audio/opus", "video/VP8")

    codecs = [codec for codec in capabilities["codecs"] if is_decoded(codec)]
    kept = {codec["preferredPayloadType"] for codec in codecs}
    codecs += [codec for codec in capabilities["codecs"] if codec["mimeType"].endswith("/rtx") and codec["parameters"]["apt"] in kept]
    extensions = [extension for extension in capabilities["headerExtensions"] if extension["uri"] == MID_EXTENSION]
    return {"codecs": codecs, "headerExtensions": extensions}


async def watch(room):
    transport_id, transport = await room.open_transport("recv")
    subscriptions = []
    for publication in room.snapshot["publications"]:
        request = {"transportId": transport_id, "publicationId": publication["id"]}
        subscriptions.append(await room.request("track.subscribe", request))
    room.connection.on("track", lambda track: asyncio.ensure_future(report_frames(track)))
    parameters = [subscription["parameters"] for subscription in subscriptions]
    offer = offer_of([one["rtpParameters"]["mid"] for one in parameters], [subscription_section(transport, one) for one in parameters])
    await room.connect_transport(transport_id, offer)
    for subscription in subscriptions:
        await room.request("subscription.setPaused", {"subscriptionId": subscription["subscriptionId"], "isPaused": False})


async def report_frames(track):
    count = 0
    while True:
        frame = await track.recv()
        count += 1
        if count % 10:
            continue
        size = {"width": frame.width, "height": frame.height} if track.kind == "video" else {"sampleRate": frame.sample_rate}
        say("frames", kind=track.kind, count=count, **size)


# A presenter


class MovingBar(MediaStreamTrack):
    """320x240 at 15 frames a second."""

    kind = "video"

    def __init__(self):
        super().__init__()
        self.count = 0

    async def recv(self):
        await asyncio.sleep(1 / 15)
        width, height = 320, 240
        frame = av.VideoFrame(width, height, "gray")
        row = bytearray(b"\x30" * frame.planes[0].line_size)
        start = self.count * 4 % (width - 40)
        row[start : start + 40] = b"\xe0" * 40
        frame.planes[0].update(bytes(row) * height)
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = self.count * 6000, fractions.Fraction(1, 90000)
        self.count += 1
        return frame


async def publish(room):
    transport_id, transport = await room.open_transport("send")
    codecs = {"video": codec_named(room, "video/H264", "42e01f"), "audio": codec_named(room, "audio/opus")}
    for track in (MovingBar(), AudioStreamTrack()):
        room.connection.addTrack(track)
    sections = [publication_section(transport, kind, mid, codecs[kind]) for mid, kind in enumerate(codecs)]
    answer = await room.connect_transport(transport_id, offer_of([str(mid) for mid, _ in enumerate(codecs)], sections))
    for mid, (kind, text) in enumerate(zip(codecs, sections_of(answer))):
        ssrc, cname = values_of(text, "ssrc")[0].split(" cname:")
        codec = {key: value for key, value in codecs[kind].items() if key not in ("kind", "preferredPayloadType")}
        rtp_parameters = {
            "mid": str(mid),
            "codecs": [{**codec, "payloadType": codecs[kind]["preferredPayloadType"]}],
            "encodings": [{"ssrc": int(ssrc)}],
            "rtcp": {"cname": cname},
        }
        source = "camera" if kind == "video" else "microphone"
        published = await room.request("track.publish", {"transportId": transport_id, "source": source, "kind": kind, "rtpParameters": rtp_parameters})
        say("published", publication=published["publication"])


def codec_named(room, mime_type, profile=None):
    for codec in room.capabilities["codecs"]:
        if codec["mimeType"] == mime_type and profile in (None, codec["parameters"].get("profile-level-id")):
            return codec
    raise LookupError(mime_type)


# What a person types, and what the room says


async def report_pushes(room):
    while True:
        name, data = await room.pushes.get()
        say("push", name=name, data=data)


async def chat(room):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        posted = await room.request("chat.post", {"text": line})
        say("posted", message=posted["message"])


async def main(role, url, lecture_id, email, password):
    room = Room(get_ticket(url, lecture_id, email, password))
    await room.join(url, role)
    say("joined", publications=[publication["source"] for publication in room.snapshot["publications"]])
    pushes = asyncio.ensure_future(report_pushes(room))
    await (publish(room) if role == "presenter" else watch(room))
    await chat(room)
    pushes.cancel()
    await room.leave()
    say("left")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
