// A mediasoup server and nothing else, for comparison: one router, plain RTP in, WebRTC out, a few HTTP requests.
//   node engine/sfu/testing/bareSfu.ts     prints one line of JSON: url, workerPid, ssrc, videoPort, audioPort
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { findWorkerBinary } from '../../setup/workerBinary.ts';
import { mediaCodecs } from '../mediaCodecs.ts';

const ssrc = 4242;
const address = '127.0.0.1';
const socketBufferBytes = 4 * 1024 * 1024;
const listenInfo = { protocol: 'udp', ip: address, sendBufferSize: socketBufferBytes, recvBufferSize: socketBufferBytes } as const;

interface Viewer {
  transport: types.WebRtcTransport;
  consumers: types.Consumer[];
}

const workerBin = findWorkerBinary(process.env);
const worker = await createWorker({ logLevel: 'warn', ...(workerBin === undefined ? {} : { workerBin }) });
const webRtcServer = await worker.createWebRtcServer({ listenInfos: [listenInfo] });
const router = await worker.createRouter({ mediaCodecs });
const viewers = new Map<string, Viewer>();

async function openSource(kind: types.MediaKind): Promise<{ producer: types.Producer; port: number }> {
  const transport = await router.createPlainTransport({ listenInfo, rtcpMux: false, comedia: true });
  const codec: types.RtpCodecParameters =
    kind === 'audio'
      ? { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 100 }
      : { mimeType: 'video/H264', clockRate: 90_000, payloadType: 101, parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 } };
  const producer = await transport.produce({ kind, rtpParameters: { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname: 'bare' } } });
  return { producer, port: transport.tuple.localPort };
}

const video = await openSource('video');
const audio = await openSource('audio');

async function openViewer() {
  const transport = await router.createWebRtcTransport({ webRtcServer, enableUdp: true, initialAvailableOutgoingBitrate: 1_000_000 });
  viewers.set(transport.id, { transport, consumers: [] });
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, transport: { id, iceParameters, iceCandidates, dtlsParameters }, rtpCapabilities: router.rtpCapabilities };
}

async function subscribe({ transport, consumers }: Viewer, rtpCapabilities: types.RtpCapabilities) {
  for (const { producer } of [video, audio]) {
    consumers.push(await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true }));
  }
  return { tracks: consumers.map(({ kind, rtpParameters }) => ({ kind, rtpParameters })) };
}

interface Request {
  dtlsParameters?: types.DtlsParameters;
  rtpCapabilities?: types.RtpCapabilities;
  isPaused?: boolean;
}

async function serve(url: string, { dtlsParameters, rtpCapabilities, isPaused }: Request): Promise<unknown> {
  const [, , id, what] = url.split('/');
  if (!id) return openViewer();
  const viewer = viewers.get(id);
  if (!viewer) throw new Error('no such viewer');
  if (what === 'connect' && dtlsParameters) await viewer.transport.connect({ dtlsParameters });
  if (what === 'tracks' && rtpCapabilities) return subscribe(viewer, rtpCapabilities);
  if (what === 'paused') await Promise.all(viewer.consumers.map((consumer) => (isPaused ? consumer.pause() : consumer.resume())));
  if (what === 'leave') {
    viewer.transport.close();
    viewers.delete(id);
  }
  return {};
}

async function readBody(request: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString() || '{}') as Request;
}

const server = createServer((request, response) => {
  readBody(request)
    .then((body) => serve(request.url ?? '', body))
    .then(
      (answer) => response.end(JSON.stringify(answer)),
      (err: unknown) => response.writeHead(500).end(String(err)),
    );
});
server.listen(0, address, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://${address}:${port}`, workerPid: worker.pid, ssrc, videoPort: video.port, audioPort: audio.port })}\n`);
});
process.once('SIGTERM', () => {
  worker.close();
  process.exit(0);
});
