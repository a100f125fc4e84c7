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
  source: 'fakeDevices' | 'tonesAndFlashes';
  videoCodec: 'video/H264' | 'video/VP8';
  isSimulcast: boolean;
}

async function publish(server: Server, options: PublishOptions): Promise<void> {
  const device = await openDevice(server);
  const transport = device.createSendTransport((await server.request('transport', { direction: 'send' })) as types.TransportOptions);
  connectBy(server, transport, 'send');
  transport.on('produce', ({ kind, rtpParameters }, done, fail) => {
    server.request('publish', { kind, rtpParameters }).then((id) => done({ id: String(id) }), fail);
  });
  const media =
    options.source === 'fakeDevices'
      ? await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true })
      : tonesAndFlashes();
  const [videoTrack] = media.getVideoTracks();
  const [audioTrack] = media.getAudioTracks();
  if (!videoTrack || !audioTrack) throw new Error('no tracks to publish');
  const codec = device.sendRtpCapabilities.codecs?.find((candidate) => candidate.mimeType.toLowerCase() === options.videoCodec.toLowerCase());
  const layers = [{ rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 200_000 }, { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 900_000 }];
  await transport.produce({ track: videoTrack, codec, encodings: options.isSimulcast ? layers : [{ maxBitrate: 1_500_000 }] });
  await transport.produce({ track: audioTrack, codecOptions: { opusDtx: false } });
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

/** What a page has received: `audioEnergy` of its audio, the rest of its video. */
export interface Seen {
  widthPx: number;
  framesDecoded: number;
  audioEnergy: number;
}

/** Subscribes to all tracks, and shows them; resolves with what was received after `durationMs`. */
async function subscribe(server: Server, durationMs: number): Promise<Seen> {
  const device = await openDevice(server);
  const transport = device.createRecvTransport((await server.request('transport', { direction: 'recv' })) as types.TransportOptions);
  connectBy(server, transport, 'recv');
  const parameters = (await server.request('subscribe', { rtpCapabilities: device.recvRtpCapabilities })) as types.ConsumerOptions[];
  const consumers = await Promise.all(parameters.map((options) => transport.consume(options)));
  const element = document.createElement('video');
  element.srcObject = new MediaStream(consumers.map((consumer) => consumer.track));
  document.body.append(element);
  await server.request('resume', {});
  // It begins to play with the first frame.
  element.play().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const result = { widthPx: element.videoWidth, framesDecoded: 0, audioEnergy: 0 };
  for (const report of (await transport.getStats()).values() as Iterable<Record<string, unknown>>) {
    if (report['type'] !== 'inbound-rtp') continue;
    if (report['kind'] === 'video') result.framesDecoded += Number(report['framesDecoded']);
    else result.audioEnergy += Number(report['totalAudioEnergy']);
  }
  transport.close();
  return result;
}

Object.assign(globalThis, { lecternPublish: publish, lecternSubscribe: subscribe });
