import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';

/** Requests of the page to the test; parameters are JSON. */
interface Server {
  request(method: string, data: unknown): Promise<unknown>;
}

/** Runs in the browser. Publishes and subscribes through the server that the test plays. */
async function openDevice(server: Server): Promise<Device> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: (await server.request('capabilities', {})) as types.RtpCapabilities });
  return device;
}

function connectBy(server: Server, transport: types.Transport, direction: string): void {
  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    server.request('connect', { direction, dtlsParameters }).then(() => done(), fail);
  });
  transport.on('connectionstatechange', (state) => void server.request('state', { direction, state }));
}

export interface PublishOptions {
  /** `noise` needs some 750 kbps at its full size. */
  source: 'fakeDevices' | 'tonesAndFlashes' | 'noise';
  videoCodec: 'video/H264' | 'video/VP8';
  isSimulcast: boolean;
}

let sending: types.Transport | undefined;

async function publish(server: Server, options: PublishOptions): Promise<void> {
  const device = await openDevice(server);
  const transport = device.createSendTransport((await server.request('transport', { direction: 'send' })) as types.TransportOptions);
  connectBy(server, transport, 'send');
  sending = transport;
  transport.on('produce', ({ kind, rtpParameters }, done, fail) => {
    server.request('publish', { kind, rtpParameters }).then((id) => done({ id: String(id) }), fail);
  });
  const media = await openSource(options.source);
  const [videoTrack] = media.getVideoTracks();
  const [audioTrack] = media.getAudioTracks();
  if (!videoTrack || !audioTrack) throw new Error('no tracks to publish');
  const codec = device.sendRtpCapabilities.codecs?.find((candidate) => candidate.mimeType.toLowerCase() === options.videoCodec.toLowerCase());
  const layers = [{ rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 200_000 }, { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 900_000 }];
  await transport.produce({ track: videoTrack, codec, encodings: options.isSimulcast ? layers : [{ maxBitrate: 1_500_000 }] });
  await transport.produce({ track: audioTrack, codecOptions: { opusDtx: false } });
}

async function openSource(source: PublishOptions['source']): Promise<MediaStream> {
  if (source === 'tonesAndFlashes') return tonesAndFlashes();
  const devices = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
  return source === 'noise' ? new MediaStream([...noise().getTracks(), ...devices.getAudioTracks()]) : devices;
}

/** Video of 640x480 in which a strip changes with every frame. */
function noise(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  if (context) setInterval(() => fillWithNoise(context), 40);
  return canvas.captureStream(25);
}

/** For some 750 kbps. With many more, Chromium's encoder makes the video smaller. */
const noisyRows = 96;

function fillWithNoise(context: CanvasRenderingContext2D): void {
  for (let x = 0; x < context.canvas.width; x += 16)
    for (let y = 0; y < noisyRows; y += 16) {
      context.fillStyle = `hsl(${Math.random() * 360} 100% ${Math.random() * 100}%)`;
      context.fillRect(x, y, 16, 16);
    }
}

/** Once a second, for 200 ms and at the same moment, the video turns into noise and a tone sounds. */
function tonesAndFlashes(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 240;
  const context = canvas.getContext('2d');
  const audio = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const tone = new OscillatorNode(audio, { frequency: 800 });
  const gate = new GainNode(audio, { gain: 0 });
  const sink = audio.createMediaStreamDestination();
  tone.connect(gate).connect(sink);
  tone.start();
  let wasLoud = false;
  setInterval(() => {
    const isLoud = performance.now() % 1000 < 200;
    if (isLoud !== wasLoud) gate.gain.value = isLoud ? 0.8 : 0;
    wasLoud = isLoud;
    if (!context) return;
    for (let x = 0; x < canvas.width; x += 8)
      for (let y = 0; y < canvas.height; y += 8) {
        context.fillStyle = isLoud ? `hsl(${Math.random() * 360} 100% ${Math.random() * 100}%)` : '#222';
        context.fillRect(x, y, 8, 8);
      }
    // Chromium sends no frame without a change.
    context.fillStyle = performance.now() % 80 < 40 ? '#232323' : '#222';
    context.fillRect(0, 0, 8, 8);
  }, 20);
  return new MediaStream([...canvas.captureStream(30).getTracks(), ...sink.stream.getTracks()]);
}

/** What the page has received so far; the counts are those of its video, `audioEnergy` of its audio. */
export interface Seen {
  widthPx: number;
  framesDecoded: number;
  packetsReceived: number;
  retransmitted: number;
  audioEnergy: number;
}

interface Watching {
  transport: types.Transport;
  element: HTMLVideoElement;
}

let watching: Watching | undefined;

/** Subscribes to all tracks, and shows them. */
async function watch(server: Server): Promise<void> {
  const device = await openDevice(server);
  const transport = device.createRecvTransport((await server.request('transport', { direction: 'recv' })) as types.TransportOptions);
  connectBy(server, transport, 'recv');
  const parameters = (await server.request('subscribe', { rtpCapabilities: device.recvRtpCapabilities })) as types.ConsumerOptions[];
  const consumers = await Promise.all(parameters.map((options) => transport.consume(options)));
  const element = document.createElement('video');
  element.srcObject = new MediaStream(consumers.map((consumer) => consumer.track));
  document.body.append(element);
  await server.request('resume', {});
  watching = { transport, element };
  // It begins to play with the first frame.
  element.play().catch(() => undefined);
}

async function seen(): Promise<Seen> {
  const result = { widthPx: watching?.element.videoWidth ?? 0, framesDecoded: 0, packetsReceived: 0, retransmitted: 0, audioEnergy: 0 };
  for (const report of await reportsOf(watching?.transport, 'inbound-rtp')) {
    if (report['kind'] === 'audio') {
      result.audioEnergy += Number(report['totalAudioEnergy']);
      continue;
    }
    result.framesDecoded += Number(report['framesDecoded']);
    result.packetsReceived += Number(report['packetsReceived']);
    result.retransmitted += Number(report['retransmittedPacketsReceived'] ?? 0);
  }
  return result;
}

/** Subscribes to all tracks; resolves with what was received after `durationMs`. */
async function subscribe(server: Server, durationMs: number): Promise<Seen> {
  await watch(server);
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const result = await seen();
  watching?.transport.close();
  return result;
}

/** How many keyframes the server has asked for, all layers together. */
async function askedKeyframes(): Promise<number> {
  const sent = await reportsOf(sending, 'outbound-rtp');
  return sent.reduce((sum, report) => sum + Number(report['pliCount'] ?? 0) + Number(report['firCount'] ?? 0), 0);
}

async function reportsOf(transport: types.Transport | undefined, type: string): Promise<Record<string, unknown>[]> {
  if (!transport) return [];
  const reports = [...((await transport.getStats()).values() as Iterable<Record<string, unknown>>)];
  return reports.filter((report) => report['type'] === type);
}

Object.assign(globalThis, { lecternPublish: publish, lecternSubscribe: subscribe, lecternWatch: watch, lecternSeen: seen, lecternAskedKeyframes: askedKeyframes });
